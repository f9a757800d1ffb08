"""A real archive on a real database in a folder of its own, and calls put into it."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from config.bus import EventBus
from config.clock import LoopClock
from config.database import Database
from config.settings import Settings
from recordings.archive import Archive
from recordings.entry import Recording
from recordings.recorder import CallRecording
from tests.fakes.migrated import migrated
from tests.unit.recordings.studio import Samples, TalkingLeg, tone

START = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
E = TypeVar("E")


@dataclass(kw_only=True)
class House:
    """An archive, its database, and the events that it told."""

    archive: Archive
    database: Database
    settings: Settings
    clock: LoopClock
    told: list[object] = field(default_factory=list)

    def events(self, kind: type[E]) -> list[E]:
        """The events of a kind, in order."""
        return [event for event in self.told if isinstance(event, kind)]

    async def open(self, call_id: str, leg: TalkingLeg) -> CallRecording:
        """Begin to record a call."""
        return await self.archive.open(
            call_id, leg=leg, caller="13812345678", called="12345", started_at=START
        )

    async def record(
        self, call_id: str, said: Samples | None = None, answered: Samples | None = None
    ) -> Recording:
        """Record a whole call and wait until it is stored."""
        citizen = TalkingLeg()
        recording = await self.open(call_id, citizen)
        if answered is not None:
            agent = TalkingLeg()
            await recording.add(agent, role="agent", name="1001")
            agent.say(answered)
        citizen.say(tone(2) if said is None else said)
        await recording.close()
        await self.archive.settled()
        found = await self.archive.find(call_id)
        assert found is not None
        return found


def settings_for(folder: Path, recordings: Mapping[str, Any] | None = None) -> Settings:
    """Settings whose data lie in a folder."""
    limits = {"min_free_megabytes": 1, **(recordings or {})}
    return Settings(hotline={"data_dir": folder}, recordings=limits)  # type: ignore[arg-type]


@asynccontextmanager
async def house_in(
    folder: Path, *, database: Path | None = None, **recordings: Any
) -> AsyncIterator[House]:
    """An archive that runs; the database lies in the folder too, or elsewhere."""
    settings = settings_for(folder, recordings)
    bus, told = EventBus(), list[object]()
    bus.subscribe(object, told.append)
    folder.mkdir(parents=True, exist_ok=True)
    url = migrated(database or folder / "hotline.sqlite")
    clock = LoopClock()
    async with (
        Database(url) as opened,
        Archive(settings, opened, bus, clock) as archive,
    ):
        yield House(
            archive=archive,
            database=opened,
            settings=settings,
            clock=clock,
            told=told,
        )
