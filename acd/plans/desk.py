"""The desk of the emergency plans: looks each minute, decides by the rules, acts, keeps all.

A person may order any level, ask what would happen, and end a plan. What a level does is
done here: plan 1 moves people to the phones, and the level itself is told to all
(`PlanLevelChanged`): outbound campaigns stop, a recall begins, neighbours help.
"""

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Self
from zoneinfo import ZoneInfo

from acd.adjustments.duty import Duty
from acd.adjustments.forecaster import Forecaster, NothingForeseen
from acd.adjustments.rules import LoopRules
from acd.events import PlanLevelChanged
from acd.plans import store
from acd.plans.foresight import Sight
from acd.plans.lookout import Line, Lookout
from acd.plans.recall_orders import (
    RecallMeans,
    calls_off,
    can_ring,
    more_people,
    nobody_yet,
    owed_after,
    wanted_by,
)
from acd.plans.rules import PlansRules
from acd.plans.store import KeptDecision, RosterDay
from acd.recalls.desk import RecallDesk
from acd.recalls.running import Beginning
from acd.rule_changes.rows import Author
from acd.staffing.escalation import (
    Escalation,
    PlanDecision,
    Turn,
    looked,
    ordered,
)
from acd.staffing.moves import Move
from acd.staffing.recall_order import RecallOrder
from acd.staffing.roster import cell_of
from config.bus import EventBus
from config.clock import LoopClock
from config.database import Database, DatabaseError, Visit

logger = logging.getLogger(__name__)

AUTOMATIC = Author(name="automatic", peer="")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanOrder:
    """A level that a person wants, and why, for the log.

    `people` are how many to recall, None for as many as are foreseen to be missing.
    """

    level: int
    author: Author
    note: str = ""
    people: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DryRun:
    """What would happen now: the levels ahead, whom plan 1 would move and plan 2 recall.

    `absent` are those at the posts of plan 1 whom it would move if they were logged in.
    """

    sight: Sight
    moves: tuple[Move, ...]
    recall: RecallOrder | None
    absent: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlansView:
    """Where the plans stand, and what was foreseen last.

    Without a trunk nobody can be rung, so plan 2 `can_recall` nobody. Who is recalled is
    to be there within `recall_within_seconds`. `plans` are how many the city has. `answer`
    tells whoever ordered something what came of it, beside the level.
    """

    state: Escalation
    sight: Sight | None
    can_recall: bool
    plans: int
    recall_within_seconds: float | None
    answer: str = ""


class PlanRefused(Exception):
    """There is no such plan; the message says which there are."""

    error_id = "plan_unknown"


