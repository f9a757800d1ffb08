"""The hours of the day in which citizens may be called."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

HOURS = r"^([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)$"
CITY = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Hours:
    """A span like "08:00-21:00" on the city's clock; one like "20:00-06:00" ends the next morning."""

    span: str
    zone: tzinfo = CITY

    def __post_init__(self) -> None:
        if not re.fullmatch(HOURS, self.span):
            raise ValueError(f"{self.span!r} is no span of the day: write 08:00-21:00")

    def are_open(self, now: datetime) -> bool:
        """Whether a citizen may be called now (aware)."""
        first, last = self._minutes()
        local = now.astimezone(self.zone)
        minute = local.hour * 60 + local.minute
        if first < last:
            return first <= minute < last
        return minute >= first or minute < last

    def next_open(self, now: datetime) -> datetime:
        """`now` when it is open, else the moment of the next opening."""
        if self.are_open(now):
            return now
        local = now.astimezone(self.zone)
        hour, minute = divmod(self._minutes()[0], 60)
        opening = local.replace(hour=hour, minute=minute, second=0, microsecond=0)
        if opening <= local:
            opening += timedelta(days=1)
        return opening.astimezone(now.tzinfo)

    def _minutes(self) -> tuple[int, int]:
        first, last = (
            int(part[:2]) * 60 + int(part[3:]) for part in self.span.split("-")
        )
        return first, last


BY_DAY, ANY_TIME = Hours("08:00-21:00"), Hours("00:00-24:00")
