"""Intervals and days, also where clocks are changed."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acd.statistics.edges import INTERVAL, day_span, interval_of, pieces

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("moment", "start"),
    [("16:00:00", "16:00"), ("16:14:59.999999", "16:00"), ("16:15:00", "16:15")],
)
def test_an_edge_belongs_to_the_interval_that_it_begins(
    moment: str, start: str
) -> None:
    told = datetime.fromisoformat(f"2026-07-20T{moment}+00:00")
    assert interval_of(told) == datetime.fromisoformat(f"2026-07-20T{start}:00+00:00")


def test_the_city_s_day_begins_at_its_midnight() -> None:
    span = day_span(date(2026, 7, 20), SHANGHAI)
    assert span.since == datetime(2026, 7, 19, 16, 0, tzinfo=UTC)
    assert span.until - span.since == timedelta(hours=24)


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Berlin", date(2026, 3, 29), 23),
        ("Europe/Berlin", date(2026, 10, 25), 25),
        ("America/Havana", date(2026, 3, 8), 23),  # at midnight itself
        ("America/Havana", date(2026, 11, 1), 25),
        ("Australia/Lord_Howe", date(2026, 4, 5), 24.5),
    ],
)
def test_day_on_which_the_clock_is_changed_is_whole(
    zone: str, day: date, hours: float
) -> None:
    city = ZoneInfo(zone)
    span = day_span(day, city)
    assert span.until - span.since == timedelta(hours=hours)
    assert span.since == day_span(day - timedelta(1), city).until
    starts = [start for start, _ in pieces(span.since, span.until)]
    assert len(starts) == len(set(starts)) == hours * 4
    assert all(start.astimezone(city).date() == day for start in starts)


@given(st.timedeltas(timedelta(0), timedelta(365)), st.floats(0, 200_000))
def test_pieces_add_up_and_stay_in_their_intervals(
    after: timedelta, seconds: float
) -> None:
    since = datetime(2026, 1, 1, tzinfo=UTC) + after
    until = since + timedelta(seconds=seconds)
    parts = list(pieces(since, until))
    assert sum(length for _, length in parts) == pytest.approx(
        (until - since).total_seconds()
    )
    assert all(0 < length <= INTERVAL.total_seconds() for _, length in parts)
    assert [start for start, _ in parts] == sorted({start for start, _ in parts})
