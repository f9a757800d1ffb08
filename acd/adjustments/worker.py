"""The worker process that foresees the day, so that calls are never held up by it.

Started as `python -m acd.adjustments.worker`; it keeps the days before of the last
question, which take seconds to read, until the day is another one.
"""

import asyncio
import sys
from dataclasses import dataclass
from typing import BinaryIO, TextIO

from pydantic import TypeAdapter

from acd.adjustments.foreseen import Aim, DayAhead, foreseen
from acd.adjustments.reading import DaysBefore, Wish, read_day, read_days_before
from config.database import Database, DatabaseError
from config.worker_client import answer_of, refusal_of
from config.worker_process import jobs_of_the_service


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastJob:
    """What is to be foreseen, and the URL of the database with the calls before."""

    url: str
    wish: Wish
    aim: Aim


JOB = TypeAdapter(ForecastJob)
DAY = TypeAdapter(DayAhead)


class _Memory:
    """The days before, for as long as the same ones are asked for."""

    def __init__(self) -> None:
        self._of: tuple[object, ...] = ()
        self._before: DaysBefore | None = None

    async def before(self, database: Database, job: ForecastJob) -> DaysBefore:
        wish = job.wish
        key = job.url, wish.day, wish.history_days, wish.zone
        if self._before is None or key != self._of:
            self._before = await read_days_before(database, wish)
            self._of = key
        return self._before


def serve(jobs: TextIO, answers: BinaryIO) -> None:
    """Answer each job until the input ends, and the process with it."""
    memory = _Memory()
    with asyncio.Runner() as runner:
        for line in jobs_of_the_service(jobs):
            answers.write(runner.run(_answer(JOB.validate_json(line), memory)))
            answers.flush()


async def _answer(job: ForecastJob, memory: _Memory) -> bytes:
    try:
        async with Database(job.url, read_only=True) as database:
            before = await memory.before(database, job)
            recorded = await read_day(database, job.wish, before)
    except DatabaseError as error:
        return refusal_of(str(error))
    return answer_of(DAY.dump_json(foreseen(recorded, job.wish, job.aim)))


if __name__ == "__main__":
    serve(sys.stdin, sys.stdout.buffer)
