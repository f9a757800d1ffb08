"""Lines of a file sent to the service in parts, and what came of them told."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.progress import track

from hotline.api_client import ApiClient
from hotline.command_client import leave
from hotline.sheet_file import Columns, SheetLine, SheetRefused, read_sheet


def read_or_leave(file: Path, columns: Columns) -> list[SheetLine]:
    """The lines of a file; one clear sentence and the end when it cannot be used."""
    try:
        return read_sheet(file, columns)
    except SheetRefused as error:
        leave(str(error))


def send_lines(
    client: ApiClient, path: str, name: str, given: Sequence[SheetLine], at_once: int
) -> Iterator[dict[str, Any]]:
    """The report of each part, refused lines with their place in the file."""
    parts = [given[at : at + at_once] for at in range(0, len(given), at_once)]
    screen = Console(stderr=True)
    for part in track(parts, "importing", console=screen, disable=len(parts) < 2):
        _, report = client.post(path, {name: [line.values for line in part]})
        refused = [
            f"{part[each['place'] - 1].place}: {each['reason']}"
            for each in report["refused"]
        ]
        yield {**report, "refused": refused}


def tell_taken_in(reports: Sequence[dict[str, Any]]) -> None:
    """The refused lines and the sums; exit status 1 when any was refused."""
    refused = [line for report in reports for line in report["refused"]]
    for line in refused:
        typer.echo(line, err=True)
    new, changed, known = (
        sum(each[name] for each in reports) for name in ("new", "changed", "known")
    )
    typer.echo(
        f"{new} new, {changed} changed, {known} known before, {len(refused)} refused"
    )
    if refused:
        raise typer.Exit(1)
