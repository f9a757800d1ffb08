"""Who spoke with a caller before: found in the records, without holding the caller up."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime

import pytest

import acd.last_agent
from acd.distributor import Distributor
from acd.engine import Engine
from acd.floor import UnknownQueue
from acd.last_agent import MOST_AT_ONCE, LastAgents
from acd.queue_rules import QueueRules
from acd.records.writer import write_events
from config.bus import EventBus
from config.clock import LoopClock
from config.database import Database, DatabaseUnavailable
from tests.fakes import call_events as told
from tests.fakes.call_events import CALLER, after

pytestmark = pytest.mark.integration

HOUR = 3600.0


@pytest.fixture
async def last_agents(database: Database) -> AsyncIterator[LastAgents]:
    """Two talks of one number, the later one with 1002; an hour has passed since."""
    for call_id, start, agent in (("A", 0.0, "1001"), ("B", HOUR, "1002")):
        call = told.answered_call(call_id, start=after(start), agent_id=agent)
        await write_events(database, call)
    await write_events(database, told.abandoned_call("C", start=after(HOUR + 900)))
    clock = LoopClock(after(2 * HOUR))
    queues = [
        QueueRules(name="general", last_agent_seconds=30, last_agent_hours=2),
        QueueRules(name="short", last_agent_seconds=30, last_agent_hours=0.5),
        QueueRules(name="careless"),
    ]
    link = Distributor(Engine(queues, [], clock.now()), clock, EventBus())
    async with LastAgents(database, link, clock) as last_agents:
        yield last_agents


async def test_agent_of_the_latest_talk_is_found(last_agents: LastAgents) -> None:
    assert await last_agents.of(CALLER, "general") == "1002"


@pytest.mark.parametrize(
    ("caller", "queue"),
    [(CALLER, "short"), (CALLER, "careless"), ("", "general"), ("+861", "general")],
)
async def test_nobody_is_found(
    last_agents: LastAgents, caller: str, queue: str
) -> None:
    assert await last_agents.of(caller, queue) == ""


async def test_unknown_queue_is_refused(last_agents: LastAgents) -> None:
    with pytest.raises(UnknownQueue):
        await last_agents.of(CALLER, "none")


async def test_slow_records_hold_nobody_up_and_are_not_asked_without_end(
    last_agents: LastAgents, monkeypatch: pytest.MonkeyPatch
) -> None:
    told_at_last, asked = asyncio.Event(), []

    async def slow(database: Database, caller: str, since: datetime) -> str:
        asked.append(caller)
        await told_at_last.wait()
        return "1002"

    monkeypatch.setattr(acd.last_agent, "last_agent_of", slow)
    callers = [last_agents.of(CALLER, "general") for _ in range(MOST_AT_ONCE + 5)]
    assert set(await asyncio.gather(*callers)) == {""}
    assert len(asked) == MOST_AT_ONCE
    told_at_last.set()


async def test_broken_records_hold_nobody_up(
    last_agents: LastAgents,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def broken(database: Database, caller: str, since: datetime) -> str:
        raise DatabaseUnavailable("disk full")

    monkeypatch.setattr(acd.last_agent, "last_agent_of", broken)
    assert await last_agents.of(CALLER, "general") == ""
    assert "do not tell who spoke last" in caplog.text
    assert CALLER not in caplog.text
