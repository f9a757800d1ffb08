"""Asks the worker process for the day ahead, and makes do with the last answer."""

import logging
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from acd.adjustments.foreseen import DayAhead
from acd.adjustments.reading import Wish
from acd.adjustments.rules import LoopRules
from acd.adjustments.worker import DAY, JOB, ForecastJob
from config.calendar import Calendar
from config.worker_client import WorkerClient, WorkerError

logger = logging.getLogger(__name__)

WORKER = "acd.adjustments.worker"
LIMIT_SECONDS = 120.0


class NothingForeseen(Exception):
    """There is no forecast, and there was none before today; the message says why."""

    error_id = "forecast_missing"


class Forecaster:
    """The day as it is foreseen; an answer that fails is replaced by the one before, after
    midnight by what was foreseen in the evening."""

    def __init__(
        self,
        url: str,
        rules: LoopRules,
        worker: WorkerClient,
        zone: ZoneInfo,
        calendar: Calendar,
    ) -> None:
        self._url, self._rules, self._worker = url, rules, worker
        self._zone, self._calendar = zone, calendar
        self._last: DayAhead | None = None
        self._next: DayAhead | None = None

    @property
    def calendar(self) -> Calendar:
        """The city's workdays and days off."""
        return self._calendar

    async def day(self, at: datetime) -> tuple[DayAhead, str]:
        """The day ahead, and in words when it is an old one; `NothingForeseen`."""
        wish = self._wish(at)
        job = ForecastJob(url=self._url, wish=wish, aim=self._rules.aim)
        try:
            answer = await self._worker.ask(JOB.dump_json(job))
        except WorkerError as error:
            logger.warning("nothing new is foreseen: %s", type(error).__name__)
            return self._old(wish)
        self._last = DAY.validate_json(answer)
        return self._last, ""

    async def recent(self, at: datetime, seconds: float) -> DayAhead:
        """The last answer of the day, if the clock has begun no new step of so many
        seconds since, else a new one: what is counted by steps is known at once."""
        last, today = self._last, self._wish(at).day
        if last and last.day == today and _step(last.at, seconds) == _step(at, seconds):
            return replace(last, at=at)
        ahead, _ = await self.day(at)
        return ahead

    async def next_day(self, at: datetime) -> DayAhead | None:
        """The day after, as it was foreseen when it was asked for first, or first after
        today's newest answer had other targets; None: it could not be."""
        today = self._wish(at)
        wish = replace(today, day=today.day + timedelta(days=1))
        known = self._next if self._next and self._next.day == wish.day else None
        if known and not _aims_otherwise(self._last, known):
            return known
        job = ForecastJob(url=self._url, wish=wish, aim=self._rules.aim)
        try:
            answer = await self._worker.ask(JOB.dump_json(job))
        except WorkerError as error:
            logger.warning("tomorrow is not foreseen anew: %s", type(error).__name__)
            return known
        self._next = DAY.validate_json(answer)
        return self._next

    def _wish(self, at: datetime) -> Wish:
        return Wish(
            day=at.astimezone(self._zone).date(),
            at=at,
            history_days=self._rules.history_days,
            zone=self._zone,
            calendar=self._calendar,
        )

    def _old(self, wish: Wish) -> tuple[DayAhead, str]:
        known = (day for day in (self._last, self._next) if day)
        last = next((day for day in known if day.day == wish.day), None)
        if last is None:
            raise NothingForeseen(
                "The forecast could not be made and there is none of before; the "
                "service's log says why. It is tried again in the next round."
            )
        words = f"the forecast is that of {last.at.astimezone(wish.zone):%H:%M}"
        return replace(last, at=wish.at), words


def _aims_otherwise(newest: DayAhead | None, known: DayAhead) -> bool:
    """Whether a queue's target is another by now."""
    if newest is None:
        return False
    now, then = newest.targets(), known.targets()
    return any(now[name] != then[name] for name in now.keys() & then.keys())


def _step(at: datetime, seconds: float) -> int:
    return int(at.timestamp() // seconds)
