"""What the demo's city remembers: like its citizens' calls, whole, and known as made up."""

from datetime import UTC, datetime, timedelta

import pytest

from acd.staffing.roster import CELLS, cell_of
from hotline.demo.past import (
    CALLS_A_QUARTER,
    DAYS,
    MADE_UP,
    city_of,
    days_of_calls,
    round_of_midnight,
)
from hotline.demo.staff import rostered

NOW = datetime(2026, 11, 28, 7, 33, tzinfo=UTC)
SMALL = 1 / 40


@pytest.mark.parametrize("hour", range(24))
def test_it_is_between_ten_and_eleven_in_the_city(hour: int) -> None:
    now = NOW.replace(hour=hour)
    city = city_of(now)
    assert now.astimezone(city.zone).hour == 10
    assert timedelta(0) < now - city.midnight < timedelta(hours=11)


def test_days_are_full_and_today_ends_before_now() -> None:
    city = city_of(NOW, SMALL)
    days = list(days_of_calls(city))
    assert len(days) == DAYS + 1
    rows = [row for day in days for row in day]
    arrivals = [row["arrived_at"] for row in rows]
    assert arrivals == sorted(arrivals)
    assert city.midnight - timedelta(days=DAYS) <= arrivals[0]
    assert arrivals[-1] < NOW
    ids = [row["id"] for row in rows]
    assert ids == sorted(set(ids)), "the pages show the newest first by their ids"
    assert {row["peer"] for row in rows} == {MADE_UP}


def test_hour_like_this_one_has_as_many_calls_as_the_citizens_make() -> None:
    city = city_of(NOW, SMALL)
    *before, _ = days_of_calls(city)
    cells = [cell_of(row["arrived_at"], city.zone)[1] for day in before for row in day]
    now = sum(cell // 4 == 10 for cell in cells) / (4 * DAYS)
    assert now == pytest.approx(CALLS_A_QUARTER * SMALL, rel=0.25)


def test_midnight_foresaw_the_whole_day_and_whom_it_takes() -> None:
    made = round_of_midnight(city_of(NOW), rostered(8))
    assert made.whole
    assert [line.cell for line in made.whole.lines] == list(range(CELLS))
    busy, quiet = made.whole.lines[40], made.whole.lines[12]
    assert busy.low < busy.forecast == CALLS_A_QUARTER < busy.high
    assert busy.required > quiet.required > 0
    assert (quiet.rostered, busy.rostered) == (0, 8)
