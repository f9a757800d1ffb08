"""What a killed service left half done is finished at the next start.

The missing ends are told as the same events that a living service would have told,
so they go through the one way into the records and may be told again.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from acd import events as e
from acd.people.rows import AgentRow
from acd.people.store import agent_rows
from acd.records.archive import LeftOpen, known_ids, left_open
from acd.records.rows import CallRow, LegRow
from acd.records.writer import write_events
from config.database import Database

SERVICE_KILLED = "service_killed"
SERVICE_DOWN = "service_down"
SERVICE_STARTED = "service_started"


class CutCall(Protocol):
    """A call that its recording knows to have been cut off; times are aware UTC."""

    @property
    def call_id(self) -> str:
        """The call."""

    @property
    def caller(self) -> str:
        """Normalised; "" when withheld."""

    @property
    def called(self) -> str:
        """The number that the citizen dialled."""

    @property
    def started_at(self) -> datetime:
        """When it was answered."""

    @property
    def ended_at(self) -> datetime:
        """The last moment of sound."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """What was found and closed at the start.

    `without_row` are the cut calls that only their recording knew of. `agents` are
    those who were logged in when the service went down, and are so again.
    """

    calls_cut_off: tuple[str, ...]
    without_row: tuple[str, ...]
    legs_closed: int
    agents: tuple[str, ...]


async def recover(
    database: Database, now: datetime, cut: Sequence[CutCall] = ()
) -> Recovery:
    """Close what is open, enter citizens who were cut off in the missed-call ledger.

    To be awaited after the writer has replayed its journal and before the first call.
    Agents who were logged in come back: paused ones paused for the same reason, all
    others ready; the log shows them logged out while the service was down.
    """
    left = await left_open(database)
    known = await known_ids(database, [each.call_id for each in cut])
    unknown = [each for each in cut if each.call_id not in known]
    agents = [a for a in await agent_rows(database) if _was_on_duty(a, left)]
    proofs = {each.call_id: each for each in cut}
    await write_events(
        database,
        [
            *_calls_end(left, proofs, now),
            *_legs_close(left, proofs, now),
            *(event for each in unknown for event in _story(each)),
            *(event for agent in agents for event in _return(agent, left, now)),
        ],
    )
    return Recovery(
        calls_cut_off=tuple(call.id for call in left.calls),
        without_row=tuple(each.call_id for each in unknown),
        legs_closed=len(left.legs),
        agents=tuple(agent.id for agent in agents),
    )


def _calls_end(
    left: LeftOpen, proofs: Mapping[str, CutCall], now: datetime
) -> Iterator[e.Event]:
    for call in left.calls:
        at = _call_end(call, left, proofs, now)
        yield _cut_off(call.id, at)
        if _is_owed(call):
            yield replace(
                _missed(
                    call.id, at, call.caller or "", call.called or "", call.queue or ""
                ),
                confidential=call.confidential_at is not None,
            )


def _is_owed(call: CallRow) -> bool:
    """Of a call that we placed a debt or a contact still stands for him.

    But whoever asked for a person in a follow-up call is not called for it again.
    """
    asked_for_one = call.entered_at is not None and not call.call_back_id
    return call.direction != "out" or asked_for_one


def _cut_off(call_id: str, at: datetime) -> e.CallEnded:
    return e.CallEnded(
        at=at, call_id=call_id, outcome=e.Outcome.CUT_OFF, cause=SERVICE_KILLED
    )


def _missed(
    call_id: str, at: datetime, caller: str, called: str, queue: str
) -> e.CallMissed:
    return e.CallMissed(
        at=at,
        call_id=call_id,
        caller=caller,
        called=called,
        queue=queue,
        stage=e.Outcome.CUT_OFF,
    )


def _call_end(
    call: CallRow, left: LeftOpen, proofs: Mapping[str, CutCall], now: datetime
) -> datetime:
    """What the recording proves; else the last moment that the records know of."""
    steps = (call.arrived_at, call.answered_at, call.entered_at, call.connected_at)
    own = max(moment for moment in steps if moment)
    if proof := proofs.get(call.id):
        return max(own, proof.ended_at)
    return max(own, min(left.last_moment or own, now))


def _legs_close(
    left: LeftOpen, proofs: Mapping[str, CutCall], now: datetime
) -> Iterator[e.Event]:
    ends = {call.id: _call_end(call, left, proofs, now) for call in left.calls}
    for leg in left.legs:
        yield e.LegClosed(
            at=ends.get(leg.call_id) or _leg_end(leg, left, now),
            call_id=leg.call_id,
            leg_id=leg.id,
            cause=SERVICE_KILLED,
            sip_code=0,
        )


def _leg_end(leg: LegRow, left: LeftOpen, now: datetime) -> datetime:
    own = leg.answered_at or leg.opened_at
    return max(own, min(left.last_moment or own, now))


def _story(cut: CutCall) -> Iterator[e.Event]:
    """The row of a call of which only the recording was left."""
    yield e.CallArrived(
        at=cut.started_at,
        call_id=cut.call_id,
        caller=cut.caller,
        called=cut.called,
        peer="",
        sip_call_id="",
    )
    yield e.CallAnswered(at=cut.started_at, call_id=cut.call_id)
    yield _cut_off(cut.call_id, cut.ended_at)
    yield _missed(cut.call_id, cut.ended_at, cut.caller, cut.called, "")


def _was_on_duty(agent: AgentRow, left: LeftOpen) -> bool:
    """Logged in, and not only just seeded."""
    if agent.state is e.AgentState.LOGGED_OUT or left.last_moment is None:
        return False
    return agent.state_since <= left.last_moment


def _return(agent: AgentRow, left: LeftOpen, now: datetime) -> Iterator[e.Event]:
    paused = agent.state is e.AgentState.PAUSED
    yield e.AgentStateChanged(
        at=min(left.last_moment or now, now),
        agent_id=agent.id,
        old=agent.state,
        new=e.AgentState.LOGGED_OUT,
        reason=SERVICE_DOWN,
    )
    yield e.AgentStateChanged(
        at=now,
        agent_id=agent.id,
        old=e.AgentState.LOGGED_OUT,
        new=agent.state if paused else e.AgentState.READY,
        reason=agent.state_reason if paused else SERVICE_STARTED,
    )
