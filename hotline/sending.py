"""Lines of a file sent to the service in parts, and what came of them told."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.progress import track

from hotline.api_client import ApiClient
from hotline.command_client import leave
from hotline.sheet_file import Columns, SheetLine, SheetRefused, read_sheet

NOTHING: Mapping[str, Any] = {}


def read_or_leave(file: Path, columns: Columns) -> list[SheetLine]:
    """The lines of a file; one clear sentence and the end when it cannot be used."""
    try:
        return read_sheet(file, columns)
    except SheetRefused as error:
        leave(str(error))


def in_parts(groups: Iterable[Sequence[SheetLine]], most: int) -> list[list[SheetLine]]:
    """Groups that belong together, put into parts of so many lines or little more."""
    parts: list[list[SheetLine]] = [[]]
    for group in groups:
        if len(parts[-1]) >= most:
            parts.append([])
        parts[-1].extend(group)
    return [part for part in parts if part]


def send_lines(
    client: ApiClient,
    path: str,
    name: str,
    parts: Sequence[Sequence[SheetLine]],
    more: Mapping[str, Any] = NOTHING,
) -> Iterator[dict[str, Any]]:
    """The report of each part, refused lines with their place in the file."""
    screen = Console(stderr=True)
    for part in track(parts, "importing", console=screen, disable=len(parts) < 2):
        _, report = client.post(path, {name: [line.values for line in part], **more})
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
