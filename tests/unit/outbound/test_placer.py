"""The dialler of all calls: turns on short lines, patience, and lines that come back."""

import asyncio

import pytest

from acd.placing import Answered, NotAnswered, PlacedCall, TrafficClass, WhyNot
from config.bus import EventBus
from config.clock import LoopClock
from outbound.placer import PATIENCE_SECONDS, Placer
from tests.fakes.telephony import AnswerPolicy, FakeEndpoint, FakeLeg
from tests.unit.acd.placing_desk import request
from tests.unit.telephony.trunk_lines import PLAN, START, trunk, trunks_of

pytestmark = pytest.mark.looptime


def answers(leg: FakeLeg) -> None:
    leg.peer_tries()
    leg.peer_answers()


class Desk:
    """The placer over one trunk, and the classes in the order they were called."""

    def __init__(self, policy: AnswerPolicy = answers, **limits: float) -> None:
        self.endpoint = FakeEndpoint(answer_policy=policy)
        self.endpoint.trunks = {"telecom"}
        self.trunks = trunks_of(trunk(**limits))
        self.placer = Placer(
            self.endpoint, self.trunks, PLAN, EventBus(), LoopClock(START)
        )
        self.called: list[TrafficClass] = []

    async def place(self, traffic: TrafficClass) -> PlacedCall:
        return await self.placer.place(
            request(traffic=traffic, purpose=traffic),
            on_leg=lambda _: self.called.append(traffic),
        )

    @property
    def lines_in_use(self) -> int:
        (view,) = self.trunks.views()
        return view.lines_in_use


async def test_line_that_comes_free_goes_to_the_most_urgent_who_waits() -> None:
    desk = Desk(lines=1, calls_per_second=100)
    first = await desk.place(TrafficClass.FOLLOW_UP)
    assert isinstance(first, Answered)
    async with asyncio.TaskGroup() as tasks:
        waiting = [
            tasks.create_task(desk.place(one))
            for one in (
                TrafficClass.FOLLOW_UP,
                TrafficClass.CALL_BACK,
                TrafficClass.RECALL,
            )
        ]
        await asyncio.sleep(1)
        assert desk.called == ["follow_up"]
        leg = first.leg
        for done in reversed(waiting):
            await leg.hang_up()
            placed = await done
            assert isinstance(placed, Answered)
            leg = placed.leg
    assert desk.called == ["follow_up", "recall", "call_back", "follow_up"]


async def test_calls_a_second_are_given_out_in_the_order_of_classes() -> None:
    desk = Desk(lines=10, calls_per_second=1)
    async with asyncio.TaskGroup() as tasks:
        for traffic in [*reversed(TrafficClass)]:
            tasks.create_task(desk.place(traffic))
    assert desk.called == ["follow_up", "consultation", "recall", "call_back"]


async def test_who_waits_too_long_is_told_and_nobody_waits_longer() -> None:
    desk = Desk(lines=1, calls_per_second=100)
    await desk.place(TrafficClass.RECALL)
    loop = asyncio.get_running_loop()
    began = loop.time()
    placed = await desk.place(TrafficClass.FOLLOW_UP)
    assert isinstance(placed, NotAnswered)
    assert placed.why is WhyNot.LINES_IN_USE
    assert "all lines of telecom are in use" in placed.words
    assert loop.time() - began == pytest.approx(PATIENCE_SECONDS)
    assert desk.called == ["recall"]


async def test_who_gives_up_while_he_waits_takes_no_line() -> None:
    desk = Desk(lines=1, calls_per_second=100)
    first = await desk.place(TrafficClass.RECALL)
    assert isinstance(first, Answered)
    waiting = asyncio.create_task(desk.place(TrafficClass.CALL_BACK), name="gives up")
    await asyncio.sleep(1)
    waiting.cancel()
    await asyncio.wait({waiting})
    await first.leg.hang_up()
    await asyncio.sleep(0.1)
    assert desk.lines_in_use == 0


async def test_line_given_to_somebody_who_is_just_cancelled_goes_on() -> None:
    desk = Desk(lines=1, calls_per_second=100)
    first = await desk.place(TrafficClass.RECALL)
    assert isinstance(first, Answered)
    async with asyncio.TaskGroup() as tasks:
        cancelled = tasks.create_task(desk.place(TrafficClass.CALL_BACK))
        other = tasks.create_task(desk.place(TrafficClass.FOLLOW_UP))
        await asyncio.sleep(1)
        first.leg.ended.add_done_callback(lambda _: cancelled.cancel())
        await first.leg.hang_up()
    assert isinstance(other.result(), Answered)
    assert desk.called == ["recall", "follow_up"]
    assert desk.lines_in_use == 1


async def test_call_that_rings_is_not_cut_for_a_more_urgent_one() -> None:
    desk = Desk(lambda leg: leg.peer_rings(), lines=1, calls_per_second=100)
    async with asyncio.TaskGroup() as tasks:
        ringing = tasks.create_task(desk.place(TrafficClass.FOLLOW_UP))
        await asyncio.sleep(1)
        urgent = await desk.place(TrafficClass.RECALL)
        assert isinstance(urgent, NotAnswered)
        assert not ringing.done()
