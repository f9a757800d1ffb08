"""The fifteen-minute loop as the settings want it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from zoneinfo import ZoneInfo

from acd.adjustments.desk import AdjustmentDesk
from acd.adjustments.forecaster import LIMIT_SECONDS, WORKER, Forecaster
from acd.adjustments.foreseen import Aim
from acd.adjustments.posts import Floor
from acd.adjustments.rules import LoopRules
from acd.people.person import Post
from acd.staffing.moves import MoveKind, MoveRules
from acd.staffing.requirement import Target
from config.bus import EventBus
from config.clock import LoopClock
from config.database import Database
from config.settings import Settings
from config.worker_client import WorkerClient
from ivr_flows.flow import city_calendar


def loop_rules(settings: Settings) -> LoopRules:
    """The rules of `[staffing]`."""
    section = settings.staffing
    target = Target(share=section.target_share, within_seconds=section.within_seconds)
    return LoopRules(
        every_seconds=section.every_seconds,
        history_days=section.history_days,
        aim=Aim(target=target, sureness=section.sureness),
        minimum_agents=section.minimum_agents,
        automatic=frozenset(map(MoveKind, section.automatic)),
        automatic_moves=section.automatic_moves,
        moves=MoveRules(kept={Post(post): n for post, n in section.kept.items()}),
    )


@asynccontextmanager
async def staffing_loop(
    settings: Settings,
    database: Database,
    floor: Floor,
    clock: LoopClock,
    bus: EventBus,
) -> AsyncIterator[AdjustmentDesk]:
    """The loop, running, with the process that foresees for it."""
    rules = loop_rules(settings)
    async with WorkerClient(WORKER, LIMIT_SECONDS) as worker:
        desk = AdjustmentDesk(
            database,
            Forecaster(database.url, rules, worker),
            floor,
            rules,
            clock,
            bus,
            ZoneInfo(settings.hotline.timezone),
            city_calendar(settings),
        )
        async with desk:
            yield desk
