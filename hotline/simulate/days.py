"""The day that is simulated: read from a file, made up, or as it was recorded."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path

from acd.staffing.csv_lines import TableRefused
from acd.staffing.day import Day
from acd.staffing.day_file import read_day
from acd.staffing.made_up_day import MADE_UP_DAYS, make_up
from acd.staffing.plan import PlannedAgent
from acd.statistics.edges import day_span
from config.settings import Settings
from hotline.database_reading import with_database
from hotline.simulate.behaviours import Values
from hotline.simulate.plans import Hotline, text_of
from hotline.simulate.records import read_records

_MOST_TOLD = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class DayWish:
    """What is asked for: a CSV file, a made-up day by name, or a recorded day.

    The day begins at `start`, midnight of the city.
    """

    file: Path | None
    made_up: str
    recorded: bool
    start: datetime
    interval_seconds: float
    seed: int
    skip_refused: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundDay:
    """The day, words about what was left out of it, and what is recorded besides.

    `on_duty` are those who were there, `behaviour` is what was measured of people's.
    """

    day: Day
    left_out: tuple[str, ...] = ()
    on_duty: tuple[PlannedAgent, ...] = ()
    behaviour: Values = field(default_factory=dict)


def find_day(wish: DayWish, settings: Settings, hotline: Hotline) -> FoundDay:
    """The day. `TableRefused` says what is wrong with it, or that there is none."""
    if sum((wish.file is not None, wish.made_up != "", wish.recorded)) != 1:
        raise TableRefused(
            "name one day: --day FILE, --from-records DATE, or --generate large to try it"
        )
    if wish.recorded:
        return _recorded(wish, settings, hotline)
    if wish.file:
        return _of_file(wish, wish.file, hotline)
    return FoundDay(day=_made_up(wish, hotline))


def _recorded(wish: DayWish, settings: Settings, hotline: Hotline) -> FoundDay:
    span = day_span(wish.start.date(), hotline.zone)
    read = partial(
        read_records,
        start=wish.start,
        span=span,
        queues=hotline.queues,
        told_after=hotline.ivr.call_back_told_after,
    )
    found = with_database(settings, read)
    if not found.day.day.calls:
        raise TableRefused(
            f"the records have no call of {wish.start.date()} that asked for a person"
        )
    return FoundDay(
        day=found.day.day,
        on_duty=found.agents,
        behaviour=found.behaviour,
    )


def _of_file(wish: DayWish, file: Path, hotline: Hotline) -> FoundDay:
    text = text_of(file)
    try:
        found = read_day(
            text,
            start=wish.start,
            queues=hotline.queues,
            interval_seconds=wish.interval_seconds,
            seed=wish.seed,
        )
    except TableRefused as fault:
        raise TableRefused(f"{file}: {fault}") from None
    words = [f"{file}: {line}" for line in found.refused[:_MOST_TOLD]]
    if (more := len(found.refused) - _MOST_TOLD) > 0:
        words.append(f"{file}: and {more} more lines are refused")
    if words and not wish.skip_refused:
        hint = "mend them, or leave them out with --skip-refused"
        raise TableRefused("\n".join([*words, hint]))
    return FoundDay(day=found.day, left_out=tuple(words))


def _made_up(wish: DayWish, hotline: Hotline) -> Day:
    if wish.made_up not in MADE_UP_DAYS:
        known = "; ".join(f"{key}: {day.words}" for key, day in MADE_UP_DAYS.items())
        raise TableRefused(f"there is no made-up day {wish.made_up!r}; {known}")
    kind = MADE_UP_DAYS[wish.made_up]
    return make_up(kind, wish.start, hotline.queues, wish.seed)
