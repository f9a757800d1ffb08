"""Which answers a person should hear, and how clips are named."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from outbound.answer import Answer, GivenBy
from outbound.reviews.review import ClipUnknown, Doubt, clip_name, doubts_of, of_clip

SURE = Answer(
    question="solved",
    answer="yes",
    given_by=GivenBy.VOICE,
    confidence=0.9,
    at=datetime(2026, 11, 2, 1, 30, tzinfo=UTC),
    transcript="解决 了 打 13812345678",
    clip_start_seconds=6.5,
    clip_seconds=4,
)


def opinion(answer: str) -> Answer:
    """What he thinks of it."""
    return replace(SURE, question="satisfied", answer=answer)


def test_sure_answers_need_nobody() -> None:
    assert doubts_of([SURE, opinion("satisfied")], 0.75) == {}


def test_low_confidence_and_unclear_answers_are_doubtful() -> None:
    low = replace(SURE, confidence=0.74)
    unclear = replace(opinion("unclear"), confidence=0)
    assert doubts_of([low, unclear], 0.75) == {
        "solved": (Doubt.LOW_CONFIDENCE,),
        "satisfied": (Doubt.UNCLEAR, Doubt.LOW_CONFIDENCE),
    }


@pytest.mark.parametrize(
    ("solved", "satisfied", "odd"),
    [
        ("no", "very_satisfied", True),
        ("yes", "very_dissatisfied", True),
        ("no", "satisfied", False),
        ("yes", "dissatisfied", False),
        ("no", "very_dissatisfied", False),
    ],
)
def test_extremes_that_do_not_go_together_are_both_doubtful(
    solved: str, satisfied: str, odd: bool
) -> None:
    given = [replace(SURE, answer=solved), opinion(satisfied)]
    both = (Doubt.CONTRADICTORY,)
    expected = {"solved": both, "satisfied": both} if odd else {}
    assert doubts_of(given, 0.75) == expected


def test_clip_is_named_by_call_and_question() -> None:
    assert of_clip(clip_name("01CALL", "solved")) == ("01CALL", "solved")
    for word in ("01CALL", ":solved", "01CALL:"):
        with pytest.raises(ClipUnknown):
            of_clip(word)
