"""The worker process that makes reports on staffing, started as
`python -m acd.staffing_reports.report_worker` by `acd.statistics.reporter`."""

import asyncio
import sys
from dataclasses import dataclass
from typing import BinaryIO, TextIO

from pydantic import TypeAdapter

from acd.staffing_reports.reports import (
    StaffingReport,
    StaffingWanted,
    staffing_report,
)
from acd.statistics.reporter import ReportWorker
from config.database import Database, DatabaseError
from config.worker_client import answer_of, refusal_of
from config.worker_process import jobs_of_the_service

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


def serve(jobs: TextIO, answers: BinaryIO) -> None:
    """Answer each job until the input ends, and the process with it."""
    with asyncio.Runner() as runner:
        for line in jobs_of_the_service(jobs):
            answers.write(runner.run(_answer(JOB.validate_json(line))))
            answers.flush()


async def _answer(job: StaffingJob) -> bytes:
    try:
        async with Database(job.url, read_only=True) as database:
            report = REPORT.dump_json(await staffing_report(database, job.wanted))
    except DatabaseError as error:
        return refusal_of(str(error))
    return answer_of(report)


if __name__ == "__main__":
    serve(sys.stdin, sys.stdout.buffer)
