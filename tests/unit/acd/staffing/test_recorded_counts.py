"""Recorded calls as days of counts."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from acd.staffing.recorded_counts import CallCounter
from acd.statistics.counted_call import CallFacts
from config.calendar import Calendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = date(2026, 7, 20)
NINE = datetime(2026, 7, 20, 9, 0, tzinfo=SHANGHAI)


def call(at: datetime, queue: str = "tax") -> tuple[str, datetime]:
    """A citizen who asks for a person."""
    return queue, at.astimezone(UTC)


def counter(now: datetime, days: int = 3, zone: ZoneInfo = SHANGHAI) -> CallCounter:
    return CallCounter(DAY, days, now.astimezone(UTC), zone)


def test_calls_are_counted_by_the_citys_clock_in_their_queue_and_in_all() -> None:
    made = counter(NINE + timedelta(minutes=40))
    yesterday = NINE - timedelta(days=1)
    made.add([call(NINE), call(NINE + timedelta(minutes=14)), call(yesterday)])
    made.add([call(yesterday, queue="general")])
    queues = made.queues(Calendar())
    assert sorted(queues) == ["all", "general", "tax"]
    tax = queues["tax"]
    assert tax.history.days == (date(2026, 7, 19),)
    assert tax.history.counts[0, 36] == 1
    assert tax.seen[36] == 2
    assert len(tax.seen) == 38, "the interval that is not over is not seen"
    assert queues["all"].history.counts[0, 36] == 2


def test_a_citizen_who_calls_again_at_once_counts_once() -> None:
    made = counter(NINE + timedelta(hours=1))
    again = NINE + timedelta(minutes=3)
    redialled = CallFacts(
        id="1",
        caller="+8613800000000",
        arrived_at=NINE.astimezone(UTC),
        queue="tax",
        entered_at=NINE.astimezone(UTC),
        ended_at=(NINE + timedelta(minutes=1)).astimezone(UTC),
        called_again_at=again.astimezone(UTC),
        outcome="abandoned_in_queue",
    )
    made.add([call(NINE), call(again)])
    made.fold([redialled, replace(redialled, caller="")])
    assert np.nansum(made.queues(Calendar())["tax"].seen) == 1


def test_days_on_which_nobody_called_anywhere_are_not_known() -> None:
    made = counter(NINE)
    made.add([call(NINE - timedelta(days=3)), call(NINE - timedelta(days=1))])
    counts = made.queues(Calendar())["tax"].history.counts
    assert np.isnan(counts).all(1).tolist() == [False, True, False]


def test_tomorrow_is_foreseen_without_taking_today_for_whole() -> None:
    made = CallCounter(DAY + timedelta(days=1), 3, NINE.astimezone(UTC), SHANGHAI)
    made.add([call(NINE - timedelta(minutes=30))])
    tax = made.queues(Calendar())["tax"]
    assert tax.history.days[-1] == DAY
    assert tax.history.counts[-1, 34] == 1
    assert np.isnan(tax.history.counts[-1, 36:]).all()
    assert len(tax.seen) == 0


@pytest.mark.parametrize(
    ("day", "unknown"), [(date(2026, 3, 29), 4), (date(2026, 10, 25), 4)]
)
def test_hours_of_a_clock_change_are_not_known(day: date, unknown: int) -> None:
    zone = ZoneInfo("Europe/Berlin")
    now = datetime(day.year, day.month, day.day, 12, tzinfo=zone) + timedelta(days=1)
    made = CallCounter(day + timedelta(days=1), 1, now.astimezone(UTC), zone)
    made.add([call(now - timedelta(days=1))])
    counts = made.queues(Calendar())["tax"].history.counts
    assert np.isnan(counts[0]).sum() == unknown
    assert counts[0, 48] == 1
