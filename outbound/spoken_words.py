"""What citizens said, as it may be shown: telephone and identity numbers are masked."""

import re
from typing import Final

_ENGLISH: Final = r"\b(?:zero|oh|one|two|three|four|five|six|seven|eight|nine)\b"
_DIGIT: Final = (
    rf"(?:[0-9０-９〇零一二两三四五六七八九幺공영일이삼사오육륙칠팔구]|{_ENGLISH})"
)
_NUMBER: Final = re.compile(
    rf"{_DIGIT}(?:[\s,.，。、·-]{{0,2}}{_DIGIT}){{5,}}[xX]?", re.IGNORECASE
)
"""Six digits or more in a row, also as they are recognised: words apart."""


def masked_words(said: str) -> str:
    """The words with every long number in them as `****`."""
    return _NUMBER.sub("****", said)
