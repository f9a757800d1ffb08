"""`python -m benchmarks.staffing.thirty`: thirty real minutes, staffed by the loop.

The service, eight agents' phones and the citizens are processes of their own that speak
SIP on loopback. More and more calls come, then fewer; two agents answer at first, and
the loop looks every minute and moves people by itself. Real time, real calls: what is
written is what happened.
"""

import asyncio
import json
import time
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.console import Console

from acd.adjustments.store import round_of
from benchmarks.staffing.thirty.minutes import Happened, happened
from benchmarks.staffing.thirty.picture import picture
from benchmarks.staffing.thirty.scene import opened_scene
from benchmarks.staffing.thirty.summary import print_summary
from benchmarks.staffing.thirty.watch import Look, Watch
from config.database import Database
from config.settings import load_settings
from hotline.api_client import ApiClient
from hotline.demo.board import Board
from hotline.demo.folder import DemoError, DemoFolder, demo_folder
from hotline.demo.reports import Word

FOLDER = Path("thirty-minutes-data")
LOOKS = FOLDER / "looks.json"

Minutes = Annotated[float, typer.Option(min=1.0, help="How long calls are made.")]
Picture = Annotated[Path | None, typer.Option(help="Where the picture (SVG) goes.")]
Again = Annotated[bool, typer.Option(help="Tell of the last run, without a new one.")]


def main(
    minutes: Minutes = 30.0, drawn: Picture = None, only_tell: Again = False
) -> None:
    """Live through the minutes; the status is 1 when a process failed."""
    console = Console(highlight=False, width=110)
    troubles: list[str] = []
    try:
        if not only_tell:
            troubles = _lived(minutes)
        told = asyncio.run(_told(console))
    except (DemoError, OSError) as error:
        console.print(f"{error}", style="red", markup=False)
        raise typer.Exit(1) from None
    if drawn:
        drawn.write_text(picture(told), encoding="utf-8")
    for trouble in troubles:
        console.print(trouble, style="red", markup=False)
    raise typer.Exit(1 if troubles else 0)


def _lived(minutes: float) -> list[str]:
    """The troubles; the looks are written down."""
    board = Board(seconds=60 * minutes)
    with demo_folder(FOLDER) as folder:
        began, watch = asyncio.run(_live(folder, board))
    looks = [asdict(look) for look in watch.looks]
    made = {"began": began.isoformat(), "minutes": minutes, "looks": looks}
    LOOKS.write_text(json.dumps(made, indent=1), encoding="utf-8")
    return board.troubles


async def _live(folder: DemoFolder, board: Board) -> tuple[datetime, Watch]:
    async with opened_scene(folder, board, asyncio.Event()) as stage:
        began, board.began_at = datetime.now(UTC), time.monotonic()
        stage.citizens.order(Word.BEGIN)
        with ApiClient(stage.settings) as api:
            watch = Watch(api)
            await watch.work(board.seconds or 0, lambda: bool(board.troubles))
        await stage.end_calls(board)
        await stage.close(board)
    return began, watch


async def _told(console: Console) -> Happened:
    """What the last run's records tell, printed."""
    made = json.loads(LOOKS.read_text(encoding="utf-8"))
    looks = [Look(**look) for look in made["looks"]]
    began, minutes = datetime.fromisoformat(made["began"]), int(made["minutes"])
    settings = load_settings(FOLDER / "hotline.toml")
    zone = ZoneInfo(settings.hotline.timezone)
    async with Database(settings.database_url, read_only=True) as database:
        told = await happened(database, began, minutes, looks, zone)
        kept = {move.round_id: await round_of(database, move.id) for move in told.moves}
    print_summary(told, list(kept.values()), console)
    return told


typer.run(main)
