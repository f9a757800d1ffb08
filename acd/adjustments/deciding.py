"""Decisions about proposals: written together with the roster, or not at all."""

from collections.abc import Sequence
from dataclasses import replace

from acd.adjustments import store
from acd.adjustments.decision import (
    DecisionState,
    Proposal,
    ProposalError,
    RosterChanged,
)
from acd.rosters.store import replace_shift
from acd.rule_changes.rows import Author, Changed, NewChange
from acd.rule_changes.store import keep_line
from acd.staffing.roster import Shift
from config.clock import LoopClock
from config.database import Database


class Decisions:
    """Accepts, declines and takes back; all proposals of one call, or none of them."""

    def __init__(self, database: Database, clock: LoopClock) -> None:
        self._database, self._clock = database, clock

    async def accept(self, ids: Sequence[str], author: Author) -> list[Proposal]:
        """The shifts are changed. `ProposalError` when any cannot be."""
        return await self._decide(ids, DecisionState.ACCEPTED, author)

    async def decline(self, ids: Sequence[str], author: Author) -> list[Proposal]:
        """Nothing is changed."""
        return await self._decide(ids, DecisionState.DECLINED, author)

    async def undo(self, ids: Sequence[str], author: Author) -> list[Proposal]:
        """The shifts are as they were before."""
        return await self._decide(ids, DecisionState.UNDONE, author)

    async def _decide(
        self, ids: Sequence[str], state: DecisionState, author: Author
    ) -> list[Proposal]:
        if not ids or len(set(ids)) < len(ids):
            raise ProposalError("name each proposal once, and one at least")
        decided = []
        async with self._database.begin() as connection:
            for proposal_id in ids:
                proposal = await store.proposal_of(connection, proposal_id)
                if change := _change(proposal, state):
                    if not await replace_shift(connection, *change):
                        raise _roster_changed(proposal)
                    await keep_line(connection, self._line(*change, author))
                decided.append(self._decided(proposal, state, author))
                await store.decide(connection, decided[-1])
        return decided

    def _decided(
        self, proposal: Proposal, state: DecisionState, author: Author
    ) -> Proposal:
        return replace(
            proposal, state=state, decided_by=author.name, decided_at=self._clock.now()
        )

    def _line(self, old: Shift, new: Shift, author: Author) -> NewChange:
        return NewChange(
            at=self._clock.now(),
            kind=Changed.ROSTER,
            name=f"{old.day}..{old.day}",
            changed_by=author.name,
            peer=author.peer,
            old={"dropped": [_told(old)]},
            new={"kept": [_told(new)]},
        )


def _change(proposal: Proposal, state: DecisionState) -> tuple[Shift, Shift] | None:
    """What a decision does to the shift; `ProposalError` when it is too late for it."""
    if not proposal.may_become(state):
        raise ProposalError(
            f"proposal {proposal.id} is {proposal.state}: it cannot be {state} any more"
        )
    move = proposal.proposed.move
    if state is DecisionState.ACCEPTED:
        return move.before, move.after
    return (move.after, move.before) if state is DecisionState.UNDONE else None


def _roster_changed(proposal: Proposal) -> RosterChanged:
    return RosterChanged(
        f"the shift of {proposal.proposed.move.person_id} has changed since this was "
        "proposed; look at the newest round"
    )


def _told(shift: Shift) -> str:
    posts = "".join(work.value[0] if work else "-" for work in shift.cells)
    return f"{shift.person_id} {shift.day} {shift.start} {posts}"
