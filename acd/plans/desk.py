"""The desk of the emergency plans: looks each minute, decides by the rules, acts, keeps all.

A person may order any level, ask what would happen, and end a plan. What a level does is
done here: plan 1 moves people to the phones, and the level itself is told to all
(`PlanLevelChanged`): outbound campaigns stop, a recall begins, neighbours help.
"""

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from types import TracebackType
from typing import Protocol, Self
from zoneinfo import ZoneInfo

from acd.adjustments.duty import Duty
from acd.adjustments.forecaster import Forecaster, NothingForeseen
from acd.adjustments.round import situation_of
from acd.adjustments.rules import LoopRules
from acd.adjustments.tomorrow import tomorrow_at
from acd.distributor import QueueView
from acd.events import PlanLevelChanged
from acd.plans import store
from acd.plans.foresight import Now, Reserve, Sight, look_ahead
from acd.plans.on_phones import phones_ahead
from acd.plans.recall_orders import (
    RECALL_LEVEL,
    RecallMeans,
    calls_off,
    more_people,
    recalled_by,
)
from acd.plans.rules import FORECAST_SECONDS, PlansRules
from acd.plans.seating import not_there, seated, to_the_phones
from acd.plans.store import KeptDecision, RosterDay
from acd.recalls.desk import RecallDesk
from acd.rosters.store import day_roster
from acd.rule_changes.rows import Author
from acd.staffing.escalation import (
    Escalation,
    Foresight,
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
from config.database import Database, DatabaseError

logger = logging.getLogger(__name__)

AUTOMATIC = Author(name="automatic", peer="")


class Line(Protocol):
    """The distributor, as far as it is needed here."""

    def queues(self) -> list[QueueView]:
        """All queues, with who waits and who talks."""


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
class _Looked:
    """A look ahead: what the rules and people see, and who could sit down now or could
    not, as he is not there."""

    foresight: Foresight
    sight: Sight
    moves: tuple[Move, ...]
    absent: tuple[str, ...]


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
        self._database, self._forecaster = database, forecaster
        self._recalls = recalls
        self._duty, self._line = duty, line
        self._rules, self._loop_rules = rules, loop_rules
        self._clock, self._bus, self._zone = clock, bus, zone
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
        seen = await self._look_ahead()
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
            self._sight = (await self._look_ahead()).sight
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
        return replace(self.view(), answer=answer)

    async def look(self) -> PlansView:
        """Look ahead and decide by the rules; `NothingForeseen`."""
        seen = await self._look_ahead()
        self._sight = seen.sight
        async with self._one:
            state, decision = looked(self._state, self._rules.plans, seen.foresight)
            await self._take(state, decision, AUTOMATIC, "")
        return self.view()

    async def _run(self) -> None:
        while True:
            try:
                await self.look()
            except NothingForeseen as error:
                logger.warning("the plans stay as they are: %s", error)
            except DatabaseError as error:
                logger.warning("the plans stay as they are: %s", error)
            except Exception:  # the next look may go well
                logger.exception("a look of the emergency plans failed")
            await asyncio.sleep(self._rules.look_seconds)

    async def _look_ahead(self) -> _Looked:
        now = self._clock.now()
        ahead = await self._forecaster.recent(now, FORECAST_SECONDS)
        roster = await day_roster(self._database, ahead.day, self._zone)
        tomorrow = await tomorrow_at(self._database, self._forecaster, now, self._zone)
        _, cell = cell_of(now, self._zone)
        presence = self._duty.presence()
        here = roster, cell, self._rules.plan_1, presence.logged_in
        moves = to_the_phones(*here)
        situation = situation_of(
            ahead, roster, presence, cell, self._loop_rules, tomorrow=tomorrow
        )
        line = Now(
            at=now,
            minute=self._minute(now),
            citizens=sum(q.waiting + q.talking for q in self._line.queues()),
            agents=phones_ahead(situation),
            level=self._state.level,
            tomorrow=tomorrow.ahead if tomorrow else None,
        )
        foresight, sight = look_ahead(ahead, line, await self._reserves(moves, now))
        return _Looked(
            foresight=foresight, sight=sight, moves=moves, absent=not_there(*here)
        )

    def _minute(self, now: datetime) -> int:
        local = now.astimezone(self._zone)
        return local.hour * 60 + local.minute

    async def _reserves(self, moves: tuple[Move, ...], now: datetime) -> list[Reserve]:
        """What each plan adds: who can be moved now, or was moved when it is on."""
        async with self._database.read() as connection:
            moved = await store.open_moves(connection)
        there = self._duty.presence().logged_in
        on_phones = seated(moved, *cell_of(now, self._zone), there)
        plan_1 = Reserve(
            agents=on_phones if self._state.level else len(moves),
            after_minutes=self._rules.plan_1.seated_seconds / 60,
        )
        elsewhere = Reserve(share_elsewhere=self._rules.share_elsewhere)
        reserves = [plan_1, await self._recall_reserve(), elsewhere]
        return reserves[: len(self._rules.plans)]

    async def _recall_reserve(self) -> Reserve:
        """Whom a recall would bring, or has brought."""
        if self._recalls is None:
            return Reserve()
        after = self._recalls.plan.rules.within_seconds / 60
        if self._state.level >= RECALL_LEVEL:
            return Reserve(agents=self._recalls.arrived, after_minutes=after)
        found = await self._recalls.candidates()
        come = len(found.order.rung) * found.share
        return Reserve(agents=min(come, self._recalls.plan.most), after_minutes=after)

    async def _take(
        self,
        state: Escalation,
        decision: PlanDecision | None,
        author: Author,
        note: str,
    ) -> None:
        if decision is None:
            self._state = state
            return
        decision = recalled_by(decision, self._means())
        kept = KeptDecision(
            id=0,
            decision=decision,
            decided_by=author.name,
            note=note,
            sight=self._sight,
        )
        now = self._clock.now()
        day, cell = cell_of(now, self._zone)
        here = RosterDay(day=day, cell=cell, zone=self._zone)
        moved: list[Move] = []
        async with self._database.begin() as connection:
            await store.keep_decision(connection, kept, state)
            if decision.turn is Turn.CHANGED and not decision.before:
                there = self._duty.presence().logged_in
                plan = self._rules.plan_1
                moved = await store.seat(connection, here, plan, there, now)
            elif decision.turn is Turn.CHANGED and not decision.level:
                moved = await store.send_back(connection, here, now)
        self._state = state
        if decision.turn is Turn.CHANGED:
            for move in moved:
                self._duty.moved(move, "plan_1" if decision.level else "plan_1_over")
            self._tell_level(decision.before, decision.reason)
        await self._recall(decision)

    async def _recall(self, decision: PlanDecision) -> None:
        """People are recalled as it was decided; the end of plan 2 calls off who comes."""
        if self._recalls is None or decision.turn is Turn.PROPOSED:
            return
        if decision.people:
            await self._recalls.begin(decision.people)
        elif decision.turn is Turn.CHANGED and calls_off(decision):
            await self._recalls.call_off()

    def _means(self) -> RecallMeans | None:
        """What a recall has and may; None without a trunk."""
        if self._recalls is None:
            return None
        return RecallMeans(
            missing=self._sight.missing if self._sight else 0,
            needed=self._recalls.needed,
            most=self._recalls.plan.most,
        )

    def _tell_level(self, before: int, reason: str) -> None:
        self._bus.publish(
            PlanLevelChanged(
                at=self._clock.now(),
                level=self._state.level,
                old_level=before,
                reason=reason,
            )
        )
