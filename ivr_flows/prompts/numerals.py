"""Numbers as they are spoken."""

import re

from ivr_flows.sentences import Language

_DIGITS = "零一二三四五六七八九"
_UNITS = ((1000, "千"), (100, "百"), (10, "十"))
_HOTLINE = "12345"


def count(number: int, language: Language) -> str:
    """A count of people or things: 2 -> 两, 12 -> 十二 (up to 9999; digits in other languages)."""
    if language != "zh" or not 0 <= number <= 9999:
        return str(number)
    return "两" if number == 2 else _mandarin(number)


def _mandarin(number: int) -> str:
    if number < 10:
        return _DIGITS[number]
    spoken, gap = "", False
    for unit, name in _UNITS:
        digit, number = divmod(number, unit)
        if digit:
            spoken += ("零" if gap else "") + _DIGITS[digit] + name
        gap = bool(spoken) and not digit
    spoken += ("零" if gap else "") + _DIGITS[number] if number else ""
    return spoken.removeprefix("一") if spoken.startswith("一十") else spoken


def digit_by_digit(digits: str, language: Language) -> str:
    """Digits one by one, as telephone numbers are read: 1 is 幺, but 12345 is 一二三四五."""
    if language != "zh":
        return " ".join(digits)
    one = "一" if digits == _HOTLINE else "幺"
    return "".join(one if d == "1" else _DIGITS[int(d)] for d in digits)


def as_spoken(text: str, language: Language) -> str:
    """The text with its digits in words: three and more one by one, fewer as a number."""
    return re.sub(r"[0-9]+", lambda run: _run(run.group(), language), text)


def _run(digits: str, language: Language) -> str:
    if len(digits) > 2 or digits.startswith("0"):
        return digit_by_digit(digits, language)
    return digits if language != "zh" else _mandarin(int(digits))
