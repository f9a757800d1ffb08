"""Whether somebody who is recalled says that he comes, and how soon."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr_flows.understanding.answers import (
    ANSWERS,
    LANGUAGES,
    SOON,
    Answer,
    AnswerLanguage,
    Question,
)
from ivr_flows.understanding.lexicon import lexicon
from ivr_flows.understanding.meaning import understand
from ivr_flows.understanding.table import read_table, score

TABLES = Path(__file__).parents[3] / "data" / "answers"


def meant(utterance: str, language: AnswerLanguage = "zh") -> Answer:
    return understand(utterance, Question.COMES, language).answer


@pytest.mark.parametrize("language", LANGUAGES)
def test_frozen_table_is_understood_and_nobody_is_counted_on_in_vain(
    language: AnswerLanguage,
) -> None:
    rows = score(read_table(TABLES / f"{language}_comes_frozen.txt"), language)
    assert [one for one in rows if one.costly] == []
    assert sum(one.correct for one in rows) / len(rows) > 0.97


def test_frozen_tables_have_enough_utterances() -> None:
    sizes = [len(read_table(TABLES / f"{one}_comes_frozen.txt")) for one in LANGUAGES]
    assert min(sizes) >= 50
    assert sum(sizes) >= 200


@pytest.mark.parametrize(
    ("utterance", "language", "answer"),
    [
        ("好 的 但是 来 不了", "zh", Answer.NO),
        ("네 못 가요", "ko", Answer.NO),
        ("yes i cannot come", "en", Answer.NO),
        ("能 来 但是 要 一个 小时", "zh", Answer.IN_60),
        ("갈게요 한 시간 반", "ko", Answer.IN_90),
        ("okay i can be there in half an hour", "en", Answer.IN_30),
    ],
)
def test_what_is_said_after_a_yes_counts(
    utterance: str, language: AnswerLanguage, answer: Answer
) -> None:
    assert meant(utterance, language) is answer


@pytest.mark.parametrize(
    ("utterance", "language"),
    [
        ("来 不了 二十 分钟", "zh"),
        ("不 我 能 来", "zh"),
        ("十 分钟 二十 分钟", "zh"),
        ("明天 才 能 来", "zh"),
        ("来得及 的话 来", "zh"),
        ("天气 真 好", "zh"),
        ("转 人工", "zh"),
        ("no i can come", "en"),
        ("내일은 갈 수 있어요", "ko"),
        ("", "ko"),
    ],
)
def test_what_is_doubtful_is_asked_again(
    utterance: str, language: AnswerLanguage
) -> None:
    assert meant(utterance, language) is Answer.UNCLEAR


def test_words_that_were_hardly_heard_are_not_taken() -> None:
    heard = understand("能 来", Question.COMES, "zh", heard_confidence=0.5)
    assert heard.answer is Answer.UNCLEAR


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_time_can_be_promised_and_is_listened_for(
    language: AnswerLanguage,
) -> None:
    times = lexicon(language).file.recall.minutes
    assert set(times) == set(SOON)
    for minutes, entries in times.items():
        assert {meant(entry, language) for entry in entries} == {SOON[minutes]}
    heard = {
        meant(phrase, language) for phrase in lexicon(language).grammar(Question.COMES)
    }
    assert heard >= {Answer.YES, Answer.NO, Answer.UNCLEAR, Answer.IN_20, Answer.IN_30}


_ENTRIES = [
    (language, entry)
    for language in LANGUAGES
    for entry in lexicon(language).grammar(Question.COMES)
]


@given(st.lists(st.sampled_from(_ENTRIES), min_size=1, max_size=5))
def test_no_refusal_among_other_words_ever_comes(
    said: list[tuple[AnswerLanguage, str]],
) -> None:
    language = said[0][0]
    words = [entry for spoken, entry in said if spoken == language]
    found = meant(" ".join(words), language)
    assert found in ANSWERS[Question.COMES]
    if not lexicon(language).file.joined and any(
        meant(word, language) is Answer.NO for word in words
    ):
        assert found in (Answer.NO, Answer.UNCLEAR)
