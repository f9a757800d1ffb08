"""The plain placer on the fake endpoint: every way a placed call can go."""

import asyncio

import pytest

from acd.placing import (
    Answered,
    CallPlacer,
    CallRequest,
    NotAnswered,
    PlacedCall,
    TrafficClass,
    WhyNot,
)
from acd.plain_placer import PlainPlacer
from telephony.calls import Leg
from tests.fakes.telephony import (
    AnswerPolicy,
    FakeEndpoint,
    FakeLeg,
    answers_after,
    nobody_answers,
    refuses_with,
)

pytestmark = pytest.mark.looptime

OFFICE = "sip:office@127.0.0.3"


def request(number: str = OFFICE, **more: float) -> CallRequest:
    """A call to place."""
    return CallRequest(
        number=number,
        traffic=TrafficClass.CONSULTATION,
        purpose="call 1: third party",
        caller_number="13800138000",
        **more,  # type: ignore[arg-type]
    )


async def placed(policy: AnswerPolicy, number: str = OFFICE) -> PlacedCall:
    """What comes of a call to somebody who does this."""
    placer: CallPlacer = PlainPlacer(FakeEndpoint(answer_policy=policy))
    return await placer.place(request(number))


async def test_answered_call_is_the_takers() -> None:
    endpoint, told = FakeEndpoint(answer_policy=answers_after(5)), list[Leg]()
    answer = await PlainPlacer(endpoint).place(request(), on_leg=told.append)
    assert isinstance(answer, Answered)
    assert told == [answer.leg]
    assert not answer.leg.ended.done()
    assert endpoint.placed[0].from_user == "13800138000"


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
    endpoint, began = FakeEndpoint(), asyncio.get_running_loop().time()
    answer = await PlainPlacer(endpoint).place(request(ring_seconds=20))
    assert isinstance(answer, NotAnswered)
    assert answer.why is WhyNot.NO_ANSWER
    assert asyncio.get_running_loop().time() - began == pytest.approx(20)
    assert endpoint.legs_in_use == 0


async def test_call_that_is_given_up_stops_ringing_at_once() -> None:
    endpoint = FakeEndpoint(answer_policy=nobody_answers)
    task = asyncio.create_task(PlainPlacer(endpoint).place(request()), name="place")
    await asyncio.sleep(3)
    task.cancel()
    await asyncio.wait({task})
    assert task.cancelled()
    assert endpoint.legs_in_use == 0


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
    assert answer.why is WhyNot.NO_TRUNK


def test_classes_are_ranked_by_urgency() -> None:
    assert sorted(TrafficClass, key=lambda traffic: traffic.rank) == [
        TrafficClass.CONSULTATION,
        TrafficClass.RECALL,
        TrafficClass.CALL_BACK,
        TrafficClass.FOLLOW_UP,
    ]


def test_numbers_are_not_in_what_is_printed_of_a_request() -> None:
    assert "138" not in repr(request("+8613912345678"))
