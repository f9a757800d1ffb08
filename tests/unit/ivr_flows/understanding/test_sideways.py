"""Complaints that sound like a wish, and bad answers that sound like good ones."""

from pathlib import Path

import pytest

from ivr_flows.understanding.answers import (
    LANGUAGES,
    OPINIONS,
    Answer,
    AnswerLanguage,
    Question,
)
from ivr_flows.understanding.meaning import GOOD_NEWS, understand
from ivr_flows.understanding.table import read_table, score

TABLES = Path(__file__).parents[3] / "data" / "answers"
REVIEWED_BELOW = 0.75


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_bad_is_taken_as_good_and_no_complaint_as_an_opt_out(
    language: AnswerLanguage,
) -> None:
    rows = score(read_table(TABLES / f"{language}_sideways_frozen.txt"), language)
    assert [one for one in rows if one.costly] == []
    silenced = [one for one in rows if one.understood.answer is Answer.OPT_OUT]
    assert [one for one in silenced if not one.correct] == []
    assert sum(one.correct for one in rows) / len(rows) > 0.93


@pytest.mark.parametrize(
    ("language", "complaint"),
    [
        ("zh", "他们 叫 我 不要 再 打 电话 了 水管 还 在 漏"),
        ("zh", "不用 再 来 了 已经 修 好 了"),
        ("zh", "如果 不 解决 就 别 打 电话 了"),
        ("en", "they do not call me back when there is a problem"),
        ("en", "he said never call me again"),
        ("en", "i do not call that satisfied"),
        ("ko", "직원이 전화 하지 말라고 했어요"),
    ],
)
@pytest.mark.parametrize("question", OPINIONS)
def test_report_of_a_wish_silences_nobody(
    language: AnswerLanguage, complaint: str, question: Question
) -> None:
    found = understand(complaint, question, language)
    assert found.answer is not Answer.OPT_OUT


@pytest.mark.parametrize(
    ("language", "said", "question"),
    [
        ("en", "satisfied by no stretch", Question.SATISFIED),
        ("zh", "解决 个 锤子", Question.SOLVED),
        ("ko", "만족 이라니 요", Question.SATISFIED),
    ],
)
def test_good_news_beside_words_that_nobody_knows_is_heard_by_a_person(
    language: AnswerLanguage, said: str, question: Question
) -> None:
    found = understand(said, question, language)
    assert found.answer not in GOOD_NEWS or found.confidence < REVIEWED_BELOW


def test_nobody_who_came_is_no_wish_for_a_person() -> None:
    for said in ("사람 안 왔어요", "연락 준 사람 없어요"):
        assert understand(said, Question.CONTACTED, "ko").answer is Answer.NO
    asked = understand("만족 안 해요 상담원 연결 해 주세요", Question.SATISFIED, "ko")
    assert asked.answer is Answer.PERSON
