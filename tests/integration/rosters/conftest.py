"""A database with two agents."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from acd.people.store import seed
from config.agent_settings import AgentSection
from config.database import Database
from config.queue_settings import QueueSection
from tests.fakes.call_events import START
from tests.fakes.migrated import migrated

AGENTS = [
    AgentSection(id=f"100{n}", name=f"Agent {n}", contact=f"sip:100{n}@127.0.0.1")
    for n in (1, 2)
]


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    async with Database(migrated(tmp_path / "hotline.sqlite")) as database:
        await seed(database, AGENTS, [QueueSection(name="general")], START)
        yield database
