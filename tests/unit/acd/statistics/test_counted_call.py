"""What a call counts as: every call at one place, and 15 seconds are a clear line."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from acd.events import Outcome
from acd.statistics.counted_call import (
    CallFacts,
    Measure,
    measures_of,
    rates_of,
)

START = datetime(2026, 7, 20, 1, 0, tzinfo=UTC)


def at(seconds: float) -> datetime:
    """A moment after the start."""
    return START + timedelta(seconds=seconds)


def call(**facts: Any) -> CallFacts:
    """A call that arrived and was answered by the machine at the start."""
    known: dict[str, Any] = {"answered_at": START} | facts
    return CallFacts(id="A", caller="+8613812345678", arrived_at=START, **known)


def in_queue(**facts: Any) -> CallFacts:
    """One that entered a queue at 5 s."""
    return call(queue="general", entered_at=at(5), **facts)


ANSWERED = in_queue(connected_at=at(20), ended_at=at(90), outcome=Outcome.ANSWERED)
GIVEN_UP = in_queue(ended_at=at(60), outcome=Outcome.ABANDONED_IN_QUEUE)


def measures(facts: CallFacts) -> set[str]:
    """The names of what it counts in."""
    return {measure.value for measure in measures_of(facts)}


def test_answered_call_is_in_time_by_the_clock_that_began_later() -> None:
    assert measures(ANSWERED) == {
        "offered",
        "answered",
        "answered_in_15_seconds_from_queue_entry",
    }


@pytest.mark.parametrize(("seconds", "in_time"), [(15.0, True), (15.001, False)])
def test_fifteen_seconds_are_in_time(seconds: float, in_time: bool) -> None:
    answered = call(
        queue="general", entered_at=START, connected_at=at(seconds), ended_at=at(90)
    )
    assert (Measure.IN_TIME_FROM_ENTRY in measures_of(answered)) is in_time
    assert (Measure.IN_TIME_FROM_ANSWER in measures_of(answered)) is in_time


@pytest.mark.parametrize(
    ("outcome", "measure"),
    [
        (Outcome.BLOCKED, "blocked"),
        (Outcome.ABANDONED_IN_IVR, "abandoned_in_ivr"),
        (Outcome.DECLINED, "declined"),
        (Outcome.CALL_BACK_PROMISED, "call_back_promised"),
        (Outcome.FAILED, "ended_otherwise"),
        (Outcome.CUT_OFF, "ended_otherwise"),
    ],
)
def test_call_that_nobody_answered_counts_where_it_ended(
    outcome: Outcome, measure: str
) -> None:
    if outcome in (Outcome.DECLINED, Outcome.CALL_BACK_PROMISED):
        ended = in_queue(ended_at=at(9), outcome=outcome)
    else:
        ended = call(ended_at=at(3), outcome=outcome)
    assert measures(ended) == {"offered", measure}


@pytest.mark.parametrize(
    ("outcome", "measure"),
    [
        (Outcome.ANSWERED, "answered"),
        (Outcome.DECLINED, "declined"),
        (Outcome.ABANDONED_WHILE_RINGING, "abandoned_while_ringing"),
    ],
)
def test_call_that_its_flow_transferred_asked_for_a_person(
    outcome: Outcome, measure: str
) -> None:
    assert measures(call(ended_at=at(90), outcome=outcome)) == {"offered", measure}


@pytest.mark.parametrize("outcome", [Outcome.COMPLETED_IN_IVR, Outcome.REFUSED])
def test_call_that_asked_for_no_person_counts_nowhere(outcome: Outcome) -> None:
    assert measures(call(ended_at=at(3), outcome=outcome)) == set()
    assert measures(call()) == set(), "nobody knows yet"


def test_call_that_we_place_counts_nowhere() -> None:
    assert measures(replace(ANSWERED, placed=True)) == set()


def test_talk_that_a_kill_cut_off_was_answered() -> None:
    cut = in_queue(connected_at=at(30), ended_at=at(60), outcome=Outcome.CUT_OFF)
    assert measures(cut) == {"offered", "answered"}


@pytest.mark.parametrize("outcome", list(Outcome))
@pytest.mark.parametrize("facts", [ANSWERED, GIVEN_UP, in_queue(), call()])
def test_every_offered_call_is_at_exactly_one_place(
    facts: CallFacts, outcome: Outcome
) -> None:
    if facts.ended_at:
        facts = replace(facts, outcome=outcome)
    places = set(Measure) - {
        Measure.OFFERED,
        Measure.REDIALLED,
        Measure.IN_TIME_FROM_ENTRY,
        Measure.IN_TIME_FROM_ANSWER,
    }
    found = set(measures_of(facts))
    assert len(found & places) == (Measure.OFFERED in found)


@pytest.mark.parametrize(
    ("after_seconds", "redialled"),
    [(0, False), (0.001, True), (300, True), (301, False)],
)
def test_number_that_calls_again_within_five_minutes_is_one_citizen(
    after_seconds: float, redialled: bool
) -> None:
    again = replace(GIVEN_UP, called_again_at=at(60 + after_seconds))
    assert again.redialled is redialled


def test_answered_call_is_never_redialled_and_withheld_numbers_neither() -> None:
    again = at(70)
    withheld = replace(GIVEN_UP, caller="", called_again_at=again)
    assert not withheld.redialled
    assert not replace(ANSWERED, ended_at=at(60), called_again_at=again).redialled


def test_rates_tell_numerator_and_denominator() -> None:
    counts: Counter[Measure] = Counter()
    for facts in (
        ANSWERED,
        GIVEN_UP,
        replace(GIVEN_UP, called_again_at=at(61)),
        replace(GIVEN_UP, excluded=True),
        replace(ANSWERED, excluded=True),
        in_queue(),
    ):
        counts.update(measures_of(facts))
    rates = rates_of(counts)
    assert (rates.connect_raw.part, rates.connect_raw.whole) == (2, 5)
    assert (rates.connect.part, rates.connect.whole) == (2, 4)
    assert (rates.connect_adjusted.part, rates.connect_adjusted.whole) == (1, 2)
    assert rates.connect.rate == 0.5
    of_offered = rates.in_15_seconds_from_queue_entry_of_offered
    of_answered = rates.in_15_seconds_from_queue_entry_of_answered
    assert (of_offered.part, of_offered.whole) == (2, 4)
    assert (of_answered.part, of_answered.whole) == (2, 2)
    assert (rates.abandoned.part, rates.abandoned.whole) == (3, 5)


def test_rate_of_nothing_is_none() -> None:
    assert rates_of(Counter()).connect.rate is None


def test_excluded_call_that_is_folded_away_is_not_taken_away_twice() -> None:
    both = replace(GIVEN_UP, called_again_at=at(61), excluded=True)
    assert measures(both) == {"offered", "abandoned_in_queue", "redialled"}
