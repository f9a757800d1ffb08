"""Looks ahead for the plans: forecast, roster, presence, line, and what each level adds."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from acd.adjustments.duty import Duty
from acd.adjustments.forecaster import Forecaster
from acd.adjustments.round import situation_of
from acd.adjustments.rules import LoopRules
from acd.adjustments.tomorrow import tomorrow_at
from acd.distributor import QueueView
from acd.plans import store
from acd.plans.foresight import Now, Reserve, Sight, look_ahead
from acd.plans.on_phones import phones_ahead
from acd.plans.recall_orders import RECALL_LEVEL
from acd.plans.rules import FORECAST_SECONDS, PlansRules
from acd.plans.seating import not_there, seated, to_the_phones
from acd.recalls.desk import RecallDesk
from acd.rosters.store import day_roster
from acd.staffing.escalation import Foresight
from acd.staffing.moves import Move
from acd.staffing.roster import cell_of
from config.clock import LoopClock
from config.database import Database


class Line(Protocol):
    """The distributor, as far as it is needed here."""

    def queues(self) -> list[QueueView]:
        """All queues, with who waits and who talks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """A look ahead: what the rules and people see, and who could sit down now or could
    not, as he is not there."""

    foresight: Foresight
    sight: Sight
    moves: tuple[Move, ...]
    absent: tuple[str, ...]


class Lookout:
    """What would happen at each level; nothing is changed by it."""

    def __init__(
        self,
        database: Database,
        forecaster: Forecaster,
        duty: Duty,
        line: Line,
        rules: PlansRules,
        loop_rules: LoopRules,
        clock: LoopClock,
        zone: ZoneInfo,
        recalls: RecallDesk | None,
    ) -> None:
        self._database, self._forecaster = database, forecaster
        self._duty, self._line, self._recalls = duty, line, recalls
        self._rules, self._loop_rules = rules, loop_rules
        self._clock, self._zone = clock, zone

    async def look(self, level: int) -> Looked:
        """From now on, with this level seated; `NothingForeseen`."""
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
            level=level,
            tomorrow=tomorrow.ahead if tomorrow else None,
        )
        reserves = await self._reserves(level, moves, now)
        foresight, sight = look_ahead(ahead, line, reserves)
        return Looked(
            foresight=foresight, sight=sight, moves=moves, absent=not_there(*here)
        )

    def _minute(self, now: datetime) -> int:
        local = now.astimezone(self._zone)
        return local.hour * 60 + local.minute

    async def _reserves(
        self, level: int, moves: tuple[Move, ...], now: datetime
    ) -> list[Reserve]:
        """What each plan adds: who can be moved now, or was moved when it is on."""
        async with self._database.read() as connection:
            moved = await store.open_moves(connection)
        there = self._duty.presence().logged_in
        on_phones = seated(moved, *cell_of(now, self._zone), there)
        plan_1 = Reserve(
            agents=on_phones if level else len(moves),
            after_minutes=self._rules.plan_1.seated_seconds / 60,
        )
        elsewhere = Reserve(share_elsewhere=self._rules.share_elsewhere)
        reserves = [plan_1, await self._recall_reserve(level), elsewhere]
        return reserves[: len(self._rules.plans)]

    async def _recall_reserve(self, level: int) -> Reserve:
        """Whom a recall would bring, or has brought."""
        if self._recalls is None:
            return Reserve()
        after = self._recalls.plan.rules.within_seconds / 60
        if level >= RECALL_LEVEL:
            return Reserve(agents=self._recalls.arrived, after_minutes=after)
        found = await self._recalls.candidates()
        come = len(found.order.rung) * found.share
        return Reserve(agents=min(come, self._recalls.plan.most), after_minutes=after)
