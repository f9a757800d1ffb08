"""The words of a language by what they do in a sentence, read from its data file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from ivr_flows.understanding.answers import (
    OPINIONS,
    SOON,
    AnswerLanguage,
    Question,
)

FOLDER: Final = Path(__file__).parent
ANY_ENDING: Final = "~"
UNKNOWN_WORD: Final = "[unk]"
"""What a recogniser writes for a word that it was not listening for."""


class Role(StrEnum):
    """What a word does in a sentence."""

    NOT = "not"
    STRONG_NOT = "strong_not"
    NOT_AFTER = "not_after"
    STRONG = "strong"
    STRONG_AFTER = "strong_after"
    BARELY = "barely"
    ALL = "all"
    PARTLY = "partly"
    SOME = "some"
    BUT = "but"
    NOW = "now"
    SAID = "said"
    TELLS = "tells"
    THEY = "they"
    LATER = "later"
    IS = "is"
    OR = "or"
    THEN = "then"
    IF = "if"
    OTHER = "other"
    DOUBT = "doubt"
    HEDGE = "hedge"
    ASK = "ask"
    YES = "agreement"
    NO = "denial"
    HAVE = "have"
    CONTACTED = "contacted"
    UNCONTACTED = "uncontacted"
    SOLVED = "solved"
    UNSOLVED = "unsolved"
    SATISFIED = "satisfied"
    DISSATISFIED = "dissatisfied"
    GOOD = "good"
    BAD = "bad"
    NEUTRAL = "neutral"
    EXCELLENT = "excellent"
    TERRIBLE = "terrible"
    PERSON = "person"
    STOP = "stop"
    CALL = "call"
    OPT_OUT = "opt_out"
    REFUSES = "refuses"
    FILLER = "filler"


OWN_WORDS: Final = {
    Question.CONTACTED: (Role.CONTACTED, Role.UNCONTACTED, Role.HAVE),
    Question.SOLVED: (Role.SOLVED, Role.UNSOLVED, Role.PARTLY, Role.SOME),
    Question.SATISFIED: (
        Role.SATISFIED,
        Role.DISSATISFIED,
        Role.GOOD,
        Role.BAD,
        Role.NEUTRAL,
        Role.EXCELLENT,
        Role.TERRIBLE,
    ),
}
"""Words that belong to one question; a recogniser need not expect them after another."""


class Offer(BaseModel):
    """What is said to an offer; words apart, as a recogniser writes them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    taken: tuple[str, ...] = Field(min_length=1)
    declined: tuple[str, ...] = Field(min_length=1)


class Recall(BaseModel):
    """What is said by somebody who is asked to come, words apart; `~` is any ending.

    A bare `agrees` gives way to `stays`, as in "yes, I cannot come". `minutes` are those
    of `SOON`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    agrees: tuple[str, ...] = Field(min_length=1)
    comes: tuple[str, ...] = Field(min_length=1)
    denies: tuple[str, ...] = Field(min_length=1)
    stays: tuple[str, ...] = Field(min_length=1)
    doubts: tuple[str, ...] = Field(min_length=1)
    between: tuple[str, ...] = ()
    minutes: dict[int, tuple[str, ...]]

    @model_validator(mode="after")
    def _every_time_is_an_answer(self) -> Self:
        if wrong := [n for n in self.minutes if n not in SOON]:
            raise ValueError(f"{wrong[0]} minutes are no answer; known: {list(SOON)}")
        return self

    def said(self) -> Iterator[str]:
        """What a recogniser should listen for: entries for any ending are left out."""
        times = [phrase for phrases in self.minutes.values() for phrase in phrases]
        for entry in (
            *self.agrees,
            *self.comes,
            *self.denies,
            *self.stays,
            *self.doubts,
            *times,
        ):
            if not entry.endswith(ANY_ENDING):
                yield entry


class WordsFile(BaseModel):
    """A language's file. `joined`: words are found in the characters, not by spaces.

    `negation` says where a "not" stands: before what it negates, or anywhere in the clause.
    `grammar` says whether a recogniser listens for the single words beside the phrases.
    `misheard_negations` that it may take a negated predicate for the bare one.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    joined: bool
    negation: Literal["before", "clause"]
    grammar: Literal["words", "phrases"]
    misheard_negations: bool = False
    words: dict[Role, tuple[str, ...]] = Field(min_length=1)
    offer: Offer
    recall: Recall
    phrases: dict[Question | Literal["any"], tuple[str, ...]]

    @model_validator(mode="after")
    def _every_question_has_phrases(self) -> Self:
        if missing := [
            one for one in (*OPINIONS, Question.COMES, "any") if one not in self.phrases
        ]:
            raise ValueError(f"phrases for {', '.join(missing)} are missing")
        return self


