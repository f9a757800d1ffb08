"""The draft for the daily review (日清日结): yesterday, why, what is open, tomorrow; pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import groupby

from acd.adjustments.decision import DecisionState, Proposal
from acd.adjustments.foreseen import DayAhead
from acd.staffing.cover import WHOLE, Cover
from acd.staffing.day_kind import DayType
from acd.staffing.moves import MoveKind
from acd.staffing_reports.accuracy import Accuracy
from acd.staffing_reports.adherence import Adherence, Missing, PersonAdherence
from acd.staffing_reports.intervals import StaffedInterval, StaffedTotal
from acd.staffing_reports.plan_story import PlanStory

MOST_WORST = 5
MOST_PEOPLE = 5
AUTOMATIC = "automatic"
"""Who decides when nobody has to."""
TOLD_SECONDS = 900.0
"""Who missed less of his shift is not named."""
FULL = 0.9
"""Agents are wanting where fewer than so many of those rostered are there."""
CELLS_AN_HOUR = 4


class Cause(StrEnum):
    """Why citizens waited. None of them: handle times, breaks at once, or chance."""

    MORE_CALLS = "more_calls"
    ROSTER_SHORT = "roster_short"
    PEOPLE_MISSING = "people_missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class WorstInterval:
    """A quarter of an hour in which `waited` citizens were not answered within 15 s."""

    interval: StaffedInterval
    waited: int
    causes: tuple[Cause, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Agents wanting in the roster from a cell to the one before `until`: so many at
    most, and hours of agents all in all."""

    first: int
    until: int
    most: int
    hours: float


@dataclass(frozen=True, slots=True, kw_only=True)
class NextDay:
    """The day to come: calls foreseen and the busiest quarter of an hour, agents required
    and rostered in its 96 cells, and where the roster falls short."""

    day: date
    kind: DayType
    calls: float
    peak_cell: int
    peak_calls: float
    peak_agents: int
    required: tuple[int, ...]
    rostered: tuple[int, ...]
    gaps: tuple[Gap, ...]

    @property
    def required_hours(self) -> float:
        """Hours of agents."""
        return sum(self.required) / CELLS_AN_HOUR

    @property
    def rostered_hours(self) -> float:
        """Hours of agents."""
        return sum(self.rostered) / CELLS_AN_HOUR


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """Call-backs that are open now, those of them that were promised, and since when."""

    open: int
    promised: int
    oldest_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What became of the loop's proposals of a day: carried out by kind, and how many of
    those by the automatic mode or taken back again; and how many were declined."""

    accepted: Mapping[MoveKind, int]
    automatic: int
    undone: int
    declined: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyReview:
    """One page. `names` are those of people in the plans, by id. `missing` are the people who missed most of their shifts; `foreseen` how
    good the forecasts of the day were, at each horizon; `next_day` None: nothing to learn
    from. `at` is when the draft was made."""

    at: datetime
    day: date
    totals: tuple[StaffedTotal, ...]
    worst: tuple[WorstInterval, ...]
    foreseen: tuple[Accuracy, ...]
    adherence: Adherence
    decided: Decided
    names: Mapping[str, str]
    missing: tuple[PersonAdherence, ...]
    plans: tuple[PlanStory, ...]
    owed: Owed
    next_day: NextDay | None


def decided_of(proposals: Iterable[Proposal]) -> Decided:
    """What was accepted counts once, whether or not it was taken back."""
    found = list(proposals)
    states = DecisionState.ACCEPTED, DecisionState.UNDONE
    accepted = [one for one in found if one.state in states]
    kinds = Counter(one.proposed.move.kind for one in accepted)
    return Decided(
        accepted={kind: kinds[kind] for kind in MoveKind if kinds[kind]},
        automatic=sum(one.decided_by == AUTOMATIC for one in accepted),
        undone=sum(one.state is DecisionState.UNDONE for one in found),
        declined=sum(one.state is DecisionState.DECLINED for one in found),
    )


def worst_of(lines: Iterable[StaffedInterval]) -> tuple[WorstInterval, ...]:
    """The quarters of the whole in which most citizens waited, by time."""
    whole = [line for line in lines if line.queue == WHOLE and _waited(line)]
    most = sorted(whole, key=lambda line: (-_waited(line), line.start))[:MOST_WORST]
    return tuple(
        WorstInterval(
            interval=line, waited=_waited(line), causes=tuple(causes_of(line))
        )
        for line in sorted(most, key=lambda line: line.start)
    )


def _waited(line: StaffedInterval) -> int:
    return line.came.in_time.whole - line.came.in_time.part


def causes_of(line: StaffedInterval) -> Iterator[Cause]:
    """What of roster, presence and forecast was not as it should be."""
    last, required = line.ahead.last, line.ahead.required
    if last and line.came.once > last.high:
        yield Cause.MORE_CALLS
    if required is not None and line.rostered < required:
        yield Cause.ROSTER_SHORT
    if line.present is not None and line.present < FULL * line.rostered:
        yield Cause.PEOPLE_MISSING


def most_missing(people: Iterable[PersonAdherence]) -> tuple[PersonAdherence, ...]:
    """Those who missed a quarter of an hour and more, most first."""
    missed = [(_missed_seconds(one), one) for one in people]
    most = sorted(missed, key=lambda each: -each[0])[:MOST_PEOPLE]
    return tuple(one for seconds, one in most if seconds >= TOLD_SECONDS)


def _missed_seconds(one: PersonAdherence) -> float:
    return one.adherence.rostered_seconds - one.adherence.there_seconds


def main_reason(one: PersonAdherence) -> Missing:
    """What most of his missing time was."""
    return max(Missing, key=lambda why: getattr(one.adherence, f"{why}_seconds"))


def next_day_of(
    ahead: DayAhead, kind: DayType, cover: Cover, minimum: int
) -> NextDay | None:
    """The whole of a day to come against its roster."""
    if ahead.whole is None:
        return None
    lines = ahead.whole.forecast.lines
    required = [max(line.agents_sure, minimum) for line in lines]
    rostered = [cover.at(WHOLE, line.interval) for line in lines]
    peak = max(lines, key=lambda line: line.forecast)
    return NextDay(
        day=ahead.day,
        kind=kind,
        calls=round(sum(line.forecast for line in lines), 1),
        peak_cell=peak.interval,
        peak_calls=round(peak.forecast, 1),
        peak_agents=required[peak.interval],
        required=tuple(required),
        rostered=tuple(rostered),
        gaps=tuple(gaps_of(required, rostered)),
    )


def gaps_of(required: Sequence[int], rostered: Sequence[int]) -> Iterator[Gap]:
    """Each stretch in which agents are wanting."""
    wanting = [max(n - there, 0) for n, there in zip(required, rostered, strict=True)]
    for short, run in groupby(enumerate(wanting), key=lambda each: each[1] > 0):
        cells = list(run)
        if short:
            yield Gap(
                first=cells[0][0],
                until=cells[-1][0] + 1,
                most=max(n for _, n in cells),
                hours=sum(n for _, n in cells) / CELLS_AN_HOUR,
            )
