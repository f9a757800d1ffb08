"""Pause reasons that cannot be meant are told."""

import pytest

from acd.rule_checks.pauses import check_pauses
from config.agent_settings import PAUSE_REASONS, PauseReasonSection


def test_reasons_of_every_hotline_are_good() -> None:
    assert list(check_pauses(PAUSE_REASONS)) == []


@pytest.mark.parametrize(
    ("id", "seconds", "words", "fatal"),
    [
        (
            "no_answer",
            600,
            "the distributor pauses agents for this reason itself",
            True,
        ),
        ("leg_died", 0, "the distributor pauses agents for this reason itself", True),
        ("break", 59, "after 59 s every pause would be too long", False),
        ("meal", 14401, "14401 s are more than half a shift", False),
    ],
)
def test_reason_that_cannot_be_meant_is_told(
    id: str, seconds: float, words: str, *, fatal: bool
) -> None:
    (finding,) = check_pauses([PauseReasonSection(id=id, max_seconds=seconds)])
    assert str(finding).startswith(f"pause reason {id!r}: {words}")
    assert finding.fatal is fatal
