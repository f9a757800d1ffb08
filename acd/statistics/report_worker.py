"""The worker process that makes reports, so that calls are never held up by one.

Started by `acd.statistics.reporter` as `python -m acd.statistics.report_worker`. A job
is a line of JSON, and the answer the report in JSON, as `config.worker_client` has it.
"""

import asyncio
import sys
from dataclasses import dataclass
from typing import BinaryIO, TextIO

from pydantic import TypeAdapter

from acd.statistics.day_reports import DayReport, Wanted, day_report
from acd.statistics.reporter import ReportWorker
from config.database import Database, DatabaseError
from config.worker_client import answer_of, refusal_of
from config.worker_process import jobs_of_the_service


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportJob:
    """A report, and the URL of the database that it is made from."""

    url: str
    wanted: Wanted


JOB = TypeAdapter(ReportJob)
REPORT: TypeAdapter[DayReport] = TypeAdapter(DayReport)


def _job(url: str, wanted: Wanted) -> bytes:
    return JOB.dump_json(ReportJob(url=url, wanted=wanted))


DAY_REPORTS = ReportWorker(
    module="acd.statistics.report_worker", job=_job, command="hotline statistics"
)
"""For a `Reporter` of this kind."""


def serve(jobs: TextIO, answers: BinaryIO) -> None:
    """Answer each job until the input ends, and the process with it."""
    with asyncio.Runner() as runner:
        for line in jobs_of_the_service(jobs):
            answers.write(runner.run(_answer(JOB.validate_json(line))))
            answers.flush()


async def _answer(job: ReportJob) -> bytes:
    try:
        async with Database(job.url, read_only=True) as database:
            report = REPORT.dump_json(await day_report(database, job.wanted))
    except DatabaseError as error:
        return refusal_of(str(error))
    return answer_of(report)


if __name__ == "__main__":
    serve(sys.stdin, sys.stdout.buffer)
