"""What the records and the watcher tell of each minute: calls, waits, agents, moves."""

from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import fmean
from zoneinfo import ZoneInfo

from acd.adjustments.decision import DecisionState, Proposal
from acd.adjustments.round import Round
from acd.adjustments.store import decided_since, rounds_of
from acd.staffing.moves import MoveKind
from acd.statistics.counted_call import CallFacts
from acd.statistics.edges import Span
from acd.statistics.store import counted_calls
from benchmarks.staffing.thirty.watch import Look
from config.database import Database

IN_TIME_SECONDS = 15.0
LEAVING = frozenset((MoveKind.SEND_BACK, MoveKind.RELEASE))
_MINUTE = timedelta(minutes=1)
_QUARTER_MINUTES = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Minute:
    """One minute. Waits in seconds are those of who came in it, from the queue's entry
    to an agent or the end; agents are None before the first round or look."""

    came: int
    in_time: int
    lost: int
    mean_wait: float | None
    longest_wait: float
    foreseen: float | None
    required: int | None
    rostered: int | None
    on_phones: float | None
    coming: int
    leaving: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """All of it; `moves` are those that were carried out, in their order."""

    began: datetime
    minutes: tuple[Minute, ...]
    moves: tuple[Proposal, ...]
    rounds: tuple[Round, ...]


async def happened(
    database: Database,
    began: datetime,
    minutes: int,
    looks: Sequence[Look],
    zone: ZoneInfo,
) -> Happened:
    """Read the minutes after the first call was due."""
    span = Span(since=began, until=began + minutes * _MINUTE)
    rounds = await rounds_of(database, began.astimezone(zone).date())
    decided = await decided_since(database, began - 5 * _MINUTE)
    moves = [one for one in decided if one.state is DecisionState.ACCEPTED]
    calls: list[CallFacts] = []
    async with aclosing(counted_calls(database, span, span.until)) as parts:
        async for part in parts:
            calls += [call for call, _ in part if call.asked_for_a_person]
    made = [
        _minute(began + n * _MINUTE, n, calls, rounds, moves, looks)
        for n in range(minutes)
    ]
    moves.sort(key=lambda one: (one.decided_at or began, one.id))
    return Happened(
        began=began, minutes=tuple(made), moves=tuple(moves), rounds=tuple(rounds)
    )


def _minute(
    start: datetime,
    number: int,
    calls: Sequence[CallFacts],
    rounds: Sequence[Round],
    moves: Sequence[Proposal],
    looks: Sequence[Look],
) -> Minute:
    own = [call for call in calls if start <= call.arrived_at < start + _MINUTE]
    waits = [wait for call in own if (wait := _wait(call)) is not None]
    kinds = [
        move.proposed.move.kind
        for move in moves
        if move.decided_at and start <= move.decided_at < start + _MINUTE
    ]
    known = _known(rounds, start + _MINUTE)
    there = [each.on_phones for each in looks if each.seconds // 60 == number]
    return Minute(
        came=len(own),
        in_time=sum(map(_in_time, own)),
        lost=sum(call.connected_at is None for call in own),
        mean_wait=fmean(waits) if waits else None,
        longest_wait=max(waits, default=0.0),
        foreseen=known[0],
        required=known[1],
        rostered=known[2],
        on_phones=fmean(there) if there else None,
        coming=sum(kind not in LEAVING for kind in kinds),
        leaving=sum(kind in LEAVING for kind in kinds),
    )


def _in_time(call: CallFacts) -> bool:
    wait = _wait(call)
    return bool(call.connected_at) and wait is not None and wait <= IN_TIME_SECONDS


def _wait(call: CallFacts) -> float | None:
    """From the queue's entry on; None for who never entered it."""
    end = call.connected_at or call.ended_at
    if call.entered_at is None or end is None:
        return None
    return (end - call.entered_at).total_seconds()


def _known(
    rounds: Sequence[Round], until: datetime
) -> tuple[float | None, int | None, int | None]:
    """Calls a minute, agents required and rostered, by the last round before."""
    made = next((r for r in reversed(rounds) if r.at < until and r.whole), None)
    if made is None or made.whole is None:
        return None, None, None
    line = next(line for line in made.whole.lines if line.cell == made.cell)
    return line.forecast / _QUARTER_MINUTES, line.required, line.rostered
