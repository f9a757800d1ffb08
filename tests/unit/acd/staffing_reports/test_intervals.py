"""A day by quarters of an hour: what was foreseen, who was there, what came."""

from dataclasses import replace

import pytest

from acd.people.person import Post
from acd.staffing.cover import WHOLE, Cover
from acd.staffing.requirement import Target
from acd.staffing.roster import Shift
from acd.staffing_reports.ahead import NOTHING, ahead_of
from acd.staffing_reports.interval_picture import LABELS, interval_picture
from acd.staffing_reports.intervals import (
    DayFacts,
    StaffedInterval,
    staffed_intervals,
    staffed_totals,
)
from acd.statistics.counted_call import share
from tests.unit.acd.staffing_reports.rounds import (
    EVENING,
    FRIDAY,
    QUARTERS,
    came,
    line,
    made,
    start,
)

SHIFTS = [
    Shift(person_id=who, day=FRIDAY, start=40, cells=(Post.PHONES,) * 4)
    for who in ("1001", "1002")
]
QUEUES = {"1001": frozenset({"general"}), "1002": frozenset({"general", "tax"})}
FACTS = DayFacts(
    quarters=QUARTERS,
    now=EVENING,
    ahead={},
    cover=Cover.of(FRIDAY, SHIFTS, QUEUES),
    present={(WHOLE, start(40)): 1350.0, ("tax", start(40)): 450.0},
    calls=[
        came(40, offered=10, redialled=2, answered=6, abandoned_in_queue=3, blocked=1)
    ],
)


def of(lines: list[StaffedInterval], queue: str, cell: int) -> StaffedInterval:
    """One of them."""
    return next(x for x in lines if (x.queue, x.cell) == (queue, cell))


def test_first_round_of_the_day_tells_what_was_foreseen_the_day_before() -> None:
    ahead = ahead_of([made(0, [line(40, 20)]), made(30, [line(40, 35)])])
    found = ahead[WHOLE, 40]
    assert found.day_ahead and found.day_ahead.calls == 20
    assert found.last and (found.last.calls, found.required) == (35, 4)


def test_quarter_that_is_over_tells_what_its_day_foretold() -> None:
    rounds = [made(40, [line(40, 35)]), made(41, [line(40, 22, actual=30)])]
    found = ahead_of(rounds)[WHOLE, 40]
    assert found.day_ahead and found.last
    assert (found.day_ahead.calls, found.last.calls) == (22, 35)


def test_quarter_whose_calls_no_round_knows_has_no_forecast_of_the_day_before() -> None:
    rounds = [made(40, [line(40, 35)]), made(41, [line(40, 35)])]
    assert ahead_of(rounds)[WHOLE, 40].day_ahead is None


def test_foreseen_rostered_there_and_came_stand_side_by_side() -> None:
    facts = replace(FACTS, ahead=ahead_of([made(40, [line(40, 20)])]))
    whole = of(staffed_intervals(facts), WHOLE, 40)
    assert whole.ahead.required == 2
    assert (whole.rostered, whole.present) == (2, 1.5)
    assert (whole.came.once, whole.came.connect) == (8, share(6, 8))
    assert whole.came.lost == share(4, 10)
    tax = of(staffed_intervals(facts), "tax", 40)
    assert (tax.rostered, tax.present, tax.came.once) == (1, 0.5, 0)


def test_shared_agents_count_once_in_the_whole() -> None:
    lines = staffed_intervals(replace(FACTS, calls=[came(40), came(40, "tax")]))
    assert [of(lines, queue, 40).rostered for queue in ("general", "tax")] == [2, 1]
    assert of(lines, WHOLE, 40).rostered == 2


def test_nobody_was_there_yet_in_a_quarter_to_come() -> None:
    facts = replace(FACTS, now=start(40))
    assert of(staffed_intervals(facts), WHOLE, 40).present is None


def test_half_a_quarter_counts_for_what_it_is() -> None:
    half = start(40) + (start(41) - start(40)) / 2
    assert of(staffed_intervals(replace(FACTS, now=half)), WHOLE, 40).present == 3.0


def test_totals_add_up_and_tell_no_sum_with_a_gap() -> None:
    ahead = ahead_of([made(0, [line(cell, 10) for cell in range(96)])])
    *_, whole = staffed_totals(staffed_intervals(replace(FACTS, ahead=ahead)))
    assert (whole.queue, whole.foreseen_last, whole.required_hours) == (WHOLE, 960, 24)
    assert (whole.rostered_hours, whole.present_hours) == (2.0, 0.38)
    assert whole.came.counts.abandoned_in_queue == 3
    gap = dict(ahead) | {(WHOLE, 50): NOTHING}
    *_, whole = staffed_totals(staffed_intervals(replace(FACTS, ahead=gap)))
    assert whole.foreseen_last is whole.required_hours is None


@pytest.mark.parametrize("language", ["en", "zh"])
def test_picture_shows_every_panel_in_both_languages(language: str) -> None:
    whole = [x for x in staffed_intervals(FACTS) if x.queue == WHOLE]
    drawn = interval_picture(FRIDAY, whole, language)
    missing = [words for words in LABELS[language].values() if words not in drawn]
    assert missing == []
    assert LABELS["en"].keys() == LABELS["zh"].keys()


def test_required_is_told_with_the_target_of_the_last_round() -> None:
    first, second = (
        replace(one, queues=(replace(one.queues[0], target=target),))
        for one, target in (
            (made(40, [line(40, 30)]), Target()),
            (made(40, [line(40, 30)]), Target(share=0.8, within_seconds=20)),
        )
    )
    found = ahead_of([first, second])[WHOLE, 40]
    assert found.target == Target(share=0.8, within_seconds=20)
