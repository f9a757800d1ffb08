"""Who tells of the running service: reports, live events, and the wallboard's screens."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from acd.adjustments.desk import AdjustmentDesk
from acd.distributor import Distributor
from acd.plans.desk import PlanDesk
from acd.statistics.live import LiveStatistics
from config.bus import EventBus
from config.settings import Settings
from console.live import LiveEvents
from console.wallboard.screens import Screens
from console.wallboard.sources import Sources
from hotline.reporters import reporters


@asynccontextmanager
async def watching(
    settings: Settings,
    bus: EventBus,
    distributor: Distributor,
    statistics: LiveStatistics,
    adjustments: AdjustmentDesk,
    plans: PlanDesk,
) -> AsyncIterator[dict[str, Any]]:
    """All of them at work, by their names in the console's view."""
    async with reporters(settings.database_url, settings.console.print_font) as reports:
        sources = Sources(
            distributor=distributor,
            statistics=statistics,
            plans=plans,
            adjustments=adjustments,
            reports=reports["staffing_reports"],
        )
        with LiveEvents(bus) as live:
            async with Screens(bus, sources.look, sources.curve) as screens:
                yield {"live": live, "screens": screens, **reports}
