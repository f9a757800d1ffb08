"""The scene of the thirty minutes: the service, its people and roster, and the phones."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from benchmarks.staffing.thirty.weeks import remember
from config.database import Database
from config.settings import Settings, load_settings
from hotline.api_client import ApiClient
from hotline.demo.board import Board
from hotline.demo.company import Company
from hotline.demo.folder import ROOT, DemoError, DemoFolder
from hotline.demo.places import HOST, Places, free_places
from hotline.demo.script import AGENTS
from hotline.demo.stage import Phones, Stage, ready

POSTS = (
    "phones",
    "phones",
    "dispatch",
    "dispatch",
    "quality",
    "quality",
    "call_back",
    "training",
)
"""Where each agent works when the minutes begin."""
EVERY_SECONDS = 60
_NOON = 12
_QUARTER = timedelta(minutes=15)

_STAFFING = f"""
[staffing]
every_seconds = {EVERY_SECONDS}
history_days = 28
automatic = ["move_break", "move_training", "to_phones", "send_back"]
automatic_moves = 2
"""


def zone_of_noon(now: datetime) -> ZoneInfo:
    """Where it is noon now: no midnight comes in between, whenever it is tried."""
    east = _NOON - now.hour
    return ZoneInfo(f"Etc/GMT{'-' if east >= 0 else '+'}{abs(east)}")


@asynccontextmanager
async def opened_scene(
    folder: DemoFolder, board: Board, stop: asyncio.Event
) -> AsyncIterator[Stage]:
    """Start everybody, with a past and a roster; two of eight are on the phones."""
    with free_places() as places:
        settings = _settings(folder, places)
        async with Database(settings.database_url) as database:
            await remember(database, datetime.now(UTC))
        async with Company(folder, board, stop) as company:
            stage = await _opened(company, folder, board, places, settings)
            await _staff(folder, places, ZoneInfo(settings.hotline.timezone))
            with ApiClient(settings) as api:
                await asyncio.to_thread(_take_posts, api)
            yield stage


def _settings(folder: DemoFolder, places: Places) -> Settings:
    zone = zone_of_noon(datetime.now(UTC))
    whole = places.settings(folder, len(AGENTS))
    made = whole.replace("[sip]", f'timezone = "{zone.key}"\n[sip]', 1) + _STAFFING
    folder.config.write_text(made, encoding="utf-8")
    return load_settings(folder.config)


async def _opened(
    company: Company,
    folder: DemoFolder,
    board: Board,
    places: Places,
    settings: Settings,
) -> Stage:
    phones = Phones(company, board, package="benchmarks.staffing.thirty")
    agents = await phones.start("agents", places.agents_phones(folder))
    citizens = await phones.start("citizens", places.citizens_phones(folder))
    phones.citizens = citizens
    await company.unless_trouble(agents.opened)
    await company.unless_trouble(citizens.opened)
    words = ("-m", "hotline", "run", "--config", str(folder.config))
    hotline = await company.employ("hotline", *words)
    await company.unless_trouble(ready(folder, board, places.console_url))
    return Stage(
        company=company,
        hotline=hotline,
        agents=agents,
        citizens=citizens,
        telecom=None,
        settings=settings,
        first_left=phones.first_left,
    )


async def _staff(folder: DemoFolder, places: Places, zone: ZoneInfo) -> None:
    """People and a shift for each, taken in by the commands that a hotline has."""
    now = datetime.now(zone)
    start, end = (_clock(now + timedelta(hours=hours)) for hours in (-1, 4))
    people, shifts = ["id,name,posts,contact,queues"], ["person,day,start,end,post"]
    for (id_, name), post in zip(AGENTS, POSTS, strict=True):
        posts = ";".join(dict.fromkeys((post, "phones")))
        contact = f"sip:{id_}@{HOST}:{places.agents}"
        people.append(f"{id_},{name},{posts},{contact},general")
        shifts.append(f"{id_},{now.date()},{start},{end},{post}")
    for kind, lines in (("people", people), ("roster", shifts)):
        file = folder.path / f"{kind}.csv"
        file.write_text("\n".join(lines), encoding="utf-8")
        await _command(folder, kind, "import", str(file))


def _clock(at: datetime) -> str:
    return f"{at - (at - datetime.min.replace(tzinfo=at.tzinfo)) % _QUARTER:%H:%M}"


async def _command(folder: DemoFolder, *words: str) -> None:
    """`hotline WORDS`; `DemoError` with what it said when it fails."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "hotline", *words, "--config", str(folder.config)),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    if process.returncode:
        raise DemoError(f"hotline {' '.join(words)}: {said.decode()}")


def _take_posts(api: ApiClient) -> None:
    """Everybody logs in; who is at another post is paused so."""
    for (id_, _), post in zip(AGENTS, POSTS, strict=True):
        api.post(f"/agents/{id_}/state", {"state": "logged_in"})
        if post != "phones":
            other = {"state": "paused", "reason": "other_post"}
            api.post(f"/agents/{id_}/state", other)
