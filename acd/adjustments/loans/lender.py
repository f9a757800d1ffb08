"""Carries loans out in the ACD, gives people back in time, and says who could be lent.

A loan changes an agent's queues and skills by the same way as a person would: checked,
kept with who did it, and told to the engine at once, all of it or nothing.
"""

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime
from functools import partial
from zoneinfo import ZoneInfo

from acd.adjustments.decision import (
    LoanEnd,
    LoanRefused,
    Proposal,
    ProposalError,
)
from acd.adjustments.loans.kept import Answers, KeptLoan, LoanOverruled
from acd.adjustments.loans.store import end_loan, keep_loan, open_loans
from acd.agent import AgentError
from acd.people.person import Person
from acd.people.store import agent_rows, queue_rows
from acd.people.values import profile_of, rules_of
from acd.rule_changes.changes import ProfileEdit, RuleChanges, RulesRefused
from acd.rule_changes.rows import Author, RuleChange
from acd.rule_changes.store import Also, Profiles, changes_page
from acd.staffing.lending import Qualified, qualified_of
from acd.staffing.loan import Loan
from acd.staffing.roster import moment
from config.agent_settings import WrittenProfile
from config.clock import LoopClock
from config.database import Database, Visit

logger = logging.getLogger(__name__)

MOST_CHANGES = 100
"""So many changes of an agent within a loan are looked at."""
_ANSWERS = tuple(each.name for each in fields(Answers))


class Lender:
    """The loans of a running hotline."""

    def __init__(
        self,
        database: Database,
        changes: RuleChanges,
        clock: LoopClock,
        zone: ZoneInfo,
        for_anybody: Collection[str] = (),
    ) -> None:
        self._database, self._changes = database, changes
        self._clock, self._zone = clock, zone
        self._for_anybody = for_anybody

    async def now(self) -> tuple[Loan, ...]:
        """Who is lent now."""
        return tuple(kept.loan for kept in await open_loans(self._database))

    async def qualified(self, people: Mapping[str, Person], day: date) -> Qualified:
        """The queues that each agent may be lent to on a day."""
        rules = [rules_of(queue) for queue in await queue_rows(self._database)]
        names = [queue.name for queue in rules]
        agents = await agent_rows(self._database)
        profiles = [profile_of(agent, names) for agent in agents]
        return qualified_of(profiles, people, rules, day, self._for_anybody)

    async def begin(
        self, proposals: Sequence[Proposal], author: Author, also: Also
    ) -> None:
        """Lend all of these, or none; `also` is written in the same transaction.

        `ProposalError` when it is too late, or an agent's queues are others by now.
        """
        by_agent = {p.proposed.move.person_id: p for p in proposals}
        edits = {who: partial(self._lent, p) for who, p in by_agent.items()}

        async def keep(connection: Visit, profiles: Profiles) -> None:
            await also(connection, profiles)
            for who, (old, new) in profiles.items():
                await keep_loan(connection, self._kept(by_agent[who], old, new))

        await self._change(edits, author, keep)

    async def undo(
        self, proposals: Sequence[Proposal], author: Author, also: Also
    ) -> None:
        """Give all of these back now, or none; `ProposalError` when any has ended."""
        lent = {loan.proposal_id: loan for loan in await open_loans(self._database)}
        for proposal in proposals:
            if proposal.id not in lent:
                raise ProposalError(f"the loan of proposal {proposal.id} is over")
        loans = [lent[proposal.id] for proposal in proposals]

        async def keep(connection: Visit, profiles: Profiles) -> None:
            await also(connection, profiles)
            for kept in loans:
                await self._ended(connection, kept, LoanEnd.UNDONE)

        edits = {kept.loan.person_id: kept.given_back for kept in loans}
        await self._change(edits, author, keep)

    async def _change(
        self, edits: Mapping[str, ProfileEdit], author: Author, also: Also
    ) -> None:
        try:
            await self._changes.change_profiles(edits, author, also)
        except (RulesRefused, AgentError) as error:
            raise LoanRefused(f"nobody is lent: {error}") from error

    def _lent(self, proposal: Proposal, profile: WrittenProfile) -> WrittenProfile:
        loan = _loan(proposal)
        if moment(loan.day, loan.last, self._zone) <= self._clock.now():
            raise ProposalError(f"the time of proposal {proposal.id} is over")
        return Answers.of(profile).lent(loan).put_in(profile)

    def _kept(
        self, proposal: Proposal, old: WrittenProfile, new: WrittenProfile
    ) -> KeptLoan:
        return KeptLoan(
            proposal_id=proposal.id,
            loan=_loan(proposal),
            before=Answers.of(old),
            meanwhile=Answers.of(new),
            began_at=self._clock.now(),
        )

    async def end_overruled(self) -> None:
        """A loan is over when a person gives the agent other queues, or removes him."""
        if not (lent := await open_loans(self._database)):
            return
        profiles = {a.id: a.profile for a in await agent_rows(self._database)}
        for kept in lent:
            own = profiles.get(kept.loan.person_id)
            if own is None or Answers.of(own) != kept.meanwhile:
                end = LoanEnd.OVERRULED if own else LoanEnd.STANDS
                await self._close(kept, end, await self._changed_at(kept))

    async def _changed_at(self, kept: KeptLoan) -> datetime:
        """When the agent was changed first since he was lent."""
        who = kept.loan.person_id
        changes = await changes_page(self._database, name=who, limit=MOST_CHANGES)
        since = [c.at for c in changes if c.at > kept.began_at and _of_queues(c)]
        return min(since, default=self._clock.now())

    async def end_due(self, author: Author) -> list[KeptLoan]:
        """Give back everybody whose time is over; those who went back."""
        await self.end_overruled()
        now = self._clock.now()
        due = [
            kept
            for kept in await open_loans(self._database)
            if moment(kept.loan.day, kept.loan.last, self._zone) <= now
        ]
        return [kept for kept in due if await self._give_back(kept, author)]

    async def _give_back(self, kept: KeptLoan, author: Author) -> bool:
        async def also(connection: Visit, _: Profiles) -> None:
            await self._ended(connection, kept, LoanEnd.OVER)

        try:
            edits = {kept.loan.person_id: kept.given_back}
            await self._changes.change_profiles(edits, author, also)
        except LoanOverruled:
            await self._close(kept, LoanEnd.OVERRULED, self._clock.now())
        except (RulesRefused, AgentError) as error:
            logger.warning("who was lent is not given back: %s", error)
            await self._close(kept, LoanEnd.STANDS, self._clock.now())
        else:
            return True
        return False

    async def _close(self, kept: KeptLoan, end: LoanEnd, at: datetime) -> None:
        async with self._database.begin() as connection:
            await end_loan(connection, kept.proposal_id, end, at)

    async def _ended(self, connection: Visit, kept: KeptLoan, end: LoanEnd) -> None:
        await end_loan(connection, kept.proposal_id, end, self._clock.now())


def _of_queues(change: RuleChange) -> bool:
    """Whether it changed what an agent answers, or took him off the phones."""
    return any(change.old.get(name) != change.new.get(name) for name in _ANSWERS)


def _loan(proposal: Proposal) -> Loan:
    loan = proposal.proposed.move.loan
    assert loan, "only loans are asked for"
    return loan
