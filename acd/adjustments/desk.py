"""The desk of the fifteen-minute loop: looks, proposes, carries out, and measures.

It looks at each quarter of an hour and when it is asked to. What is accepted changes the
roster, tells the person, and puts him where he belongs on the phones; so does the end
of each move when its time has come.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import TracebackType
from typing import Self
from zoneinfo import ZoneInfo

from acd.adjustments import store
from acd.adjustments.deciding import Decisions
from acd.adjustments.decision import DecisionState, Proposal, ProposalError
from acd.adjustments.doubts import not_carried_out
from acd.adjustments.duty import Duty
from acd.adjustments.effect import cells_over, measured_quarters
from acd.adjustments.events import RoundMade
from acd.adjustments.forecaster import Forecaster, NothingForeseen
from acd.adjustments.limits import read_limits
from acd.adjustments.loans.lender import Lender
from acd.adjustments.round import weigh
from acd.adjustments.rules import LoopRules
from acd.adjustments.store import KeptRound
from acd.adjustments.tomorrow import tomorrow_at
from acd.rosters.store import day_roster
from acd.rule_changes.changes import RuleChanges
from acd.rule_changes.rows import Author
from acd.staffing.adjustment import within_limits
from acd.staffing.by_hand import HandMove
from acd.staffing.roster import cell_of, moment
from acd.statistics.edges import Span, interval_of
from acd.statistics.report import calls_of
from config.bus import EventBus
from config.calendar import Calendar
from config.clock import LoopClock
from config.database import Database, DatabaseError

logger = logging.getLogger(__name__)

AUTOMATIC = Author(name="automatic", peer="")
GIVEN_BACK = "given_back"
QUARTER_SECONDS = 900.0
SETTLE = timedelta(seconds=5)
"""So long after a quarter of an hour its last calls are in the records."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY = timedelta(days=1)


