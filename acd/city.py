"""The city's clock and calendar, by which queues open and close."""

from dataclasses import dataclass
from datetime import datetime, tzinfo

from config.calendar import Calendar
from ivr_flows.opening import OpeningTimes


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """Where the hotline is."""

    timezone: tzinfo
    calendar: Calendar

    def is_open(self, hours: OpeningTimes, now: datetime) -> bool:
        """Whether these hours hold the moment."""
        return hours.open_at(now.astimezone(self.timezone), self.calendar)
