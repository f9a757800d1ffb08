"""Every time the emergency plans were on: what was decided, who came, what came of it; pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from operator import attrgetter

from acd.plans.foresight import AT_MINUTES
from acd.plans.store import KeptDecision, KeptMove
from acd.recalls.store import KeptRecall
from acd.staffing.escalation import NORMAL, Turn
from acd.staffing.recall import EXPECTED, Recalled, Standing
from acd.staffing_reports.intervals import Came, came_of, measures
from acd.statistics.counted_call import Measure
from acd.statistics.edges import INTERVAL, Span, interval_of
from acd.statistics.queue_intervals import QueueInterval, counts_of

IN_TIME = timedelta(minutes=30)
"""So soon recalled staff are to be there."""


class Happened(StrEnum):
    """What a line of a timeline tells."""

    PROPOSED = "proposed"
    WITHDRAWN = "withdrawn"
    CHANGED = "changed"
    RECALLED = "recalled"
    MOVED = "moved"
    BACK = "back"
    RECALL_BEGAN = "recall_began"
    RUNG = "rung"
    ARRIVED = "arrived"
    CALLED_OFF = "called_off"
    RECALL_ENDED = "recall_ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A line of a timeline. `who` decided it, or is the person whom it concerns;
    `level` is the one decided on or proposed, `before` the one that was on then. `late` is
    who came later than he said.

    `foreseen` waits in 10, 30 and 60 minutes with that level, in seconds, and those that
    `came`; None where nobody called then, or it is still to come.
    """

    at: datetime
    what: Happened
    who: str = ""
    level: int | None = None
    before: int | None = None
    reason: str = ""
    late: bool = False
    foreseen: tuple[float, ...] = ()
    came: tuple[float | None, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanQuarter:
    """The calls of all queues in the 15 minutes from `start` on; `wait_seconds` is the
    mean of those who waited, whether they were answered or gave up."""

    start: datetime
    came: Came
    wait_seconds: float | None
    longest_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RecallFigures:
    """What came of the recalls of an activation. `in_time` were there within 30 minutes;
    `late` came later than they said, or not at all."""

    needed: int
    rung: int
    confirmed: int
    declined: int
    arrived: int
    in_time: int
    late: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanStory:
    """From normal to normal again; `ended_at` None while it goes on.

    `came`, `wait_seconds` and `quarters` are those of the quarters of an hour that it
    touched; `moved` is how many people went to the phones.
    """

    began_at: datetime
    ended_at: datetime | None
    highest: int
    timeline: tuple[Moment, ...]
    moved: int
    recall: RecallFigures | None
    came: Came
    wait_seconds: float | None
    quarters: tuple[PlanQuarter, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Activation:
    """The decisions from normal to normal, with the proposals that led there."""

    decisions: tuple[KeptDecision, ...]
    began_at: datetime
    ended_at: datetime | None

    def span(self, now: datetime) -> Span:
        """The quarters of an hour that it touches, up to now."""
        last = min(self.ended_at or now, now)
        return Span(
            since=interval_of(self.began_at), until=interval_of(last) + INTERVAL
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanFacts:
    """What is known of an activation beside its decisions."""

    moves: Sequence[KeptMove]
    recalls: Sequence[KeptRecall]
    calls: Sequence[QueueInterval]
    now: datetime


def activations(decisions: Iterable[KeptDecision]) -> list[Activation]:
    """In order of time; proposals that were taken back, or led nowhere, are no part."""
    found, held, begun = [], list[KeptDecision](), False
    for each in decisions:
        one = each.decision
        held.append(each)
        if one.turn is Turn.CHANGED and one.level == NORMAL:
            found.append(_activation(held, one.at))
            held, begun = [], False
        elif one.turn is Turn.CHANGED:
            begun = True
        elif one.turn is Turn.WITHDRAWN and not begun:
            held = []
    return [*found, _activation(held, None)] if begun else found


def _activation(held: Sequence[KeptDecision], ended_at: datetime | None) -> Activation:
    changes = [each for each in held if each.decision.turn is Turn.CHANGED]
    return Activation(
        decisions=tuple(held), began_at=changes[0].decision.at, ended_at=ended_at
    )


def plan_story(of: Activation, facts: PlanFacts) -> PlanStory:
    """All that is known of an activation."""
    quarters = tuple(_quarters(facts.calls))
    moments = [
        *_decided(of, quarters, facts.now),
        *_moved(facts.moves),
        *_recalled(facts.recalls, facts.now),
    ]
    waits = _waits(facts.calls)
    return PlanStory(
        began_at=of.began_at,
        ended_at=of.ended_at,
        highest=max(
            each.decision.level
            for each in of.decisions
            if each.decision.turn is Turn.CHANGED
        ),
        timeline=tuple(sorted(moments, key=attrgetter("at"))),
        moved=len(facts.moves),
        recall=_figures(facts.recalls, facts.now) if facts.recalls else None,
        came=_came(facts.calls),
        wait_seconds=waits,
        quarters=quarters,
    )


def _quarters(calls: Sequence[QueueInterval]) -> Iterator[PlanQuarter]:
    for start in sorted({each.start for each in calls}):
        own = [each for each in calls if each.start == start]
        yield PlanQuarter(
            start=start,
            came=_came(own),
            wait_seconds=_waits(own),
            longest_seconds=round(
                max(
                    max(
                        each.waits_answered.max_seconds, each.waits_given_up.max_seconds
                    )
                    for each in own
                ),
                1,
            ),
        )


def _came(calls: Iterable[QueueInterval]) -> Came:
    counts: Counter[Measure] = Counter()
    for each in calls:
        counts.update(measures(each.counts))
    return came_of(counts_of(counts))


def _waits(calls: Iterable[QueueInterval]) -> float | None:
    waits = [w for each in calls for w in (each.waits_answered, each.waits_given_up)]
    n = sum(wait.n for wait in waits)
    return round(sum(wait.sum_seconds for wait in waits) / n, 1) if n else None


def _decided(
    of: Activation, quarters: Sequence[PlanQuarter], now: datetime
) -> Iterator[Moment]:
    came = {quarter.start: quarter.wait_seconds for quarter in quarters}
    for each in of.decisions:
        one = each.decision
        sight = each.sight.levels if each.sight else ()
        foreseen = next((s.waits for s in sight if s.level == one.level), ())
        yield Moment(
            at=one.at,
            what=Happened(one.turn.value),
            who=each.decided_by,
            level=one.level,
            before=one.before,
            reason=_why(each),
            foreseen=foreseen,
            came=tuple(_came_at(came, one.at, m, now) for m in AT_MINUTES),
        )


def _why(kept: KeptDecision) -> str:
    """Why it was decided, and how many were to be recalled with it."""
    why, people = kept.note or kept.decision.reason.value, kept.decision.people
    return why if people is None else f"{why}, {people} to be recalled"


def _came_at(
    came: dict[datetime, float | None], at: datetime, minutes: int, now: datetime
) -> float | None:
    then = interval_of(at + timedelta(minutes=minutes))
    return came.get(then) if then + INTERVAL <= now else None


def _moved(moves: Iterable[KeptMove]) -> Iterator[Moment]:
    for each in moves:
        who = each.move.person_id
        yield Moment(at=each.moved_at, what=Happened.MOVED, who=who)
        if each.back_at:
            yield Moment(at=each.back_at, what=Happened.BACK, who=who)


def _recalled(recalls: Iterable[KeptRecall], now: datetime) -> Iterator[Moment]:
    for recall in recalls:
        yield Moment(
            at=recall.began_at,
            what=Happened.RECALL_BEGAN,
            reason=f"{recall.needed} needed",
        )
        for person in recall.people:
            yield from _person(person, _until(recall, now))
        if recall.called_off_at:
            yield Moment(at=recall.called_off_at, what=Happened.CALLED_OFF)
        if recall.ended_at:
            yield Moment(at=recall.ended_at, what=Happened.RECALL_ENDED)


def _person(person: Recalled, until: datetime) -> Iterator[Moment]:
    if person.rung_at:
        standing = (
            Standing.CONFIRMED if person.standing in EXPECTED else person.standing
        )
        yield Moment(
            at=person.rung_at,
            what=Happened.RUNG,
            who=person.person_id,
            reason=standing.value,
            late=was_late(person, until),
        )
    if person.arrived_at:
        late = was_late(person, until)
        who = person.person_id
        yield Moment(at=person.arrived_at, what=Happened.ARRIVED, who=who, late=late)


def was_late(person: Recalled, until: datetime) -> bool:
    """He came later than he said, or had not come by then although he said so."""
    if person.due_at and person.arrived_at:
        return person.arrived_at > person.due_at
    return person.is_late(until)


def _until(recall: KeptRecall, now: datetime) -> datetime:
    """Nobody is late who was told that he need not come."""
    return min(recall.called_off_at or now, recall.ended_at or now)


def _figures(recalls: Sequence[KeptRecall], now: datetime) -> RecallFigures:
    people = [(recall, person) for recall in recalls for person in recall.people]
    arrived = [(r, p.arrived_at) for r, p in people if p.arrived_at]
    standings = Counter(person.standing for _, person in people)
    return RecallFigures(
        needed=sum(recall.needed for recall in recalls),
        rung=sum(person.rung_at is not None for _, person in people),
        confirmed=sum(standings[standing] for standing in EXPECTED),
        declined=standings[Standing.DECLINED],
        arrived=len(arrived),
        in_time=sum(at <= recall.began_at + IN_TIME for recall, at in arrived),
        late=sum(was_late(person, _until(recall, now)) for recall, person in people),
    )
