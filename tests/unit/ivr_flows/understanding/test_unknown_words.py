"""A word that the recogniser did not know stands beside an answer: it may be a "not"."""

import pytest

from ivr_flows.understanding.answers import Answer, Question
from ivr_flows.understanding.meaning import LEAST, understand

REVIEWED_BELOW = 0.75
"""The setting `outbound.review_below`, as it is by default."""


@pytest.mark.parametrize(
    ("text", "question", "answer"),
    [
        ("[unk] 满意", Question.SATISFIED, Answer.SATISFIED),
        ("不 [unk] 满意", Question.SATISFIED, Answer.DISSATISFIED),
        ("没 解决 [unk]", Question.SOLVED, Answer.NO),
    ],
)
def test_answer_beside_an_unknown_word_is_taken_but_heard_by_a_person(
    text: str, question: Question, answer: Answer
) -> None:
    found = understand(text, question, "zh")
    assert found.answer is answer
    assert LEAST <= found.confidence < REVIEWED_BELOW


@pytest.mark.parametrize("text", ["[unk] 满意 [unk]", "[unk] 是 的", "[unk]"])
def test_more_unknown_words_or_no_predicate_are_asked_again(text: str) -> None:
    assert understand(text, Question.SOLVED, "zh").answer is Answer.UNCLEAR
    assert understand(text, Question.SATISFIED, "zh").answer is Answer.UNCLEAR


def test_unknown_word_that_was_heard_badly_is_asked_again() -> None:
    found = understand("[unk] 满意", Question.SATISFIED, "zh", heard_confidence=0.8)
    assert found.answer is Answer.UNCLEAR


def test_korean_has_unknown_words_too() -> None:
    found = understand("만족 [unk] 합니다", Question.SATISFIED, "ko")
    assert found.answer is Answer.SATISFIED
    assert found.confidence < REVIEWED_BELOW
