"""The decision records in the database, by command line and API."""

import asyncio
import json
from pathlib import Path

import pytest

from acd.events import CallRouted
from acd.records.writer import write_events
from acd.routing_records.store import decisions_of
from acd.routing_words import RoutingRule, Skipped
from config.database import Database
from tests.fakes import call_events as told
from tests.fakes.call_events import after
from tests.integration.records.test_call_commands import lines, run

pytestmark = pytest.mark.integration

CALL = "01AAAAANSWERED"


def routed(number: int, seconds: float, rule: RoutingRule, agent: str) -> CallRouted:
    """A decision about the call."""
    return CallRouted(
        at=after(seconds),
        call_id=CALL,
        queue="general",
        record=number,
        rule=rule,
        position=1,
        eligible=bool(agent),
        skipped={Skipped.TALKING: 3},
        candidates=(agent,) if agent else (),
        agent_id=agent,
        detail="longest_idle",
    )


DECISIONS = [
    routed(1, 2.1, RoutingRule.NOBODY, ""),
    routed(2, 7.1, RoutingRule.STRATEGY, "1001"),
]


async def test_decisions_are_kept_once_and_in_order(database: Database) -> None:
    for _ in range(2):
        await write_events(database, [*reversed(DECISIONS), told.arrived(CALL)])
    kept = await decisions_of(database, CALL)
    assert [decision.number for decision in kept] == [1, 2]
    assert kept[1].candidates == ["1001"]
    assert kept[1].skipped == {"talking": 3}
    assert kept[1].at == after(7.1)
    assert await decisions_of(database, "unknown") == []


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Settings with a database that holds the call."""
    file = tmp_path / "hotline.toml"
    file.write_text(f'[hotline]\ndata_dir = "{tmp_path}"\n', encoding="utf-8")
    asyncio.run(_fill(tmp_path))
    return file


async def _fill(directory: Path) -> None:
    url = f"sqlite+aiosqlite:///{directory / 'hotline.sqlite'}"
    async with Database(url) as database:
        told_of = [*told.answered_call(CALL), *DECISIONS, told.arrived("01BBBB")]
        await write_events(database, told_of)


def test_why_tells_each_decision_in_words(config: Path) -> None:
    shown = [" ".join(line) for line in lines(run(config, "why", "ANSWERED"))]
    assert shown[1].startswith("+2.1 s queue general, position 1: nobody can take")
    assert "agent 1001 is rung, the first by longest idle" in shown[2]
    as_json = json.loads(run(config, "why", CALL, "--json").stdout)
    assert [decision["rule"] for decision in as_json] == ["nobody", "strategy"]


def test_why_of_a_call_that_never_waited_says_so(config: Path) -> None:
    assert "never waited" in run(config, "why", "01BBBB").stdout
    assert run(config, "why", "nowhere").exit_code == 1
