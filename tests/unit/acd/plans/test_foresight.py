"""Each level of the plans ahead, from forecast, line and reserves."""

from dataclasses import replace
from datetime import UTC, date, datetime

from acd.adjustments.foreseen import DayAhead, QueueAhead
from acd.plans.foresight import Now, Reserve, look_ahead
from acd.staffing.forecast_lines import ForecastDay, ForecastLine
from acd.staffing.surge import CALM, SurgeNow
from acd.statistics.queue_intervals import ALL

NOON = datetime(2026, 11, 2, 4, 0, tzinfo=UTC)
CELL = 48
A_QUARTER = 150.0
RESERVES = (
    Reserve(agents=20, after_minutes=5),
    Reserve(agents=40, after_minutes=30),
    Reserve(share_elsewhere=0.5),
)


def line(cell: int) -> ForecastLine:
    return ForecastLine(
        queue=ALL,
        interval=cell,
        is_over=cell < CELL,
        actual=150 if cell < CELL else None,
        forecast=A_QUARTER,
        low=120.0,
        high=180.0,
        agents=55,
        agents_sure=60,
    )


def day(surge: SurgeNow = CALM) -> DayAhead:
    """300 s a call: 50 erlang all day."""
    forecast = ForecastDay(
        queue=ALL,
        lines=tuple(map(line, range(96))),
        expected_error=None,
        counting_error=None,
        words=(),
    )
    whole = QueueAhead(
        name=ALL, handle_seconds=300.0, patience_seconds=360.0, forecast=forecast
    )
    return DayAhead(day=date(2026, 11, 2), at=NOON, queues=(whole,), surge=surge)


def now(level: int = 0, agents: int = 55) -> Now:
    return Now(at=NOON, minute=720, citizens=50, agents=[agents] * 96, level=level)


STORM = SurgeNow(surge=True, score=20.0, ratio=2.0, usual=[A_QUARTER] * 96)


def test_usual_day_with_agents_enough_waits_for_nothing() -> None:
    foresight, sight = look_ahead(day(), now(), RESERVES)
    assert not foresight.surge
    assert [level.waits for level in sight.levels] == [(0.0, 0.0, 0.0)] * 4
    assert sight.missing == 0


def test_storm_is_taken_to_last_and_each_level_helps_after_its_time() -> None:
    _, sight = look_ahead(day(STORM), now(), RESERVES)
    normal, plan_1, plan_2, plan_3 = sight.levels
    assert [level.agents for level in sight.levels] == [55, 75, 115, 115]
    assert normal.waits[1] > plan_1.waits[1] > 0
    assert plan_2.waits[1] == plan_1.waits[1], "nobody is back within 30 minutes"
    assert plan_2.waits[2] == 0
    assert plan_3.abandoned < plan_2.abandoned < plan_1.abandoned < normal.abandoned
    assert sight.missing == 100 - 75


def test_people_of_the_present_level_are_taken_away_below_it() -> None:
    _, sight = look_ahead(day(STORM), now(level=1, agents=75), RESERVES)
    assert [level.agents for level in sight.levels] == [55, 75, 115, 115]


def test_forecast_that_has_learned_the_surge_is_not_raised_twice() -> None:
    whole = day(STORM).queues[0]
    doubled = [replace(each, forecast=2 * A_QUARTER) for each in whole.forecast.lines]
    learned = replace(whole.forecast, lines=tuple(doubled))
    ahead = replace(day(STORM), queues=(replace(whole, forecast=learned),))
    assert look_ahead(ahead, now(), RESERVES) == look_ahead(day(STORM), now(), RESERVES)


def test_city_without_calls_foresees_nothing() -> None:
    nothing = DayAhead(day=date(2026, 11, 2), at=NOON, queues=())
    foresight, _ = look_ahead(nothing, now(), RESERVES)
    assert max(map(max, foresight.waits)) == 0


def test_surge_follows_the_usual_course_of_the_day() -> None:
    """Twice the usual calls of a time at which half as many are usual are no more."""
    falls = [A_QUARTER if n < CELL else A_QUARTER / 2 for n in range(96)]
    ahead = day(replace(STORM, usual=falls))
    foresight, sight = look_ahead(ahead, now(agents=55), RESERVES)
    assert max(foresight.waits[0]) == 0
    assert sight.missing == 0
