"""Who takes which place of the week (CP-SAT): no rule broken, wishes and fairness weighed.

A place that nobody takes costs far more than any wish. The k-th night, and the k-th day
off that he works, of a person costs k with those of the two weeks before counted in: so that
they are shared evenly.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from ortools.sat.python import cp_model

from acd.rosters.by_hand import Assigned
from acd.rosters.slots import Candidate, Place
from acd.rosters.week import DAYS, WeekJob

UNTAKEN_CELL = 10
NIGHT, DAY_OFF = 3, 2
PARTS, WORST = 100, 4
"""The worst day counts in hundredths; all of it costs a quarter of all the work."""

WORKERS = 2
GAP = 0.002


def name_people(
    job: WeekJob,
    places: Sequence[Place],
    people: Sequence[Candidate],
    hint: Assigned,
    seconds: float,
) -> Assigned:
    """Better than the hint, or as good: the best that is found in so many seconds."""
    made = _Model(job, places, people)
    made.begin_with(hint)
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = WORKERS
    solver.parameters.relative_gap_limit = GAP
    if solver.solve(made.model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return hint
    return made.assigned(solver)


class _Model:
    """One yes or no for each person and place that he may take."""

    def __init__(
        self, job: WeekJob, places: Sequence[Place], people: Sequence[Candidate]
    ) -> None:
        self.model = cp_model.CpModel()
        self._job, self._places, self._people = job, places, people
        self._costs: list[Any] = []
        self._untaken: dict[int, Any] = {}
        self._steps: list[tuple[int, list[int], list[Any]]] = []
        self._worst = self.model.new_int_var(0, PARTS, "")
        self._takes = {
            (k, n): self.model.new_bool_var("")
            for k, person in enumerate(people)
            for n in sorted(person.places)
        }
        self._of_person: dict[int, dict[int, list[int]]] = defaultdict(
            lambda: defaultdict(list)
        )
        for k, n in self._takes:
            self._of_person[k][places[n].day].append(n)
        self._fill()
        for k, days in self._of_person.items():
            self._rules_of(k, days)
            self._wishes_of(k, days)
        self.model.minimize(sum(self._costs))

    def begin_with(self, hint: Assigned) -> None:
        """Let the search begin there: all that follows from it is told, too."""
        taken = {(k, n) for n, ks in hint.items() for k in ks}
        for key, variable in self._takes.items():
            self.model.add_hint(variable, key in taken)
        for n, untaken in self._untaken.items():
            self.model.add_hint(untaken, self._places[n].count - len(hint[n]))
        for k, numbers, steps in self._steps:
            count = sum((k, n) in taken for n in numbers)
            for place, step in enumerate(steps):
                self.model.add_hint(step, place < count)
        worst = max((self._lost_share(day, hint) for day in range(DAYS)), default=0)
        self.model.add_hint(self._worst, worst)

    def _lost_share(self, day: int, hint: Assigned) -> int:
        """What nobody takes of a day, in parts rounded up."""
        of_day = [(n, p) for n, p in enumerate(self._places) if p.day == day]
        needed = sum(p.count * p.span[1] for _, p in of_day)
        lost = sum((p.count - len(hint[n])) * p.span[1] for n, p in of_day)
        return -(-PARTS * lost // needed) if needed else 0

    def assigned(self, solver: cp_model.CpSolver) -> Assigned:
        """Who takes what in the solution."""
        found: Assigned = {n: [] for n in range(len(self._places))}
        for (k, n), variable in self._takes.items():
            if solver.boolean_value(variable):
                found[n].append(k)
        return found

    def _fill(self) -> None:
        takers, lost = defaultdict(list), defaultdict(list)
        for (_, n), variable in self._takes.items():
            takers[n].append(variable)
        for n, variables in takers.items():
            place = self._places[n]
            untaken = self._untaken[n] = self.model.new_int_var(0, place.count, "")
            self.model.add(sum(variables) + untaken == place.count)
            self._costs.append(UNTAKEN_CELL * place.span[1] * untaken)
            lost[place.day].append(place.span[1] * untaken)
        self._spread(lost)

    def _spread(self, lost: dict[int, list[Any]]) -> None:
        """What nobody takes is shared by the days: the worst share of a day costs."""
        whole = sum(place.count * place.span[1] for place in self._places)
        for day, cells in lost.items():
            of_day = (p for p in self._places if p.day == day)
            needed = sum(place.count * place.span[1] for place in of_day)
            self.model.add(PARTS * sum(cells) <= needed * self._worst)
        cost = UNTAKEN_CELL * whole // (WORST * PARTS)
        self._costs.append(cost * self._worst)

    def _rules_of(self, k: int, days: dict[int, list[int]]) -> None:
        for numbers in days.values():
            self.model.add_at_most_one(self._takes[k, n] for n in numbers)
        for day in days:
            for later in (day + 1, day + 2):
                self._rest(k, days[day], days.get(later, []))
        worked = sum(
            self._places[n].worked * self._takes[k, n]
            for numbers in days.values()
            for n in numbers
        )
        self.model.add(worked <= self._people[k].cells)
        self._days_on_end(k, days)

    def _rest(self, k: int, before: list[int], after: list[int]) -> None:
        """Whoever ends so late on one day begins no earlier on the other."""
        rest = self._job.rest_cells
        ends = sorted({self._places[n].end for n in before}, reverse=True)
        for end in ends:
            early = [n for n in after if self._places[n].begin < end + rest]
            if not early:
                break
            late = [n for n in before if self._places[n].end >= end]
            self.model.add_at_most_one(self._takes[k, n] for n in (*late, *early))

    def _days_on_end(self, k: int, days: dict[int, list[int]]) -> None:
        most = self._job.rules.days_on_end
        there = self._people[k].days
        for first in range(-most, DAYS):
            window = range(first, first + most + 1)
            fixed = sum(day in there for day in window)
            free = [self._takes[k, n] for day in window for n in days.get(day, ())]
            if free and fixed + len({d for d in window if d in days}) > most:
                self.model.add(sum(free) <= most - fixed)

    def _wishes_of(self, k: int, days: dict[int, list[int]]) -> None:
        person = self._people[k]
        numbers = [n for each in days.values() for n in each]
        for n in numbers:
            if liking := person.liking(self._places[n]):
                self._costs.append(liking * self._takes[k, n])
        nights = [n for n in numbers if self._places[n].is_night]
        days_off = [n for n in numbers if self._places[n].is_day_off]
        self._share(k, nights, NIGHT, person.nights, DAYS)
        self._share(k, days_off, DAY_OFF, person.days_off, DAYS)

    def _share(
        self, k: int, numbers: list[int], cost: int, before: int, most: int
    ) -> None:
        """The next one always costs more than the one before it."""
        if not numbers:
            return
        steps = [self.model.new_bool_var("") for _ in range(most)]
        self._steps.append((k, numbers, steps))
        self.model.add(sum(self._takes[k, n] for n in numbers) == sum(steps))
        self._costs += [
            cost * (before + number) * step for number, step in enumerate(steps, 1)
        ]
