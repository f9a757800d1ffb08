"""Each level of the plans ahead, from forecast, line and reserves."""

from dataclasses import replace
from datetime import UTC, date, datetime

from acd.adjustments.foreseen import DayAhead, QueueAhead
from acd.plans.foresight import Now, Reserve, look_ahead
from acd.staffing.forecast_lines import ForecastDay, ForecastLine
from acd.staffing.requirement import CITY
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
        target=CITY,
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


def night(agents: list[int], tomorrow: DayAhead | None) -> Now:
    return Now(
        at=NOON, minute=1425, citizens=25, agents=agents, level=0, tomorrow=tomorrow
    )


def calls_of(each: float) -> DayAhead:
    whole = day().queues[0]
    lines = tuple(replace(line(n), forecast=each, actual=None) for n in range(96))
    forecast = replace(whole.forecast, lines=lines)
    return replace(day(), queues=(replace(whole, forecast=forecast),))


def test_shift_that_ends_at_midnight_leaves_nobody_after_it() -> None:
    agents = [60] * 96 + [0] * 96
    _, sight = look_ahead(day(), night(agents, day()), RESERVES[:1])
    normal, _ = sight.levels
    assert normal.agents == 0
    assert normal.waits[0] == 0 and normal.waits[1] > 60 and normal.waits[2] > 60
    assert sight.missing == 50 - 20


def test_calls_after_midnight_are_those_of_the_next_day() -> None:
    agents = [60] * 192
    _, quiet = look_ahead(day(), night(agents, calls_of(10)), ())
    assert quiet.levels[0].waits == (0, 0, 0)
    _, busy = look_ahead(day(), night(agents, calls_of(600)), ())
    assert busy.levels[0].waits[2] > 60


def test_surge_goes_on_after_midnight_as_many_times_the_usual() -> None:
    agents = [110] * 192
    _, calm = look_ahead(day(STORM), night(agents, day()), ())
    assert calm.levels[0].waits == (0, 0, 0)
    _, busy = look_ahead(day(STORM), night(agents, calls_of(3 * A_QUARTER)), ())
    assert busy.levels[0].waits[2] > 60
    assert busy.missing == 300 - 110


def test_without_the_next_days_forecast_the_last_quarter_goes_on() -> None:
    _, sight = look_ahead(day(), night([60] * 192, None), ())
    assert sight.levels[0].waits == (0, 0, 0)
    _, short = look_ahead(day(), night([60] * 96 + [0] * 96, None), ())
    assert short.levels[0].waits[1] > 60
