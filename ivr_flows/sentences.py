"""What is said: a key of the prompt catalogue or literal text, for one or all languages."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, get_args

from pydantic import BeforeValidator

from ivr_flows.told import Unfit, told

Language = Literal["zh", "en", "ko"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
NEEDED: tuple[Language, ...] = ("zh", "en")
"""Every sentence must be there in these; in the others where it is."""
_EVERY = "*"
_KEY = re.compile(r"[a-z][a-z0-9_]*")


def is_key(words: str) -> bool:
    """Whether the words are a key of the catalogue and not text to be said."""
    return _KEY.fullmatch(words) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One sentence to say now: its key or text, the language, values for its {names}."""

    words: str
    language: Language
    values: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Wording:
    """A sentence as a flow writes it: one word for all languages, or one for some."""

    by_language: Mapping[str, str]

    def in_language(self, language: Language) -> tuple[str, Language]:
        """The words in this language, or the only ones there are with their own."""
        if words := self.by_language.get(language, self.by_language.get(_EVERY)):
            return words, language
        other = next(name for name in LANGUAGES if name in self.by_language)
        return self.by_language[other], other

    def versions(self) -> Sequence[tuple[str, Language]]:
        """All words that can be said, each with its language."""
        return list(dict.fromkeys(self.in_language(name) for name in LANGUAGES))


def _speech(value: object) -> tuple[Wording, ...]:
    items = value if isinstance(value, (list, tuple)) else [value]
    if not items:
        raise Unfit(told("write at least one sentence"))
    return tuple(_wording(item) for item in items)


def _wording(item: Any) -> Wording:
    if isinstance(item, Wording):
        return item
    if isinstance(item, Mapping):
        return Wording(_by_language(item))
    return Wording({_EVERY: _words(item)})


def _by_language(item: Mapping[Any, Any]) -> dict[str, str]:
    for language in item:
        if language not in LANGUAGES:
            known = ", ".join(LANGUAGES)
            raise Unfit(
                told(
                    "%(language)s is no language here; known: %(known)s",
                    language=repr(language),
                    known=known,
                )
            )
    if not item:
        raise Unfit(told("write the sentence in at least one language"))
    return {language: _words(words) for language, words in item.items()}


def _words(item: object) -> str:
    if (
        isinstance(item, (str, int))
        and not isinstance(item, bool)
        and str(item).strip()
    ):
        return str(item).strip()
    raise Unfit(told("a sentence is a key of the prompts or text, like: greeting"))


Speech = Annotated[tuple[Wording, ...], BeforeValidator(_speech)]
