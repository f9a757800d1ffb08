"""The day's curve: the whole alone, with what is to come left open."""

from dataclasses import replace

from acd.staffing_reports.ahead import ahead_of
from acd.staffing_reports.curve import day_curve
from acd.staffing_reports.intervals import staffed_intervals
from tests.unit.acd.staffing_reports.rounds import FRIDAY, line, made, start
from tests.unit.acd.staffing_reports.test_intervals import FACTS


def test_quarters_of_all_queues_together_stand_beside_what_was_foreseen() -> None:
    facts = replace(FACTS, ahead=ahead_of([made(40, [line(40, 20)])]))
    curve = day_curve(FRIDAY, staffed_intervals(facts))
    assert [each.cell for each in curve.quarters] == list(range(96))
    quarter = curve.quarters[40]
    assert quarter.start == start(40)
    assert (quarter.calls, quarter.lost) == (8, 2)
    assert (quarter.forecast, quarter.required) == (20, 2)
    assert (quarter.rostered, quarter.present) == (2, 1.5)


def test_quarter_that_no_round_knew_has_no_forecast() -> None:
    quarter = day_curve(FRIDAY, staffed_intervals(FACTS)).quarters[40]
    assert (quarter.forecast, quarter.low, quarter.high) == (None, None, None)
    assert quarter.required is None


def test_nobody_is_present_yet_in_what_is_to_come() -> None:
    curve = day_curve(FRIDAY, staffed_intervals(replace(FACTS, now=start(40))))
    assert curve.quarters[41].present is None
