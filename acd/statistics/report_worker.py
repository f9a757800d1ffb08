"""The worker process that makes reports, so that calls are never held up by one.

Started by `acd.statistics.reporter` as `python -m acd.statistics.report_worker`. A job
is a line of JSON, and the answer the report in JSON, as `config.worker_client` has it.
"""

from dataclasses import dataclass, replace

from pydantic import TypeAdapter

from acd.statistics.day_reports import DayReport, Wanted, day_report
from acd.statistics.reporter import ReportWorker
from config.database import Database
from config.worker_answers import serve


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


PERIOD_SECONDS = 600.0
PERIOD_REPORTS = replace(DAY_REPORTS, limit_seconds=PERIOD_SECONDS)
"""For a `Reporter` of long periods: a process of its own, so that a month, which takes
minutes in a large city, keeps nobody from a day."""


async def _answer(line: str) -> bytes:
    job = JOB.validate_json(line)
    async with Database(job.url, read_only=True) as database:
        return REPORT.dump_json(await day_report(database, job.wanted))


if __name__ == "__main__":
    serve(_answer)
