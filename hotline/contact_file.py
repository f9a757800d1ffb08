"""A file of contacts, CSV or JSON, as the values that the order system would send."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from outbound.contact_reading import FIELDS, NEEDED


class ContactFileRefused(Exception):
    """The file as a whole cannot be used; the text says what to mend."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileContact:
    """A contact of the file and where it stands: "line 3", "contact 2"."""

    place: str
    values: dict[str, Any]


def read_contacts(file: Path) -> list[FileContact]:
    """The contacts of a file, as they stand there; `ContactFileRefused` without any."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise ContactFileRefused(
            f'{file} is not UTF-8; save it as "CSV UTF-8", which Excel and WPS offer'
        ) from None
    except OSError as error:
        raise ContactFileRefused(f"{file} cannot be read: {error}") from error
    read = _from_json if file.suffix.lower() == ".json" else _from_csv
    try:
        return list(read(text))
    except RecursionError:
        raise ContactFileRefused(
            f"{file} is nested too deeply; write a flat list of contacts"
        ) from None
    except (csv.Error, ValueError) as error:
        raise ContactFileRefused(f"{file}: {error}") from error


def _from_json(text: str) -> Iterator[FileContact]:
    values = json.loads(text)
    _check_text(values)
    if not isinstance(values, list) or not all(isinstance(v, dict) for v in values):
        raise ValueError('write a list of contacts: [{"order_id": "A-1", ...}]')
    for place, each in enumerate(values, 1):
        yield FileContact(place=f"contact {place}", values=each)


def _check_text(values: object) -> None:
    """JSON can write halves of characters, which are no text and cannot be sent."""
    try:
        json.dumps(values, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise ValueError(
            "a \\ud800 or the like is half a character; write it whole, in UTF-8"
        ) from None


def _from_csv(text: str) -> Iterator[FileContact]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header = [name.strip() for name in next(reader, [])]
    _check_header(header)
    for row in reader:
        if any(cell.strip() for cell in row):
            yield FileContact(
                place=f"line {reader.line_num}", values=_values(header, row)
            )


def _check_header(header: list[str]) -> None:
    if missing := [name for name in NEEDED if name not in header]:
        raise ValueError(
            f"line 1 names the columns, and {', '.join(missing)} is missing; "
            f"known: {', '.join(FIELDS)}"
        )
    for name in header:
        if header.count(name) > 1:
            raise ValueError(f"line 1: the column {name!r} stands there twice")


def _values(header: list[str], row: list[str]) -> dict[str, Any]:
    """What is too much has a name that is refused, so that the line is reported."""
    named = dict(zip(header, row, strict=False))
    if len(row) != len(header):
        return named | {f"{len(row)} cells for {len(header)} columns": ""}
    return named
