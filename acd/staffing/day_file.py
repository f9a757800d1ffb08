"""The day's file: a CSV of calls, or of counts of calls for each interval."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from acd.staffing.csv_lines import (
    Line,
    LineFault,
    RefusedLine,
    TableRefused,
    clock_seconds,
    count_of,
    known_name,
    levels_of,
    number_of,
    read_table,
)
from acd.staffing.day import Day, DayCall

CALL_COLUMNS = (
    "time",
    "seconds",
    "queue",
    "caller",
    "called",
    "skills",
    "priority",
    "keys",
    "talk_seconds",
    "patience_seconds",
)
COUNT_COLUMNS = ("time", "queue", "calls")

_LONGEST_SECONDS = 86_400.0
_LAST_SECOND = 2 * 86_400.0
_MOST_CALLS = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class DayFile:
    """The day that a file tells of, and the lines of it that were refused."""

    day: Day
    refused: tuple[RefusedLine, ...]


def read_day(
    text: str,
    *,
    start: datetime,
    queues: Sequence[str],
    interval_seconds: float,
    seed: int,
) -> DayFile:
    """Read a day that began at `start`. Raises `TableRefused` when there is no table.

    With a column `calls` the lines count the calls of an interval from `time` on; they
    come at random moments of it, as citizens do.
    """
    header = text.partition("\n")[0].split(",")
    if "calls" in (name.strip() for name in header):
        return _counted(text, start, queues, interval_seconds, seed)
    table = read_table(
        text, partial(_call, queues=queues), needed=(), known=CALL_COLUMNS
    )
    if not table.rows and not table.refused:
        raise TableRefused("there is no call in it")
    return DayFile(day=Day.of(start, table.rows), refused=table.refused)


def _call(line: Line, *, queues: Sequence[str]) -> DayCall:
    return DayCall(
        at_seconds=_moment(line),
        queue=_queue(line, queues),
        caller=line.get("caller", ""),
        called=line.get("called", ""),
        skills=levels_of(line, "skills"),
        priority=count_of(line, "priority", least=-1000, most=1000) or 0,
        keys=tuple(line.get("keys", "").split()),
        talk_seconds=number_of(line, "talk_seconds", least=0, most=_LONGEST_SECONDS),
        patience_seconds=number_of(
            line, "patience_seconds", least=0, most=_LONGEST_SECONDS
        ),
    )


def _moment(line: Line) -> float:
    if time := line.get("time", ""):
        return clock_seconds(time)
    seconds = number_of(line, "seconds", least=0, most=_LAST_SECOND)
    if seconds is None:
        raise LineFault("when was it? 'time' (08:30:15) or 'seconds' since the start")
    return seconds


def _queue(line: Line, queues: Sequence[str]) -> str:
    name = line.get("queue", "")
    return known_name(name, queues, "queue") if name else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Count:
    at_seconds: float
    queue: str
    calls: int


def _counted(
    text: str,
    start: datetime,
    queues: Sequence[str],
    interval_seconds: float,
    seed: int,
) -> DayFile:
    table = read_table(
        text,
        partial(_count, queues=queues),
        needed=COUNT_COLUMNS[::2],
        known=COUNT_COLUMNS,
    )
    chance = random.Random(seed)
    calls = [
        DayCall(
            at_seconds=count.at_seconds + interval_seconds * chance.random(),
            queue=count.queue,
        )
        for count in table.rows
        for _ in range(count.calls)
    ]
    return DayFile(day=Day.of(start, calls), refused=table.refused)


def _count(line: Line, *, queues: Sequence[str]) -> _Count:
    calls = count_of(line, "calls", least=0, most=_MOST_CALLS)
    if calls is None:
        raise LineFault("how many calls? the column 'calls' is empty")
    return _Count(
        at_seconds=clock_seconds(line["time"]), queue=_queue(line, queues), calls=calls
    )


def day_lines(day: Day) -> list[list[str]]:
    """The day as lines of the file, the header first; without the callers' numbers."""
    midnight = day.start.replace(hour=0, minute=0, second=0, microsecond=0)
    return [
        ["time", "queue"],
        *([_clock(day, midnight, c), c.queue] for c in day.calls),
    ]


def _clock(day: Day, midnight: datetime, call: DayCall) -> str:
    since: timedelta = day.at(call.at_seconds) - midnight
    minutes, thousandths = divmod(int(since.total_seconds() * 1000), 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{thousandths / 1000:06.3f}"
