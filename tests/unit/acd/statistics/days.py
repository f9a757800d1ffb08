"""Made days: calls of a few citizens as their facts, and as the events that tell them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from acd import events as e
from acd.messages import TalkEnd
from tests.fakes import call_events as told

START = datetime(2026, 7, 20, 1, 0, tzinfo=UTC)
NUMBERS = ("+8613800000001", "+8613800000002", "")
QUEUES = ("general", "tax")

GIVEN_UP = (e.Outcome.ABANDONED_IN_QUEUE, e.Outcome.ABANDONED_WHILE_RINGING)
WITHOUT_QUEUE = (
    e.Outcome.BLOCKED,
    e.Outcome.ABANDONED_IN_IVR,
    e.Outcome.COMPLETED_IN_IVR,
    e.Outcome.FAILED,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeCall:
    """A call: seconds from one moment to the next, -1 for what never came.

    `wait` and `talk` follow the IVR, `wrap_up` the talk.
    """

    id: str
    caller: str
    arrives: float
    ivr: float
    queue: str
    wait: float
    talk: float
    wrap_up: float
    outcome: e.Outcome


@st.composite
def made_calls(draw: st.DrawFn, *, hours: float = 2) -> list[MadeCall]:
    """Up to a dozen calls, in the order of their arrival."""
    count = draw(st.integers(0, 12))
    return [_made(draw, f"C{number:02}", hours) for number in range(count)]


def _made(draw: st.DrawFn, call_id: str, hours: float) -> MadeCall:
    fate = draw(st.sampled_from(("answered", "gave up", "no queue")))
    outcomes = {"answered": (e.Outcome.ANSWERED,), "gave up": GIVEN_UP}
    seconds = st.floats(0, 400).map(lambda value: round(value, 3))
    return MadeCall(
        id=call_id,
        caller=draw(st.sampled_from(NUMBERS)),
        arrives=round(draw(st.floats(0, hours * 3600)), 3),
        ivr=draw(seconds),
        queue=draw(st.sampled_from(QUEUES)) if fate != "no queue" else "",
        wait=draw(st.one_of(seconds, st.just(15.0))) if fate != "no queue" else -1,
        talk=draw(seconds) if fate == "answered" else -1,
        wrap_up=draw(seconds) if fate == "answered" else -1,
        outcome=draw(st.sampled_from(outcomes.get(fate, WITHOUT_QUEUE))),
    )


def events_of(calls: list[MadeCall], start: datetime = START) -> list[e.Event]:
    """All that a service tells of the calls, in the order in which it happens."""
    events = [event for call in calls for event in _story(call, start)]
    return sorted(events, key=lambda event: event.at)


def _story(call: MadeCall, start: datetime) -> Iterator[e.Event]:
    at = start + timedelta(seconds=call.arrives)
    yield told.arrived(call.id, at, call.caller)
    if call.outcome is not e.Outcome.BLOCKED:
        yield e.CallAnswered(at=at, call_id=call.id)
    at += timedelta(seconds=call.ivr)
    if call.queue:
        yield e.CallerEntered(at=at, call_id=call.id, queue=call.queue, position=1)
        at += timedelta(seconds=call.wait)
    if call.talk >= 0:
        yield from _talk(call, at)
        at += timedelta(seconds=call.talk)
    yield told.ended(call.id, at, call.outcome)


def _talk(call: MadeCall, at: datetime) -> Iterator[e.Event]:
    """Each call has an agent of its own, so that wrap-ups do not meet."""
    agent, state = f"agent-{call.id}", e.AgentState
    over = at + timedelta(seconds=call.talk)
    done = over + timedelta(seconds=call.wrap_up)
    yield told.offered(call.id, f"{call.id}-1", agent, at)
    yield e.CallConnected(
        at=at,
        call_id=call.id,
        queue=call.queue,
        agent_id=agent,
        wait_seconds=call.wait,
        ring_seconds=0.0,
    )
    yield told.moved(agent, state.RINGING, state.TALKING, at, call.id)
    yield e.TalkEnded(
        at=over,
        call_id=call.id,
        queue=call.queue,
        agent_id=agent,
        talk_seconds=call.talk,
        end=TalkEnd.CALLER,
    )
    yield told.moved(agent, state.TALKING, state.WRAP_UP, over, call.id)
    yield told.moved(agent, state.WRAP_UP, state.READY, done)
