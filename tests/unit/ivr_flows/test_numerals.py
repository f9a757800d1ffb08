"""Numbers as people say them."""

import pytest

from ivr_flows.prompts.numerals import as_spoken, count, digit_by_digit


@pytest.mark.parametrize(
    ("number", "spoken"),
    [
        (0, "零"), (1, "一"), (2, "两"), (9, "九"), (10, "十"), (12, "十二"), (20, "二十"),
        (22, "二十二"), (99, "九十九"), (100, "一百"), (101, "一百零一"), (110, "一百一十"),
        (119, "一百一十九"), (1000, "一千"), (1001, "一千零一"), (1010, "一千零一十"),
        (1100, "一千一百"), (9999, "九千九百九十九"), (10000, "10000"), (-1, "-1"),
    ],
)  # fmt: skip
def test_count_in_mandarin(number: int, spoken: str) -> None:
    assert count(number, "zh") == spoken


def test_count_in_english_is_left_to_the_voice() -> None:
    assert count(12, "en") == "12"


def test_digits_are_read_one_by_one() -> None:
    assert digit_by_digit("110", "zh") == "幺幺零"
    assert digit_by_digit("12345", "zh") == "一二三四五"
    assert digit_by_digit("110", "en") == "1 1 0"


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("请按1", "请按一"),
        ("还有12位", "还有十二位"),
        ("拨打110或12345", "拨打幺幺零或一二三四五"),
        ("区号05", "区号零五"),
        ("您好", "您好"),
    ],
)
def test_digits_in_a_text_become_words(text: str, spoken: str) -> None:
    assert as_spoken(text, "zh") == spoken


def test_english_text_keeps_small_numbers() -> None:
    assert as_spoken("Press 1 or call 12345", "en") == "Press 1 or call 1 2 3 4 5"
