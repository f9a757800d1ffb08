"""Lines of a plan's timeline in words."""

from datetime import UTC, datetime

import pytest

from acd.staffing_reports.plan_story import Happened, Moment
from hotline.staffing.plan_report import happened

AT = datetime(2026, 11, 27, 1, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("before", "level", "words"),
    [
        (0, 1, "plan 1 on"),
        (1, 2, "plan 2 on"),
        (2, 1, "down to plan 1"),
        (1, 0, "back to normal"),
    ],
)
def test_step_down_is_told_apart_from_a_step_up(
    before: int, level: int, words: str
) -> None:
    moment = Moment(at=AT, what=Happened.CHANGED, before=before, level=level)
    assert happened(moment) == words
