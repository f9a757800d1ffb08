"""A whole day staffed by the loop, as far as it can be told without its calls' fates.

Pure, and made of the loop's own parts: each quarter of an hour the day is foreseen anew
from what came so far, set against the roster as it stands by then, and what the
automatic mode may do is done. Calls that come do not depend on who answers them, so the
shifts that result may be lived through afterwards, by a simulation.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from types import MappingProxyType

from acd.adjustments.foreseen import DayAhead, QueueAhead
from acd.adjustments.overtime import ending, latest_ends
from acd.adjustments.round import Presence, situation_of
from acd.adjustments.rules import LoopRules
from acd.agent_profile import AgentProfile
from acd.people.person import Post
from acd.queue_rules import levels
from acd.staffing.adjustment import Situation, propose, within_limits
from acd.staffing.cover import WHOLE, Cover
from acd.staffing.forecast import DayForecast
from acd.staffing.forecast_lines import Staffing, lines_of
from acd.staffing.gamma_ratios import Floats
from acd.staffing.lending import Qualified
from acd.staffing.limits import Limits
from acd.staffing.loan import Loan
from acd.staffing.moves import Move
from acd.staffing.plan import Duty, PlannedAgent
from acd.staffing.roster import CELLS, DayRoster, Shift, moment

NOBODY: Qualified = MappingProxyType({})
"""Nobody may be lent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueDay:
    """A queue's day: what the days before tell of it, and its 96 counts as they come."""

    name: str
    learned: DayForecast
    counts: Floats
    staffing: Staffing

    def ahead(self, cell: int) -> QueueAhead:
        """As it is foreseen when a cell begins; later counts are not looked at."""
        seen, staffing = self.counts[:cell], self.staffing
        return QueueAhead(
            name=self.name,
            handle_seconds=staffing.handle_seconds,
            patience_seconds=staffing.patience_seconds,
            forecast=lines_of(self.name, self.learned, seen, staffing),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffedQuarter:
    """A round in figures of the whole: calls foreseen for its quarter, agents required as
    known then, rostered before the day, and on the phones after all moves so far."""

    cell: int
    calls: int
    foreseen: float
    required: int
    rostered: int
    staffed: int
    moves: tuple[Move, ...]

    @property
    def missing_rostered(self) -> int:
        """Agents who would have been missing without the loop."""
        return max(self.required - self.rostered, 0)

    @property
    def missing(self) -> int:
        """Agents who were missing all the same."""
        return max(self.required - self.staffed, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffedDay:
    """The roster as it was at the end of the day, and how it became so."""

    roster: DayRoster
    quarters: tuple[StaffedQuarter, ...]

    @property
    def moves(self) -> tuple[Move, ...]:
        """All that were carried out, in their order."""
        return tuple(move for quarter in self.quarters for move in quarter.moves)

    @property
    def loans(self) -> tuple[Loan, ...]:
        """Who was lent, in order."""
        return tuple(move.loan for move in self.moves if move.loan)


def staff_by_loop(
    queues: Sequence[QueueDay],
    roster: DayRoster,
    answers: Mapping[str, frozenset[str]],
    rules: LoopRules,
    qualified: Qualified = NOBODY,
) -> StaffedDay:
    """The day's 96 rounds. `queues` end with the whole; `answers` are the queues of each
    person, `qualified` those that he may be lent to.

    Everybody comes to his shift, and does as he is asked.
    """
    loop = _Loop(queues, roster, answers, rules, qualified)
    quarters = tuple(loop.rounds())
    return StaffedDay(roster=loop.roster, quarters=quarters)


class _Loop:
    """The roster while the day goes on."""

    def __init__(
        self,
        queues: Sequence[QueueDay],
        roster: DayRoster,
        answers: Mapping[str, frozenset[str]],
        rules: LoopRules,
        qualified: Qualified,
    ) -> None:
        self.roster = roster
        self._before = _cover(roster, answers)
        self._rostered = {shift.key: shift.end for shift in roster.shifts}
        self._queues, self._answers, self._rules = queues, answers, rules
        self._qualified = qualified
        self._lent: list[Loan] = []

    def rounds(self) -> Iterator[StaffedQuarter]:
        """One after the other; each changes the roster for those after it."""
        for cell in range(CELLS):
            ahead = self._ahead(cell)
            now = self._situation(ahead, self.roster, cell)
            moves = self._automatic(now)
            yield StaffedQuarter(
                cell=cell,
                calls=int(self._queues[-1].counts[cell]),
                foreseen=ahead.queues[-1].forecast.lines[cell].forecast,
                required=now.need.at(WHOLE, cell),
                rostered=self._before.at(WHOLE, cell),
                staffed=now.cover(moves).at(WHOLE, cell),
                moves=moves,
            )
            self.roster = _moved(self.roster, moves)
            self._lent += [move.loan for move in moves if move.loan]

    def _ahead(self, cell: int) -> DayAhead:
        day = self.roster.day
        return DayAhead(
            day=day,
            at=moment(day, cell, self.roster.zone),
            queues=tuple(queue.ahead(cell) for queue in self._queues),
        )

    def _situation(self, ahead: DayAhead, roster: DayRoster, cell: int) -> Situation:
        there = frozenset(person.id for person in roster.present(ahead.at))
        phones = {person.id for person in roster.of_post(ahead.at, Post.PHONES)}
        lent = {loan.person_id: loan for loan in self._lent if cell in loan.cells}
        presence = Presence(
            logged_in=there,
            elsewhere=there - phones,
            queues={
                who: lent[who].lent(own) if who in lent else own
                for who, own in self._answers.items()
            },
            lent=tuple(lent.values()),
            qualified=self._qualified,
        )
        limits = self._limits(roster, cell)
        return situation_of(ahead, roster, presence, cell, self._rules, limits)

    def _limits(self, roster: DayRoster, cell: int) -> Limits:
        """Overtime within the rules, as far as the day's own roster tells."""
        return Limits(
            latest_ends=latest_ends(
                roster.people,
                ending(roster, cell),
                roster.shifts,
                self._rostered,
                self._rules,
            )
        )

    def _automatic(self, now: Situation) -> tuple[Move, ...]:
        rules = self._rules
        proposed = propose(now, rules.moves)
        limited = within_limits(proposed, rules.automatic, rules.automatic_moves)
        return tuple(one.move for one in limited)


def _cover(roster: DayRoster, answers: Mapping[str, frozenset[str]]) -> Cover:
    away = {p.id for p in roster.people.values() if p.is_on_leave(roster.day)}
    there = [shift for shift in roster.shifts if shift.person_id not in away]
    return Cover.of(roster.day, there, answers)


def _moved(roster: DayRoster, moves: Sequence[Move]) -> DayRoster:
    after = {move.before.key: move.after for move in moves}
    shifts = (after.get(shift.key, shift) for shift in roster.shifts)
    kept = tuple(shift for shift in shifts if shift.cells)
    return replace(roster, shifts=kept)


def planned_agents(
    roster: DayRoster,
    profiles: Mapping[str, AgentProfile],
    start: datetime,
    loans: Iterable[Loan] = (),
) -> tuple[PlannedAgent, ...]:
    """The agents of a simulated day that begins at `start`: on duty while on the phones,
    and answering another queue while they are lent."""
    changes: dict[str, list[tuple[float, AgentProfile]]] = {}
    for loan in loans:
        own = changes.setdefault(loan.person_id, [])
        own += _lent(loan, profiles[loan.person_id], roster, start)
    duties: dict[str, list[Duty]] = {}
    for shift in roster.shifts:
        person = roster.people[shift.person_id]
        if person.id in profiles and not person.is_on_leave(shift.day):
            duties.setdefault(person.id, []).extend(_on_phones(shift, roster, start))
    return tuple(
        PlannedAgent(
            profile=profiles[who],
            duties=tuple(sorted(own)),
            changes=tuple(changes.get(who, ())),
        )
        for who, own in duties.items()
        if own
    )


def _lent(
    loan: Loan, own: AgentProfile, roster: DayRoster, start: datetime
) -> Iterator[tuple[float, AgentProfile]]:
    """The profile that he has meanwhile, and his own again."""
    meanwhile = replace(
        own,
        queues=tuple(loan.to if name == loan.of else name for name in own.queues),
        skills=levels(dict(own.skills) | dict(loan.skills)),
        penalties=tuple(each for each in own.penalties if each[0] != loan.of),
    )
    for cell, profile in ((loan.first, meanwhile), (loan.last, own)):
        at = moment(loan.day, cell, roster.zone)
        yield (at - start).total_seconds(), profile


def _on_phones(shift: Shift, roster: DayRoster, start: datetime) -> Iterator[Duty]:
    """Each stretch at the phones, in seconds since the start; what is over before is cut."""
    for first, last in _runs(shift):
        begins, ends = (
            (
                moment(shift.day, shift.start + place, roster.zone) - start
            ).total_seconds()
            for place in (first, last)
        )
        if ends > 0:
            yield max(begins, 0.0), ends


def _runs(shift: Shift) -> Iterator[tuple[int, int]]:
    """The places from and to which he is on the phones."""
    place = 0
    for on_phones, works in groupby(shift.cells, key=lambda work: work is Post.PHONES):
        end = place + len(list(works))
        if on_phones:
            yield place, end
        place = end
