"""Results added up tell the same as results that were counted so from the start."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from outbound.contact import FollowUpOutcome
from outbound.results import Asked, By, Counting
from outbound.sums import summed

CITY = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 11, 2, 1, tzinfo=UTC)
OUTCOMES = (
    FollowUpOutcome.COMPLETED,
    FollowUpOutcome.PARTIAL,
    FollowUpOutcome.BUSY,
)


def contacts() -> list[Asked]:
    """Thirty, of three units and four days, and some who were not called yet."""
    return [
        Asked(
            unit=("供水", "交通", "")[n % 3],
            last_try=MONDAY + timedelta(days=n % 4) if n % 5 else None,
            outcomes=frozenset({OUTCOMES[n % 3]}),
            answers={
                "satisfied": ("satisfied", "dissatisfied")[n % 2],
                "solved": ("yes", "no", "partly", "unclear")[n % 4],
            },
            reviewed=n % 2,
        )
        for n in range(30)
    ]


@pytest.mark.parametrize("by", By)
def test_sums_are_what_counting_tells(by: By) -> None:
    finest, told = Counting(by=By.UNIT_DAY, zone=CITY), Counting(by=by, zone=CITY)
    for each in contacts():
        finest.add(each)
        told.add(each)
    assert summed(finest.results(), by) == told.results()
