"""The city's clock and calendar, by which queues open and close."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from config.calendar import Calendar
from ivr_flows.opening import OpeningTimes

LOOK_AGAIN = timedelta(days=1)
"""Whoever waits for the next closing looks again after this, if none is near."""


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """Where the hotline is."""

    timezone: tzinfo
    calendar: Calendar

    def is_open(self, hours: OpeningTimes, now: datetime) -> bool:
        """Whether these hours hold the moment."""
        return hours.open_at(now.astimezone(self.timezone), self.calendar)

    def next_closing(self, hours: OpeningTimes, now: datetime) -> datetime:
        """When these hours may close next: to be looked at then, and asked again."""
        local = now.astimezone(self.timezone)
        closing = hours.next_closing(local, self.calendar)
        # In the hour that a clock is put back, local times come twice.
        ahead = closing is not None and closing.astimezone(UTC) > now
        return closing.astimezone(UTC) if closing and ahead else now + LOOK_AGAIN
