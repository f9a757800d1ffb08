"""Calls over trunks: caller numbers, failover, lines, and who goes first."""

import asyncio
from itertools import pairwise

import pytest

from acd.placing import Answered, NotAnswered, PlacedCall, TrafficClass, WhyNot
from telephony.calls import TelephonyError
from tests.fakes.telephony import (
    AnswerPolicy,
    FakeLeg,
    answers_after,
    nobody_answers,
    refuses_with,
)
from tests.unit.acd.placing_desk import PlacingDesk, request, rings
from tests.unit.telephony.trunk_lines import MOBILE, START, trunk

pytestmark = pytest.mark.looptime


def first_then(first: AnswerPolicy, then: AnswerPolicy) -> AnswerPolicy:
    """The first call goes one way, all others another."""
    policies = iter([first])
    return lambda leg: next(policies, then)(leg)


def why(placed: PlacedCall) -> WhyNot:
    """Why it was not answered."""
    assert isinstance(placed, NotAnswered)
    return placed.why


async def test_call_goes_out_in_the_trunks_form() -> None:
    desk = PlacingDesk(answers_after(1), trunk())
    answer = await desk.placer.place(request(headers={"X-Purpose": "test"}))
    assert isinstance(answer, Answered)
    (call,) = desk.endpoint.placed
    assert (call.target, call.trunk) == ("sip:13812345678@telecom.example", "telecom")
    assert call.from_user == "053112345"
    assert call.headers == {
        "X-Purpose": "test",
        "P-Asserted-Identity": "<sip:053112345@telecom.example>",
    }
    assert (answer.trunk, desk.told[0].trunk) == ("telecom", "telecom")


async def test_leg_tells_what_it_shows_also_over_the_second_trunk() -> None:
    sections = trunk("a"), trunk("b", caller_numbers=("96345",))
    desk = PlacingDesk(first_then(refuses_with(503), answers_after(1)), *sections)
    shown: list[str] = []
    answer = await desk.placer.place(
        request(), on_leg=lambda leg: shown.append(leg.shown)
    )
    assert isinstance(answer, Answered)
    assert shown == ["053112345", "96345"]
    assert answer.leg.shown == "96345"


async def test_caller_number_outside_the_list_is_refused_before_any_call() -> None:
    desk = PlacingDesk(answers_after(1), trunk())
    answer = await desk.placer.place(request(caller_number="13800138000"))
    assert why(answer) is WhyNot.NOT_ALLOWED
    assert desk.endpoint.placed == []


@pytest.mark.parametrize("asserted", [True, False])
@pytest.mark.parametrize(
    "name", ["P-Asserted-Identity", "p-asserted-identity", "Remote-Party-ID", "FROM"]
)
async def test_no_header_of_a_request_says_who_calls(name: str, asserted: bool) -> None:
    desk = PlacingDesk(answers_after(1), trunk(asserted_identity=asserted))
    headers = {name: "<sip:110@x>", "X-Purpose": "test"}
    await desk.placer.place(request(headers=headers))
    sent = desk.endpoint.placed[0].headers
    assert "110@x" not in str(sent)
    assert set(sent) == {"X-Purpose"} | ({"P-Asserted-Identity"} if asserted else set())


async def test_number_at_the_trunks_address_is_held_to_the_list_too() -> None:
    desk = PlacingDesk(answers_after(1), trunk())
    uri = "sip:13812345678@telecom.example"
    refused = await desk.placer.place(request(uri, caller_number="13800138000"))
    assert why(refused) is WhyNot.NOT_ALLOWED
    assert isinstance(await desk.placer.place(request(uri)), Answered)
    assert desk.taken == ["telecom"]


@pytest.mark.parametrize("code", [401, 407, 500, 502, 503, 504])
async def test_call_that_the_trunk_fails_goes_over_the_next(code: int) -> None:
    policy = first_then(refuses_with(code), answers_after(1))
    desk = PlacingDesk(policy, trunk("a"), trunk("b"))
    assert isinstance(await desk.placer.place(request()), Answered)
    assert desk.taken == ["a", "b"]
    await desk.placer.place(request())
    assert desk.taken[-1] == "b", "the one that failed goes last for a while"


@pytest.mark.parametrize(
    ("code", "reason"), [(486, WhyNot.BUSY), (480, WhyNot.NO_ANSWER)]
)
async def test_person_who_is_busy_or_does_not_answer_is_not_called_twice(
    code: int, reason: WhyNot
) -> None:
    desk = PlacingDesk(refuses_with(code), trunk("a"), trunk("b"))
    assert why(await desk.placer.place(request())) is reason
    assert desk.taken == ["a"]


@pytest.mark.parametrize("code", [403, 404, 410, 484, 488, 603])
async def test_refusal_of_the_person_or_the_number_goes_no_further(code: int) -> None:
    desk = PlacingDesk(refuses_with(code), trunk("a"), trunk("b"))
    assert isinstance(await desk.placer.place(request()), NotAnswered)
    assert desk.taken == ["a"]


async def test_busy_behind_a_gateway_that_says_503_is_still_busy() -> None:
    def busy(leg: FakeLeg) -> None:
        leg.peer_refuses(503, "Q.850;cause=17")

    desk = PlacingDesk(busy, trunk("a"), trunk("b"))
    assert why(await desk.placer.place(request())) is WhyNot.BUSY
    assert desk.taken == ["a"]


