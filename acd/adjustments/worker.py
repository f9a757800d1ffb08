"""The worker process that foresees the day, so that calls are never held up by it.

Started as `python -m acd.adjustments.worker`; it keeps the days before of the last two
questions, which take seconds to read: near midnight today and tomorrow are asked about.
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


MOST_DAYS = 2

JOB = TypeAdapter(ForecastJob)
DAY = TypeAdapter(DayAhead)


class _Memory:
    """The days before, of those that were asked for last."""

    def __init__(self) -> None:
        self._kept: dict[tuple[object, ...], DaysBefore] = {}

    async def before(self, database: Database, job: ForecastJob) -> DaysBefore:
        wish = job.wish
        key = job.url, wish.day, wish.history_days, wish.zone
        before = self._kept.pop(key, None) or await read_days_before(database, wish)
        while len(self._kept) >= MOST_DAYS:
            self._kept.pop(next(iter(self._kept)))
        self._kept[key] = before
        return before

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
