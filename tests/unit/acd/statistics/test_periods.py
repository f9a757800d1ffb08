"""Days, weeks and months: where they begin, and calls added up in their lines."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from acd.statistics.edges import day_span
from acd.statistics.periods import (
    LineCounter,
    Period,
    days_of,
    line_starts,
    period_span,
)
from tests.unit.acd.statistics.test_queue_intervals import answered, at, given_up

CITY, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")


def test_week_begins_on_monday_and_month_on_its_first_day() -> None:
    sunday = date(2026, 11, 29)
    assert days_of(Period.DAY, sunday) == (sunday, sunday)
    assert days_of(Period.WEEK, sunday) == (date(2026, 11, 23), sunday)
    assert days_of(Period.MONTH, sunday) == (date(2026, 11, 1), date(2026, 11, 30))
    last = days_of(Period.MONTH, date(2026, 12, 31))
    assert last == (date(2026, 12, 1), date(2026, 12, 31))
    assert days_of(Period.MONTH, date(2028, 2, 10))[1] == date(2028, 2, 29)


@given(st.dates(date(2020, 1, 1), date(2035, 1, 1)), st.sampled_from(Period))
def test_lines_of_a_period_fill_it_without_a_gap(day: date, period: Period) -> None:
    for zone in (CITY, BERLIN):
        span = period_span(period, day, zone)
        assert span.since <= day_span(day, zone).since < span.until
        starts = list(line_starts(period, span, zone))
        assert starts[0] == span.since
        steps = {b - a for a, b in zip(starts, [*starts[1:], span.until], strict=True)}
        hour = timedelta(hours=1)
        most = hour if period is Period.DAY else 25 * hour
        least = hour if period is Period.DAY else 23 * hour
        assert least <= min(steps)
        assert max(steps) <= most


def test_day_on_which_the_clock_is_changed_has_its_25_hours() -> None:
    span = period_span(Period.DAY, date(2026, 10, 25), BERLIN)
    assert len(list(line_starts(Period.DAY, span, BERLIN))) == 25


def test_calls_count_in_the_line_in_which_they_came_and_empty_lines_stand() -> None:
    noon = datetime(2026, 7, 20, 12, tzinfo=UTC)
    counter = LineCounter([noon + timedelta(hours=n) for n in range(3)])
    counter.add([answered(0, 5), answered(59.9, 20), given_up(120, None, outcome="x")])
    counter.add([given_up(121, 30, outcome="abandoned_in_queue", entered_at=at(121))])
    lines = counter.lines()
    assert [line.counts.offered for line in lines] == [2, 0, 1]
    assert [line.counts.answered for line in lines] == [2, 0, 0]
    assert [line.start for line in lines] == [noon, at(60), at(120)]
    assert lines[0].rates.in_15_seconds_from_queue_entry_of_offered.rate == 0.5
    assert lines[2].counts.abandoned_in_queue == 1
