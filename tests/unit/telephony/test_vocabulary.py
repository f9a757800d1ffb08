"""Phrases fitted to the words of a model."""

from telephony.speech.vocabulary import Fitted, fitted

KNOWN = {"不", "怎么样", "怎么", "样", "满意", "不太", "yes"}


def test_phrases_of_known_words_stay_as_they_are() -> None:
    assert fitted(["不太 满意", "yes"], KNOWN.__contains__) == Fitted(
        phrases=("不太 满意", "yes"), missing=()
    )


def test_unknown_chinese_word_is_put_together_from_the_fewest_pieces() -> None:
    assert fitted(["不怎么样"], KNOWN.__contains__).phrases == ("不 怎么样",)


def test_word_that_cannot_be_had_is_named_and_its_phrases_are_left_out() -> None:
    found = fitted(["不太 好", "满意", "好"], KNOWN.__contains__)
    assert found == Fitted(phrases=("满意",), missing=("好",))


def test_other_scripts_are_not_taken_apart() -> None:
    known = {"yes", "y", "e", "s", "만", "족"}
    found = fitted(["yess", "만족"], known.__contains__)
    assert found == Fitted(phrases=(), missing=("yess", "만족"))


def test_the_same_phrase_is_listened_for_once() -> None:
    found = fitted(["不怎么样", "不 怎么样", ""], KNOWN.__contains__)
    assert found.phrases == ("不 怎么样",)
