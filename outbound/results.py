"""Results of a campaign: rates with numerator, denominator and n. Pure.

Silence, a hang-up or a machine is no answer and counts in no rate as a good one.
"""

from collections import defaultdict
from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from ivr_flows.counted import DISSATISFIED, NOT_SOLVED, SATISFIED, SOLVED
from ivr_flows.given import UNCLEAR
from outbound.contact import FollowUpOutcome

SOLVINGS = SOLVED | NOT_SOLVED
"""Valid answers to whether it is solved."""
ANSWERS = {
    "contacted": frozenset({"yes", "no"}),
    "solved": SOLVINGS,
    "satisfied": SATISFIED | DISSATISFIED,
}
"""What the questions that the rates know may be answered with."""
TOTAL, NOT_YET = "total", "not yet"
REACHED = frozenset(
    {
        FollowUpOutcome.COMPLETED,
        FollowUpOutcome.PARTIAL,
        FollowUpOutcome.PERSON,
        FollowUpOutcome.REFUSED,
        FollowUpOutcome.OPTED_OUT,
        FollowUpOutcome.TALKED,
    }
)
"""Outcomes that only a person brings about: he answered, or said what he wants."""


class By(StrEnum):
    """What results are told apart by."""

    TOTAL = "total"
    UNIT = "unit"
    DAY = "day"
    UNIT_DAY = "unit_day"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A contact, his last try (None: none yet), how tries ended, what he answered.

    So many of the answers were `reviewed`: heard by a person, who set them; `confirmed`
    that one of those is an answer, which only a person gives. `withdrawn`: his campaign
    was ended before he was reached.
    """

    unit: str
    last_try: datetime | None
    outcomes: Set[FollowUpOutcome]
    answers: Mapping[str, str]
    reviewed: int = 0
    confirmed: bool = False
    withdrawn: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """`share` is numerator / denominator, None without any; `n` closed orders in all."""

    numerator: int
    denominator: int
    n: int
    share: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """Of one group: 回访率, 联系率, 完成率 of closed orders; 满意率, 解决率 of valid answers.

    So many orders are to be done again (`redo`, 重办).
    `unit` and `day` are None unless the results are told apart by them; `reviewed`
    answers were set by a person. `withdrawn` orders were given up when the campaign was
    ended: each is a closed order all the same, and counts in `n`.
    """

    group: str
    unit: str | None
    day: str | None
    reviewed: int
    redo: int
    withdrawn: int
    attempted: Rate
    reached: Rate
    completed: Rate
    satisfied: Rate
    solved: Rate


@dataclass(slots=True)
class _Counts:
    orders: int = 0
    reviewed: int = 0
    redo: int = 0
    withdrawn: int = 0
    attempted: int = 0
    reached: int = 0
    completed: int = 0
    satisfied: int = 0
    opinions: int = 0
    solved: int = 0
    solvings: int = 0

    def add(self, asked: Asked) -> None:
        self.orders += 1
        self.withdrawn += asked.withdrawn
        self.attempted += asked.last_try is not None
        whole = UNCLEAR not in asked.answers.values()
        self.completed += whole and FollowUpOutcome.COMPLETED in asked.outcomes
        if asked.outcomes & REACHED or asked.confirmed:
            self._add_answers(asked)

    def _add_answers(self, asked: Asked) -> None:
        """Of a person: what a machine may seem to have said is no answer."""
        opinion, solved = asked.answers.get("satisfied"), asked.answers.get("solved")
        self.reached += 1
        self.reviewed += asked.reviewed
        self.redo += asks_for_redo(asked.answers)
        self.satisfied += opinion in SATISFIED
        self.opinions += opinion in SATISFIED | DISSATISFIED
        self.solved += solved in SOLVED
        self.solvings += solved in SOLVINGS

    def result(self, unit: str | None, day: str | None) -> Result:
        return Result(
            group=group_name(unit, day),
            unit=unit,
            day=day,
            reviewed=self.reviewed,
            redo=self.redo,
            withdrawn=self.withdrawn,
            attempted=self._rate(self.attempted, self.orders),
            reached=self._rate(self.reached, self.orders),
            completed=self._rate(self.completed, self.orders),
            satisfied=self._rate(self.satisfied, self.opinions),
            solved=self._rate(self.solved, self.solvings),
        )

    def _rate(self, numerator: int, denominator: int) -> Rate:
        share = numerator / denominator if denominator else None
        return Rate(
            numerator=numerator, denominator=denominator, n=self.orders, share=share
        )


Group = tuple[str | None, str | None]
"""A handling unit and a day; None where they are not told apart."""


@dataclass(slots=True, kw_only=True)
class Counting:
    """Counts contacts by group; a day is that of the last try, on the city's clock."""

    by: By
    zone: ZoneInfo
    _groups: defaultdict[Group, _Counts] = field(
        default_factory=lambda: defaultdict(_Counts)
    )

    def add(self, asked: Asked) -> None:
        """One contact more."""
        self._groups[self._group(asked)].add(asked)

    def results(self) -> list[Result]:
        """A result for each group, in the order of units, then of days."""
        order = sorted(self._groups, key=lambda group: tuple(map(str, group)))
        return [self._groups[group].result(*group) for group in order]

    def _group(self, asked: Asked) -> Group:
        unit = asked.unit if self.by in (By.UNIT, By.UNIT_DAY) else None
        day = self._day(asked) if self.by in (By.DAY, By.UNIT_DAY) else None
        return unit, day

    def _day(self, asked: Asked) -> str:
        if asked.last_try is None:
            return NOT_YET
        return asked.last_try.astimezone(self.zone).date().isoformat()


def group_name(unit: str | None, day: str | None) -> str:
    """How a group of results is called."""
    parts = [part for part in (unit, day) if part is not None]
    return " ".join(parts) if parts else TOTAL


def asks_for_redo(answers: Mapping[str, str]) -> bool:
    """Whether the order is to be done again: not satisfied, or not solved."""
    unhappy = answers.get("satisfied") in DISSATISFIED
    return unhappy or answers.get("solved") in NOT_SOLVED
