"""Phrases that tell who speaks on a line, found in what a recogniser wrote."""

import pytest

from ivr_flows.understanding.answers import LANGUAGES, AnswerLanguage
from ivr_flows.understanding.on_the_line import found_in, words_on_the_line


@pytest.mark.parametrize("language", LANGUAGES)
def test_recogniser_listens_for_every_phrase_that_tells(
    language: AnswerLanguage,
) -> None:
    words = words_on_the_line(language)
    told = {*words.network, *words.machine, *words.human, *words.hello}
    assert told <= set(words.grammar())


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_phrase_tells_two_things(language: AnswerLanguage) -> None:
    words = words_on_the_line(language)
    told = [*words.network, *words.machine, *words.human, *words.hello]
    joined = [one.replace(" ", "") for one in told]
    assert len(set(joined)) == len(joined)


def test_phrase_is_found_however_it_is_split() -> None:
    for words in (["无法", "接通"], ["无法接通"], ["暂时无法", "接", "通"]):
        assert list(found_in(["无法 接通"], words)) == ["无法 接通"]


def test_phrase_counts_when_each_of_its_words_is_sure() -> None:
    words = ["네", "메시지를", "남겨"]
    assert list(found_in(["메시지를 남겨"], words, [0.2, 0.9, 0.9]))
    assert not list(found_in(["메시지를 남겨"], words, [0.9, 0.9, 0.7]))
