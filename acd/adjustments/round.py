"""A round of the loop: forecast against roster and presence, and what follows from it.

Pure. A round holds all that was known and foreseen, so that everybody can see later why
something was proposed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

import numpy as np

from acd.adjustments.doubts import doubts_of
from acd.adjustments.foreseen import DayAhead, QueueAhead
from acd.adjustments.rules import LoopRules
from acd.adjustments.tomorrow import Tomorrow
from acd.people.person import Post
from acd.staffing.adjustment import Proposed, Situation, propose
from acd.staffing.cover import WHOLE, Cover, Need
from acd.staffing.forecast_lines import ForecastLine
from acd.staffing.lending import Qualified
from acd.staffing.limits import Limits
from acd.staffing.loan import Loan
from acd.staffing.offered_load import modified_offered_load
from acd.staffing.requirement import Target, Traffic, service_level
from acd.staffing.roster import CELLS, DayRoster, cell_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """Who is logged in, who of them is at another post, and who answers which queues.

    `lent` are those who answer another queue for a while; `qualified` says who may.
    """

    logged_in: frozenset[str]
    elsewhere: frozenset[str]
    queues: Mapping[str, frozenset[str]]
    lent: tuple[Loan, ...] = ()
    qualified: Qualified = field(default_factory=dict)

    @property
    def own_queues(self) -> dict[str, frozenset[str]]:
        """What each of them answers when nobody has lent him."""
        lent = {loan.person_id: loan for loan in self.lent}
        return {
            who: lent[who].given_back(queues) if who in lent else queues
            for who, queues in self.queues.items()
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class IntervalLine:
    """A queue's quarter of an hour; `actual` is None before it is over.

    `rostered` are the agents whom shifts and presence give it.
    """

    cell: int
    actual: int | None
    forecast: float
    low: float
    high: float
    required: int
    rostered: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRound:
    """A queue's day from the hour before on; `present` are on the phones now.

    `target` is what agents are required for; None: it was not kept then.
    """

    queue: str
    handle_seconds: float
    patience_seconds: float
    present: int
    lines: tuple[IntervalLine, ...]
    target: Target | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What the moves bring to a quarter of an hour, in the whole or in one queue.

    A `cell` from 96 on is one of the next day.

    The shares are of offered calls that are answered `within_seconds`, by Erlang A; None:
    it was not kept then.
    """

    cell: int
    required: int
    before: int
    after: int
    in_time_before: float
    in_time_after: float
    queue: str = WHOLE
    within_seconds: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """All of it. `absent` are rostered, but not there; `words` tell what is not sure.

    `effects` are those of the whole, `queue_effects` of the queues that people are lent
    to and from.
    """

    at: datetime
    day: date
    cell: int
    queues: tuple[QueueRound, ...]
    proposed: tuple[Proposed, ...]
    effects: tuple[Effect, ...]
    absent: tuple[str, ...]
    words: tuple[str, ...]
    queue_effects: tuple[Effect, ...] = ()

    @property
    def whole(self) -> QueueRound | None:
        """All queues together; None without any call to learn from."""
        return next((q for q in self.queues if q.queue == WHOLE), None)


NO_LIMITS = Limits()
"""Nothing was declined, and every shift is as it was rostered."""

BEFORE_CELLS = 4
"""So many cells that are over are kept in a round."""


def weigh(
    ahead: DayAhead,
    roster: DayRoster,
    presence: Presence,
    rules: LoopRules,
    limits: Limits = NO_LIMITS,
    tomorrow: Tomorrow | None = None,
) -> Round:
    """The round at the moment of the forecast, with its proposal."""
    _, now = cell_of(ahead.at, roster.zone)
    situation = situation_of(ahead, roster, presence, now, rules, limits, tomorrow)
    days = _days(ahead, tomorrow)
    proposed = propose(situation, rules.moves)
    cover = situation.cover()
    after = situation.cover(one.move for one in proposed)
    return Round(
        at=ahead.at,
        day=ahead.day,
        cell=now,
        queues=tuple(
            _queue(queue, situation, cover, presence) for queue in ahead.queues
        ),
        proposed=proposed,
        effects=_effects(ahead.whole, days, situation, (cover, after)),
        queue_effects=tuple(
            effect
            for queue in ahead.queues
            if queue.name in _lent_between(proposed)
            for effect in _effects(queue, days, situation, (cover, after))
        ),
        absent=tuple(sorted(situation.absent)),
        words=doubts_of(ahead, roster, tomorrow, rules, limits),
    )


