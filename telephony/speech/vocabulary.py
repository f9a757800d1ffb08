"""Phrases fitted to the words that a model knows. Pure: what it knows is a function."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

Knows = Callable[[str], bool]

_FIRST_IDEOGRAPH: Final = "\u4e00"
_LAST_IDEOGRAPH: Final = "\u9fff"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """Phrases that can be recognised, and the words for which no model word was found."""

    phrases: tuple[str, ...]
    missing: tuple[str, ...]


def fitted(phrases: Iterable[str], knows: Knows) -> Fitted:
    """Every phrase in words that the model knows.

    A Chinese word that it does not know is put together from shorter ones (不怎么样: 不
    怎么样); no other script sounds the same in pieces. A phrase with a word that cannot be is left out.
    """
    good: dict[str, None] = {}
    missing: dict[str, None] = {}
    for phrase in phrases:
        pieces = [(word, _pieces(word, knows)) for word in phrase.split()]
        missing |= {word: None for word, found in pieces if not found}
        if pieces and all(found for _, found in pieces):
            good[" ".join(" ".join(found) for _, found in pieces)] = None
    return Fitted(phrases=tuple(good), missing=tuple(missing))


def _pieces(word: str, knows: Knows) -> list[str]:
    """The word itself, or the fewest known pieces of it; [] when there are none."""
    if knows(word):
        return [word]
    if not all(_FIRST_IDEOGRAPH <= one <= _LAST_IDEOGRAPH for one in word):
        return []
    best: list[list[str] | None] = [[]]
    for end in range(1, len(word) + 1):
        ways = [
            [*found, word[start:end]]
            for start, found in enumerate(best)
            if found is not None and knows(word[start:end])
        ]
        best.append(min(ways, key=len, default=None))
    return best[-1] or []
