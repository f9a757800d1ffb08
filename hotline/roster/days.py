"""Days and weeks as people type them."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import typer

_WEEK = re.compile(r"(\d{4})-W(\d{2})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """From the first day to the last, both of them too."""

    first: date
    last: date


def week_of(text: str) -> Days:
    """The seven days of a week like 2026-W49 (ISO 8601); `typer.BadParameter`."""
    found = _WEEK.fullmatch(text)
    try:
        monday = (
            date.fromisocalendar(int(found[1]), int(found[2]), 1) if found else None
        )
    except ValueError:
        monday = None
    if monday is None:
        raise typer.BadParameter(f"{text!r} is no week; write one like 2026-W49")
    return Days(first=monday, last=monday + timedelta(days=6))


def days_of(
    week: str, first: datetime | None, last: datetime | None, today: date
) -> Days:
    """A week, or from one day to another; without any, the week of today."""
    if week and (first or last):
        raise typer.BadParameter("write --week, or --from and --to")
    if edge := first or last:
        return Days(first=edge.date(), last=(last or edge).date())
    year, number, _ = today.isocalendar()
    return week_of(week or f"{year}-W{number:02}")