class WordsFault(Exception):
    """A file of words cannot be used; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A piece of an utterance; without roles it is a word that nobody knows."""

    text: str
    roles: frozenset[Role] = frozenset()

    def has(self, *roles: Role) -> bool:
        """Whether it does one of these."""
        return not self.roles.isdisjoint(roles)


class Lexicon:
    """Finds the words of a language in an utterance, the longest first."""

    def __init__(self, file: WordsFile) -> None:
        self.file = file
        self._exact: dict[str, frozenset[Role]] = {}
        self._begins: dict[str, frozenset[Role]] = {}
        for role, words in file.words.items():
            for word in words:
                self._enter(word, role)
        keys = [*self._exact, *self._begins]
        longest = max(len(key if file.joined else key.split()) for key in keys)
        self._most = longest

    def _enter(self, word: str, role: Role) -> None:
        table = self._begins if word.endswith(ANY_ENDING) else self._exact
        key = word.removesuffix(ANY_ENDING)
        table[key] = table.get(key, frozenset()) | {role}

    def tokens(self, utterance: str) -> list[Token]:
        """The utterance in pieces, in its order."""
        parts = utterance.casefold().split()
        pieces = list(_characters(parts)) if self.file.joined else parts
        glue = "" if self.file.joined else " "
        found, at = [], 0
        while at < len(pieces):
            token, length = self._longest(pieces[at : at + self._most], glue)
            found.append(token)
            at += length
        return found

    def _longest(self, pieces: list[str], glue: str) -> tuple[Token, int]:
        for length in range(len(pieces), 0, -1):
            text = glue.join(pieces[:length])
            if roles := self._exact.get(text) or self._beginning(text):
                return Token(text=text, roles=roles), length
        return Token(text=pieces[0]), 1

    def _beginning(self, text: str) -> frozenset[Role]:
        """By its longest known beginning; the last word alone may have an ending."""
        shortest = text.rfind(" ") + 2
        for length in range(len(text), shortest - 1, -1):
            if roles := self._begins.get(text[:length]):
                return roles
        return frozenset()

    def grammar(self, question: Question) -> list[str]:
        """What a recogniser should listen for after a question: phrases, then words.

        Entries for every ending are no whole words; phrases have their usual forms.
        """
        phrases, offer = self.file.phrases, self.file.offer
        if question is Question.OFFER:
            said = (*offer.taken, *offer.declined, *phrases["any"])
            return list(dict.fromkeys(said))
        if question is Question.OPT_OUT:
            plain = self._exactly(Role.YES, Role.NO)
            return list(dict.fromkeys([*plain, *phrases["any"]]))
        asked = (*phrases[question], *phrases["any"])
        return list(dict.fromkeys([*asked, *self._single_words(question)]))

    def _single_words(self, question: Question) -> list[str]:
        if self.file.grammar == "phrases":
            return []
        if question is Question.COMES:
            return list(self.file.recall.said())
        others = [roles for one, roles in OWN_WORDS.items() if one is not question]
        left_out = {role for roles in others for role in roles}
        return self._exactly(*(role for role in Role if role not in left_out))

    def _exactly(self, *roles: Role) -> list[str]:
        """The words that do one of these, in the file's order."""
        return [
            word
            for role, entries in self.file.words.items()
            if role in roles
            for word in entries
            if not word.endswith(ANY_ENDING)
        ]


def _characters(parts: Sequence[str]) -> Iterator[str]:
    """Of the words that are known; one that is not stays whole."""
    for part in parts:
        yield from (part,) if part == UNKNOWN_WORD else part


@cache
def lexicon(language: AnswerLanguage) -> Lexicon:
    """The words of a language; `WordsFault` names the file when it is no good."""
    file = FOLDER / f"{language}.yaml"
    try:
        content: Any = yaml.safe_load(file.read_text(encoding="utf-8"))
        return Lexicon(WordsFile.model_validate(content))
    except (OSError, yaml.YAMLError, ValidationError) as error:
        raise WordsFault(f"{file} cannot be used: {error}") from error
