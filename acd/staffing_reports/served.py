"""Which queues each agent answered on a day, also while he was lent."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Self
from zoneinfo import ZoneInfo

from acd.adjustments.decision import LoanEnd
from acd.adjustments.loans.kept import KeptLoan
from acd.people.rows import AgentRow
from acd.staffing.cover import answered
from acd.staffing.loan import Loan
from acd.staffing.roster import CELLS, cell_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """By agent his queues as they are today, when nobody has lent him; and his loans, with
    cells of the day."""

    own: Mapping[str, frozenset[str]]
    loans: Mapping[str, tuple[Loan, ...]] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        agents: Collection[AgentRow],
        names: Collection[str],
        kept: Iterable[KeptLoan],
        day: date,
        zone: ZoneInfo,
    ) -> Self:
        """Without any queues of his own an agent answers all the `names`."""
        own = {agent.id: frozenset(agent.queues or names) for agent in agents}
        loans: dict[str, tuple[Loan, ...]] = {}
        for each in kept:
            who = each.loan.person_id
            loans[who] = (*loans.get(who, ()), _lasted(each, day, zone))
            if who in own and each.end in (None, LoanEnd.STANDS):
                own[who] = each.loan.given_back(own[who])
        return cls(own=own, loans=loans)

    def at(self, agent_id: str, cell: int) -> frozenset[str]:
        """What an agent answered in a cell of the day; of nobody we know nothing."""
        own = self.own.get(agent_id, frozenset())
        return answered(own, self.loans.get(agent_id, ()), cell) if own else own

    def all_loans(self) -> tuple[Loan, ...]:
        """Those of everybody."""
        return tuple(loan for own in self.loans.values() for loan in own)


def _lasted(kept: KeptLoan, day: date, zone: ZoneInfo) -> Loan:
    """As long as it was: whose loan ends in the midst of a cell was lent in it."""
    loan = kept.loan.on(day)
    if kept.ended_at is None:
        return loan
    ended, cell = cell_of(kept.ended_at, zone)
    last = (ended - day).days * CELLS + cell + 1
    return replace(loan, last=min(loan.last, last))
