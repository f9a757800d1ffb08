"""What pages say, in the reader's language: English sentences are the messages' ids."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from babel.messages.catalog import Message
from babel.messages.pofile import read_po

LOCALE = Path(__file__).parents[1] / "locale"
FOLDERS = {"zh": "zh_CN"}
"""English needs no catalogue."""


class CatalogueError(Exception):
    """Two catalogues translate one sentence in two ways."""


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """The translations of a language, of all its files."""
    if language not in FOLDERS:
        return {}
    found: dict[str, str] = {}
    for file in sorted((LOCALE / FOLDERS[language]).glob("*.po")):
        for sentence, words in _read(file).items():
            if found.setdefault(sentence, words) != words:
                raise CatalogueError(f"{file}: {sentence!r} is translated otherwise")
    return found


def _read(file: Path) -> dict[str, str]:
    with file.open("rb") as opened:
        messages = read_po(opened, abort_invalid=True)
    return dict(_words(m) for m in messages if m.id and m.string)


def _words(message: Message) -> tuple[str, str]:
    """A sentence and its translation; of a plural, the form for many."""
    sentence, words = message.id, message.string
    one = sentence if isinstance(sentence, str) else sentence[-1]
    return one, words if isinstance(words, str) else words[-1] if words else ""


def translate(language: str, sentence: str) -> str:
    """The sentence in a language; itself where nothing better is known."""
    return catalogue(language).get(sentence, sentence)


def translate_many(language: str, one: str, many: str, n: int) -> str:
    """The same with a number; Chinese has one form, kept under the plural."""
    if language in FOLDERS:
        return translate(language, many)
    return one if n == 1 else many
