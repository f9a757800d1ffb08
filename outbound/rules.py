"""When a citizen may be called for a follow-up (回访), and when again: pure.

The defaults are [A], settings of ours and not a norm. They bind follow-up calls only.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

from config.calendar import Calendar

EARLIEST, LATEST = time(8), time(21)
"""Whatever is set: nobody is called for a follow-up before or after."""
HORIZON_DAYS: Final = 90
MONTH: Final = timedelta(days=30)
Window = tuple[time, time]


class PartOfDay(StrEnum):
    """Who is not at home in the morning may be in the evening."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


_BEGINS: Final = {
    PartOfDay.MORNING: time(0),
    PartOfDay.AFTERNOON: time(12),
    PartOfDay.EVENING: time(17),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpRules:
    """Windows on the city's clock, tries of one contact, and caps on one number.

    Between two calls to a number lie `gap_hours`; the caps count its calls over all
    campaigns, in a day and in 30 days. A number that no line could reach is tried again
    after `no_line_minutes`. `ValueError` says what is wrong.
    """

    windows: tuple[Window, ...] = ((time(9), time(12)), (time(14), time(20)))
    workdays_only: bool = True
    tries: int = 3
    tries_a_day: int = 2
    gap_hours: float = 4
    number_calls_a_day: int = 2
    number_calls_a_month: int = 6
    no_line_minutes: float = 5
    zone: tzinfo = field(default_factory=lambda: ZoneInfo("Asia/Shanghai"))
    calendar: Calendar = field(default_factory=Calendar)

    def __post_init__(self) -> None:
        if not self.windows:
            raise ValueError("there is no window: nobody could ever be called")
        for begin, end in self.windows:
            if not EARLIEST <= begin < end <= LATEST:
                raise ValueError(
                    f"{begin:%H:%M}-{end:%H:%M} is no window: it begins before it ends, "
                    f"and lies between {EARLIEST:%H:%M} and {LATEST:%H:%M}"
                )

        for one, other in pairwise(sorted(self.windows)):
            if other[0] < one[1]:
                raise ValueError(
                    f"the windows that begin at {one[0]:%H:%M} and {other[0]:%H:%M} overlap"
                )

    def is_open(self, now: datetime) -> bool:
        """Whether anybody may be called at this moment (aware)."""
        return self.next_open(now) == now

    def next_open(self, now: datetime) -> datetime | None:
        """`now` when a window is open, else when the next one opens."""
        return next((max(now, begin) for begin, _ in self.spans(now)), None)

    def window_at(self, now: datetime) -> Window | None:
        """The window that is open at this moment, on the city's clock."""
        clock = now.astimezone(self.zone).time()
        opened = self.is_open(now)
        fitting = (each for each in self.windows if each[0] <= clock < each[1])
        return next(fitting, None) if opened else None

    def window_begin(self, now: datetime) -> datetime | None:
        """When the open window began; None while none is open."""
        window = self.window_at(now)
        return self._moment(self.day_of(now), window[0]) if window else None

    def spans(self, now: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The windows that are not over, each within one part of the day."""
        today = now.astimezone(self.zone).date()
        for day in (today + timedelta(days=days) for days in range(HORIZON_DAYS)):
            if self.workdays_only and not self.calendar.is_workday(day):
                continue
            for begin, end in map(_in_parts, sorted(self.windows)):
                yield from self._not_over(day, zip(begin, end, strict=True), now)

    def _not_over(
        self, day: date, spans: Iterator[Window], now: datetime
    ) -> Iterator[tuple[datetime, datetime]]:
        for begin, end in spans:
            first, last = self._moment(day, begin), self._moment(day, end)
            if now < last:
                yield first, last

    def _moment(self, day: date, clock: time) -> datetime:
        return datetime.combine(day, clock, self.zone)

    def day_of(self, moment: datetime) -> date:
        """The city's day."""
        return moment.astimezone(self.zone).date()

    def part_of(self, moment: datetime) -> PartOfDay:
        """The part of the city's day."""
        return _part(moment.astimezone(self.zone).time())

    def parts(self) -> frozenset[PartOfDay]:
        """The parts of the day in which windows are."""
        begins = (begin for window in self.windows for begin in _in_parts(window)[0])
        return frozenset(map(_part, begins))


def next_time(
    now: datetime,
    tries: Sequence[datetime],
    number_calls: Sequence[datetime],
    rules: FollowUpRules,
) -> datetime | None:
    """The first moment from `now` on at which the contact may be called; None: never.

    `tries` are the contact's own, `number_calls` all follow-up calls to his number.
    """
    calls = sorted({*tries, *number_calls})
    if len(tries) >= rules.tries:
        return None
    earliest = _earliest(now, calls, rules)
    wanted = _wanted_parts(tries, rules)
    for begin, end in rules.spans(earliest):
        moment = max(begin, earliest)
        fits = rules.part_of(moment) in wanted
        if moment < end and fits and _day_has_room(moment, tries, calls, rules):
            return moment.astimezone(now.tzinfo)
    return None


def may_call(
    now: datetime,
    tries: Sequence[datetime],
    number_calls: Sequence[datetime],
    rules: FollowUpRules,
) -> bool:
    """Whether the contact may be called at this very moment."""
    return next_time(now, tries, number_calls, rules) == now


def next_day(now: datetime, rules: FollowUpRules) -> datetime:
    """The beginning of the city's next day."""
    tomorrow = rules.day_of(now) + timedelta(days=1)
    begin = datetime.combine(tomorrow, time(0), rules.zone)
    return begin.astimezone(now.tzinfo)


def _earliest(
    now: datetime, calls: Sequence[datetime], rules: FollowUpRules
) -> datetime:
    """After the gap, and when the calls of the last 30 days leave room for one."""
    moments = [now]
    if calls:
        moments.append(calls[-1] + timedelta(hours=rules.gap_hours))
    if len(calls) >= rules.number_calls_a_month:
        moments.append(calls[-rules.number_calls_a_month] + MONTH)
    return max(moments)


def _wanted_parts(
    tries: Sequence[datetime], rules: FollowUpRules
) -> frozenset[PartOfDay]:
    """Parts that were not tried; when all were, any but the last; else any."""
    every = rules.parts()
    tried = [rules.part_of(moment) for moment in sorted(tries)]
    return every - set(tried) or every - set(tried[-1:]) or every


def _day_has_room(
    moment: datetime,
    tries: Sequence[datetime],
    calls: Sequence[datetime],
    rules: FollowUpRules,
) -> bool:
    day = rules.day_of(moment)
    own = sum(rules.day_of(call) == day for call in tries)
    all_ = sum(rules.day_of(call) == day for call in calls)
    return own < rules.tries_a_day and all_ < rules.number_calls_a_day


def _part(clock: time) -> PartOfDay:
    return max((p for p in PartOfDay if _BEGINS[p] <= clock), key=_BEGINS.__getitem__)


def _in_parts(window: Window) -> tuple[list[time], list[time]]:
    """The beginnings and the ends of a window that is cut where a part begins."""
    begin, end = window
    cuts = [clock for clock in _BEGINS.values() if begin < clock < end]
    return [begin, *cuts], [*cuts, end]
