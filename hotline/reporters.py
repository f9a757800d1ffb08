"""Who makes reports for the running service: each kind in a process of its own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from acd.staffing_reports.report_worker import STAFFING_REPORTS
from acd.statistics.report_worker import DAY_REPORTS, PERIOD_REPORTS
from acd.statistics.reporter import Reporter
from console.printing.worker import prints
from outbound.report.worker import CAMPAIGN_REPORTS


@asynccontextmanager
async def reporters(url: str, print_font: Path | None) -> AsyncIterator[dict[str, Any]]:
    """Those of the console's view, by name, for the database of a URL.

    PDFs are set in `print_font`, or the system's font for Chinese.
    """
    async with (
        Reporter(url, DAY_REPORTS) as reports,
        Reporter(url, PERIOD_REPORTS) as period_reports,
        Reporter(url, STAFFING_REPORTS) as staffing_reports,
        Reporter(url, CAMPAIGN_REPORTS) as campaign_reports,
        Reporter(url, prints(print_font)) as documents,
    ):
        yield {
            "reports": reports,
            "period_reports": period_reports,
            "staffing_reports": staffing_reports,
            "campaign_reports": campaign_reports,
            "documents": documents,
        }
