"""The command: what a shift manager says, and what he is shown."""

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)

from acd.staffing.behaviour import Behaviour, Shape
from acd.staffing.csv_lines import TableRefused
from acd.staffing.day import Day
from acd.staffing.day_file import day_lines
from acd.staffing.made_up_day import MADE_UP_DAYS
from acd.staffing.measures import Measures
from acd.staffing.picture import picture
from acd.staffing.plan import Plan
from acd.staffing.result_lines import result_lines
from acd.staffing.simulation import simulate
from acd.staffing.story import SimulatedDay
from config.settings import Settings, load_settings
from hotline.simulate.behaviours import behaviour_of, in_figures, more_of
from hotline.simulate.by_loop import LoopPlans, loop_plans
from hotline.simulate.days import DayWish, FoundDay, find_day
from hotline.simulate.loop_tables import rounds_in_words, rounds_lines, rounds_table
from hotline.simulate.plans import Hotline, Rules, hotline_of, other_plan
from hotline.simulate.tables import (
    besides_table,
    group_table,
    in_words,
    interval_table,
    queue_table,
)

TABLE_WIDTH = 140
USUAL = Behaviour()

Config = Annotated[Path, typer.Option("--config", help="The settings' file.")]
DayFile = Annotated[
    Path | None, typer.Option("--day", help="CSV of calls, or of counts of calls.")
]
Generate = Annotated[
    str, typer.Option(help=f"A made-up day: {', '.join(MADE_UP_DAYS)}.")
]
FromRecords = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], help="A day of the database."),
]
Date = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Its date; else today.")
]
Agents = Annotated[
    str,
    typer.Option(
        help="all=200 or general=40,tax=6, or a roster (CSV); else all of the settings."
    ),
]
Against = Annotated[
    list[str] | None,
    typer.Option(
        help="Compare with these agents, with other settings (.toml), or the rules of the database."
    ),
]
WhichRules = Annotated[
    Rules, typer.Option(help="Those of the settings' file, or as they are now.")
]
TalkSeconds = Annotated[
    float | None,
    typer.Option(min=0, help="Mean, without wrap-up; else recorded, or 260."),
]
TalkShape = Annotated[Shape, typer.Option(help="How talk times vary.")]
Patience = Annotated[
    float | None,
    typer.Option(min=0, help="Mean; inf: nobody hangs up; else as recorded, or 360."),
]
AnswerSeconds = Annotated[
    float | None,
    typer.Option(min=0, help="Mean until an agent answers; else as recorded, or 4."),
]
NoAnswer = Annotated[
    float | None,
    typer.Option(min=0, max=1, help="Of offers, not taken; else as recorded, or 0."),
]
More = Annotated[
    str,
    typer.Option(
        "--behaviour", help="More of it: leave_share=0.1,consult_share=0.05 ..."
    ),
]
Redial = Annotated[float, typer.Option(min=0, max=1, help="Of those who hang up.")]
RedialSeconds = Annotated[
    float, typer.Option(min=0, help="Mean until they call again.")
]
Within = Annotated[float, typer.Option(min=0, help="What counts as answered in time.")]
Minutes = Annotated[int, typer.Option(min=1, max=60, help="Of CSV and picture.")]
Seed = Annotated[int, typer.Option(min=0, help="The same seed, the same day.")]
Skip = Annotated[bool, typer.Option("--skip-refused", help="Leave bad lines out.")]
CsvFile = Annotated[Path | None, typer.Option("--csv", help="Write intervals there.")]
Picture = Annotated[Path | None, typer.Option("--picture", help="Write an SVG there.")]
ByLoop = Annotated[
    bool,
    typer.Option(
        "--staffed-by-loop",
        help="The day's roster, and beside it as the fifteen-minute loop changes it.",
    ),
]
RoundsFile = Annotated[
    Path | None, typer.Option("--rounds", help="Write the loop's rounds there (CSV).")
]
SaveDay = Annotated[Path | None, typer.Option(help="Write the day's calls there.")]


