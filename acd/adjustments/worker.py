"""The worker process that foresees the day, so that calls are never held up by it.

Started as `python -m acd.adjustments.worker`; it keeps the days before of the last
question, which take seconds to read, until the day is another one.
"""

from dataclasses import dataclass

from pydantic import TypeAdapter

from acd.adjustments.aims import with_own_targets
from acd.adjustments.foreseen import Aim, DayAhead, foreseen
from acd.adjustments.reading import DaysBefore, Wish, read_day, read_days_before
from config.database import Database
from config.worker_answers import serve


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

    async def answer(self, line: str) -> bytes:
        """The day that a job asks for."""
        job = JOB.validate_json(line)
        async with Database(job.url, read_only=True) as database:
            before = await self.before(database, job)
            recorded = await read_day(database, job.wish, before)
            aim = await with_own_targets(database, job.aim)
        return DAY.dump_json(foreseen(recorded, job.wish, aim))


if __name__ == "__main__":
    serve(_Memory().answer)
