"""The commands: what a shift manager asks, and what he is shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from acd.adjustments.aims import with_own_targets
from acd.adjustments.foreseen import Aim
from acd.adjustments.reading import (
    HANDLE_SECONDS,
    PATIENCE_SECONDS,
    Recorded,
    Wish,
    read_counts,
)
from acd.floor import UnknownQueue
from acd.people.archive import removed_queues
from acd.people.store import queue_rows
from acd.staffing.forecast_lines import (
    ForecastDay,
    Staffing,
    forecast_lines,
)
from acd.statistics.queue_intervals import ALL
from config.database import Database
from config.settings import Settings, load_settings
from hotline.call_tables import terminal
from hotline.database_reading import plain_errors, with_database
from hotline.staffing.aim import aim_of
from hotline.staffing.same_period_command import same_days
from hotline.staffing.tables import line_table, queue_table
from hotline.statistics_csv import write_csv
from ivr_flows.faults import nearest
from ivr_flows.flow import city_calendar

app = typer.Typer(help="Calls foreseen, and agents required.", no_args_is_help=True)
app.command("same-period")(same_days)

Config = Annotated[Path, typer.Option("--config", help="The settings' file.")]
Day = Annotated[
    datetime | None,
    typer.Option("--date", formats=["%Y-%m-%d"], help="Of the city; today."),
]
At = Annotated[
    datetime | None,
    typer.Option("--at", formats=["%H:%M"], help="As it was known then; now."),
]
Queue = Annotated[str | None, typer.Option(help="Only this queue.")]
Csv = Annotated[
    Path | None, typer.Option("--csv", help="Write all quarters of an hour there.")
]
HistoryDays = Annotated[
    int, typer.Option(min=1, max=400, help="How many days to learn from.")
]
HandleSeconds = Annotated[
    float | None, typer.Option(min=1, help="Mean with wrap-up; else as recorded.")
]
PatienceSeconds = Annotated[
    float | None, typer.Option(min=1, help="Mean until they hang up; else as recorded.")
]
Share = Annotated[
    float | None,
    typer.Option(min=0.01, max=0.999, help="To be answered in time; else as set."),
]
Within = Annotated[
    float | None, typer.Option(min=0, help="What is in time, in seconds; else as set.")
]
Sureness = Annotated[
    float | None,
    typer.Option(min=0.5, max=0.999, help="With what chance it is enough; as set."),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Need:
    """What the shift manager said of it; None: as recorded."""

    handle_seconds: float | None
    patience_seconds: float | None
    aim: Aim


@app.callback()
def staffing() -> None:
    """Calls foreseen, and agents required."""


@app.command()
def forecast(
    config: Config = Path("hotline.toml"),
    day: Day = None,
    at: At = None,
    queue: Queue = None,
    csv: Csv = None,
    history_days: HistoryDays = 120,
    handle_seconds: HandleSeconds = None,
    patience_seconds: PatienceSeconds = None,
    target_share: Share = None,
    within_seconds: Within = None,
    sureness: Sureness = None,
) -> None:
    """A day's calls by 15 minutes, from the days before and what came so far."""
    with plain_errors():
        settings, now = load_settings(config), datetime.now(UTC)
        zone = ZoneInfo(settings.hotline.timezone)
        wanted = day.date() if day else now.astimezone(zone).date()
        wish = Wish(
            day=wanted,
            at=min(now, _moment(wanted, at, zone)) if at else now,
            history_days=history_days,
            zone=zone,
            calendar=city_calendar(settings),
        )
        if queue:
            with_database(settings, partial(_check_queue, settings, queue))
        recorded = with_database(settings, partial(read_counts, wish=wish))
        need = _Need(
            handle_seconds=handle_seconds,
            patience_seconds=patience_seconds,
            aim=_aim(settings, target_share, within_seconds, sureness),
        )
        days = [_foreseen(n, recorded, wish, need) for n in _names(recorded, queue)]
        if csv:
            lines = [line for each in days for line in each.lines]
            write_csv(csv, lines, zone)
            typer.echo(f"{len(lines)} rows in {csv}", err=True)
        _show(days, wish, need.aim.sureness)


def _aim(
    settings: Settings,
    share: float | None,
    within_seconds: float | None,
    sureness: float | None,
) -> Aim:
    """As the loop aims; what was said holds for every queue."""
    set_aim = aim_of(settings.staffing)
    aim = with_database(settings, partial(with_own_targets, aim=set_aim))
    return aim.where(share=share, within_seconds=within_seconds, sureness=sureness)


async def _check_queue(settings: Settings, queue: str, database: Database) -> None:
    """`UnknownQueue` when neither the team nor the records have it."""
    known = {ALL, *(each.name for each in settings.queues)}
    known |= {each.name for each in await queue_rows(database)}
    known |= set(await removed_queues(database))
    if queue not in known:
        raise UnknownQueue(f"There is no queue {queue!r}; {nearest(queue, known)}")


def _foreseen(name: str, recorded: Recorded, wish: Wish, need: _Need) -> ForecastDay:
    handle = recorded.handle_seconds.get(name, HANDLE_SECONDS)
    patience = recorded.patience_seconds.get(name, PATIENCE_SECONDS)
    staffing = Staffing(
        handle_seconds=need.handle_seconds or handle,
        patience_seconds=need.patience_seconds or patience,
        target=need.aim.of(name),
        sureness=need.aim.sureness,
    )
    return forecast_lines(name, recorded.counts[name], wish.day, wish.kind, staffing)


def _moment(day: date, at: datetime, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at.time(), zone).astimezone(UTC)


def _names(recorded: Recorded, queue: str | None) -> list[str]:
    """The queue, or all of them and last the whole; the whole alone if there is one."""
    if queue is not None:
        return [queue] if queue in recorded.counts else []
    names = sorted(recorded.counts, key=lambda name: (name == ALL, name))
    return names if len(names) > 2 else names[:1]


def _show(days: Sequence[ForecastDay], wish: Wish, sureness: float) -> None:
    if not days:
        typer.echo("Nothing was recorded to learn from.")
        return
    console = terminal()
    console.print(line_table(days[-1], sureness))
    console.print(queue_table(days, f"{wish.day}, {wish.kind.type}"))
    for each in days:
        for words in each.words:
            console.print(f"{each.queue or '(none)'}: {words}", markup=False)
