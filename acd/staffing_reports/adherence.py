"""Who was on the phones when the roster had him there; pure.

A person is there while he is ready or busy with a call. What is missing was late, early,
paused, or logged out in between; who never came was absent.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import groupby
from zoneinfo import ZoneInfo

from acd.events import AgentState
from acd.people.person import Person, Post
from acd.people.rows import AgentMove, in_order
from acd.staffing.roster import Shift, moment
from acd.statistics.agent_intervals import BUSY, stays
from acd.statistics.edges import Span

THERE = (AgentState.READY, *BUSY)
TOLD = timedelta(minutes=1)
"""What is shorter counts, but is not told by itself."""


class Missing(StrEnum):
    """Why a person was not there."""

    LATE = "late"
    EARLY = "early"
    PAUSED = "paused"
    AWAY = "away"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deviation:
    """A while on the roster in which he was not there."""

    why: Missing
    since: datetime
    until: datetime

    @property
    def seconds(self) -> float:
        """How long it was."""
        return (self.until - self.since).total_seconds()


@dataclass(frozen=True, slots=True, kw_only=True)
class Adherence:
    """Seconds rostered on the phones, and there; what is missing by its kind adds up to
    the rest. `absent_seconds` are all of them when he never came."""

    rostered_seconds: float
    there_seconds: float
    late_seconds: float
    early_seconds: float
    paused_seconds: float
    away_seconds: float
    absent_seconds: float
    share: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonAdherence:
    """A person's shift, as far as it is over. `stretches` are those on the phones, by
    the roster; `deviations` those of a minute and more, by time."""

    person_id: str
    name: str
    stretches: tuple[Span, ...]
    adherence: Adherence
    deviations: tuple[Deviation, ...]


def person_adherence(
    person: Person,
    shift: Shift,
    moves: Sequence[AgentMove],
    zone: ZoneInfo,
    now: datetime,
) -> PersonAdherence | None:
    """Up to now; None when no time on the phones has begun.

    `moves` are those of `span_of(shift)` and some before it.
    """
    planned = stretches_of(shift, zone)
    over = [
        Span(since=each.since, until=min(each.until, now))
        for each in planned
        if each.since < now
    ]
    if not over:
        return None
    ended = over[-1].until == planned[-1].until
    story = list(
        stays(in_order(moves), Span(since=over[0].since, until=over[-1].until))
    )
    pieces = [piece for each in over for piece in _within(story, each)]
    missing = list(_missing(pieces, ended=ended))
    return PersonAdherence(
        person_id=person.id,
        name=person.name,
        stretches=tuple(planned),
        adherence=_adherence(over, missing),
        deviations=tuple(d for d in _joined(missing) if d.until - d.since >= TOLD),
    )


def stretches_of(shift: Shift, zone: ZoneInfo) -> list[Span]:
    """The times of a shift on the phones."""
    found, place = [], 0
    for work, cells in groupby(shift.cells):
        length = len(list(cells))
        first = shift.start + place
        if work is Post.PHONES:
            since = moment(shift.day, first, zone)
            found.append(
                Span(since=since, until=moment(shift.day, first + length, zone))
            )
        place += length
    return found


Piece = tuple[AgentState, datetime, datetime]


def _within(story: Iterable[Piece], span: Span) -> Iterator[Piece]:
    for state, since, until in story:
        first, last = max(since, span.since), min(until, span.until)
        if first < last:
            yield state, first, last


def _missing(pieces: Sequence[Piece], *, ended: bool) -> Iterator[Deviation]:
    seen = [(s, u) for state, s, u in pieces if state is not AgentState.LOGGED_OUT]
    for state, since, until in pieces:
        if state in THERE:
            continue
        if not seen:
            why = Missing.ABSENT
        elif state is AgentState.PAUSED:
            why = Missing.PAUSED
        elif until <= seen[0][0]:
            why = Missing.LATE
        elif since >= seen[-1][1] and ended:
            why = Missing.EARLY
        else:
            why = Missing.AWAY
        yield Deviation(why=why, since=since, until=until)


def _joined(missing: Iterable[Deviation]) -> Iterator[Deviation]:
    """Those that follow each other without a gap as one."""
    held: Deviation | None = None
    for each in missing:
        if held and (held.why, held.until) == (each.why, each.since):
            held = Deviation(why=held.why, since=held.since, until=each.until)
            continue
        if held:
            yield held
        held = each
    if held:
        yield held


def _adherence(over: Iterable[Span], missing: Sequence[Deviation]) -> Adherence:
    rostered = sum((each.until - each.since).total_seconds() for each in over)
    seconds = dict.fromkeys(Missing, 0.0)
    for each in missing:
        seconds[each.why] += each.seconds
    return _made(rostered, seconds)


def _made(rostered: float, seconds: dict[Missing, float]) -> Adherence:
    there = rostered - sum(seconds.values())
    return Adherence(
        rostered_seconds=rostered,
        there_seconds=there,
        late_seconds=seconds[Missing.LATE],
        early_seconds=seconds[Missing.EARLY],
        paused_seconds=seconds[Missing.PAUSED],
        away_seconds=seconds[Missing.AWAY],
        absent_seconds=seconds[Missing.ABSENT],
        share=round(there / rostered, 4) if rostered else None,
    )


def missing_most(one: PersonAdherence) -> tuple[float, str]:
    """Sorts those first who miss most."""
    seconds = one.adherence.rostered_seconds - one.adherence.there_seconds
    return -seconds, one.person_id


def all_together(people: Iterable[PersonAdherence]) -> Adherence:
    """Everybody's seconds added up."""
    rostered, seconds = 0.0, dict.fromkeys(Missing, 0.0)
    for one in people:
        rostered += one.adherence.rostered_seconds
        for why in Missing:
            seconds[why] += getattr(one.adherence, f"{why}_seconds")
    return _made(rostered, seconds)
