"""How a try ends by what was answered in it."""

import pytest

from outbound.answer import GivenBy
from outbound.contact import FollowUpOutcome
from outbound.so_far.outcome import is_of_a_person, outcome_of_answers

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


@pytest.mark.parametrize(
    ("given", "is_person"),
    [
        ([], False),
        ([("yes", GivenBy.VOICE)], False),
        ([("yes", GivenBy.VOICE), ("unclear", GivenBy.VOICE)], False),
        ([("yes", GivenBy.VOICE), ("no", GivenBy.VOICE)], True),
        ([("yes", GivenBy.KEY)], True),
        ([("yes", GivenBy.AGENT)], True),
    ],
)
def test_one_spoken_answer_may_be_what_a_machine_s_greeting_sounds_like(
    given: list[tuple[str, GivenBy]], is_person: bool
) -> None:
    assert is_of_a_person(given) is is_person
