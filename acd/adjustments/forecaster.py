"""Asks the worker process for the day ahead, and makes do with the last answer."""

import logging
from dataclasses import replace

from acd.adjustments.foreseen import DayAhead
from acd.adjustments.reading import Wish
from acd.adjustments.rules import LoopRules
from acd.adjustments.worker import DAY, JOB, ForecastJob
from config.worker_client import WorkerClient, WorkerError

logger = logging.getLogger(__name__)

WORKER = "acd.adjustments.worker"
LIMIT_SECONDS = 120.0


class NothingForeseen(Exception):
    """There is no forecast, and there was none before today; the message says why."""

    error_id = "forecast_missing"


class Forecaster:
    """The day as it is foreseen; an answer that fails is replaced by the one before."""

    def __init__(self, url: str, rules: LoopRules, worker: WorkerClient) -> None:
        self._url, self._rules, self._worker = url, rules, worker
        self._last: DayAhead | None = None

    async def day(self, wish: Wish) -> tuple[DayAhead, str]:
        """The day ahead, and in words when it is an old one; `NothingForeseen`."""
        job = ForecastJob(url=self._url, wish=wish, aim=self._rules.aim)
        try:
            answer = await self._worker.ask(JOB.dump_json(job))
        except WorkerError as error:
            logger.warning("nothing new is foreseen: %s", type(error).__name__)
            return self._old(wish)
        self._last = DAY.validate_json(answer)
        return self._last, ""

    def _old(self, wish: Wish) -> tuple[DayAhead, str]:
        last = self._last
        if last is None or last.day != wish.day:
            raise NothingForeseen(
                "The forecast could not be made and there is none of before; the "
                "service's log says why. It is tried again in the next round."
            )
        words = f"the forecast is that of {last.at.astimezone(wish.zone):%H:%M}"
        return replace(last, at=wish.at), words
