"""The worker process that reads all contacts of a campaign: a hundred thousand take seconds.

Started by `acd.statistics.reporter` as `python -m outbound.report.worker`. A job is a line
of JSON; the answer is the results in JSON, or the report as a page.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter

from acd.statistics.reporter import ReportWorker
from config.database import Database
from config.worker_answers import serve
from outbound.archive import results_of
from outbound.report.page import report_of
from outbound.results import By, Result

LIMIT_SECONDS = 150.0
"""A million contacts take a minute and a half to read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignWanted:
    """Results of a campaign told apart `by` something, or its whole page (None).

    `zone` is the city's, by name.
    """

    campaign: str
    zone: str
    by: By | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignJob:
    """What is wanted, and the URL of the database that it is made from."""

    url: str
    wanted: CampaignWanted


JOB = TypeAdapter(CampaignJob)
RESULTS: TypeAdapter[list[Result]] = TypeAdapter(list[Result])


def _job(url: str, wanted: CampaignWanted) -> bytes:
    return JOB.dump_json(CampaignJob(url=url, wanted=wanted))


CAMPAIGN_REPORTS = ReportWorker(
    module="outbound.report.worker",
    job=_job,
    command="hotline campaigns results",
    limit_seconds=LIMIT_SECONDS,
)
"""For a `Reporter` of this kind."""


async def _answer(line: str) -> bytes:
    job = JOB.validate_json(line)
    async with Database(job.url, read_only=True) as database:
        return await _made(database, job.wanted)


async def _made(database: Database, wanted: CampaignWanted) -> bytes:
    zone = ZoneInfo(wanted.zone)
    if wanted.by is not None:
        found = await results_of(database, wanted.campaign, wanted.by, zone)
        return RESULTS.dump_json(found)
    page = await report_of(database, wanted.campaign, zone, datetime.now(UTC))
    return page.encode()


if __name__ == "__main__":
    serve(_answer)
