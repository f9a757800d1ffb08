"""Statistics as rows of a CSV file: one column for each figure, names in full."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from acd.statistics.queue_intervals import WAIT_BOUNDS
from config.sheets import no_formula


class FileNotWritten(Exception):
    """The file cannot be written; the message says why."""


def write_csv(file: Path, lines: Sequence[Any], zone: ZoneInfo) -> None:
    """Write values of one kind, a row each, with a header; times are the city's.

    `FileNotWritten` when that cannot be done.
    """
    try:
        _write(file, lines, zone)
    except OSError as error:
        raise FileNotWritten(
            f"{file} cannot be written ({error.strerror}); name another file with --csv"
        ) from None


def _write(file: Path, lines: Sequence[Any], zone: ZoneInfo) -> None:
    rows = [dict(_cells(line, zone)) for line in lines]
    with file.open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, fieldnames=list(rows[0]) if rows else [])
        writer.writeheader()
        writer.writerows(rows)


def _cells(value: Any, zone: ZoneInfo, name: str = "") -> Iterator[tuple[str, Any]]:
    if is_dataclass(value):
        for field in fields(value):
            inner = f"{name}_{field.name}" if name else field.name
            yield from _cells(getattr(value, field.name), zone, inner)
    elif isinstance(value, datetime):
        yield name, value.astimezone(zone).isoformat()
    elif isinstance(value, tuple):
        yield from zip(_bucket_names(name), value, strict=True)
    else:
        yield name, no_formula(value) if isinstance(value, str) else value


def _bucket_names(name: str) -> list[str]:
    bounds = [f"to_{bound}_seconds" for bound in WAIT_BOUNDS]
    return [f"{name}_{bound}" for bound in (*bounds, "longer")]
