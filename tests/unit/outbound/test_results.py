"""Results: what counts in which rate, and that silence is never satisfaction."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from outbound.contact import FollowUpOutcome
from outbound.results import (
    REACHED,
    Asked,
    By,
    Counting,
    Rate,
    Result,
    asks_for_redo,
)

CITY = ZoneInfo("Asia/Shanghai")
LATE = datetime(2026, 11, 2, 16, 30, tzinfo=UTC)
"""Already the 3rd in the city."""


def asked(outcome: FollowUpOutcome, unit: str = "供水", **answers: str) -> Asked:
    """A contact after one try."""
    return Asked(
        unit=unit, last_try=LATE, outcomes=frozenset({outcome}), answers=answers
    )


def counted(by: By, *contacts: Asked) -> dict[str, Result]:
    """The results by group."""
    counting = Counting(by=by, zone=CITY)
    for each in contacts:
        counting.add(each)
    return {result.group: result for result in counting.results()}


def rate(numerator: int, denominator: int, n: int) -> Rate:
    """A rate with its share."""
    share = numerator / denominator if denominator else None
    return Rate(numerator=numerator, denominator=denominator, n=n, share=share)


NOT_YET = Asked(unit="供暖", last_try=None, outcomes=frozenset(), answers={})
MADE = (
    asked(FollowUpOutcome.COMPLETED, solved="yes", satisfied="neutral"),
    asked(FollowUpOutcome.COMPLETED, "供暖", solved="no", satisfied="dissatisfied"),
    asked(FollowUpOutcome.PARTIAL, solved="yes"),
    asked(FollowUpOutcome.SILENT),
    asked(FollowUpOutcome.HUNG_UP),
    asked(FollowUpOutcome.OPTED_OUT),
    NOT_YET,
)


def test_rates_have_numerator_denominator_and_n() -> None:
    total = counted(By.TOTAL, *MADE)["total"]
    assert total.attempted == rate(6, 7, 7)
    assert total.reached == rate(4, 7, 7)
    assert total.completed == rate(2, 7, 7)
    assert total.satisfied == rate(1, 2, 7)
    assert total.solved == rate(2, 3, 7)


def test_silence_and_hang_up_give_no_share_of_satisfaction() -> None:
    silent = (asked(FollowUpOutcome.SILENT), asked(FollowUpOutcome.HUNG_UP))
    total = counted(By.TOTAL, *silent)["total"]
    assert total.satisfied == total.solved == rate(0, 0, 2)
    assert total.satisfied.share is None
    assert total.reached == rate(0, 2, 2)


def test_results_by_unit_and_by_the_citys_day() -> None:
    by_unit = counted(By.UNIT, *MADE)
    assert by_unit["供暖"].completed == rate(1, 2, 2)
    assert by_unit["供水"].completed == rate(1, 5, 5)
    assert list(counted(By.DAY, *MADE)) == ["2026-11-03", "not yet"]
    both = counted(By.UNIT_DAY, *MADE)
    assert list(both) == ["供暖 2026-11-03", "供暖 not yet", "供水 2026-11-03"]
    assert both["供暖 2026-11-03"].satisfied == rate(0, 1, 1)
    assert (both["供暖 not yet"].unit, both["供暖 not yet"].day) == ("供暖", "not yet")


@pytest.mark.parametrize("outcome", [*FollowUpOutcome])
def test_who_was_not_reached_is_never_satisfied_whatever_seems_to_have_been_said(
    outcome: FollowUpOutcome,
) -> None:
    machine = asked(outcome, solved="yes", satisfied="very_satisfied")
    total = counted(By.TOTAL, machine)["total"]
    counts = int(outcome in REACHED)
    assert total.satisfied == total.solved == rate(counts, counts, 1)


def test_only_who_spoke_with_us_was_reached() -> None:
    names = {outcome.value for outcome in REACHED}
    nobody = {"hung_up", "silent", "busy", "no_answer", "rejected", "unreachable"}
    assert not names & (nobody | {"machine", "network_announcement", "no_line"})


def test_partly_solved_is_not_solved() -> None:
    partly = asked(FollowUpOutcome.COMPLETED, solved="partly", satisfied="satisfied")
    assert counted(By.TOTAL, partly)["total"].solved == rate(0, 1, 1)
    assert asks_for_redo(partly.answers)


def test_unclear_answer_is_in_no_rate() -> None:
    unclear = asked(FollowUpOutcome.COMPLETED, solved="unclear", satisfied="unclear")
    total = counted(By.TOTAL, unclear)["total"]
    assert total.satisfied == total.solved == rate(0, 0, 1)
    assert not asks_for_redo(unclear.answers)
    both = counted(By.TOTAL, unclear, asked(FollowUpOutcome.PARTIAL, solved="no"))
    assert both["total"].redo == 1


def test_results_tell_how_many_answers_a_person_set() -> None:
    heard = replace(asked(FollowUpOutcome.COMPLETED, solved="no"), reviewed=1)
    assert counted(By.TOTAL, heard, *MADE)["total"].reviewed == 1


def test_answer_that_a_person_heard_counts_whatever_the_call_ended_as() -> None:
    hung_up = asked(FollowUpOutcome.HUNG_UP, satisfied="very_dissatisfied")
    heard = replace(hung_up, reviewed=1, confirmed=True)
    total = counted(By.TOTAL, heard)["total"]
    assert (total.reached, total.redo, total.reviewed) == (rate(1, 1, 1), 1, 1)
    assert total.satisfied == rate(0, 1, 1)
    assert counted(By.TOTAL, hung_up)["total"].reached == rate(0, 1, 1)


def test_call_whose_answer_nobody_could_understand_is_not_complete() -> None:
    unclear = asked(FollowUpOutcome.COMPLETED, satisfied="unclear", solved="yes")
    total = counted(By.TOTAL, replace(unclear, reviewed=1))["total"]
    assert total.completed == rate(0, 1, 1)
