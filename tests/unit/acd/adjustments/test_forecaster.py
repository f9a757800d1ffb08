"""The forecaster when its process does not answer: it makes do with what it has."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from acd.adjustments.forecaster import Forecaster, NothingForeseen
from acd.adjustments.foreseen import DayAhead, QueueAhead
from acd.adjustments.rules import LoopRules
from acd.adjustments.worker import DAY, JOB
from acd.staffing.forecast_lines import ForecastDay
from acd.staffing.requirement import Target
from config.calendar import Calendar
from config.worker_client import WorkerError

ZONE = ZoneInfo("Asia/Shanghai")
EVENING = datetime(2026, 11, 2, 23, 5, tzinfo=ZONE)
AFTER_MIDNIGHT = EVENING + timedelta(hours=1)
MODEST = Target(share=0.5, within_seconds=60)


class Worker:
    """Foresees the day that it is asked for, until it breaks."""

    def __init__(self) -> None:
        self.breaks = False
        self.asked: list[date] = []
        self.target = Target()

    async def ask(self, line: bytes) -> bytes:
        if self.breaks:
            raise WorkerError("it is gone")
        wish = JOB.validate_json(line).wish
        self.asked.append(wish.day)
        queues = (self.queue(),)
        return DAY.dump_json(DayAhead(day=wish.day, at=wish.at, queues=queues))

    def queue(self) -> QueueAhead:
        return QueueAhead(
            name="tax",
            handle_seconds=300,
            patience_seconds=360,
            forecast=ForecastDay(
                queue="tax",
                target=self.target,
                lines=(),
                expected_error=None,
                counting_error=None,
                words=(),
            ),
        )


def forecaster(worker: Worker) -> Forecaster:
    return Forecaster("", LoopRules(), worker, ZONE, Calendar())  # type: ignore[arg-type]


async def test_after_midnight_the_evenings_forecast_of_the_day_is_used() -> None:
    worker = Worker()
    foresees = forecaster(worker)
    await foresees.day(EVENING)
    await foresees.next_day(EVENING)
    worker.breaks = True
    day, words = await foresees.day(AFTER_MIDNIGHT)
    assert (day.day, day.at) == (AFTER_MIDNIGHT.date(), AFTER_MIDNIGHT)
    assert words == "the forecast is that of 23:05"


async def test_yesterdays_forecast_is_none_of_today() -> None:
    worker = Worker()
    foresees = forecaster(worker)
    await foresees.day(EVENING)
    worker.breaks = True
    with pytest.raises(NothingForeseen):
        await foresees.day(AFTER_MIDNIGHT)


async def test_next_day_is_asked_for_once() -> None:
    worker = Worker()
    foresees = forecaster(worker)
    for _ in range(2):
        found = await foresees.next_day(EVENING)
        assert found and found.day == AFTER_MIDNIGHT.date()
    assert worker.asked == [AFTER_MIDNIGHT.date()]


async def test_next_day_is_asked_for_again_when_a_target_has_changed() -> None:
    worker = Worker()
    foresees = forecaster(worker)
    await foresees.day(EVENING)
    await foresees.next_day(EVENING)
    worker.target = MODEST
    await foresees.day(EVENING)
    worker.asked.clear()
    for _ in range(2):
        found = await foresees.next_day(EVENING)
        assert found and found.targets() == {"tax": MODEST}
    assert worker.asked == [AFTER_MIDNIGHT.date()]


async def test_next_day_with_the_old_target_is_better_than_none() -> None:
    worker = Worker()
    foresees = forecaster(worker)
    known = await foresees.next_day(EVENING)
    worker.target = MODEST
    await foresees.day(EVENING)
    worker.breaks = True
    assert known and await foresees.next_day(EVENING) == known
