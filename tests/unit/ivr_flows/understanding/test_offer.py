"""Whether somebody takes up the offer of a person."""

import pytest

from ivr_flows.understanding.answers import (
    LANGUAGES,
    Answer,
    AnswerLanguage,
    Question,
)
from ivr_flows.understanding.lexicon import lexicon
from ivr_flows.understanding.meaning import understand

YES, NO, UNCLEAR = Answer.PERSON, Answer.NO, Answer.UNCLEAR


def meant(utterance: str, language: AnswerLanguage) -> Answer:
    return understand(utterance, Question.OFFER, language).answer


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("要", YES),
        ("嗯 需要", YES),
        ("好 的 谢谢", YES),
        ("那个 转 吧", YES),
        ("转 人工", YES),
        ("我 要 人工", YES),
        ("不 用 了", NO),
        ("不用 谢谢", NO),
        ("不 需要", NO),
        ("算 了", NO),
        ("不 用 转 人工", NO),
        ("不 想 转 人工", UNCLEAR),
        ("好 不 要", UNCLEAR),
        ("为 什么", UNCLEAR),
        ("谢谢", UNCLEAR),
        ("", UNCLEAR),
        ("没 时间", Answer.REFUSES),
        ("以后 别 再 打 了", Answer.OPT_OUT),
    ],
)
def test_mandarin_answers_to_an_offer(said: str, answer: Answer) -> None:
    assert meant(said, "zh") is answer


@pytest.mark.parametrize(
    ("said", "language", "answer"),
    [
        ("yes please", "en", YES),
        ("no thank you", "en", NO),
        ("yesterday", "en", UNCLEAR),
        ("an agent please", "en", YES),
        ("네", "ko", YES),
        ("상담원", "ko", YES),
        ("아니요 괜찮아요", "ko", NO),
    ],
)
def test_answers_to_an_offer_in_other_languages(
    said: str, language: AnswerLanguage, answer: Answer
) -> None:
    assert meant(said, language) is answer


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_listed_phrase_is_understood_and_listened_for(
    language: AnswerLanguage,
) -> None:
    offer = lexicon(language).file.offer
    assert {meant(each, language) for each in offer.taken} == {YES}
    assert {meant(each, language) for each in offer.declined} == {NO}
    grammar = lexicon(language).grammar(Question.OFFER)
    assert {*offer.taken, *offer.declined} <= set(grammar)
