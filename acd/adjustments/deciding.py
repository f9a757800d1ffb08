"""Decisions about proposals: written together with the roster, or not at all."""

from collections.abc import Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from acd.adjustments import store
from acd.adjustments.decision import (
    DecisionState,
    Proposal,
    ProposalError,
    RosterChanged,
)
from acd.adjustments.loans.lender import Lender
from acd.rosters.store import read_day_roster, replace_shift
from acd.rule_changes.rows import Author, Changed, NewChange
from acd.rule_changes.store import Also, Profiles, keep_line
from acd.staffing.adjustment import Proposed
from acd.staffing.by_hand import HandMove, MoveRefused, by_hand
from acd.staffing.cover import WHOLE
from acd.staffing.moves import Move
from acd.staffing.roster import CELLS, Shift, cell_of
from config.clock import LoopClock
from config.database import Database, Visit


class Decisions:
    """Accepts, declines and takes back; all proposals of one call, or none of them."""

    def __init__(
        self, database: Database, lender: Lender, clock: LoopClock, zone: ZoneInfo
    ) -> None:
        self._database, self._lender = database, lender
        self._clock, self._zone = clock, zone

    async def accept(self, ids: Sequence[str], author: Author) -> list[Proposal]:
        """The shifts are changed, people are lent. `ProposalError` when any cannot be."""
        return await self._decide(ids, DecisionState.ACCEPTED, author)

    async def move(self, round_id: str, wanted: HandMove, author: Author) -> Proposal:
        """A person's own move, accepted as he wants it; `ProposalError`."""
        async with self._database.begin() as connection:
            move = await self._by_hand(connection, wanted)
            made = Proposal(id="", round_id=round_id, proposed=self._wanted(move))
            await self._change_shift(connection, made, DecisionState.ACCEPTED, author)
            decided = self._decided(made, DecisionState.ACCEPTED, author)
            return await store.add_decided(connection, decided)

    async def _by_hand(self, connection: Visit, wanted: HandMove) -> Move:
        now = self._clock.now()
        day, cell = cell_of(now, self._zone)
        roster = await read_day_roster(connection, day, self._zone)
        shift = roster.shift_of(wanted.person_id, now)
        if shift is None:
            raise ProposalError(f"{wanted.person_id} is not on duty now")
        own_cell = (day - shift.day).days * CELLS + cell
        try:
            return by_hand(roster.people[shift.person_id], shift, own_cell, wanted)
        except MoveRefused as error:
            raise ProposalError(str(error)) from None

    def _wanted(self, move: Move) -> Proposed:
        _, cell = cell_of(self._clock.now(), self._zone)
        return Proposed(move=move, queue=WHOLE, cell=cell, missing=0, relieves=0)

    async def decline(self, ids: Sequence[str], author: Author) -> list[Proposal]:
        """Nothing is changed."""
        return await self._decide(ids, DecisionState.DECLINED, author)

    async def undo(self, ids: Sequence[str], author: Author) -> list[Proposal]:
        """From now on the shifts are as they were before, and who is lent comes back."""
        return await self._decide(ids, DecisionState.UNDONE, author)

    async def _decide(
        self, ids: Sequence[str], state: DecisionState, author: Author
    ) -> list[Proposal]:
        if not ids or len(set(ids)) < len(ids):
            raise ProposalError("name each proposal once, and one at least")
        decided: list[Proposal] = []

        async def write(connection: Visit, _: Profiles) -> None:
            for proposal_id in ids:
                proposal = await store.proposal_of(connection, proposal_id)
                await self._change_shift(connection, proposal, state, author)
                decided.append(self._decided(proposal, state, author))
                await store.decide(connection, decided[-1])

        await self._carry_out(await self._lent(ids, state), state, author, write)
        return decided

    async def _lent(
        self, ids: Sequence[str], state: DecisionState
    ) -> Sequence[Proposal]:
        """Those of them for which agents' profiles change."""
        if state is DecisionState.DECLINED:
            return ()
        proposals = await store.proposals_of(self._database, ids)
        for proposal in proposals:
            _check_allowed(proposal, state)
        return [p for p in proposals if p.proposed.move.loan]

    async def _carry_out(
        self,
        lent: Sequence[Proposal],
        state: DecisionState,
        author: Author,
        write: Also,
    ) -> None:
        if lent and state is DecisionState.ACCEPTED:
            await self._lender.begin(lent, author, write)
        elif lent:
            await self._lender.undo(lent, author, write)
        else:
            async with self._database.begin() as connection:
                await write(connection, {})

    async def _change_shift(
        self,
        connection: Visit,
        proposal: Proposal,
        state: DecisionState,
        author: Author,
    ) -> None:
        """The roster has what the decision makes of it; nothing where somebody is lent."""
        change = self._change(proposal, state)
        if change is None:
            return
        if not await replace_shift(connection, *change):
            raise _roster_changed(proposal)
        await keep_line(connection, self._line(*change, author))

    def _change(
        self, proposal: Proposal, state: DecisionState
    ) -> tuple[Shift, Shift] | None:
        """What a decision does to the shift; `ProposalError` when it is too late for it."""
        _check_allowed(proposal, state)
        move = proposal.proposed.move
        if move.loan or state is DecisionState.DECLINED:
            return None
        if state is DecisionState.ACCEPTED:
            return move.before, move.after
        back = move.taken_back(*cell_of(self._clock.now(), self._zone))
        if back.before == back.after:
            raise ProposalError(
                f"the time of proposal {proposal.id} is over: there is nothing to take back"
            )
        return back.before, back.after

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


def _check_allowed(proposal: Proposal, state: DecisionState) -> None:
    if not proposal.may_become(state):
        raise ProposalError(
            f"proposal {proposal.id} is {proposal.state}: it cannot be {state} any more"
        )


def _roster_changed(proposal: Proposal) -> RosterChanged:
    return RosterChanged(
        f"the shift of {proposal.proposed.move.person_id} has changed since this was "
        "proposed; look at the newest round"
    )


def _told(shift: Shift) -> str:
    posts = "".join(work.value[0] if work else "-" for work in shift.cells)
    return f"{shift.person_id} {shift.day} {shift.start} {posts}"