class PlanDesk:
    """The plans of a running hotline; an async context manager."""

    def __init__(
        self,
        database: Database,
        forecaster: Forecaster,
        duty: Duty,
        line: Line,
        rules: PlansRules,
        loop_rules: LoopRules,
        clock: LoopClock,
        bus: EventBus,
        zone: ZoneInfo,
        recalls: RecallDesk | None = None,
    ) -> None:
        self._database, self._duty, self._recalls = database, duty, recalls
        self._rules, self._clock, self._bus, self._zone = rules, clock, bus, zone
        self._lookout = Lookout(
            database, forecaster, duty, line, rules, loop_rules, clock, zone, recalls
        )
        self._state = Escalation()
        self._sight: Sight | None = None
        self._one = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._state = await store.last_state(self._database)
        async with self._database.read() as connection:
            for move in await store.open_moves(connection):
                self._duty.watch(move)
        if self._state.level:
            self._tell_level(0, "the service was started anew")
        self._task = asyncio.create_task(self._run(), name="emergency plans")
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
    def rules(self) -> PlansRules:
        """What the plans are set to."""
        return self._rules

    def view(self) -> PlansView:
        """Where they stand now."""
        recalls = self._recalls
        return PlansView(
            state=self._state,
            sight=self._sight,
            can_recall=self._recalls is not None,
            plans=len(self._rules.plans),
            recall_within_seconds=recalls.plan.rules.within_seconds
            if recalls
            else None,
        )

    async def history(
        self, limit: int, before_id: int | None = None
    ) -> list[KeptDecision]:
        """The newest decisions first, all or those before one."""
        return await store.last_decisions(self._database, limit, before_id)

    async def dry_run(self) -> DryRun:
        """What would happen now; nothing is changed. `NothingForeseen`."""
        seen = await self._lookout.look(self._state.level)
        found = await self._recalls.candidates() if self._recalls else None
        return DryRun(
            sight=seen.sight,
            moves=seen.moves,
            recall=found.order if found else None,
            absent=seen.absent,
        )

    async def order(self, wanted: PlanOrder) -> PlansView:
        """Go to a level now, as a person wants it; `PlanRefused`."""
        with suppress(NothingForeseen):  # the order counts without a forecast, too
            self._sight = (await self._lookout.look(self._state.level)).sight
        async with self._one:
            now = self._clock.now()
            try:
                state, decision = ordered(
                    self._state, self._rules.plans, wanted.level, now
                )
            except ValueError as error:
                raise PlanRefused(str(error)) from None
            decision, answer = more_people(
                decision, wanted.level, wanted.people, self._means(), now
            )
            await self._take(state, decision, wanted.author, wanted.note)
            if decision and self._recalls and (owed := self._state.recall_owed):
                answer = nobody_yet(owed)
        return replace(self.view(), answer=answer)

    async def look(self) -> PlansView:
        """Look ahead and decide by the rules; `NothingForeseen`."""
        seen = await self._lookout.look(self._state.level)
        self._sight = seen.sight
        async with self._one:
            state, decision = looked(self._state, self._rules.plans, seen.foresight)
            await self._take(state, decision, AUTOMATIC, "")
        return self.view()

    async def recall_owed(self) -> None:
        """Ring those who were to be recalled when nobody could be, if somebody can be now.

        Where no person had ordered it, only until it is calm.
        """
        async with self._one:
            state = self._state
            is_wanted = state.ordered_at or not state.falling_since
            if state.recall_owed and is_wanted:
                decision = can_ring(state.level, state.recall_owed, self._clock.now())
                if await self._prepared(decision.people):
                    await self._take(state, decision, AUTOMATIC, "")

    async def _run(self) -> None:
        while True:
            try:
                await self.recall_owed()
                await self.look()
            except NothingForeseen as error:
                logger.warning("the plans stay as they are: %s", error)
            except DatabaseError as error:
                logger.warning("the plans stay as they are: %s", error)
            except Exception:  # the next look may go well
                logger.exception("a look of the emergency plans failed")
            await asyncio.sleep(self._rules.look_seconds)

    async def _take(
        self,
        state: Escalation,
        decision: PlanDecision | None,
        author: Author,
        note: str,
    ) -> None:
        owed = self._state.recall_owed
        if decision is None:
            self._state = replace(state, recall_owed=owed)
            return
        wanted = wanted_by(decision, self._sight.missing if self._sight else 0)
        prepared = await self._prepared(wanted)
        decision = replace(decision, people=prepared.needed if prepared else None)
        state = replace(state, recall_owed=owed_after(owed, decision, wanted))
        kept = KeptDecision(
            id=0,
            decision=decision,
            decided_by=author.name,
            note=note,
            sight=self._sight,
        )
        async with self._database.begin() as connection:
            await store.keep_decision(connection, kept, state)
            moved = await self._seated(connection, decision)
            if prepared:
                await prepared.keep(connection)
            elif self._recalls and calls_off(decision):
                await self._recalls.keep_called_off(connection)
        self._state = state
        if decision.turn is Turn.CHANGED:
            for move in moved:
                self._duty.moved(move, "plan_1" if decision.level else "plan_1_over")
            self._tell_level(decision.before, decision.reason)
        await self._recall(decision, prepared)

    async def _seated(self, connection: Visit, decision: PlanDecision) -> list[Move]:
        """Who was moved to the phones, or back: as the first level begins, or all are over."""
        now = self._clock.now()
        day, cell = cell_of(now, self._zone)
        here = RosterDay(day=day, cell=cell, zone=self._zone)
        if decision.turn is Turn.CHANGED and not decision.before:
            there = self._duty.presence().logged_in
            plan = self._rules.plan_1
            return await store.seat(connection, here, plan, there, now)
        if decision.turn is Turn.CHANGED and not decision.level:
            return await store.send_back(connection, here, now)
        return []

    async def _prepared(self, people: int | None) -> Beginning | None:
        """Their recall; None where none is wanted, or nobody can be rung."""
        if self._recalls is None or people is None:
            return None
        return await self._recalls.prepare(people)

    async def _recall(self, decision: PlanDecision, prepared: Beginning | None) -> None:
        """People are recalled as it was kept; the end of plan 2 calls off who comes."""
        if self._recalls is None:
            return
        if prepared:
            if not await self._recalls.begin(prepared):
                self._state = replace(self._state, recall_owed=prepared.needed)
        elif calls_off(decision):
            self._recalls.call_off()

    def _means(self) -> RecallMeans | None:
        """What a recall has and may; None without a trunk."""
        if self._recalls is None:
            return None
        return RecallMeans(needed=self._recalls.needed, most=self._recalls.plan.most)

    def _tell_level(self, before: int, reason: str) -> None:
        self._bus.publish(
            PlanLevelChanged(
                at=self._clock.now(),
                level=self._state.level,
                old_level=before,
                reason=reason,
            )
        )
