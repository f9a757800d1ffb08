"""Results: what counts in which rate, and that silence is never satisfaction."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from outbound.contact import FollowUpOutcome
from outbound.results import Asked, By, Counting, Rate, Result

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
    asked(FollowUpOutcome.COMPLETED, solved="yes", satisfied="basically_satisfied"),
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
