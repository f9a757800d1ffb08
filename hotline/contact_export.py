"""Every contact of a campaign with every try and every answer, for a file."""

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from config.sheets import no_formula
from hotline.statistics_csv import FileNotWritten
from outbound.answer import Answer
from outbound.archive import ContactRecord
from outbound.reviews.review import Review

Row = dict[str, Any]


def write_contacts(
    file: Path, records: Sequence[ContactRecord], zone: ZoneInfo
) -> None:
    """Write a .json or a .csv file; `FileNotWritten` when that cannot be done.

    The CSV has a line for each contact, with columns for as many tries and questions
    as there are; its times are the city's.
    """
    write = {".json": _write_json, ".csv": _write_csv}.get(file.suffix.lower())
    if write is None:
        raise FileNotWritten(f"{file} is neither .csv nor .json: name one of them")
    try:
        write(file, records, zone)
    except OSError as error:
        raise FileNotWritten(
            f"{file} cannot be written ({error.strerror}); name another with --output"
        ) from None


def _write_json(file: Path, records: Sequence[ContactRecord], zone: ZoneInfo) -> None:
    values = [asdict(record) for record in records]
    text = json.dumps(values, default=_iso, ensure_ascii=False, indent=1)
    file.write_text(f"{text}\n", encoding="utf-8")


def _iso(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _write_csv(file: Path, records: Sequence[ContactRecord], zone: ZoneInfo) -> None:
    rows = [dict(_cells(record, zone)) for record in records]
    names: dict[str, None] = {}
    for row in sorted(rows, key=len, reverse=True):
        names |= dict.fromkeys(row)
    # With a mark, by which table calculations know that it is UTF-8.
    with file.open("w", encoding="utf-8-sig", newline="") as target:
        writer = csv.DictWriter(target, fieldnames=list(names), restval="")
        writer.writeheader()
        writer.writerows(rows)


def _cells(record: ContactRecord, zone: ZoneInfo) -> Iterator[tuple[str, Any]]:
    contact = record.contact
    yield "order_id", contact.order_id
    yield "number", contact.number
    yield "unit", no_formula(contact.unit)
    yield "language", contact.language
    yield "closed_at", _local(contact.closed_at, zone)
    yield "confidential", contact.confidential
    yield "state", contact.state
    yield "reason", contact.reason
    yield "tries", contact.tries
    yield "due_at", _local(contact.due_at, zone)
    yield "redo", record.redo
    yield from _tries(record, zone)
    reviews = {review.question: review for review in record.reviews}
    for answer in record.answers:
        yield from _answer(answer, reviews.get(answer.question), zone)


def _tries(record: ContactRecord, zone: ZoneInfo) -> Iterator[tuple[str, Any]]:
    for nth, attempt in enumerate(record.attempts, 1):
        yield f"try_{nth}_at", _local(attempt.at, zone)
        yield f"try_{nth}_ended_at", _local(attempt.ended_at, zone)
        yield f"try_{nth}_outcome", attempt.outcome or ""
        yield f"try_{nth}_call", attempt.call_id


def _answer(
    answer: Answer, review: Review | None, zone: ZoneInfo
) -> Iterator[tuple[str, Any]]:
    """What counts, and how it was given; after a review also what was first."""
    name = answer.question
    yield name, review.answer if review else answer.answer
    yield f"{name}_given_by", answer.given_by
    yield f"{name}_confidence", answer.confidence
    yield f"{name}_first", answer.answer
    yield f"{name}_transcript", no_formula(answer.transcript)
    yield f"{name}_reviewed_by", no_formula(review.reviewed_by) if review else ""
    yield f"{name}_reviewed_at", _local(review.at, zone) if review else ""


def _local(moment: datetime | None, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).isoformat(timespec="seconds") if moment else ""
