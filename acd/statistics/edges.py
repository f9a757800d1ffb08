"""Where intervals and days begin: 15 minutes each, days by the city's clock."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

INTERVAL = timedelta(minutes=15)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """From `since`, included, to `until`, not included; aware UTC."""

    since: datetime
    until: datetime


def interval_of(moment: datetime) -> datetime:
    """The start of the interval that a moment lies in, aware UTC.

    Every zone in use differs from UTC by whole quarters of an hour, so the edges are
    those of the city's clock, too, also on the day on which it is changed.
    """
    return (moment - (moment - _EPOCH) % INTERVAL).astimezone(UTC)


def day_span(day: date, zone: ZoneInfo) -> Span:
    """A day of the city's calendar: 24 hours, 23 or 25 when its clock is changed."""
    return Span(since=_midnight(day, zone), until=_midnight(day + timedelta(1), zone))


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, zone).astimezone(UTC)


def pieces(since: datetime, until: datetime) -> Iterator[tuple[datetime, float]]:
    """What lies between two moments, cut at the edges: (interval, seconds) each."""
    while since < until:
        interval = interval_of(since)
        end = min(until, interval + INTERVAL)
        yield interval, (end - since).total_seconds()
        since = end