def simulate_day(
    day: DayFile = None,
    generate: Generate = "",
    from_records: FromRecords = None,
    agents: Agents = "",
    against: Against = None,
    staffed_by_loop: ByLoop = False,
    rules: WhichRules = "file",
    config: Config = Path("hotline.toml"),
    date: Date = None,
    talk_seconds: TalkSeconds = None,
    talk_shape: TalkShape = "lognormal",
    patience_seconds: Patience = None,
    answer_seconds: AnswerSeconds = None,
    no_answer_share: NoAnswer = None,
    redial_share: Redial = 0.0,
    redial_seconds: RedialSeconds = USUAL.redial_seconds,
    more: More = "",
    within_seconds: Within = 15.0,
    interval_minutes: Minutes = 15,
    seed: Seed = 1,
    skip_refused: Skip = False,
    csv_file: CsvFile = None,
    picture_file: Picture = None,
    rounds_file: RoundsFile = None,
    save_day: SaveDay = None,
) -> None:
    """Let a day of calls meet your rules and agents, far faster than real time."""
    settings, console = load_settings(config), _console()
    wish = DayWish(
        file=day,
        made_up=generate,
        recorded=from_records is not None,
        start=_midnight(from_records or date, settings),
        interval_seconds=60.0 * interval_minutes,
        seed=seed,
        skip_refused=skip_refused,
    )
    hotline = hotline_of(settings, rules)
    found = find_day(wish, settings, hotline)
    said = {
        "talk_seconds": talk_seconds,
        "patience_seconds": patience_seconds,
        "answer_seconds": answer_seconds,
        "no_answer_share": no_answer_share,
        "redial_share": redial_share,
        "redial_seconds": redial_seconds,
    }
    usual = replace(USUAL, talk_shape=talk_shape)
    behaviour = behaviour_of(usual, more_of(more), said, found.behaviour)
    if measured := in_figures(found.behaviour):
        console.print(f"measured on that day: {measured}", markup=False)
    for words in found.left_out:
        console.print(words, style="yellow", markup=False)
    hotline = replace(hotline, on_duty=found.on_duty)
    looped = _looped(staffed_by_loop, agents, hotline, settings, wish, found, behaviour)
    plans = _plans(hotline, settings, agents, against or [], looped)
    simulated = _simulated(found.day, plans, behaviour, wish, console)
    days = [Measures.of(one, within_seconds) for one in simulated]
    _show(days, console)
    required = _tell_rounds(looped, rounds_file, console)
    _write(csv_file, partial(_write_csv, lines=result_lines(days)))
    _write(save_day, partial(_write_csv, lines=day_lines(found.day)))
    image = picture(days, settings.speech.language, required)
    _write(picture_file, partial(_write_text, text=image))


def _looped(
    wanted: bool,
    agents: str,
    hotline: Hotline,
    settings: Settings,
    wish: DayWish,
    found: FoundDay,
    behaviour: Behaviour,
) -> LoopPlans | None:
    if not wanted:
        return None
    if agents:
        raise TableRefused(
            "--staffed-by-loop takes its people from the roster: leave out --agents, or "
            "compare with them by --against"
        )
    return loop_plans(hotline, settings, wish, found.day, behaviour)


def _plans(
    hotline: Hotline,
    settings: Settings,
    agents: str,
    against: Sequence[str],
    looped: LoopPlans | None,
) -> list[Plan]:
    own = looped.plans if looped else (hotline.staffed(agents),)
    others = [other_plan(wanted, hotline, settings, agents) for wanted in against]
    return [*own, *others]


def _simulated(
    day: Day,
    plans: Sequence[Plan],
    behaviour: Behaviour,
    wish: DayWish,
    console: Console,
) -> Iterator[SimulatedDay]:
    columns = TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn()
    with Progress(*columns, console=console, transient=True) as progress:
        for plan in plans:
            task = progress.add_task(plan.name, total=len(day.calls))
            yield simulate(
                day,
                plan,
                behaviour,
                seed=wish.seed,
                interval_seconds=wish.interval_seconds,
                told=partial(_advance, progress, task),
            )
            progress.update(task, completed=len(day.calls))


def _advance(progress: Progress, task: TaskID, calls: int) -> None:
    progress.update(task, completed=calls)


def _show(days: Sequence[Measures], console: Console) -> None:
    by_hour = [
        Measures.of(measured.day.by_the_hour(), measured.within_seconds)
        for measured in days
    ]
    for table in (interval_table(by_hour), group_table(days), queue_table(days)):
        console.print(table)
    if besides := besides_table(days):
        console.print(besides)
    for measured in days:
        console.print(in_words(measured), markup=False)


def _tell_rounds(
    looped: LoopPlans | None, file: Path | None, console: Console
) -> list[float]:
    """Show and write what the loop did; the agents required, none without it."""
    if not looped:
        return []
    console.print(rounds_table(looped.staffed))
    console.print(rounds_in_words(looped.staffed), markup=False)
    _write(file, partial(_write_csv, lines=rounds_lines(looped.staffed)))
    return [float(quarter.required) for quarter in looped.staffed.quarters]


def _console() -> Console:
    console = Console(highlight=False)
    console.width = max(console.width, TABLE_WIDTH)
    return console


def _midnight(date: datetime | None, settings: Settings) -> datetime:
    zone = ZoneInfo(settings.hotline.timezone)
    day = date.replace(tzinfo=zone) if date else datetime.now(zone)
    return day.replace(hour=0, minute=0, second=0, microsecond=0)


def _write(file: Path | None, write: Callable[[Path], None]) -> None:
    """Write what was asked for, and say where it is."""
    if file is None:
        return
    try:
        write(file)
    except OSError as fault:
        raise TableRefused(f"{file} cannot be written: {fault.strerror}") from fault
    typer.echo(f"written: {file}")


def _write_csv(file: Path, lines: Sequence[Sequence[str]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows(lines)


def _write_text(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8")
