"""A proposal as it stands: a move of a round, and what was decided about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from acd.staffing.adjustment import Proposed


class DecisionState(StrEnum):
    """Open until somebody decides, or the next round comes."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    UNDONE = "undone"
    EXPIRED = "expired"


class LoanEnd(StrEnum):
    """How a loan ended; `STANDS`: the agent has not gone back, a person must look."""

    OVER = "over"
    UNDONE = "undone"
    OVERRULED = "overruled"
    STANDS = "stands"


MAY_BECOME: Mapping[DecisionState, frozenset[DecisionState]] = {
    DecisionState.OPEN: frozenset(
        {DecisionState.ACCEPTED, DecisionState.DECLINED, DecisionState.EXPIRED}
    ),
    DecisionState.ACCEPTED: frozenset({DecisionState.UNDONE}),
    DecisionState.DECLINED: frozenset(),
    DecisionState.UNDONE: frozenset(),
    DecisionState.EXPIRED: frozenset(),
}


class ProposalError(Exception):
    """A proposal cannot be decided so; the message says why and what to do."""

    error_id = "proposal_refused"


class ProposalUnknown(ProposalError):
    """There is no such proposal."""

    error_id = "proposal_unknown"


class RosterChanged(ProposalError):
    """The shift is no longer what it was when the move was proposed."""

    error_id = "roster_changed"


class LoanRefused(ProposalError):
    """The rules of queues and agents do not allow the loan; the message says which."""

    error_id = "loan_refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A proposed move; `decided_by` is "" while it is open or when it has expired.

    `loan_ended_at` is when an agent who was lent went back, and `loan_end` why.
    """

    id: str
    round_id: str
    proposed: Proposed
    state: DecisionState = DecisionState.OPEN
    decided_by: str = ""
    decided_at: datetime | None = None
    loan_ended_at: datetime | None = None
    loan_end: LoanEnd | None = None

    def may_become(self, state: DecisionState) -> bool:
        """Whether it can be decided so now."""
        return state in MAY_BECOME[self.state]

    def is_over(self, day: date, cell: int) -> bool:
        """Whether nothing of it is left to be taken back from a cell of a day on."""
        back = self.proposed.move.taken_back(day, cell)
        return not back.loan.cells if back.loan else back.before == back.after
