"""`python -m benchmarks`: measure the service, print one table, write one JSON."""

import asyncio
from collections.abc import Awaitable
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from benchmarks.boards import ChromiumMissing
from benchmarks.circumstances import Circumstances, in_words
from benchmarks.figures import Found
from benchmarks.hotline import ServiceFailed
from benchmarks.measures import MEASURES
from benchmarks.report import table, write_json
from benchmarks.run import Run
from benchmarks.sipp import SippMissing

MOST_SECONDS: Final = 300.0
"""No measure lasts longer; one that does is a fault."""

TABLE_WIDTH: Final = 124

Quick = Annotated[bool, typer.Option(help="Small and rough, in about two minutes.")]
Only = Annotated[
    list[str] | None,
    typer.Option(help=f"One measure, may be repeated: {', '.join(MEASURES)}."),
]
Json = Annotated[Path | None, typer.Option(help="Where to write; default build/bench.")]


def main(quick: Quick = False, only: Only = None, json: Json = None) -> None:
    """Measure the service on this machine; everything runs on loopback."""
    console = Console()
    console.width = max(console.width, TABLE_WIDTH)
    names = _chosen(only)
    try:
        found, circumstances = asyncio.run(_measure(names, console, quick=quick))
    except (ChromiumMissing, ServiceFailed, SippMissing) as fault:
        console.print(f"{fault}", style="red", markup=False)
        raise typer.Exit(1) from None
    console.print(table(found))
    console.print(in_words(circumstances), style="yellow")
    file = write_json(found, json, quick=quick, circumstances=circumstances)
    console.print(f"everything that was found: {file}", soft_wrap=True)


def _chosen(only: list[str] | None) -> list[str]:
    if unknown := set(only or ()) - set(MEASURES):
        raise typer.BadParameter(
            f"no measure is called {', '.join(unknown)}; there are {', '.join(MEASURES)}"
        )
    return [name for name in MEASURES if not only or name in only]


async def _measure(
    names: list[str], console: Console, *, quick: bool
) -> tuple[dict[str, Found], dict[str, Any]]:
    columns = TextColumn("{task.description:12}"), BarColumn(), TimeElapsedColumn()
    found: dict[str, Found] = {}
    circumstances: dict[str, Any] = {}
    with Progress(*columns, console=console) as progress:
        run = Run(progress, quick=quick)
        for name in names:
            run.begin(name)
            around = Circumstances()
            found[name] = await _bounded(MEASURES[name](run))
            circumstances[name] = around.facts()
            run.end()
    return found, circumstances


async def _bounded(measure: Awaitable[Found]) -> Found:
    try:
        async with asyncio.timeout(MOST_SECONDS):
            return await measure
    except TimeoutError:
        fault = f"not through after {MOST_SECONDS:g} s"
        return Found(figures={}, facts={"fault": fault})


if __name__ == "__main__":
    typer.run(main)
