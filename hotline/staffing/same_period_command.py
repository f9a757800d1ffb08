"""`hotline staffing same-period`: what last year's same days (同期) brought."""

from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import numpy as np
import typer
from rich.table import Table

from acd.adjustments.reading import Wish, read_counts
from acd.staffing.day_kind import kind_of
from acd.staffing.roster import clock
from acd.staffing.same_period import same_period
from acd.statistics.queue_intervals import ALL
from config.calendar import Calendar
from config.database import Database
from config.settings import load_settings
from hotline.call_tables import terminal
from hotline.database_reading import plain_errors, print_json, with_database
from hotline.rules import city_date
from ivr_flows.flow import city_calendar

MOST_DAYS = 31

Config = Annotated[Path, typer.Option("--config", help="The settings' file.")]
Day = Annotated[
    datetime | None,
    typer.Option("--date", formats=["%Y-%m-%d"], help="The first day; today."),
]
Days = Annotated[int, typer.Option(min=1, max=MOST_DAYS, help="How many days.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class SameDay:
    """A day, the one of last year that is like it, and what that one brought.

    `calls` None: nothing was recorded then. `busiest` is a quarter of an hour.
    """

    day: date
    kind: str
    like: str
    then: date
    calls: int | None
    busiest: str
    busiest_calls: int | None


def same_days(
    config: Config = Path("hotline.toml"),
    day: Day = None,
    days: Days = 7,
    as_json: Json = False,
) -> None:
    """Show last year's same days, holidays by what they are, and how many called."""
    with plain_errors():
        settings = load_settings(config)
        first = day.date() if day else city_date(settings)
        zone, calendar = ZoneInfo(settings.hotline.timezone), city_calendar(settings)

        async def read(database: Database) -> list[SameDay]:
            wanted = (first + timedelta(days=n) for n in range(days))
            return [await _same_day(database, each, zone, calendar) for each in wanted]

        found = with_database(settings, read)
    if as_json:
        print_json([asdict(each) for each in found])
    else:
        terminal().print(_table(found))


async def _same_day(
    database: Database, day: date, zone: ZoneInfo, calendar: Calendar
) -> SameDay:
    like = same_period(day)
    now = datetime.now(UTC)
    wish = Wish(day=like.day, at=now, history_days=1, zone=zone, calendar=calendar)
    recorded = await read_counts(database, wish)
    seen = recorded.counts[ALL].seen if ALL in recorded.counts else np.zeros(0)
    calls = int(np.nansum(seen))
    busiest = int(np.nanargmax(seen)) if calls else None
    return SameDay(
        day=day,
        kind=kind_of(day, calendar).type,
        like=str(like),
        then=like.day,
        calls=calls or None,
        busiest="" if busiest is None else clock(busiest),
        busiest_calls=None if busiest is None else int(seen[busiest]),
    )


def _table(days: list[SameDay]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("day", "kind", "like", "then"):
        table.add_column(name, no_wrap=True)
    for name in ("calls then", "busiest", "calls"):
        table.add_column(name, justify="right", no_wrap=True)
    for each in days:
        table.add_row(
            f"{each.day:%Y-%m-%d %a}",
            each.kind,
            each.like,
            f"{each.then:%Y-%m-%d %a}",
            "–" if each.calls is None else str(each.calls),
            each.busiest or "–",
            "–" if each.busiest_calls is None else str(each.busiest_calls),
        )
    return table
