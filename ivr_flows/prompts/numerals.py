"""Numbers as they are spoken."""

from ivr_flows.sentences import Language

_DIGITS = "零一二三四五六七八九"
_UNITS = ((1000, "千"), (100, "百"), (10, "十"))


def count(number: int, language: Language) -> str:
    """A count of people or things: 2 -> 两, 12 -> 十二 (up to 9999; digits in English)."""
    if language == "en" or not 0 <= number <= 9999:
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
    """A number that is read digit by digit, as telephone numbers are (1 is 幺)."""
    if language == "en":
        return " ".join(digits)
    return "".join("幺" if d == "1" else _DIGITS[int(d)] for d in digits)
