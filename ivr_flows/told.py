"""Sentences with their values beside them, so that pages can say them in other languages."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Told:
    """An English sentence, with `%(name)s` in it for each of its values."""

    sentence: str
    values: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        """In English."""
        return self.said(str)

    def said(self, say: Callable[[str], str]) -> str:
        """The same as `say` puts the sentence."""
        sentence = say(self.sentence)
        return sentence % dict(self.values) if self.values else sentence

    def of(self, **values: object) -> "Told":
        """The same sentence about these."""
        return Told(
            self.sentence, tuple((name, str(value)) for name, value in values.items())
        )


def told(sentence: str, **values: object) -> Told:
    """A sentence, which the catalogues of the pages translate, with its values."""
    return Told(sentence).of(**values)


class Unfit(ValueError):
    """A value that no flow may have; pydantic keeps it for the finding."""

    def __init__(self, words: Told) -> None:
        super().__init__(str(words))
        self.words = words
