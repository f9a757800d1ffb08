"""Whether somebody who is asked to come says that he does, and in how many minutes.

By its own lists of words, the longest first. Doubt, a question, or a yes beside a no is
asked again: nobody is counted on who did not promise.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Final

from ivr_flows.understanding.answers import SOON, Answer, Understood
from ivr_flows.understanding.lexicon import ANY_ENDING, Lexicon, Recall, Role

SURE: Final = 0.95
KNOWN_SHARE: Final = 0.6
"""So much of what was said must be known words."""


class Kind(StrEnum):
    """What a piece of the answer tells."""

    AGREES = "agrees"
    COMES = "comes"
    DENIES = "denies"
    STAYS = "stays"
    DOUBTS = "doubts"
    TIME = "time"
    NOTHING = "nothing"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Some words, with the minutes that they name."""

    text: str
    kind: Kind
    minutes: int = 0


PLAIN: Final = frozenset((Kind.COMES, Kind.STAYS, Kind.TIME))
"""These tell something of themselves; yes and no can be said to anything."""


def comes_or_not(utterance: str, words: Lexicon) -> Understood:
    """`YES`, `NO`, one of `SOON`, or `UNCLEAR` with the reason."""
    pieces = list(_pieces(utterance, words))
    if doubt := next((p.text for p in pieces if p.kind is Kind.DOUBTS), None):
        return _unclear(f"doubts or asks ({doubt})")
    whole = sum(len(piece.text) for piece in pieces)
    known = sum(len(p.text) for p in pieces if p.kind is not Kind.UNKNOWN)
    if known < KNOWN_SHARE * whole:
        return _unclear("most of it is about something else")
    found = _answer({p.kind for p in pieces}, {p.minutes for p in pieces} - {0})
    bare = not any(p.kind in PLAIN for p in pieces)
    if bare and known < whole:
        return _unclear("agrees to something else")
    return found


def _answer(kinds: set[Kind], minutes: set[int]) -> Understood:
    comes, stays = Kind.COMES in kinds, Kind.STAYS in kinds
    yes, no = comes or Kind.AGREES in kinds, stays or Kind.DENIES in kinds
    if (comes and no) or (minutes and no) or (yes and no and not stays):
        return _unclear("says one thing and its opposite")
    if len(minutes) > 1:
        return _unclear("names two times")
    if no:
        return _clear(Answer.NO, "does not come")
    if minutes:
        return _clear(SOON[minutes.pop()], "says how soon")
    return _clear(Answer.YES, "comes") if yes else _unclear("no word that answers")


def _pieces(utterance: str, words: Lexicon) -> Iterator[Piece]:
    joined = words.file.joined
    parts = utterance.casefold().split()
    left = list("".join(parts)) if joined else parts
    while left:
        piece, length = _first(left, words)
        yield piece
        left = left[length:]


def _first(left: list[str], words: Lexicon) -> tuple[Piece, int]:
    """The longest known piece at the beginning, and its parts."""
    table, glue = _table(words), "" if words.file.joined else " "
    for length in range(min(len(left), table.most), 0, -1):
        text = glue.join(left[:length])
        if piece := table.piece(text):
            return piece, length
    return Piece(text=left[0], kind=Kind.UNKNOWN), 1


@dataclass(frozen=True, slots=True, kw_only=True)
class _Table:
    """All entries of a language as they stand in an utterance."""

    exact: dict[str, Piece]
    begins: dict[str, Piece]
    most: int

    def piece(self, text: str) -> Piece | None:
        """By the whole text, or the longest known beginning of its last word."""
        if found := self.exact.get(text):
            return found
        shortest = text.rfind(" ") + 2
        for length in range(len(text), shortest - 1, -1):
            if found := self.begins.get(text[:length]):
                return Piece(text=text, kind=found.kind, minutes=found.minutes)
        return None


@cache
def _table(words: Lexicon) -> _Table:
    joined = words.file.joined
    exact: dict[str, Piece] = {}
    begins: dict[str, Piece] = {}
    for entry, kind, minutes in _entries(words):
        text = "".join(entry.split()) if joined else entry
        table = begins if text.endswith(ANY_ENDING) else exact
        text = text.removesuffix(ANY_ENDING)
        table[text] = Piece(text=text, kind=kind, minutes=minutes)
    keys = (*exact, *begins)
    most = max(len(key if joined else key.split()) for key in keys)
    return _Table(exact=exact, begins=begins, most=most)


def _entries(words: Lexicon) -> Iterator[tuple[str, Kind, int]]:
    recall: Recall = words.file.recall
    for entry in (*words.file.words.get(Role.FILLER, ()), *recall.between):
        yield entry, Kind.NOTHING, 0
    for minutes, entries in recall.minutes.items():
        for entry in entries:
            yield entry, Kind.TIME, minutes
    for kind, entries in (
        (Kind.AGREES, recall.agrees),
        (Kind.COMES, recall.comes),
        (Kind.DENIES, recall.denies),
        (Kind.STAYS, recall.stays),
        (Kind.DOUBTS, recall.doubts),
    ):
        for entry in entries:
            yield entry, kind, 0


def _clear(answer: Answer, reason: str) -> Understood:
    return Understood(answer=answer, confidence=SURE, reason=reason)


def _unclear(reason: str) -> Understood:
    return Understood(answer=Answer.UNCLEAR, confidence=0.0, reason=reason)