def situation_of(
    ahead: DayAhead,
    roster: DayRoster,
    presence: Presence,
    now: int,
    rules: LoopRules,
    limits: Limits = NO_LIMITS,
    tomorrow: Tomorrow | None = None,
) -> Situation:
    """Roster, need and presence as moves are weighed by.

    The log-in tells who is there, at another post too: he is paused at it. With `tomorrow`
    the hour goes on after midnight.
    """
    phones = {person.id for person in roster.of_post(ahead.at, Post.PHONES)}
    agents = {person.id for person in roster.present(ahead.at) if person.is_agent}
    on_duty = {person.id for person in roster.on_duty(ahead.at)}
    return Situation(
        roster=roster,
        tomorrow=tomorrow.roster if tomorrow else None,
        need=_need(_days(ahead, tomorrow), rules.minimum_agents),
        queues=presence.own_queues,
        lent=tuple(loan.on(ahead.day) for loan in presence.lent),
        qualified=presence.qualified,
        absent=frozenset((phones | agents) - presence.logged_in),
        unplanned=presence.logged_in - on_duty - presence.elsewhere,
        now=now,
        limits=limits,
    )


def _days(ahead: DayAhead, tomorrow: Tomorrow | None) -> list[DayAhead]:
    """The days that are foreseen, one after the other."""
    next_day = tomorrow.ahead if tomorrow else None
    return [ahead, next_day] if next_day else [ahead]


def _need(days: Sequence[DayAhead], minimum: int) -> Need:
    """Agents required; the whole has a minimum, whatever is foreseen."""
    names = {WHOLE, *(queue.name for day in days for queue in day.queues)}
    agents = {
        name: [line.agents_sure if line else 0 for line in _lines(days, name)]
        for name in sorted(names)
    }
    agents[WHOLE] = [max(number, minimum) for number in agents[WHOLE]]
    return Need(day=days[0].day, agents=agents)


def _lines(days: Sequence[DayAhead], name: str) -> Iterator[ForecastLine | None]:
    """The quarters of an hour of all days; None where a queue is not foreseen."""
    for day in days:
        queue = next((each for each in day.queues if each.name == name), None)
        yield from queue.forecast.lines if queue else (None,) * CELLS


def _queue(
    queue: QueueAhead, situation: Situation, cover: Cover, presence: Presence
) -> QueueRound:
    present = presence.logged_in - presence.elsewhere
    return QueueRound(
        queue=queue.name,
        target=queue.forecast.target,
        handle_seconds=round(queue.handle_seconds, 1),
        patience_seconds=round(queue.patience_seconds, 1),
        present=sum(
            queue.name == WHOLE or queue.name in presence.queues[who] for who in present
        ),
        lines=tuple(
            IntervalLine(
                cell=line.interval,
                actual=line.actual,
                forecast=round(line.forecast, 1),
                low=round(line.low, 1),
                high=round(line.high, 1),
                required=situation.need.at(queue.name, line.interval),
                rostered=cover.at(queue.name, line.interval),
            )
            for line in queue.forecast.lines[max(situation.now - BEFORE_CELLS, 0) :]
        ),
    )


def _lent_between(proposed: Sequence[Proposed]) -> set[str]:
    loans = [one.move.loan for one in proposed if one.move.loan]
    return {queue for loan in loans for queue in (loan.of, loan.to)}


def _effects(
    queue: QueueAhead | None,
    days: Sequence[DayAhead],
    situation: Situation,
    covers: tuple[Cover, Cover],
) -> tuple[Effect, ...]:
    """The hour with the cover as it is, and as it will be."""
    if queue is None:
        return ()
    cells = situation.cells
    had, have = ([cover.at(queue.name, cell) for cell in cells] for cover in covers)
    calls = [line.shown if line else 0.0 for line in _lines(days, queue.name)]
    in_time = _in_time(queue, calls, cells, [had, have])
    return tuple(
        Effect(
            queue=queue.name,
            within_seconds=queue.forecast.target.within_seconds,
            cell=cell,
            required=situation.need.at(queue.name, cell),
            before=had[n],
            after=have[n],
            in_time_before=round(float(in_time[0, n]), 3),
            in_time_after=round(float(in_time[1, n]), 3),
        )
        for n, cell in enumerate(cells)
    )


def _in_time(
    queue: QueueAhead,
    calls: Sequence[float],
    cells: range,
    agents: Sequence[Sequence[int]],
) -> np.ndarray:
    load = modified_offered_load(calls, queue.handle_seconds)[list(cells)]
    traffic = Traffic(
        calls_per_second=load / queue.handle_seconds,
        handle_seconds=queue.handle_seconds,
        patience_seconds=queue.patience_seconds,
    )
    return service_level(
        traffic, np.asarray(agents), queue.forecast.target.within_seconds
    )
