"""Who makes reports for the running service: each kind in a process of its own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from acd.staffing_reports.report_worker import STAFFING_REPORTS
from acd.statistics.report_worker import DAY_REPORTS
from acd.statistics.reporter import Reporter


@asynccontextmanager
async def reporters(url: str) -> AsyncIterator[dict[str, Any]]:
    """Those of the console's view, by name, for the database of a URL."""
    async with (
        Reporter(url, DAY_REPORTS) as reports,
        Reporter(url, STAFFING_REPORTS) as staffing_reports,
    ):
        yield {"reports": reports, "staffing_reports": staffing_reports}
