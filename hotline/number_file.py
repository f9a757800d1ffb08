"""A file of telephone numbers: one on each line, or the column `number` of a CSV."""

import csv
import io
from dataclasses import dataclass, field
from pathlib import Path

from outbound.contact_file import ContactFileRefused

COLUMN = "number"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileNumber:
    """A number as it stands in the file, and where: "line 3"."""

    place: str
    number: str = field(repr=False)


def read_numbers(file: Path) -> list[FileNumber]:
    """The numbers of a file; `ContactFileRefused` when it cannot be used."""
    try:
        text = file.read_text(encoding="utf-8-sig")
        rows = csv.reader(io.StringIO(text, newline=""), strict=True)
        lines = [(rows.line_num, row) for row in rows if any(map(str.strip, row))]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ContactFileRefused(f"{file} cannot be read: {error}") from error
    if not lines:
        raise ContactFileRefused(f"{file}: there is no number")
    header = [cell.strip() for cell in lines[0][1]]
    has_header = COLUMN in header
    column = header.index(COLUMN) if has_header else 0
    if not has_header and len(header) > 1:
        raise ContactFileRefused(
            f"{file}: line 1 names the columns, and {COLUMN} is missing"
        )
    return [
        FileNumber(place=f"line {at}", number="".join(row[column : column + 1]).strip())
        for at, row in lines[has_header:]
    ]
