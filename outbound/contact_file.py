"""A file of contacts, CSV or JSON, as the values that the order system would send."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath
from typing import Any, Final

from config.sheets import unguarded
from outbound.contact_reading import FIELDS, NEEDED

REMARKS: Final = ("refused_line", "refused_reason")
"""Columns that the list of refused lines has: a mended list is read without them."""


class FileFault(StrEnum):
    """Why a file as a whole cannot be used."""

    NOT_UTF8 = "not_utf8"
    NOT_READ = "not_read"
    TOO_DEEP = "too_deep"
    NO_LIST = "no_list"
    HALF_CHARACTER = "half_character"
    COLUMN_MISSING = "column_missing"
    COLUMN_TWICE = "column_twice"
    BROKEN = "broken"


class ContactFileRefused(Exception):
    """The file as a whole cannot be used; the text says what to mend.

    `what` is the column, or the words of whoever could not read it.
    """

    def __init__(
        self, words: str, fault: FileFault = FileFault.NOT_READ, what: str = ""
    ) -> None:
        super().__init__(words)
        self.fault, self.what = fault, what


@dataclass(frozen=True, slots=True, kw_only=True)
class FileContact:
    """A contact of the file and where it stands: "line 3", "contact 2", and that number."""

    place: str
    number: int
    values: dict[str, Any]


def contacts_of(name: str, content: bytes) -> list[FileContact]:
    """The contacts of a file, as they stand there; `ContactFileRefused` without any.

    A name that ends with .json is JSON, every other one CSV.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ContactFileRefused(
            f'{name} is not UTF-8; save it as "CSV UTF-8", which Excel and WPS offer',
            FileFault.NOT_UTF8,
        ) from None
    read = _from_json if PurePath(name).suffix.lower() == ".json" else _from_csv
    try:
        return list(read(text))
    except RecursionError:
        raise ContactFileRefused(
            f"{name} is nested too deeply; write a flat list of contacts",
            FileFault.TOO_DEEP,
        ) from None
    except _Broken as error:
        raise ContactFileRefused(f"{name}: {error}", error.fault, error.what) from None
    except (csv.Error, ValueError) as error:
        words, what = f"{name}: {error}", str(error)
        raise ContactFileRefused(words, FileFault.BROKEN, what) from error


class _Broken(Exception):
    def __init__(self, fault: FileFault, words: str, what: str = "") -> None:
        super().__init__(words)
        self.fault, self.what = fault, what


def _from_json(text: str) -> Iterator[FileContact]:
    values = json.loads(text)
    _check_text(values)
    if not isinstance(values, list) or not all(isinstance(v, dict) for v in values):
        words = 'write a list of contacts: [{"order_id": "A-1", ...}]'
        raise _Broken(FileFault.NO_LIST, words)
    for place, each in enumerate(values, 1):
        yield FileContact(place=f"contact {place}", number=place, values=each)


def _check_text(values: object) -> None:
    """JSON can write halves of characters, which are no text and cannot be sent."""
    try:
        json.dumps(values, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        words = "a \\ud800 or the like is half a character; write it whole, in UTF-8"
        raise _Broken(FileFault.HALF_CHARACTER, words) from None


def _from_csv(text: str) -> Iterator[FileContact]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header = [name.strip() for name in next(reader, [])]
    _check_header(header)
    for row in reader:
        if any(cell.strip() for cell in row):
            number, values = reader.line_num, _values(header, row)
            yield FileContact(place=f"line {number}", number=number, values=values)


def _check_header(header: list[str]) -> None:
    if missing := ", ".join(name for name in NEEDED if name not in header):
        known = ", ".join(FIELDS)
        words = f"line 1 names the columns, and {missing} is missing; known: {known}"
        raise _Broken(FileFault.COLUMN_MISSING, words, missing)
    for name in filter(None, header):
        if header.count(name) > 1:
            words = f"line 1: the column {name!r} stands there twice"
            raise _Broken(FileFault.COLUMN_TWICE, words, name)


def _values(header: list[str], row: list[str]) -> dict[str, Any]:
    """What is too much has a name that is refused, so that the line is reported.

    Programs for tables leave empty columns without a name behind.
    """
    cells = zip(header, map(unguarded, row), strict=False)
    named = {
        name: cell for name, cell in cells if name not in REMARKS and (name or cell)
    }
    if len(row) != len(header):
        return named | {f"{len(row)} cells for {len(header)} columns": ""}
    return named
