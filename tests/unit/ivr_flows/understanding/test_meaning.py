"""What answers mean: negation, doubt, wishes, and the tables as a whole."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr_flows.understanding.answers import (
    ANSWERS,
    LANGUAGES,
    OPINIONS,
    Answer,
    AnswerLanguage,
    Question,
)
from ivr_flows.understanding.lexicon import lexicon
from ivr_flows.understanding.meaning import LEAST, understand
from ivr_flows.understanding.table import Scored, read_table, score

TABLES = Path(__file__).parents[3] / "data" / "answers"
CONTACTED, SOLVED, SATISFIED = OPINIONS


def meant(
    utterance: str, question: Question, language: AnswerLanguage = "zh"
) -> Answer:
    return understand(utterance, question, language).answer


@pytest.mark.parametrize(
    ("utterance", "answer"),
    [
        ("满意", Answer.SATISFIED),
        ("很 满意", Answer.VERY_SATISFIED),
        ("不 满意", Answer.DISSATISFIED),
        ("不太 满意", Answer.DISSATISFIED),
        ("不 太 满意", Answer.DISSATISFIED),
        ("不是 很 满意", Answer.DISSATISFIED),
        ("很 不 满意", Answer.VERY_DISSATISFIED),
        ("没有 不满意", Answer.NEUTRAL),
        ("不是 不 满意", Answer.NEUTRAL),
        ("谈 不上 满意", Answer.DISSATISFIED),
        ("态度 好 但是 不 满意", Answer.DISSATISFIED),
        ("以前 不满意 现在 满意", Answer.SATISFIED),
    ],
)
def test_negation_turns_satisfaction_round_once_for_each_not(
    utterance: str, answer: Answer
) -> None:
    assert meant(utterance, SATISFIED) is answer


def test_words_may_be_apart_in_any_way() -> None:
    for utterance in ("不太满意", "不太 满意", "不 太 满意", "不 太 满 意"):
        assert meant(utterance, SATISFIED) is Answer.DISSATISFIED


def test_not_yet_solved_is_not_solved() -> None:
    assert meant("还 没 解决", SOLVED) is Answer.NO
    assert meant("他们 说 解决 了 其实 没 解决", SOLVED) is Answer.NO
    assert meant("解决 了 一半", SOLVED) is Answer.PARTLY


def test_what_would_be_is_no_answer() -> None:
    assert meant("解决 了 就 满意 了", SATISFIED) is Answer.UNCLEAR
    assert meant("满意 不", SATISFIED) is Answer.UNCLEAR
    assert meant("满意 还是 不满意", SATISFIED) is Answer.UNCLEAR


def test_a_plain_yes_is_no_degree_of_satisfaction() -> None:
    for language, word in (("zh", "是 的"), ("en", "yes"), ("ko", "네")):
        assert meant(word, SATISFIED, language) is Answer.UNCLEAR  # type: ignore[arg-type]
        assert meant(word, CONTACTED, language) is Answer.YES  # type: ignore[arg-type]


@pytest.mark.parametrize("question", [*OPINIONS, Question.OFFER])
def test_wishes_go_before_answers(question: Question) -> None:
    assert meant("转 人工", question) is Answer.PERSON
    assert meant("不满意 我 要 人工", question) is Answer.PERSON
    assert meant("不要 人工", question) is not Answer.PERSON
    assert meant("以后 别 打 了", question) is Answer.OPT_OUT
    assert meant("没 时间", question) is Answer.REFUSES


@pytest.mark.parametrize("question", Question)
def test_silence_and_fillers_are_unclear(question: Question) -> None:
    for utterance in ("", "  ", "嗯", "喂", "那个"):
        assert meant(utterance, question) is Answer.UNCLEAR


def test_words_that_were_hardly_heard_are_not_taken() -> None:
    sure = understand("满意", SATISFIED, "zh")
    doubtful = understand("满意", SATISFIED, "zh", heard_confidence=0.5)
    assert sure.answer is Answer.SATISFIED
    assert doubtful.answer is Answer.UNCLEAR
    assert doubtful.confidence < LEAST
    assert "satisfied" in doubtful.reason


@given(st.text(max_size=40), st.sampled_from(Question), st.sampled_from(LANGUAGES))
def test_whatever_is_said_has_an_answer_that_fits_the_question(
    utterance: str, question: Question, language: AnswerLanguage
) -> None:
    found = understand(utterance, question, language)
    assert found.answer in ANSWERS[question]
    assert 0 <= found.confidence <= 1
    assert found.reason


@given(st.data(), st.sampled_from(OPINIONS))
def test_a_not_before_a_plain_good_answer_never_leaves_it_good(
    data: st.DataObject, question: Question
) -> None:
    words = {CONTACTED: "联系", SOLVED: "解决", SATISFIED: "满意"}
    nots = data.draw(st.sampled_from(["不", "没有", "没", "并没有", "不太", "从来没"]))
    filler = data.draw(st.sampled_from(["", "嗯", "那个", "我"]))
    answer = meant(f"{filler} {nots} {words[question]}", question)
    assert answer not in (Answer.YES, Answer.SATISFIED, Answer.VERY_SATISFIED)


def scored(language: AnswerLanguage, table: str) -> list[Scored]:
    return score(read_table(TABLES / f"{language}_{table}.txt"), language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("table", ["frozen", "tuning"])
def test_tables_are_understood_without_a_costly_mistake(
    language: AnswerLanguage, table: str
) -> None:
    rows = scored(language, table)
    assert [one for one in rows if one.costly] == []
    assert sum(one.correct for one in rows) / len(rows) > 0.97


def test_frozen_table_has_enough_mandarin_utterances() -> None:
    assert len({row.utterance for row in read_table(TABLES / "zh_frozen.txt")}) >= 500


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_recogniser_is_told_to_listen_for_more_than_the_answers(
    language: AnswerLanguage,
) -> None:
    for question in OPINIONS:
        grammar = lexicon(language).grammar(question)
        assert len(grammar) == len(set(grammar)) > 10
        assert not [phrase for phrase in grammar if "~" in phrase]
        means = {meant(phrase, question, language) for phrase in grammar}
        assert means >= {Answer.PERSON, Answer.OPT_OUT, Answer.REFUSES, Answer.UNCLEAR}
        assert len(means) > 5
