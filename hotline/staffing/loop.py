"""The fifteen-minute loop as the settings want it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from acd.adjustments.desk import AdjustmentDesk
from acd.adjustments.duty import Duty
from acd.adjustments.forecaster import LIMIT_SECONDS, WORKER, Forecaster
from acd.adjustments.messages_out import MoveMessages
from acd.adjustments.rules import LoopRules
from acd.distributor import Distributor
from acd.people.message_program import MessageProgram
from acd.people.person import Post
from acd.plans.desk import PlanDesk
from acd.recalls.desk import RecallDesk
from acd.rule_changes.changes import RuleChanges
from acd.staffing.moves import MoveKind, MoveRules
from config.bus import EventBus
from config.clock import LoopClock
from config.database import Database
from config.settings import Settings
from config.worker_client import WorkerClient
from hotline.plans import plans_rules
from hotline.recalls import recall_numbers
from hotline.roster.rules import roster_rules
from hotline.staffing.aim import aim_of
from ivr_flows.flow import city_calendar


def loop_rules(settings: Settings) -> LoopRules:
    """The rules of `[staffing]`."""
    section = settings.staffing
    return LoopRules(
        every_seconds=section.every_seconds,
        history_days=section.history_days,
        aim=aim_of(section),
        minimum_agents=section.minimum_agents,
        automatic=frozenset(map(MoveKind, section.automatic)),
        automatic_moves=section.automatic_moves,
        lend_to_anybody=frozenset(section.lend_to_anybody),
        moves=MoveRules(
            kept={Post(post): n for post, n in section.kept.items()},
            needs=settings.roster.needs.get("phones", ()),
        ),
        roster=roster_rules(settings),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffingDesks:
    """What looks ahead: every quarter of an hour, and every minute."""

    adjustments: AdjustmentDesk
    plans: PlanDesk


@asynccontextmanager
async def _messages(
    settings: Settings, database: Database, bus: EventBus
) -> AsyncIterator[None]:
    """People whose day is changed have a message, where a program sends it."""
    if not (program := settings.staffing.message_program):
        yield
        return
    number_of = await recall_numbers(settings, database)
    async with MessageProgram(program, number_of) as out:
        MoveMessages(out).listen(bus)
        yield


@asynccontextmanager
async def staffing_desks(
    settings: Settings,
    database: Database,
    distributor: Distributor,
    changes: RuleChanges,
    clock: LoopClock,
    bus: EventBus,
    recalls: RecallDesk | None = None,
) -> AsyncIterator[StaffingDesks]:
    """Both, running, with the process that foresees for them."""
    rules, zone = loop_rules(settings), ZoneInfo(settings.hotline.timezone)
    duty = Duty(database, distributor, clock, bus, zone)
    async with WorkerClient(WORKER, LIMIT_SECONDS) as worker:
        forecaster = Forecaster(
            database.url, rules, worker, zone, city_calendar(settings)
        )
        loop = AdjustmentDesk(
            database, forecaster, duty, changes, rules, clock, bus, zone
        )
        plans = PlanDesk(
            database,
            forecaster,
            duty,
            distributor,
            plans_rules(settings),
            rules,
            clock,
            bus,
            zone,
            recalls,
        )
        async with loop, plans, _messages(settings, database, bus):
            yield StaffingDesks(adjustments=loop, plans=plans)
