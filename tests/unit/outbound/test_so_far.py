"""How a try ends by what was answered in it."""

import pytest

from outbound.contact import FollowUpOutcome
from outbound.so_far.outcome import outcome_of_answers

CUT = FollowUpOutcome.CUT_OFF


@pytest.mark.parametrize(
    ("given", "outcome"),
    [
        (set(), CUT),
        ({"unclear"}, CUT),
        ({"recorded", "unclear"}, CUT),
        ({"yes", "unclear"}, FollowUpOutcome.PARTIAL),
        ({"person"}, FollowUpOutcome.PERSON),
        ({"refuses", "unclear"}, FollowUpOutcome.REFUSED),
        ({"yes", "opted_out"}, FollowUpOutcome.OPTED_OUT),
    ],
)
def test_only_what_tells_something_ends_a_try(
    given: set[str], outcome: FollowUpOutcome
) -> None:
    assert outcome_of_answers(given, CUT) is outcome


def test_try_is_complete_when_nothing_was_left_out() -> None:
    whole = outcome_of_answers({"yes"}, CUT, is_whole=True)
    assert whole is FollowUpOutcome.COMPLETED
