"""A citizen who waits goes to another queue by key, and loses nothing by it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from acd.events import CallAbandoned, CallConnected, CallOverflowed, Outcome
from acd.messages import AgentProfileChanges, QueueJoins
from acd.queue_rules import QueueRules
from tests.fakes.leg import FakeLeg
from tests.fakes.telephony import answers_after, files_heard, nobody_answers
from tests.story.hotline import StoryHotline, open_hotline
from tests.unit.acd.desk import profile

pytestmark = pytest.mark.looptime

FLOW = """
steps:
  person:
    do: enqueue
    queue: general
    say: welcome
    skills: {houses: 1}
    move_keys: {3: tax, 4: general, 5: nowhere}
    call_back_key: 2
  end: {do: hang_up, say: goodbye}
"""
TAX_MUSIC = Path("/tax.wav")


@asynccontextmanager
async def two_queues(folder: Path, **tax: object) -> AsyncIterator[StoryHotline]:
    """Agent a of general, who knows houses; agent b of tax, where b is at work."""
    file = folder / "flow.yaml"
    file.write_text(FLOW)
    async with open_hotline("a", "b", flow_file=file) as hotline:
        hotline.equipment.music["tax"] = TAX_MUSIC  # type: ignore[index]
        rules = QueueRules(name="tax", **tax)  # type: ignore[arg-type]
        hotline.distributor.send(QueueJoins(rules=rules))
        for one in (profile("a", skills=(("houses", 1),)), profile("b", "tax")):
            hotline.distributor.send(AgentProfileChanges(profile=one))
        hotline.log_in("b")
        yield hotline


async def waits(hotline: StoryHotline, seconds: float) -> FakeLeg:
    """A citizen has waited for so long."""
    citizen = hotline.endpoint.dial()
    await asyncio.sleep(seconds)
    return citizen


async def test_agent_of_the_other_queue_takes_him_with_all_that_he_has_waited(
    tmp_path: Path,
) -> None:
    async with two_queues(tmp_path) as hotline:
        hotline.endpoint.answer_policy = answers_after(1)
        citizen = await waits(hotline, 30)
        citizen.press("3")
        await asyncio.sleep(5)
        assert citizen.hears_voice_of(hotline.phones_of("b")[0])
        (connected,) = hotline.all(CallConnected)
        assert (connected.queue, connected.agent_id) == ("tax", "b")
        assert connected.wait_seconds == pytest.approx(31, abs=0.2)
        assert hotline.all(CallAbandoned) == []
        citizen.peer_hangs_up()
        await asyncio.sleep(1)
        assert hotline.outcome_of(citizen) is Outcome.ANSWERED


async def test_he_hears_that_he_was_moved_the_other_music_and_his_position(
    tmp_path: Path,
) -> None:
    async with two_queues(tmp_path) as hotline:
        hotline.endpoint.answer_policy = nobody_answers
        other = await waits(hotline, 5)
        other.press("3")
        citizen = await waits(hotline, 20)
        heard = len(files_heard(citizen))
        citizen.press("3")
        await asyncio.sleep(12)
        assert files_heard(citizen)[heard : heard + 2] == [
            "queue_changed.wav",
            "position_2.wav",
        ]
        assert citizen.ear.music == TAX_MUSIC
        for leg in (other, citizen):
            leg.peer_hangs_up()


async def test_queue_where_nobody_works_leaves_him_his_place_and_he_hears_so(
    tmp_path: Path,
) -> None:
    async with two_queues(tmp_path) as hotline:
        hotline.endpoint.answer_policy = nobody_answers
        citizen = await waits(hotline, 20)
        citizen.press("3")
        await asyncio.sleep(10)
        citizen.press("4")
        await asyncio.sleep(5)
        assert files_heard(citizen)[-1] == "queue_not_changed.wav"
        assert hotline.engine.waiting[citizen.id].queue == "tax"
        citizen.peer_hangs_up()


async def test_key_of_a_queue_that_is_not_there_does_nothing(tmp_path: Path) -> None:
    async with two_queues(tmp_path) as hotline:
        citizen = await waits(hotline, 20)
        citizen.press("5")
        await asyncio.sleep(1)
        assert hotline.engine.waiting[citizen.id].queue == "general"
        assert hotline.all(CallOverflowed) == []
        citizen.peer_hangs_up()


async def test_skills_of_the_step_are_asked_in_its_own_queue_alone(
    tmp_path: Path,
) -> None:
    async with two_queues(tmp_path) as hotline:
        hotline.endpoint.answer_policy = nobody_answers
        citizen = await waits(hotline, 20)
        call = hotline.engine.waiting[citizen.id]
        assert call.wish.skills == (("houses", 1),)
        citizen.press("3")
        await asyncio.sleep(1)
        assert call.wish.skills == ()
        hotline.log_in("a")
        citizen.press("4")
        await asyncio.sleep(1)
        assert (call.queue, call.wish.skills) == ("general", (("houses", 1),))
        citizen.peer_hangs_up()


async def test_call_back_that_he_asks_for_then_keeps_his_place_in_that_queue(
    tmp_path: Path,
) -> None:
    async with two_queues(tmp_path) as hotline:
        hotline.endpoint.answer_policy = nobody_answers
        citizen = hotline.endpoint.dial(from_user="13812345678")
        await asyncio.sleep(30)
        since = hotline.engine.waiting[citizen.id].since
        citizen.press("3")
        await asyncio.sleep(15)
        citizen.press("2")
        await asyncio.sleep(1)
        citizen.press("1")
        await asyncio.sleep(10)
        (place,) = hotline.engine.waiting.values()
        assert place.is_call_back
        assert (place.queue, place.since, place.wish.skills) == ("tax", since, ())


async def test_agents_phone_that_rings_as_he_goes_falls_silent(tmp_path: Path) -> None:
    async with two_queues(tmp_path) as hotline:
        hotline.endpoint.answer_policy = nobody_answers
        hotline.log_in("a")
        citizen = await waits(hotline, 10)
        phone = hotline.phones_of("a")[0]
        assert not phone.ended.done()
        citizen.press("3")
        await asyncio.sleep(1)
        assert phone.ended.done()
        assert hotline.phones_of("b")
        citizen.peer_hangs_up()
