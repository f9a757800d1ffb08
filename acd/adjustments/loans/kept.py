"""A loan as it is carried out: what an agent answered before, meanwhile, and afterwards."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from acd.adjustments.decision import LoanEnd, ProposalError, RosterChanged
from acd.staffing.loan import Loan
from config.agent_settings import WrittenProfile


class LoanOverruled(ProposalError):
    """A person has changed the agent's queues since, and his word counts."""

    error_id = "loan_overruled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """The part of an agent's profile that a loan changes."""

    queues: tuple[str, ...]
    skills: dict[str, int]
    penalties: dict[str, int]

    @classmethod
    def of(cls, profile: WrittenProfile) -> Self:
        """As the profile has it."""
        return cls(
            queues=profile.queues,
            skills=dict(profile.skills),
            penalties=dict(profile.penalties),
        )

    def lent(self, loan: Loan) -> "Answers":
        """Meanwhile: the one queue in place of the other, with what it asks for."""
        if loan.of not in self.queues or loan.to in self.queues:
            raise RosterChanged(
                f"the queues of {loan.person_id} have changed since this was proposed; "
                "look at the newest round"
            )
        return Answers(
            queues=tuple(loan.to if name == loan.of else name for name in self.queues),
            skills=self.skills | dict(loan.skills),
            penalties={q: n for q, n in self.penalties.items() if q != loan.of},
        )

    def put_in(self, profile: WrittenProfile) -> WrittenProfile:
        """The profile with these answers; all else of it stays."""
        return profile.model_copy(
            update={
                "queues": self.queues,
                "skills": self.skills,
                "penalties": self.penalties,
            }
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptLoan:
    """A loan with its proposal; `ended_at` None while the agent is lent."""

    proposal_id: str
    loan: Loan
    before: Answers
    meanwhile: Answers
    began_at: datetime
    ended_at: datetime | None = None
    end: LoanEnd | None = None

    def given_back(self, profile: WrittenProfile) -> WrittenProfile:
        """The profile as it was before; `LoanOverruled` when a person changed it since."""
        if Answers.of(profile) != self.meanwhile:
            raise LoanOverruled(
                f"the queues or skills of {self.loan.person_id} were changed by hand since "
                "he was lent: they stay as they are"
            )
        return self.before.put_in(profile)
