"""A recorded day made into one that can be simulated: what was, and what is not known.

Of a citizen who was answered only the least of his patience is known. Taken together
the calls still tell its mean (of an exponential patience, by maximum likelihood): all
waiting time over the number of those who hung up.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from acd.events import AgentState, Outcome
from acd.people.rows import AgentMove, in_order
from acd.records.rows import CallRow
from acd.staffing.day import WITHHELD, Day, DayCall
from acd.staffing.plan import Duty

_GAVE_UP = (Outcome.ABANDONED_IN_QUEUE, Outcome.ABANDONED_WHILE_RINGING)
_AWAY = (AgentState.LOGGED_OUT, AgentState.PAUSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedDay:
    """The calls that asked for a person, and means in seconds, None when unknown."""

    day: Day
    talk_seconds: float | None
    patience_seconds: float | None


def recorded_day(
    rows: Iterable[CallRow], start: datetime, queues: Sequence[str]
) -> RecordedDay:
    """The day that began at `start`; calls that we placed are left out.

    Calls of queues that are gone go to the first one.
    """
    entered = [row for row in rows if row.entered_at and row.direction != "out"]
    calls = [
        _call(row, row.entered_at, start, queues) for row in entered if row.entered_at
    ]
    talks = [row.talk_seconds for row in entered if row.talk_seconds is not None]
    gave_up = sum(row.outcome in _GAVE_UP for row in entered)
    waited = sum(row.wait_seconds or 0.0 for row in entered)
    return RecordedDay(
        day=Day.of(start, calls),
        talk_seconds=sum(talks) / len(talks) if talks else None,
        patience_seconds=waited / gave_up if gave_up and waited else None,
    )


def _call(
    row: CallRow, entered_at: datetime, start: datetime, queues: Sequence[str]
) -> DayCall:
    gave_up = row.outcome in _GAVE_UP
    waited = row.wait_seconds or 0.0
    return DayCall(
        at_seconds=(row.arrived_at - start).total_seconds(),
        ivr_seconds=(entered_at - row.arrived_at).total_seconds(),
        queue=row.queue if row.queue and row.queue in queues else "",
        caller=row.caller or WITHHELD,
        called=row.called or "",
        talk_seconds=row.talk_seconds,
        patience_seconds=waited if gave_up else None,
        waited_seconds=waited,
    )


def duties_of(
    moves: Iterable[AgentMove], start: datetime, end: datetime
) -> tuple[Duty, ...]:
    """When an agent was logged in and not paused, from all his moves up to the end."""
    duties: list[Duty] = []
    since: datetime | None = None
    for move in in_order([move for move in moves if move.at < end]):
        if move.new in _AWAY and since is not None:
            duties += _within(since, move.at, start)
            since = None
        elif move.new not in _AWAY and since is None:
            since = move.at
    if since is not None:
        duties += _within(since, end, start)
    return tuple(duties)


def _within(since: datetime, until: datetime, start: datetime) -> list[Duty]:
    """The part of it that lies in the day."""
    began = max((since - start).total_seconds(), 0.0)
    ended = (until - start).total_seconds()
    return [(began, ended)] if ended > began else []
