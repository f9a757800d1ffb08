"""Plan 3: a share of the citizens is put through to neighbour hotlines."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from acd.events import (
    CallConnected,
    CallerEntered,
    CallMissed,
    NeighbourAsked,
    Outcome,
    PlanLevelChanged,
)
from acd.neighbours import Neighbour, Neighbours
from tests.fakes.leg import FakeLeg
from tests.story.hotline import StoryHotline, open_hotline

pytestmark = pytest.mark.looptime

NEXT_TOWN = Neighbour(name="next_town", target="sip:12345@127.0.0.9", share=0.5)
LINE = {"from_user": "13812345678"}


@asynccontextmanager
async def helped_hotline(
    *agents: str, neighbour: Neighbour = NEXT_TOWN, **rules: Any
) -> AsyncIterator[StoryHotline]:
    """Plan 3 is on."""
    neighbours = Neighbours([neighbour])
    async with open_hotline(*agents, neighbours=neighbours, **rules) as hotline:
        go_to(hotline, 3)
        yield hotline


def go_to(hotline: StoryHotline, level: int) -> None:
    now = hotline.clock.now()
    hotline.bus.publish(PlanLevelChanged(at=now, level=level, old_level=0))


async def asks_for_a_person(hotline: StoryHotline) -> FakeLeg:
    citizen = hotline.endpoint.dial(**LINE)
    await asyncio.sleep(0.1)
    citizen.press("1")
    await asyncio.sleep(5)  # the words of plan 3 are 4.5 s long
    return citizen


def neighbours_phones(hotline: StoryHotline) -> list[FakeLeg]:
    return hotline.placer.phones_of(NEXT_TOWN.target)


def went(hotline: StoryHotline) -> list[str]:
    return [asked.result for asked in hotline.all(NeighbourAsked)]


async def test_share_of_new_citizens_speaks_with_the_neighbour() -> None:
    async with helped_hotline("a") as hotline:
        first, second = [await asks_for_a_person(hotline) for _ in range(2)]
        assert [e.call_id for e in hotline.all(CallerEntered)] == [first.id]
        (phone,) = neighbours_phones(hotline)
        phone.peer_answers()
        await asyncio.sleep(60)
        assert second.hears_voice_of(phone) and phone.hears_voice_of(second)
        phone.peer_hangs_up()
        await asyncio.sleep(60)
        second.peer_hangs_up()
        await asyncio.sleep(1)
        assert hotline.outcome_of(second) is Outcome.ANSWERED
        assert not hotline.is_owed_a_call_back(second)
        (asked,) = hotline.all(NeighbourAsked)
        assert (asked.neighbour, asked.result) == ("next_town", "answered")


async def test_neighbour_who_does_not_answer_costs_no_place_in_the_queue() -> None:
    async with helped_hotline("a") as hotline:
        first, lost = [await asks_for_a_person(hotline) for _ in range(2)]
        await asyncio.sleep(5)
        later = await asks_for_a_person(hotline)
        await asyncio.sleep(20)
        entered = {e.call_id: e.at for e in hotline.all(CallerEntered)}
        assert list(entered) == [first.id, later.id, lost.id]
        assert went(hotline) == ["no_answer"]
        first.peer_hangs_up()
        hotline.log_in("a")
        await asyncio.sleep(1)
        hotline.phones_of("a")[0].peer_answers()
        await asyncio.sleep(1)
        (connected,) = hotline.all(CallConnected)
        assert connected.call_id == lost.id, "his place counts from when he asked"
        waited = connected.at - entered[lost.id]
        assert connected.wait_seconds == pytest.approx(waited.total_seconds())


async def test_citizen_who_hangs_up_while_the_neighbour_rings_is_owed_a_call_back() -> (
    None
):
    async with helped_hotline("a") as hotline:
        _, gone = [await asks_for_a_person(hotline) for _ in range(2)]
        gone.peer_hangs_up()
        await asyncio.sleep(1)
        (missed,) = hotline.all(CallMissed)
        assert (missed.call_id, missed.queue) == (gone.id, "general")
        assert missed.stage is Outcome.ABANDONED_WHILE_RINGING
        assert went(hotline) == ["hung_up"]
        assert neighbours_phones(hotline)[0].ended.done()


async def test_emergency_is_never_sent_to_a_neighbour(tmp_path: Path) -> None:
    flow = tmp_path / "emergency.yaml"
    flow.write_text(
        "steps:\n  in: {do: enqueue, priority: emergency, then: out}\n"
        "  out: {do: hang_up}\n"
    )
    everybody = Neighbour(name="n", target=NEXT_TOWN.target, share=1)
    async with helped_hotline("a", neighbour=everybody, flow_file=flow) as hotline:
        citizen = hotline.endpoint.dial(**LINE)
        await asyncio.sleep(10)
        assert [e.call_id for e in hotline.all(CallerEntered)] == [citizen.id]
        assert not neighbours_phones(hotline)


async def test_below_plan_3_nobody_is_sent_and_who_waits_stays() -> None:
    everybody = Neighbour(name="n", target=NEXT_TOWN.target, share=1)
    async with helped_hotline("a", neighbour=everybody) as hotline:
        go_to(hotline, 2)
        waiting = await asks_for_a_person(hotline)
        go_to(hotline, 3)
        await asyncio.sleep(60)
        assert [e.call_id for e in hotline.all(CallerEntered)] == [waiting.id]
        assert not neighbours_phones(hotline)
