"""Which days are worked in China: public holidays and the weekends worked for them (调休).

The State Council announces each year late in the year before, and `chinesecalendar`
knows what it has announced. For other years plain weekdays hold, unless the city's own
file names the days.
"""

import tomllib
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import chinese_calendar

_SATURDAY = 5
_LONGEST_GAP = timedelta(days=3)
_ANNOUNCED = frozenset(day.year for day in chinese_calendar.holidays)


class CalendarError(Exception):
    """The file of days cannot be used; the message says why and what to write."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """Workdays and days off; the days named here win over the announced ones."""

    workdays: frozenset[date] = frozenset()
    days_off: frozenset[date] = frozenset()

    def is_workday(self, day: date) -> bool:
        """Whether the day is worked."""
        if day in self.workdays or day in self.days_off:
            return day in self.workdays
        if not announced(day.year):
            return day.weekday() < _SATURDAY
        return bool(chinese_calendar.is_workday(day))

    def is_exception(self, day: date) -> bool:
        """Whether the day is worked or free against its weekday."""
        return self.is_workday(day) != (day.weekday() < _SATURDAY)

    def knows(self, year: int) -> bool:
        """Whether the year's holidays were announced, or are named in the file."""
        return announced(year) or any(day.year == year for day in self.days_off)


def announced(year: int) -> bool:
    """Whether the installed table has the holidays of the year."""
    return year in _ANNOUNCED


@dataclass(frozen=True, slots=True, kw_only=True)
class HolidayBreak:
    """Days off on end for one holiday, as announced."""

    name: str
    first: date
    last: date


@cache
def holiday_breaks() -> tuple[HolidayBreak, ...]:
    """All breaks of the installed table, in order.

    A day between that is another holiday's, or a workday, does not end one.
    """
    breaks: list[HolidayBreak] = []
    last: dict[str, date] = {}
    for day, name in sorted(chinese_calendar.holidays.items()):
        if name in last and day - last[name] <= _LONGEST_GAP:
            place = next(
                n for n in reversed(range(len(breaks))) if breaks[n].name == name
            )
            breaks[place] = replace(breaks[place], last=day)
        else:
            breaks.append(HolidayBreak(name=str(name), first=day, last=day))
        last[name] = day
    return tuple(breaks)


def load_calendar(file: Path | None) -> Calendar:
    """The calendar with the days of a TOML file (`days_off`, `workdays`: dates)."""
    if file is None:
        return Calendar()
    days = _read(file)
    if unknown := set(days) - {"days_off", "workdays"}:
        raise CalendarError(
            f"{file}: {sorted(unknown)[0]!r} is unknown; write days_off and workdays"
        )
    off = _dates(days.get("days_off", []), file)
    worked = _dates(days.get("workdays", []), file)
    if both := off & worked:
        raise CalendarError(f"{file}: {min(both)} is both a day off and a workday")
    return Calendar(days_off=off, workdays=worked)


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CalendarError(f"{file} cannot be read: {error}") from error


def _dates(values: Any, file: Path) -> frozenset[date]:
    days = values if isinstance(values, list) else [values]
    if wrong := [day for day in days if type(day) is not date]:
        raise CalendarError(
            f"{file}: {wrong[0]!r} is no date; write dates like days_off = [2027-02-06]"
        )
    return frozenset(days)
