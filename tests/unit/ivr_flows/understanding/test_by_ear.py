"""What a recogniser heard: whole phrases only, and no predicate that may have been negated."""

import pytest

from ivr_flows.understanding.answers import Answer, AnswerLanguage, Question
from ivr_flows.understanding.by_ear import is_chain, understand_heard

REVIEWED_BELOW = 0.75


@pytest.mark.parametrize(
    ("said", "chain"),
    [
        ("네 해결 됐어요", True),
        ("해결 됐어요 해결 됐어요", True),
        ("해 연결 해 네", False),
        ("해결", False),
        ("", True),
    ],
)
def test_a_chain_is_made_of_whole_phrases(said: str, chain: bool) -> None:
    phrases = ["네", "해결 됐어요", "해결 안 됐어요", "상담원 연결 해 주세요"]
    assert is_chain(said.split(), phrases) is chain


@pytest.mark.parametrize(
    ("said", "question"),
    [
        ("연락 왔어요", Question.CONTACTED),
        ("네 해결 됐어요", Question.SOLVED),
        ("만족 해요", Question.SATISFIED),
        ("매우 만족 합니다", Question.SATISFIED),
    ],
)
def test_korean_predicate_that_may_have_been_negated_is_heard_by_a_person(
    said: str, question: Question
) -> None:
    found = understand_heard(said, question, "ko", heard_confidence=1.0)
    assert found.answer is not Answer.UNCLEAR
    assert found.confidence < REVIEWED_BELOW


@pytest.mark.parametrize(
    ("said", "question", "language", "answer"),
    [
        ("네", Question.SOLVED, "ko", Answer.YES),
        ("해결 안 됐습니다", Question.SOLVED, "ko", Answer.NO),
        ("만족 못 해요", Question.SATISFIED, "ko", Answer.DISSATISFIED),
        ("it is solved", Question.SOLVED, "en", Answer.YES),
        ("满意", Question.SATISFIED, "zh", Answer.SATISFIED),
    ],
)
def test_plain_answers_and_bad_ones_are_as_sure_as_they_were_heard(
    said: str, question: Question, language: AnswerLanguage, answer: Answer
) -> None:
    found = understand_heard(said, question, language, heard_confidence=1.0)
    assert found.answer is answer
    assert found.confidence > REVIEWED_BELOW


def test_pieces_of_phrases_are_asked_again() -> None:
    heard = understand_heard(
        "해 연결 해 네", Question.SOLVED, "ko", heard_confidence=1.0
    )
    assert heard.answer is Answer.UNCLEAR


@pytest.mark.parametrize(
    ("said", "question", "language", "heard"),
    [
        ("연결 해 하지 마세요", Question.SOLVED, "ko", 0.5),
        ("연락 왔어요 하지 마세요", Question.CONTACTED, "ko", 1.0),
        ("연락 하지 마세요", Question.SOLVED, "ko", 0.4),
        ("别 再 打 了", Question.SOLVED, "zh", 0.5),
    ],
)
def test_what_sounds_like_an_opt_out_and_is_not_certain_can_be_asked_about(
    said: str, question: Question, language: AnswerLanguage, heard: float
) -> None:
    found = understand_heard(said, question, language, heard_confidence=heard)
    assert found.answer is Answer.MAY_OPT_OUT


@pytest.mark.parametrize(
    ("said", "question", "heard"),
    [
        ("연결 해 하지 마세요", Question.SOLVED, 0.2),
        ("해 연결 해 네", Question.SOLVED, 1.0),
        ("연결 해 하지 마세요", Question.COMES, 1.0),
        ("연결 해 하지 마세요", Question.OPT_OUT, 1.0),
    ],
)
def test_what_was_hardly_heard_or_ends_otherwise_is_no_opt_out(
    said: str, question: Question, heard: float
) -> None:
    found = understand_heard(said, question, "ko", heard_confidence=heard)
    assert found.answer is Answer.UNCLEAR
