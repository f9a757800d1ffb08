"""The worker process that makes reports on staffing, started as
`python -m acd.staffing_reports.report_worker` by `acd.statistics.reporter`."""

from dataclasses import dataclass

from pydantic import TypeAdapter

from acd.staffing_reports.reports import (
    StaffingReport,
    StaffingWanted,
    staffing_report,
)
from acd.statistics.reporter import ReportWorker
from config.database import Database
from config.worker_answers import serve

LIMIT_SECONDS = 150.0
"""A month of rounds, or half a year of calls for a forecast, takes long to read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffingJob:
    """A report, and the URL of the database that it is made from."""

    url: str
    wanted: StaffingWanted


JOB = TypeAdapter(StaffingJob)
REPORT: TypeAdapter[StaffingReport] = TypeAdapter(StaffingReport)


def _job(url: str, wanted: StaffingWanted) -> bytes:
    return JOB.dump_json(StaffingJob(url=url, wanted=wanted))


STAFFING_REPORTS = ReportWorker(
    module="acd.staffing_reports.report_worker",
    job=_job,
    command="hotline staffing report",
    limit_seconds=LIMIT_SECONDS,
)
"""For a `Reporter` of this kind."""


async def _answer(line: str) -> bytes:
    job = JOB.validate_json(line)
    async with Database(job.url, read_only=True) as database:
        return REPORT.dump_json(await staffing_report(database, job.wanted))


if __name__ == "__main__":
    serve(_answer)