async def test_trunk_that_says_nothing_is_left_after_four_seconds() -> None:
    desk = PlacingDesk(
        first_then(nobody_answers, answers_after(1)), trunk("a"), trunk("b")
    )
    began = asyncio.get_running_loop().time()
    assert isinstance(await desk.placer.place(request()), Answered)
    assert asyncio.get_running_loop().time() - began == pytest.approx(5, abs=0.1)
    assert desk.taken == ["a", "b"]
    assert desk.view("a").lines_in_use == 0


async def test_phone_that_rings_for_long_is_not_tried_over_another_trunk() -> None:
    desk = PlacingDesk(rings, trunk("a"), trunk("b"))
    assert why(await desk.placer.place(request())) is WhyNot.NO_ANSWER
    assert desk.taken == ["a"]


@pytest.mark.parametrize("code", [401, 407, 500, 503])
async def test_when_every_trunk_fails_no_phone_rang_and_the_last_failure_is_told(
    code: int,
) -> None:
    desk = PlacingDesk(refuses_with(code), trunk("a"), trunk("b"))
    answer = await desk.placer.place(request())
    assert isinstance(answer, NotAnswered)
    assert (answer.why, answer.sip_code, answer.trunk) == (WhyNot.NO_TRUNK, code, "b")


async def test_phone_that_rang_before_the_trunk_failed_has_been_tried() -> None:
    def rings_and_fails(leg: FakeLeg) -> None:
        leg.peer_rings()
        leg.peer_refuses(503)

    desk = PlacingDesk(rings_and_fails, trunk("a"))
    assert why(await desk.placer.place(request())) is WhyNot.UNREACHABLE


@pytest.mark.parametrize(
    "traffic", [TrafficClass.RECALL, TrafficClass.CALL_BACK, TrafficClass.FOLLOW_UP]
)
async def test_call_to_the_police_finds_a_line_when_all_others_are_taken(
    traffic: TrafficClass,
) -> None:
    desk = PlacingDesk(answers_after(1), trunk(lines=6, calls_per_second=1000))
    answers = [await desk.placer.place(request(traffic=traffic)) for _ in range(8)]
    assert sum(isinstance(answer, Answered) for answer in answers) == 4
    assert why(answers[-1]) is WhyNot.LINES_IN_USE
    assert isinstance(await desk.placer.place(request("110")), Answered)


async def test_lines_hold_under_a_burst_and_come_back() -> None:
    section = trunk(lines=3, kept_lines=0, calls_per_second=1000)
    desk = PlacingDesk(answers_after(1), section)
    answers = await asyncio.gather(
        *(desk.placer.place(request(f"+86138123400{n:02}")) for n in range(10))
    )
    taken = [answer for answer in answers if isinstance(answer, Answered)]
    assert len(taken) == desk.view("telecom").lines_in_use == 3
    assert {why(a) for a in answers if a not in taken} == {WhyNot.LINES_IN_USE}
    for answer in taken:
        await answer.leg.hang_up()
    await asyncio.sleep(0)
    assert desk.view("telecom").lines_in_use == 0


async def test_calls_a_second_hold_under_a_burst_and_late_ones_are_told() -> None:
    desk = PlacingDesk(answers_after(1), trunk(calls_per_second=2, lines=100))
    began = asyncio.get_running_loop().time()
    times: list[float] = []

    async def one(number: int) -> PlacedCall:
        return await desk.placer.place(
            request(f"+86138123400{number:02}"),
            on_leg=lambda _: times.append(asyncio.get_running_loop().time() - began),
        )

    answers = await asyncio.gather(*(one(number) for number in range(20)))
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert min(gaps) >= 0.5 - 1e-6
    late = [answer for answer in answers if isinstance(answer, NotAnswered)]
    assert {answer.why for answer in late} == {WhyNot.LINES_IN_USE}
    assert len(times) == 20 - len(late) == pytest.approx(10, abs=1)


async def test_who_waits_on_the_line_goes_before_who_can_wait() -> None:
    desk = PlacingDesk(answers_after(1), trunk(calls_per_second=1))
    order: list[TrafficClass] = []

    async def one(traffic: TrafficClass) -> None:
        await desk.placer.place(
            request(MOBILE, traffic=traffic), on_leg=lambda _: order.append(traffic)
        )

    desk.trunks.take("telecom", START)
    await asyncio.gather(*map(one, reversed(TrafficClass)))
    assert order == list(TrafficClass)


async def test_line_of_a_call_that_is_given_up_comes_back() -> None:
    desk = PlacingDesk(rings, trunk())
    task = asyncio.create_task(desk.placer.place(request()), name="place")
    await asyncio.sleep(3)
    assert desk.view("telecom").lines_in_use == 1
    task.cancel()
    await asyncio.wait({task})
    await asyncio.sleep(0)
    assert desk.view("telecom").lines_in_use == 0
    assert desk.endpoint.legs_in_use == 0


async def test_line_comes_back_when_the_endpoint_cannot_place_the_call() -> None:
    desk = PlacingDesk(rings, trunk("a"), trunk("b"))
    await desk.endpoint.stop()

    async def fails(*_: object, **__: object) -> FakeLeg:

        raise TelephonyError("no way out")

    desk.endpoint.originate = fails  # type: ignore[method-assign, assignment]
    answer = await desk.placer.place(request())
    assert isinstance(answer, NotAnswered)
    assert (answer.why, answer.words) == (WhyNot.NO_TRUNK, "no way out")
    assert desk.view("a").lines_in_use == desk.view("b").lines_in_use == 0
