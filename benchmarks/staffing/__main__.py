"""`python -m benchmarks.staffing`: one table of what is reached, aims and rivals beside."""

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Final

import numpy as np
import typer
from rich.console import Console
from rich.table import Table
from scipy.special import ndtr

from acd.staffing.forecast import forecast_day
from benchmarks.circumstances import Circumstances, in_words
from benchmarks.staffing import plans, speed, staffed, surges
from benchmarks.staffing.accuracy import (
    AHEAD,
    REST,
    floor,
    inside,
    ours,
    same_weekdays,
    walk,
)
from benchmarks.staffing.bank_calls import (
    TUNED_DAYS,
    BankCalls,
    DataMissing,
    bank_calls,
)

AIMS: Final = {"15 minutes ahead": 3.8, "60 minutes": 4.1, REST: 5.0, AHEAD: 5.6}
MARGIN: Final = 2.05
"""Standard deviations of the rate by which we staff beyond its mean: as many as six per
cent of agents allow on the last 23 of the days that things are tuned on. Before those the
forecast had few days to learn from, and its own deviation was wider."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line: ours, the aim (least or most), and three rivals."""

    what: str
    ours: float
    aim: float | None = None
    at_least: bool = False
    rivals: tuple[float | None, float | None, float | None] = (None, None, None)

    @property
    def verdict(self) -> str:
        """Whether the aim is met."""
        if self.aim is None:
            return ""
        met = self.ours >= self.aim if self.at_least else self.ours <= self.aim
        return "[green]met[/]" if met else "[bold red]missed[/]"


Tuning = Annotated[
    bool, typer.Option(help="On the days that settings were tuned on, instead.")
]


def main(tuning: Tuning = False) -> None:
    """Score forecasts, staffing and surges on the days that nothing was tuned on."""
    console, around = Console(width=130), Circumstances()
    try:
        calls = bank_calls()
        days = range(35, TUNED_DAYS) if tuning else calls.scored
        parts = _accuracy, _staffed, _surges, _plans
        rows = [row for part in parts for row in part(calls, days)]
        rows += _speed(calls)
    except DataMissing as missing:
        console.print(f"{missing}", style="red", markup=False)
        raise typer.Exit(1) from None
    console.print(_table(rows, f"bank_calls, {len(days)} days, {_commit()}"))
    facts = around.facts()
    console.print(f"{facts['seconds']:.0f} s. {in_words({'': facts})}")


def _commit() -> str:
    """The commit that is measured, where git knows one."""
    asked = ["git", "describe", "--always", "--dirty"]
    told = subprocess.run(asked, capture_output=True, text=True, check=False)
    return told.stdout.strip() or "no commit"


def _accuracy(calls: BankCalls, days: range) -> Iterator[Row]:
    walked = walk(calls, ours(calls), days)
    week, six = (walk(calls, same_weekdays(calls, n), days).errors() for n in (1, 6))
    for name, error in walked.errors().items():
        yield Row(
            what=f"error (WAPE %): {name}",
            ours=error,
            aim=AIMS.get(name),
            rivals=(week[name], six[name], None),
        )
    yield Row(what="error of knowing every mean (Poisson)", ours=floor(walked))
    bounds = np.array([_bounds(calls, day) for day in days])
    covered = inside(walked, bounds[:, 0], bounds[:, 1])
    yield Row(what="quarters between 10 and 90 %, day ahead (%)", ours=covered)


def _bounds(calls: BankCalls, day: int) -> np.ndarray:
    history = calls.history
    made = forecast_day(history, history.days[day], history.kinds[day])
    return made.outlook(np.empty(0)).calls_quantile([0.1, 0.9])


def _staffed(calls: BankCalls, days: range) -> Iterator[Row]:
    own = staffed.lived(
        calls, days, staffed.by_updates(calls, days, float(ndtr(MARGIN)))
    )
    week, six = (
        walk(calls, same_weekdays(calls, n), days).foreseen[:, 0] for n in (1, 6)
    )
    rivals = [
        staffed.lived(calls, days, agents)
        for agents in (
            staffed.needed(week),
            staffed.needed(six),
            staffed.by_pyworkforce(week),
        )
    ]
    for what, aim, at_least in (
        ("met", 90.0, True),
        ("below_half", None, False),
        ("abandoned", None, False),
        ("beyond", 6.0, False),
    ):
        yield Row(
            what=_WORDS[what],
            ours=getattr(own, what),
            aim=aim,
            at_least=at_least,
            rivals=tuple(getattr(rival, what) for rival in rivals),
        )


_WORDS: Final = {
    "met": "quarters with 80 % in 20 s, simulated (%)",
    "below_half": "quarters below 50 % in 20 s (%)",
    "abandoned": "calls that hung up (%)",
    "beyond": "agents beyond one who knows all counts (%)",
}


def _surges(calls: BankCalls, days: range) -> Iterator[Row]:
    for factor, found in surges.delays(calls, days).items():
        yield Row(
            what=f"surge x{factor}: minutes to the alarm (median of {found.n})",
            ours=found.median,
            aim=10.0 if factor == 1.5 else None,
        )
        yield Row(
            what=f"surge x{factor}: no alarm within the hour (%)", ours=found.missed
        )
    alarms = surges.days_with_alarm(calls, days)
    yield Row(what=f"days with an alarm, of {len(days)} ordinary ones", ours=alarms)


def _plans(calls: BankCalls, days: range) -> Iterator[Row]:
    agents = staffed.by_updates(calls, days, float(ndtr(MARGIN)))
    found = plans.found_plans(calls, days, agents)
    yield Row(what="surge x1.5: minutes to plan 2 (median)", ours=found.lead, aim=12.0)
    yield Row(what="surge x1.5: no plan 2 in two hours (%)", ours=found.without)
    words = "without a plan", "with plan 1", "with plans 1 and 2"
    for what, gone in zip(words, found.abandoned, strict=True):
        yield Row(what=f"surge x1.5, two hours: hung up {what} (%)", ours=gone)
    of = f"of {len(days)} ordinary ones"
    yield Row(what=f"days with plan 1, {of}", ours=found.plan_1_days)
    yield Row(what=f"days with plan 2, {of}", ours=found.plan_2_days)
    yield Row(
        what=f"days with an unjustified recall, {of}",
        ours=found.unjustified,
        aim=float(len(days) // 60),
    )


def _speed(calls: BankCalls) -> Iterator[Row]:
    yield Row(
        what="update of a queue (microseconds)",
        ours=speed.update_microseconds(calls),
        aim=100.0,
    )
    yield Row(
        what="day x 10 queues: forecast and agents (ms)",
        ours=speed.day_milliseconds(calls),
        aim=10.0,
        rivals=(None, None, speed.pyworkforce_milliseconds(calls)),
    )
    yield Row(
        what="learning a queue, once a day (ms)", ours=speed.fit_milliseconds(calls)
    )


def _table(rows: list[Row], title: str) -> Table:
    made = Table(title=title, title_justify="left")
    made.add_column("", no_wrap=True)
    for name in ("ours", "aim", "", "last week", "six weekdays", "pyworkforce"):
        made.add_column(name, justify="right", no_wrap=True)
    for row in rows:
        aim = "" if row.aim is None else f"{'>=' if row.at_least else '<='} {row.aim:g}"
        rivals = ("" if each is None else f"{each:.2f}" for each in row.rivals)
        made.add_row(row.what, f"{row.ours:.2f}", aim, row.verdict, *rivals)
    return made


typer.run(main)
