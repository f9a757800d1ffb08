"""A table of utterances with their right answers, and how many of them are understood."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ivr_flows.understanding.answers import (
    ANSWERS,
    OPINIONS,
    SOON,
    Answer,
    AnswerLanguage,
    Question,
    Understood,
)
from ivr_flows.understanding.meaning import understand

HEADING: Final = "=="
ANY: Final = "any"
PLEASED: Final = (Answer.VERY_SATISFIED, Answer.SATISFIED, Answer.NEUTRAL)
DISPLEASED: Final = (Answer.DISSATISFIED, Answer.VERY_DISSATISFIED)


class TableFault(Exception):
    """The table cannot be read; the message names the line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One utterance. `kind` says what is hard about it (negation, contrast ...)."""

    question: Question
    utterance: str
    right: Answer
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """A row and what was understood."""

    row: Row
    understood: Understood

    @property
    def correct(self) -> bool:
        """Whether it is the right answer."""
        return self.understood.answer is self.row.right

    @property
    def costly(self) -> bool:
        """A bad answer taken for a good one: it would beautify the published rate, or
        somebody would be counted on who does not come."""
        taken = self.understood.answer
        if self.row.right in DISPLEASED:
            return taken in PLEASED
        good = taken is Answer.YES or taken in SOON.values()
        return self.row.right in (Answer.NO, Answer.PARTLY) and good

    @property
    def wrong(self) -> bool:
        """Another answer was taken; one that is asked again is not wrong."""
        return not self.correct and self.understood.answer is not Answer.UNCLEAR


def read_table(file: Path) -> list[Row]:
    """The rows below headings '== question: answer (kind)'; `TableFault`."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise TableFault(f"{file} cannot be read: {error}") from error
    return [row for rows in _sections(file, lines) for row in rows]


def _sections(file: Path, lines: Sequence[str]) -> Iterator[list[Row]]:
    heading: tuple[tuple[Question, ...], Answer, str] | None = None
    for number, line in enumerate(map(str.strip, lines), 1):
        if not line or line.startswith("#"):
            continue
        if line.startswith(HEADING):
            heading = _heading(line, f"{file}:{number}")
        elif heading is None:
            raise TableFault(f"{file}:{number}: a heading must come first")
        else:
            questions, right, kind = heading
            yield [
                Row(question=one, utterance=line, right=right, kind=kind)
                for one in questions
            ]


def _heading(line: str, place: str) -> tuple[tuple[Question, ...], Answer, str]:
    asked, _, rest = line.removeprefix(HEADING).partition(":")
    answer, _, kind = rest.partition("(")
    try:
        chosen = asked.strip()
        questions = OPINIONS if chosen == ANY else (Question(chosen),)
        right = Answer(answer.strip())
    except ValueError as error:
        raise TableFault(f"{place}: {error}") from None
    if wrong := [one for one in questions if right not in ANSWERS[one]]:
        raise TableFault(f"{place}: {wrong[0]} cannot be answered with {right}")
    return questions, right, kind.strip(" )") or "plain"


def score(rows: Sequence[Row], language: AnswerLanguage) -> list[Scored]:
    """Understand each row."""
    return [
        Scored(row=row, understood=understand(row.utterance, row.question, language))
        for row in rows
    ]


def confusion(scored: Sequence[Scored]) -> Counter[tuple[Answer, Answer]]:
    """How often the first (right) was taken for the second."""
    return Counter((one.row.right, one.understood.answer) for one in scored)
