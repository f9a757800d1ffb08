"""Strict CSV: a line that is not understood is refused with its number and the reason."""

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Generic, TypeVar

from acd.queue_rules import Levels

T = TypeVar("T")
Line = Mapping[str, str]

_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}(?:\.\d+)?))?")
_LEVEL = re.compile(r"([a-z0-9_-]+)(?:=(\d+))?")
_LAST_HOUR = 47


class TableRefused(Exception):
    """The file as a whole cannot be used; the text says what to mend."""

    error_id = "table_refused"


class LineFault(Exception):
    """What is wrong with a line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedLine:
    """A line, counted from 1 with the header, and why it is refused."""

    number: int
    reason: str

    def __str__(self) -> str:
        return f"line {self.number}: {self.reason}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table(Generic[T]):
    """What the good lines say, in order, and the lines that were refused."""

    rows: tuple[T, ...]
    refused: tuple[RefusedLine, ...] = ()


def read_table(
    text: str,
    understand: Callable[[Line], T],
    *,
    needed: Sequence[str],
    known: Sequence[str],
) -> Table[T]:
    """Read a CSV with a header line. Raises `TableRefused` when the header is wrong."""
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff")))
    header = [name.strip() for name in next(reader, [])]
    _check_header(header, needed, known)
    rows: list[T] = []
    refused: list[RefusedLine] = []
    for number, fields in _filled(reader):
        try:
            rows.append(understand(_line(header, fields)))
        except LineFault as fault:
            refused.append(RefusedLine(number=number, reason=str(fault)))
    return Table(rows=tuple(rows), refused=tuple(refused))


def _filled(reader: Any) -> Iterator[tuple[int, list[str]]]:
    """The lines that say anything, with the number of the line in which each ends."""
    try:
        for fields in reader:
            if any(field.strip() for field in fields):
                yield reader.line_num, fields
    except csv.Error as fault:
        raise TableRefused(f"line {reader.line_num}: {fault}") from fault


def _check_header(
    header: Sequence[str], needed: Sequence[str], known: Sequence[str]
) -> None:
    if not header:
        raise TableRefused("there is nothing in it; the first line names the columns")
    for name in header:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            hint = (
                f"did you mean {near[0]!r}?" if near else f"known: {', '.join(known)}"
            )
            raise TableRefused(f"line 1: there is no column {name!r}; {hint}")
        if header.count(name) > 1:
            raise TableRefused(f"line 1: the column {name!r} stands there twice")
    if missing := [name for name in needed if name not in header]:
        raise TableRefused(
            f"line 1: the first line names the columns, {', '.join(missing)} is missing"
        )


def _line(header: Sequence[str], fields: Sequence[str]) -> Line:
    if len(fields) != len(header):
        raise LineFault(f"{len(fields)} fields, but the first line has {len(header)}")
    return dict(zip(header, (field.strip() for field in fields), strict=True))


def clock_seconds(text: str) -> float:
    """Seconds since midnight from 08:30, 08:30:15 or 08:30:15.5; up to 47:59:59."""
    found = _CLOCK.fullmatch(text)
    hours, minutes, seconds = found.groups(default="0") if found else ("", "", "")
    if (
        not found
        or int(hours) > _LAST_HOUR
        or int(minutes) > 59
        or float(seconds) >= 60
    ):
        raise LineFault(f"{text!r} is no time of day; write one like 08:30:15")
    return int(hours) * 3600 + int(minutes) * 60 + float(seconds)


def number_of(line: Line, column: str, *, least: float, most: float) -> float | None:
    """The number in a column, None when it is empty or not there."""
    text = line.get(column, "")
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        raise LineFault(f"{column}: {text!r} is no number") from None
    if not least <= value <= most:
        raise LineFault(f"{column}: {text} is not from {least:g} to {most:g}")
    return value


def count_of(line: Line, column: str, *, least: int, most: int) -> int | None:
    """The whole number in a column, None when it is empty or not there."""
    value = number_of(line, column, least=least, most=most)
    if value is not None and value != int(value):
        raise LineFault(f"{column}: {line[column]} is no whole number")
    return None if value is None else int(value)


def levels_of(line: Line, column: str) -> Levels:
    """Skills like `tax=3;english`, sorted; a skill without a level has level 1."""
    return tuple(sorted(_level(part) for part in words_of(line, column)))


def _level(text: str) -> tuple[str, int]:
    found = _LEVEL.fullmatch(text)
    if not found:
        raise LineFault(f"{text!r} is no skill; write one like tax=3")
    return found[1], int(found[2] or 1)


def words_of(line: Line, column: str) -> tuple[str, ...]:
    """What stands between semicolons."""
    parts = (part.strip() for part in line.get(column, "").split(";"))
    return tuple(part for part in parts if part)


def known_name(name: str, known: Sequence[str], what: str) -> str:
    """The name, which must be one of those."""
    if name in known:
        return name
    near = get_close_matches(name, known, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(known)}"
    raise LineFault(f"there is no {what} {name!r}; {hint}")
