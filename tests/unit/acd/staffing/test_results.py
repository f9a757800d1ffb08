"""Measures of a simulated day, its CSV and its picture."""

import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

from acd.staffing.day import DayCall
from acd.staffing.made_up_day import HOURLY, MADE_UP_DAYS, STORM_BEGINS, make_up
from acd.staffing.measures import Measures
from acd.staffing.needed import agents_needed
from acd.staffing.picture import LABELS, picture
from acd.staffing.requirement import Traffic, agents_required
from acd.staffing.result_lines import COLUMNS, result_lines
from acd.staffing.simulation import simulate
from tests.unit.acd.staffing.days import START, STEADY, agent, day, plan


def measured(*moments: float, agents: int = 1, name: str = "plan") -> Measures:
    """A small day, measured."""
    under = replace(plan(*(agent(str(n)) for n in range(agents))), name=name)
    return Measures.of(simulate(day(*moments), under, STEADY))


def test_both_forms_of_the_rate_have_their_own_denominator() -> None:
    found = Measures.of(
        simulate(day(0, 10, 300), plan(agent("1", duties=((0, 250),))), STEADY)
    )
    whole = found.queues["all"]
    assert (whole.offered, whole.answered, whole.within) == (3, 2, 1)
    assert whole.within_of_offered == pytest.approx(1 / 3)
    assert whole.within_of_answered == pytest.approx(1 / 2)
    assert whole.connect_rate == pytest.approx(2 / 3)
    assert whole.abandoned_share == pytest.approx(1 / 3)
    assert (whole.mean_wait, whole.p50_wait) == (45, 45)


def test_rate_is_counted_from_the_line_s_answer_as_well() -> None:
    slow_flow = DayCall(at_seconds=0, ivr_seconds=20)
    found = Measures.of(simulate(day(slow_flow, 500), plan(agent("1")), STEADY))
    whole = found.queues["all"]
    assert (whole.within, whole.within_from_answer) == (2, 1)
    assert whole.within_from_answer_of_offered == pytest.approx(1 / 2)


def test_intervals_are_those_of_the_arrival_and_of_whole_hours() -> None:
    found = measured(3700, 3710, 4600)
    assert [interval.offered for interval in found.intervals] == [2, 1, 0, 0]
    assert found.day.starts_at(0) == START.replace(hour=1)
    assert found.agents_on_duty == (1, 1, 1, 1)
    assert (found.intervals_on_target, found.intervals_with_calls) == (1, 2)
    (hour,) = Measures.of(found.day.by_the_hour()).intervals
    assert hour.offered == 3


def test_csv_has_a_line_for_each_plan_and_interval_and_for_the_day() -> None:
    header, *lines = result_lines([measured(10), measured(10, name="other")])
    assert header == list(COLUMNS)
    assert {len(line) for line in lines} == {len(COLUMNS)}
    assert [line[:3] for line in lines[:1]] == [
        ["plan", "2026-03-02T00:00+00:00", "all"]
    ]
    assert [line[:3] for line in lines[-2:]] == [
        ["other", "day", "general"],
        ["other", "day", "all"],
    ]
    assert lines[0][3] == "1"


def test_needed_agents_are_those_of_the_closed_form() -> None:
    moments = [n * 900 / 40 for n in range(40)]
    found = measured(*moments, agents=9)
    traffic = Traffic(calls_per_second=40 / 900, handle_seconds=100)
    assert agents_needed(found) == (int(agents_required(traffic)), 0, 0, 0)


def test_without_answered_calls_nobody_can_say_who_is_needed() -> None:
    assert agents_needed(measured(10, agents=0)) == (0, 0, 0, 0)


@pytest.mark.parametrize("language", LABELS)
def test_picture_is_well_formed_and_draws_a_line_for_each_plan(language: str) -> None:
    days = [measured(10, 20, name="<forty> & more"), measured(10, 20, agents=2)]
    root = ET.fromstring(picture(days, language))
    names = {element.text for element in root.iter() if element.text}
    assert "<forty> & more" in names
    lines = list(root.iter("{http://www.w3.org/2000/svg}polyline"))
    assert len(lines) == 4 * len(days)


def test_picture_in_a_language_without_words_has_english_ones() -> None:
    days = [measured(10, 20)]
    assert picture(days, "ko") == picture(days, "en") != picture(days, "zh")


def test_picture_of_an_empty_day_is_drawn() -> None:
    assert ET.fromstring(picture([measured()])) is not None


def test_made_up_day_has_its_calls_and_its_busy_hour() -> None:
    calls = make_up(MADE_UP_DAYS["large"], START, ["general", "tax"], seed=1).calls
    busiest = sum(9 * 3600 <= call.at_seconds < 10 * 3600 for call in calls)
    assert len(calls) == 22_600
    assert busiest / len(calls) == pytest.approx(0.1, abs=0.01)
    assert sum(c.queue == "general" for c in calls) / len(calls) == pytest.approx(
        2 / 3, abs=0.02
    )


def test_storm_brings_twelve_times_the_usual_calls() -> None:
    calls = make_up(MADE_UP_DAYS["storm"], START, ["general"], seed=1).calls
    usual = 22_600 * HOURLY[19] / sum(HOURLY) / 12
    first = sum(STORM_BEGINS <= c.at_seconds < STORM_BEGINS + 300 for c in calls)
    assert first / usual == pytest.approx(12, rel=0.1)
