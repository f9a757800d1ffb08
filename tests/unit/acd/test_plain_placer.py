"""The plain placer on the fake endpoint: every way a placed call can go."""

import asyncio

import pytest

from acd.placing import Answered, NotAnswered, PlacedCall, TrafficClass, WhyNot
from telephony.calls import Leg, TelephonyError
from tests.fakes.telephony import (
    AnswerPolicy,
    FakeLeg,
    answers_after,
    nobody_answers,
    refuses_with,
)
from tests.unit.acd.placing_desk import OFFICE, PlacingDesk, request, rings

pytestmark = pytest.mark.looptime


async def placed(policy: AnswerPolicy, number: str = OFFICE) -> PlacedCall:
    """What comes of a call to somebody who does this."""
    return await PlacingDesk(policy).placer.place(request(number))


async def test_answered_call_is_the_takers() -> None:
    desk, told = PlacingDesk(answers_after(5)), list[Leg]()
    answer = await desk.placer.place(
        request(OFFICE, caller_number="13800138000"), on_leg=told.append
    )
    assert isinstance(answer, Answered)
    assert told == [answer.leg]
    assert not answer.leg.ended.done()
    assert desk.endpoint.placed[0].from_user == "13800138000"
    assert desk.told[0].why_not is None


@pytest.mark.parametrize(
    ("code", "why"),
    [
        (486, WhyNot.BUSY),
        (480, WhyNot.NO_ANSWER),
        (603, WhyNot.REJECTED),
        (404, WhyNot.UNREACHABLE),
    ],
)
async def test_refusal_says_why(code: int, why: WhyNot) -> None:
    answer = await placed(refuses_with(code))
    assert isinstance(answer, NotAnswered)
    assert (answer.why, answer.sip_code) == (why, code)


async def test_phone_that_nobody_answers_stops_ringing_after_its_time() -> None:
    desk, began = PlacingDesk(nobody_answers), asyncio.get_running_loop().time()
    answer = await desk.placer.place(request(OFFICE, ring_seconds=20))
    assert isinstance(answer, NotAnswered)
    assert answer.why is WhyNot.NO_ANSWER
    assert asyncio.get_running_loop().time() - began == pytest.approx(20)
    assert desk.endpoint.legs_in_use == 0


async def test_call_that_is_given_up_stops_ringing_at_once() -> None:
    desk = PlacingDesk(rings)
    task = asyncio.create_task(desk.placer.place(request(OFFICE)), name="place")
    await asyncio.sleep(3)
    task.cancel()
    await asyncio.wait({task})
    assert task.cancelled()
    assert desk.endpoint.legs_in_use == 0


async def test_phone_that_picks_up_and_hangs_up_at_once_is_no_answer_to_take() -> None:
    def drops(leg: FakeLeg) -> None:
        leg.peer_answers()
        leg.peer_hangs_up()

    answer = await placed(drops)
    assert isinstance(answer, NotAnswered)
    assert answer.why is WhyNot.REJECTED


async def test_what_cannot_be_called_is_an_answer_too() -> None:
    answer = await placed(nobody_answers, "mailto:bob")
    assert isinstance(answer, NotAnswered)
    assert answer.why is WhyNot.NOT_ALLOWED


@pytest.mark.parametrize("target", ["+8613812345678", "sip:13812345678 @127.0.0.3"])
async def test_log_says_why_a_call_failed_without_its_number(
    target: str, caplog: pytest.LogCaptureFixture
) -> None:
    async def refuses(target: str, **_: object) -> FakeLeg:
        raise TelephonyError(f"{target!r} is no SIP URI; write one")

    desk = PlacingDesk(nobody_answers)
    desk.endpoint.originate = refuses  # type: ignore[method-assign, assignment]
    answer = await desk.placer.place(request(target))
    assert isinstance(answer, NotAnswered)
    (line,) = caplog.records
    assert line.getMessage() == f"call 1: third party: not answered: {answer.words}"
    assert "138" not in line.getMessage()


async def test_number_without_any_trunk_is_told() -> None:
    answer = await placed(nobody_answers, "+8613812345678")
    assert isinstance(answer, NotAnswered)
    assert (answer.why, answer.words) == (
        WhyNot.NO_TRUNK,
        "no trunk serves this number",
    )


async def test_no_call_is_tried_when_no_leg_is_free() -> None:
    desk = PlacingDesk(rings)
    desk.endpoint.legs_allowed = 0
    answer = await desk.placer.place(request(OFFICE))
    assert isinstance(answer, NotAnswered)
    assert answer.why is WhyNot.LINES_IN_USE
    assert desk.endpoint.placed == []


def test_classes_are_ranked_by_urgency() -> None:
    assert sorted(TrafficClass, key=lambda traffic: traffic.rank) == [
        TrafficClass.CONSULTATION,
        TrafficClass.RECALL,
        TrafficClass.CALL_BACK,
        TrafficClass.FOLLOW_UP,
    ]


def test_numbers_are_not_in_what_is_printed_of_a_request() -> None:
    assert "138" not in repr(request("+8613912345678", caller_number="13800138000"))
