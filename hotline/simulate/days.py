"""The day that is simulated: read from a file, or made up."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from acd.staffing.csv_lines import TableRefused
from acd.staffing.day import Day
from acd.staffing.day_file import read_day
from acd.staffing.made_up_day import MADE_UP_DAYS, make_up
from hotline.simulate.plans import text_of

_MOST_TOLD = 20


def day_of_file(
    file: Path,
    start: datetime,
    queues: Sequence[str],
    *,
    interval_seconds: float,
    seed: int,
    skip_refused: bool,
) -> tuple[Day, list[str]]:
    """The day, and a word on each line that was left out.

    Raises `TableRefused` when a line is refused and not to be skipped.
    """
    text = text_of(file)
    try:
        found = read_day(
            text,
            start=start,
            queues=queues,
            interval_seconds=interval_seconds,
            seed=seed,
        )
    except TableRefused as fault:
        raise TableRefused(f"{file}: {fault}") from None
    words = [f"{file}: {line}" for line in found.refused[:_MOST_TOLD]]
    if (more := len(found.refused) - _MOST_TOLD) > 0:
        words.append(f"{file}: and {more} more lines are refused")
    if words and not skip_refused:
        hint = "mend them, or leave them out with --skip-refused"
        raise TableRefused("\n".join([*words, hint]))
    return found.day, words


def made_up(name: str, start: datetime, queues: Sequence[str], seed: int) -> Day:
    """A made-up day by its name. Raises `TableRefused` when there is none."""
    if name not in MADE_UP_DAYS:
        known = "; ".join(f"{key}: {day.words}" for key, day in MADE_UP_DAYS.items())
        raise TableRefused(f"there is no made-up day {name!r}; {known}")
    return make_up(MADE_UP_DAYS[name], start, queues, seed)
