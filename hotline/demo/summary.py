"""The end of the demo: what was promised beside what was found, and where to look on."""

import os
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from hotline.demo.board import Board
from hotline.demo.folder import DemoFolder
from hotline.demo.verdict import Verdict

MOST_DIFFERENCES = 30
SMALL_BUILD = (
    "This was the PyPI wheel of pjsua2 with its 4 call legs: 2 agents, 2 citizens at "
    "once. `make pjsip` builds the one for a real hotline."
)


def print_summary(
    console: Console, verdict: Verdict, board: Board, folder: DemoFolder
) -> None:
    """Print the table, every difference, and one sentence that says how it went."""
    table = Table(
        "", "expected", "found", "", title="hotline demo", title_justify="left"
    )
    for promise in verdict.promises:
        mark, style = ("✓", "green") if promise.kept else ("✗", "bold red")
        expected, found = str(promise.expected), str(promise.found)
        table.add_row(promise.what, expected, found, Text(mark, style=style))
    for number in (1, 2):
        table.columns[number].justify = "right"
    console.print(table)
    if board.small_build:
        console.print(SMALL_BUILD, soft_wrap=True)
    for warning in verdict.warnings:
        console.print(f"! {warning}", style="yellow", markup=False, soft_wrap=True)
    _print_differences(console, verdict)
    _print_verdict(console, verdict)
    _print_ways_on(console, folder)


def _print_differences(console: Console, verdict: Verdict) -> None:
    for difference in verdict.differences[:MOST_DIFFERENCES]:
        console.print(f"✗ {difference}", style="red", markup=False, soft_wrap=True)
    if (more := len(verdict.differences) - MOST_DIFFERENCES) > 0:
        console.print(f"✗ and {more} more", style="red")


def _print_verdict(console: Console, verdict: Verdict) -> None:
    if verdict.good:
        console.print("Everything that was promised happened.", style="bold green")
    else:
        console.print("Not everything that was promised happened.", style="bold red")


def _print_ways_on(console: Console, folder: DemoFolder) -> None:
    program, config = _program(), f"--config {os.path.relpath(folder.config)}"
    console.print(
        "All of it is kept until the next demo. Look on with:\n"
        f"  {program} calls list {config}\n"
        f"  {program} recordings list {config}\n"
        f"and listen to what is in {os.path.relpath(folder.data / 'recordings')}",
        markup=False,
        soft_wrap=True,
    )


def _program() -> str:
    """How we were called, for we are seldom on the PATH."""
    called = Path(sys.argv[0])
    return str(called) if called.stem == "hotline" else f"{sys.executable} -m hotline"
