"""The quarter of an hour that goes on: it tells, and the more of it is over, the more."""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from acd.staffing.calls_level import LevelDay
from acd.staffing.forecast import DayForecast, forecast_day
from acd.staffing.outlook import Outlook, RunningQuarter
from acd.staffing.recorded_counts import CallCounter
from config.calendar import Calendar
from tests.unit.acd.staffing.made_up_weeks import weeks

HISTORY = weeks(40)
SHANGHAI = ZoneInfo("Asia/Shanghai")
NINE = datetime(2026, 7, 20, 9, 0, tzinfo=SHANGHAI)
PLACE = 40


@cache
def made() -> DayForecast:
    return forecast_day(HISTORY, HISTORY.days[-1], HISTORY.kinds[-1])


def after(times: float, share: float) -> Outlook:
    """Half past ten, when so many times as many come as were foreseen."""
    seen = HISTORY.counts[-1, :PLACE]
    usual = made().outlook(seen).calls()[PLACE]
    return made().outlook(
        seen, RunningQuarter(calls=times * usual * share, share=share)
    )


def rest(outlook: Outlook) -> float:
    return float(outlook.calls()[PLACE : PLACE + 4].sum())


def test_more_calls_than_foreseen_tell_more_the_more_of_the_quarter_is_over() -> None:
    plain = rest(made().outlook(HISTORY.counts[-1, :PLACE]))
    hours = [rest(after(1.5, share)) for share in (0.1, 0.3, 0.6, 1.0)]
    assert plain < hours[0] < hours[1] < hours[2] < hours[3] < 1.5 * plain


def test_as_many_as_foreseen_change_nothing_but_make_surer() -> None:
    plain = made().outlook(HISTORY.counts[-1, :PLACE])
    told = after(1.0, 0.5)
    assert told.calls()[PLACE:] == pytest.approx(plain.calls()[PLACE:], rel=0.02)
    narrow, wide = (
        np.subtract(*each.rate_quantile([0.9, 0.1]))[PLACE] for each in (told, plain)
    )
    assert narrow < wide


def test_fewer_than_foreseen_lower_the_next_hour() -> None:
    plain = rest(made().outlook(HISTORY.counts[-1, :PLACE]))
    assert 0.5 * plain < rest(after(0.6, 0.6)) < plain


def test_whole_quarter_that_goes_on_tells_what_it_tells_when_it_is_over() -> None:
    seen = HISTORY.counts[-1, :PLACE]
    calls = float(np.round(1.3 * made().outlook(seen).calls()[PLACE]))
    over = made().outlook(np.append(seen, calls)).calls()[PLACE + 1 :]
    running = made().outlook(seen, RunningQuarter(calls=calls, share=1.0))
    assert running.calls()[PLACE + 1 :] == pytest.approx(over, rel=1e-6)


def test_gaps_before_it_take_nothing_from_it() -> None:
    seen = HISTORY.counts[-1, :PLACE].copy()
    seen[10:14] = np.nan
    plain, running = (
        made().outlook(seen, running).calls()[PLACE : PLACE + 4].sum()
        for running in (None, RunningQuarter(calls=120.0, share=0.5))
    )
    assert running > 1.01 * plain


@pytest.mark.parametrize("calls", [0.0, -3.0, 1e7])
def test_what_cannot_be_right_is_left_out(calls: float) -> None:
    seen = HISTORY.counts[-1, :PLACE]
    told = made().outlook(seen, RunningQuarter(calls=calls, share=0.9))
    assert np.array_equal(told.calls(), made().outlook(seen).calls())


def test_small_queue_follows_it_too() -> None:
    small = LevelDay(course=np.ones(96), shape=2.0, exposure=2.0)
    plain, running = (
        small.outlook(np.ones(PLACE), each).calls()[PLACE]
        for each in (None, RunningQuarter(calls=4.0, share=0.5))
    )
    assert running > plain


def counted(now: datetime, *ago_seconds: float) -> RunningQuarter | None:
    """What a counter holds at a moment of calls that came so long before."""
    made = CallCounter(NINE.date(), 3, now.astimezone(UTC), SHANGHAI)
    made.add(("tax", (now - timedelta(seconds=s)).astimezone(UTC)) for s in ago_seconds)
    return made.queues(Calendar())["tax"].running


def test_who_may_still_listen_to_the_greeting_is_not_missed() -> None:
    half_past = NINE + timedelta(minutes=8)
    running = counted(half_past, 10, 29, 40, 200, 470, 500)
    assert running == RunningQuarter(calls=3.0, share=0.5)


def test_of_less_than_a_minute_nothing_is_learned() -> None:
    assert counted(NINE + timedelta(seconds=85), 40) is None
    assert counted(NINE + timedelta(seconds=95), 40) is not None


def test_hour_that_the_clock_has_twice_tells_nothing() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    second_time = datetime(2026, 10, 25, 1, 10, tzinfo=UTC)
    made = CallCounter(date(2026, 10, 25), 3, second_time, berlin)
    made.add([("tax", second_time - timedelta(minutes=2))])
    assert made.queues(Calendar())["tax"].running is None


def test_day_to_come_has_none() -> None:
    made = CallCounter(date(2026, 7, 21), 3, NINE.astimezone(UTC), SHANGHAI)
    made.add([("tax", NINE.astimezone(UTC) - timedelta(minutes=2))])
    assert made.queues(Calendar())["tax"].running is None