class AdjustmentDesk:
    """The loop of a running hotline; an async context manager."""

    def __init__(
        self,
        database: Database,
        forecaster: Forecaster,
        duty: Duty,
        changes: RuleChanges,
        rules: LoopRules,
        clock: LoopClock,
        bus: EventBus,
        zone: ZoneInfo,
    ) -> None:
        self._database, self._forecaster, self._duty = database, forecaster, duty
        self._rules, self._clock, self._bus = rules, clock, bus
        self._zone = zone
        self._lender = Lender(database, changes, clock, zone, rules.lend_to_anybody)
        self._decisions = Decisions(database, self._lender, clock, zone)
        self._one = asyncio.Lock()
        self._measured_in: datetime | None = None
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        await self._recover()
        self._task = asyncio.create_task(self._run(), name="adjustments")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._task:
            self._task.cancel()
            await asyncio.wait({self._task})

    @property
    def rules(self) -> LoopRules:
        """What it is set to."""
        return self._rules

    @property
    def calendar(self) -> Calendar:
        """The city's workdays and days off."""
        return self._forecaster.calendar

    async def last(self) -> KeptRound | None:
        """The newest round; None before the first."""
        return await store.last_round(self._database)

    async def last_accepted(self) -> KeptRound | None:
        """The newest round of the last day whose moves were carried out; None without one."""
        return await store.last_accepted(self._database, self._clock.now() - _DAY)

    async def why(self, proposal_id: str) -> KeptRound:
        """The round in which something was proposed; `ProposalUnknown`."""
        return await store.round_of(self._database, proposal_id)

    async def look(self) -> KeptRound:
        """A round now; `NothingForeseen` when there is no forecast at all."""
        async with self._one:
            kept = await self._round()
        automatic = within_limits(
            kept.round.proposed, self._rules.automatic, self._rules.automatic_moves
        )
        chosen = [p for p in kept.proposals if p.proposed in automatic]
        if not chosen:
            return kept
        words = [told for one in chosen if (told := await self._by_itself(one))]
        if words:
            await store.add_words(self._database, kept.id, words)
        return await store.round_of(self._database, chosen[0].id)

    async def _by_itself(self, proposal: Proposal) -> str:
        """Carry a move out without a person; why it could not be, or ""."""
        try:
            await self.accept([proposal.id], AUTOMATIC)
        except ProposalError as error:
            logger.warning("a move is not carried out: %s", error.error_id)
            return not_carried_out(proposal.proposed.move, error)
        return ""

    async def accept(self, ids: Sequence[str], author: Author) -> list[Proposal]:
        """Carry moves out now; `ProposalError` when any cannot be: then none is."""
        return self._told(await self._decisions.accept(ids, author))

    async def decline(self, ids: Sequence[str], author: Author) -> list[Proposal]:
        """Do nothing of it; `ProposalError`."""
        return await self._decisions.decline(ids, author)

    async def undo(self, ids: Sequence[str], author: Author) -> list[Proposal]:
        """Take accepted moves back; `ProposalError`."""
        return self._told(await self._decisions.undo(ids, author))

    async def move(self, wanted: HandMove, author: Author) -> Proposal:
        """Carry a move out that a person thought of himself; `ProposalError`.

        It stands in today's newest round, and can be undone as an accepted proposal.
        `NothingForeseen` where there is none and none can be made.
        """
        round_id = await self._todays_round()
        return self._told([await self._decisions.move(round_id, wanted, author)])[0]

    async def decided(self, day: date) -> list[Proposal]:
        """What was decided of the proposals of a day of the city, and moved by hand."""
        return await store.decided_on(self._database, day)

    async def _todays_round(self) -> str:
        today, _ = cell_of(self._clock.now(), self._zone)
        kept = await self.last()
        if kept is None or kept.round.day != today:
            async with self._one:
                kept = await self._round()
        return kept.id

    def _told(self, decided: list[Proposal]) -> list[Proposal]:
        here = cell_of(self._clock.now(), self._zone)
        for proposal in decided:
            move = proposal.proposed.move
            undone = proposal.state is DecisionState.UNDONE
            self._duty.moved(move.taken_back(*here) if undone else move, proposal.state)
        return decided

    async def _give_back(self) -> None:
        """Whoever was lent goes back when his time is over, and is told."""
        for kept in await self._lender.end_due(AUTOMATIC):
            proposal = await store.proposal(self._database, kept.proposal_id)
            move = proposal.proposed.move
            self._duty.tell(move.taken_back(kept.loan.day, kept.loan.last), GIVEN_BACK)

    async def _round(self) -> KeptRound:
        now = self._clock.now()
        ahead, old = await self._forecaster.day(now)
        roster = await day_roster(self._database, ahead.day, self._zone)
        tomorrow = await tomorrow_at(self._database, self._forecaster, now, self._zone)
        last_day = tomorrow.roster.day if tomorrow else ahead.day
        await self._lender.end_overruled()
        presence = replace(
            self._duty.presence(),
            lent=await self._lender.now(),
            qualified=await self._lender.qualified(roster.people, last_day),
        )
        limits = await read_limits(self._database, roster, ahead.at, self._rules)
        made = await asyncio.to_thread(
            weigh, ahead, roster, presence, self._rules, limits, tomorrow
        )
        if old:
            made = replace(made, words=(old, *made.words))
        kept = await store.keep_round(self._database, made)
        missing = sum(max(e.required - e.before, 0) for e in made.effects)
        proposed = len(made.proposed)
        self._bus.publish(
            RoundMade(at=now, round_id=kept.id, missing=missing, proposed=proposed)
        )
        return kept

    async def _run(self) -> None:
        look = self._next(self._rules.every_seconds)
        while True:
            wake = min(look, self._next(QUARTER_SECONDS))
            await asyncio.sleep((wake - self._clock.now()).total_seconds())
            looks = wake >= look
            if looks:
                look = self._next(self._rules.every_seconds)
            try:
                await self._follow()
                if looks:
                    await self._measure()
                    await self.look()
            except NothingForeseen as error:
                logger.warning("no round: %s", error)
            except DatabaseError as error:
                logger.warning("no round: the database cannot be used: %s", error)
            except Exception:  # the next round may go well
                logger.exception("a round of the staffing loop failed")

    async def _follow(self) -> None:
        """What ends or begins with this quarter of an hour, however seldom rounds are."""
        await self._give_back()
        await self._duty.follow()

    def _next(self, every_seconds: float) -> datetime:
        """Quarters of an hour begin at whole ones of every clock."""
        every = timedelta(seconds=every_seconds)
        now = self._clock.now() - SETTLE
        return now + every - (now - _EPOCH) % every + SETTLE

    async def _recover(self) -> None:
        """Whom moves of today and yesterday concern, after a start; who is to go back."""
        await self._give_back()
        since = self._clock.now() - _DAY
        for proposal in await store.decided_since(self._database, since):
            self._duty.watch(proposal.proposed.move)

    async def _measure(self) -> None:
        """What became of the quarters of an hour that are over since it was asked last."""
        now = self._clock.now()
        quarter = interval_of(now)
        if quarter == self._measured_in:
            return
        for kept in await store.unmeasured(self._database, now):
            over = cells_over(kept.round, now, self._zone)
            if len(over) > len({one.cell for one in kept.measured}):
                span = Span(
                    since=moment(kept.round.day, over[0], self._zone),
                    until=moment(kept.round.day, over[-1] + 1, self._zone),
                )
                calls = await calls_of(self._database, span, now)
                within = self._rules.aim.target.within_seconds
                measured = measured_quarters(kept.round, calls, now, self._zone, within)
                await store.keep_measured(self._database, kept.id, measured)
        self._measured_in = quarter
