"""Tables in files, CSV or XLSX: read strictly, and written so that no cell is a formula.

What begins with =, +, - or @ is text in an XLSX. A CSV has no types, and a program for
tables would take it for a formula: there a ' stands before it, which reading takes away.
"""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from config.sheets import Cell, csv_text, unguarded, xlsx_bytes

MOST_BYTES = 50_000_000
MOST_ROWS = 100_000
XLSX = ".xlsx"
_MIDNIGHT = time()


class SheetRefused(Exception):
    """The file as a whole cannot be used; the text says what to mend."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetLine:
    """A line of the file, "line 3", as text by column."""

    place: str
    values: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """What columns a file may have, and which it needs."""

    known: Sequence[str]
    needed: Sequence[str]


def read_sheet(file: Path, columns: Columns) -> list[SheetLine]:
    """The lines of a file below its header; `SheetRefused` when it cannot be used."""
    try:
        is_xlsx = file.suffix.lower() == XLSX
        _check_size(_unpacked_bytes(file) if is_xlsx else file.stat().st_size)
        rows = _xlsx_rows(file) if is_xlsx else _csv_rows(file)
        return list(_lines(rows, columns))
    except (
        OSError,
        ValueError,
        KeyError,
        csv.Error,
        zipfile.BadZipFile,
    ) as error:
        raise SheetRefused(f"{file}: {error}") from None


def _check_size(size: int) -> None:
    if size > MOST_BYTES:
        raise ValueError(f"it is larger than {MOST_BYTES // 1_000_000} MB")


def _unpacked_bytes(file: Path) -> int:
    """An XLSX is an archive: what it says its parts have when they are unpacked."""
    with zipfile.ZipFile(file) as archive:
        return sum(part.file_size for part in archive.infolist())


Row = tuple[int, list[str]]


def _csv_rows(file: Path) -> Iterator[Row]:
    text = file.read_text(encoding="utf-8-sig")
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    for cells in reader:
        yield reader.line_num, [unguarded(cell) for cell in cells]


def _xlsx_rows(file: Path) -> Iterator[Row]:
    # Imported here: it takes a fifth of the start of every command.
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(file, read_only=True)
    except InvalidFileException as error:
        raise ValueError(str(error)) from None
    try:
        sheet = book.worksheets[0]
        for number, cells in enumerate(sheet.iter_rows(), 1):
            for cell in cells:
                if cell.data_type == "f":
                    raise ValueError(f"line {number} holds a formula; write its value")
            yield number, [_text(cell.value) for cell in cells]
    finally:
        book.close()


def _text(value: Any) -> str:
    """A cell as it would stand in a CSV."""
    match value:
        case None:
            return ""
        case datetime() if value.time() == _MIDNIGHT:
            return value.date().isoformat()
        case datetime() | date():
            return value.isoformat()
        case time():
            return value.strftime("%H:%M")
        case float():
            return str(int(value)) if value.is_integer() else repr(value)
    return str(value).strip()


def _lines(rows: Iterator[Row], columns: Columns) -> Iterator[SheetLine]:
    _, header = next(rows, (1, []))
    while header and not header[-1]:
        header.pop()
    _check_header(header, columns)
    for count, (number, cells) in enumerate(rows):
        if count >= MOST_ROWS:
            raise ValueError(f"it has more than {MOST_ROWS} lines")
        if any(cells):
            yield SheetLine(place=f"line {number}", values=_values(header, cells))


def _check_header(header: Sequence[str], columns: Columns) -> None:
    known = ", ".join(columns.known)
    if missing := [name for name in columns.needed if name not in header]:
        raise ValueError(
            f"line 1 names the columns, and {', '.join(missing)} is missing; known: {known}"
        )
    for name in header:
        if name not in columns.known:
            raise ValueError(f"line 1: there is no column {name!r}; known: {known}")
        if header.count(name) > 1:
            raise ValueError(f"line 1: the column {name!r} stands there twice")


def _values(header: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    """What is too much has a name that is refused, so that the line is reported."""
    named = dict(zip(header, [*cells, *[""] * len(header)], strict=False))
    if any(cells[len(header) :]):
        named[f"{len(cells)} cells for {len(header)} columns"] = ""
    return named


def write_sheet(
    file: Path, columns: Sequence[str], lines: Iterable[Mapping[str, Cell]]
) -> None:
    """Write lines with a header, XLSX when the name ends so; `SheetRefused`."""
    rows: list[Sequence[Cell]] = [columns]
    rows += [[line[name] for name in columns] for line in lines]
    try:
        if file.suffix.lower() == XLSX:
            file.write_bytes(xlsx_bytes({"Sheet": rows}))
        else:
            file.write_text(csv_text(rows), encoding="utf-8", newline="")
    except (OSError, ValueError) as error:
        raise SheetRefused(
            f"{file} cannot be written ({error}); name another file"
        ) from None
