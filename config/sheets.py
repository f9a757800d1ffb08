"""Tables as CSV and XLSX, written so that no cell is a formula.

What begins with =, +, - or @ is text in an XLSX. A CSV has no types, and a program for
tables would take it for a formula: there a ' stands before it.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a formula begins with."""

Cell = str | int | float | None
"""Text, a number, or nothing."""
Rows = Iterable[Sequence[Cell]]


def no_formula(text: str) -> str:
    """The text as no table calculation takes it for a formula: a ' stands before it."""
    return f"'{text}" if text.startswith(FORMULA) else text


def unguarded(cell: str) -> str:
    """What stood in a cell of a CSV before `no_formula`, without blanks around it."""
    text = cell.strip()
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA) else text


def csv_text(rows: Rows) -> str:
    """The rows as CSV (RFC 4180)."""
    output = io.StringIO(newline="")
    csv.writer(output).writerows([_guarded(cell) for cell in row] for row in rows)
    return output.getvalue()


def xlsx_bytes(sheets: Mapping[str, Rows]) -> bytes:
    """A workbook, a sheet for each table by its title; the first row is a header.

    `ValueError` when a text cannot stand in a cell.
    """
    # Imported here: it takes a fifth of the start of every command.
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        _fill(book.create_sheet(title), rows)
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()


def _guarded(cell: Cell) -> Cell:
    return no_formula(cell) if isinstance(cell, str) else cell


def _fill(sheet: Any, rows: Rows) -> None:
    from openpyxl.utils.exceptions import IllegalCharacterError

    for number, row in enumerate(rows, 1):
        for place, value in enumerate(row, 1):
            cell = sheet.cell(number, place)
            if not isinstance(value, str):
                cell.value = value
                continue
            try:
                cell.value, cell.data_type = value, "s"
            except IllegalCharacterError as error:
                raise ValueError(str(error)) from None
            # A program for tables keeps it text when a person edits the cell.
            cell.quotePrefix = value.startswith(FORMULA)
    sheet.freeze_panes = "A2"
