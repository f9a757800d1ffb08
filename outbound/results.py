"""Results of a campaign: rates with numerator, denominator and n. Pure.

Silence, a hang-up or a machine is no answer and counts in no rate as a good one.
"""

from collections import defaultdict
from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from outbound.contact import FollowUpOutcome

SATISFIED = frozenset({"very_satisfied", "satisfied", "neutral", "basically_satisfied"})
"""好差评 (国办发〔2019〕51号): the last two of its five levels are 差评.

`neutral` is 基本满意; flows of before call it basically_satisfied.
"""
DISSATISFIED = frozenset({"dissatisfied", "very_dissatisfied"})
REACHED = frozenset(
    {
        FollowUpOutcome.COMPLETED,
        FollowUpOutcome.PARTIAL,
        FollowUpOutcome.PERSON,
        FollowUpOutcome.REFUSED,
        FollowUpOutcome.OPTED_OUT,
    }
)
"""Outcomes that only a person brings about: he answered, or said what he wants."""


class By(StrEnum):
    """What results are told apart by."""

    TOTAL = "total"
    UNIT = "unit"
    DAY = "day"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A contact, his last try (None: none yet), how tries ended, what he answered."""

    unit: str
    last_try: datetime | None
    outcomes: Set[FollowUpOutcome]
    answers: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """`share` is numerator / denominator, None without any; `n` closed orders in all."""

    numerator: int
    denominator: int
    n: int
    share: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """Of one group: 回访率, 联系率, 完成率 of closed orders; 满意率, 解决率 of valid answers."""

    group: str
    attempted: Rate
    reached: Rate
    completed: Rate
    satisfied: Rate
    solved: Rate


@dataclass(slots=True)
class _Counts:
    orders: int = 0
    attempted: int = 0
    reached: int = 0
    completed: int = 0
    satisfied: int = 0
    opinions: int = 0
    solved: int = 0
    solvings: int = 0

    def add(self, asked: Asked) -> None:
        opinion, solved = asked.answers.get("satisfied"), asked.answers.get("solved")
        self.orders += 1
        self.attempted += asked.last_try is not None
        self.reached += bool(asked.outcomes & REACHED)
        self.completed += FollowUpOutcome.COMPLETED in asked.outcomes
        self.satisfied += opinion in SATISFIED
        self.opinions += opinion in SATISFIED | DISSATISFIED
        self.solved += solved == "yes"
        self.solvings += solved in ("yes", "no")

    def result(self, group: str) -> Result:
        return Result(
            group=group,
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


@dataclass(slots=True, kw_only=True)
class Counting:
    """Counts contacts by group; a day is that of the last try, on the city's clock."""

    by: By
    zone: ZoneInfo
    _groups: defaultdict[str, _Counts] = field(
        default_factory=lambda: defaultdict(_Counts)
    )

    def add(self, asked: Asked) -> None:
        """One contact more."""
        self._groups[self._group(asked)].add(asked)

    def results(self) -> list[Result]:
        """A result for each group, in the order of their names."""
        return [self._groups[name].result(name) for name in sorted(self._groups)]

    def _group(self, asked: Asked) -> str:
        match self.by:
            case By.UNIT:
                return asked.unit
            case By.DAY if asked.last_try:
                return asked.last_try.astimezone(self.zone).date().isoformat()
            case By.DAY:
                return "not yet"
            case By.TOTAL:
                return "total"
