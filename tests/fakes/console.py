"""A small service for the console to look at: everything real but SIP and audio."""

import atexit
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
from fastapi import FastAPI

from acd.distributor import Distributor
from acd.engine import Engine
from acd.people.store import seed
from acd.people.values import profile_of, rules_of
from acd.records.writer import write_events
from acd.rule_changes.changes import RuleChanges
from acd.statistics.live import LiveStatistics
from config.agent_settings import AgentSection, PauseReasonSection
from config.bus import EventBus
from config.clock import LoopClock
from config.database import Database
from config.queue_settings import QueueSection
from config.settings import HotlineSection, Settings
from config.trunk_settings import TrunkSection
from console.app import create_app
from console.metrics import Metrics
from console.view import Broker, Check, ConsoleView
from recordings.archive import Archive
from telephony.numbers import NumberPlan
from telephony.trunk_state import Sign
from telephony.trunks import Trunks

TOKEN = "t" * 43
TRUNK = TrunkSection(
    name="telecom", host="192.0.2.5", caller_numbers=("053112345",), options_seconds=0
)
BEARER = {"Authorization": f"Bearer {TOKEN}"}


@dataclass(slots=True)
class FakeLegs:
    """An endpoint's figures."""

    legs_allowed: int = 1000
    legs_in_use: int = 3


@dataclass(slots=True)
class FakeWriter:
    """A record writer's figures."""

    pending: int = 0
    lag_seconds: float = 0.0


@dataclass(slots=True)
class FakeBroker:
    """An MQTT publisher's figures."""

    connected: bool = True
    pending: int = 2
    dropped: int = 0
    refused: int = 0


@dataclass(slots=True, kw_only=True)
class SmallService:
    """Two queues, three agents, a database, an archive, and the console's app."""

    bus: EventBus
    clock: LoopClock
    distributor: Distributor
    database: Database
    archive: Archive
    view: ConsoleView
    app: FastAPI
    checks: dict[str, str] = field(default_factory=dict)

    async def record(self, *events: object) -> None:
        """Publish events, and write them into the records."""
        for event in events:
            self.bus.publish(event)
        await write_events(self.database, events)  # type: ignore[arg-type]

    @asynccontextmanager
    async def client(
        self, headers: Mapping[str, str] = BEARER
    ) -> AsyncIterator[httpx.AsyncClient]:
        """A client inside this process."""
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(
            transport=transport, base_url="http://hotline", headers=headers
        ) as client:
            yield client


def small_team() -> tuple[list[AgentSection], list[QueueSection]]:
    """Queues general and tax; agents 1001 and 1002 in general, 1003 in both."""
    agents = [
        AgentSection(
            id=f"100{n}",
            name=f"Agent {n}",
            contact=f"sip:100{n}@127.0.0.1",
            queues=("general", "tax") if n == 3 else ("general",),
        )
        for n in (1, 2, 3)
    ]
    return agents, [QueueSection(name="general"), QueueSection(name="tax")]


def small_engine(clock: LoopClock) -> Engine:
    """Has the small team, all logged out."""
    agents, queues = small_team()
    profiles = [profile_of(agent, ()) for agent in agents]
    return Engine(map(rules_of, queues), profiles, clock.now())


async def _empty_database() -> Path:
    """A migrated file to copy: migrating one for each test would take too long."""
    file = Path(tempfile.gettempdir()) / f"hotline-tests-{os.getpid()}.sqlite"
    if not file.exists():
        async with Database(f"sqlite+aiosqlite:///{file}"):
            atexit.register(file.unlink)
    return file


def _lines_out(sections: Sequence[TrunkSection], clock: LoopClock) -> Trunks:
    numbers = NumberPlan(country_code="86", area_code="0531")
    trunks = Trunks(sections, numbers, clock.now())
    for section in sections:
        trunks.note(section.name, Sign.ADDRESS, "", clock.now())
    return trunks


def _today() -> date:
    return date(2026, 3, 2)


@asynccontextmanager
async def small_service(
    directory: Path,
    *,
    mqtt: Broker | None = None,
    trunks: Sequence[TrunkSection] = (TRUNK,),
    pause_reasons: Sequence[PauseReasonSection] = (),
) -> AsyncIterator[SmallService]:
    """Build it in a directory."""
    settings = Settings(hotline=HotlineSection(data_dir=directory))
    bus, clock = EventBus(), LoopClock()
    distributor = Distributor(small_engine(clock), clock, bus)
    faults: dict[str, str] = {}
    checks: dict[str, Check] = {
        name: lambda name=name: faults.get(name, "")  # type: ignore[misc]
        for name in ("sip", "database", "draining")
    }
    lines_out = _lines_out(trunks, clock)
    directory.mkdir(exist_ok=True)
    shutil.copy(await _empty_database(), directory / "hotline.sqlite")
    async with Database(settings.database_url) as database:
        await seed(database, *small_team(), clock.now())
        archive = Archive(settings, database, bus, clock)
        view = ConsoleView(
            token=TOKEN,
            distributor=distributor,
            database=database,
            recordings=archive,
            legs=FakeLegs(),
            writer=FakeWriter(),
            metrics=Metrics(bus),
            statistics=LiveStatistics(bus, clock.now, ZoneInfo("Asia/Shanghai")),
            checks=checks,
            rule_changes=RuleChanges(database, distributor, clock, _today),
            pause_reasons=pause_reasons,
            mqtt=mqtt,
            trunks=lines_out,
        )
        yield SmallService(
            bus=bus,
            clock=clock,
            distributor=distributor,
            database=database,
            archive=archive,
            view=view,
            app=create_app(view),
            checks=faults,
        )
        distributor.close()
