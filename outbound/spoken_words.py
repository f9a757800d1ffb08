"""What citizens said, as it may be shown: telephone and identity numbers are masked."""

import re
from typing import Final

_DIGIT: Final = "[0-9０-９〇零一二两三四五六七八九幺]"
_NUMBER: Final = re.compile(rf"{_DIGIT}(?:[ -]?{_DIGIT}){{5,}}[xX]?")
"""Six digits or more in a row, also as they are recognised: words apart."""


def masked_words(said: str) -> str:
    """The words with every long number in them as `****`."""
    return _NUMBER.sub("****", said)
