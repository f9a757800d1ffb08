"""`hotline call-backs` on a real database, as a person types it."""

import asyncio
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from acd.call_backs.store import DebtStore
from acd.ledger.debt import AttemptOutcome, DebtRules
from acd.records.writer import write_events
from acd.talk_events import CallMadeConfidential
from config.database import Database
from hotline.call_back_commands import app
from tests.fakes import call_events as told
from tests.fakes.call_events import after

pytestmark = pytest.mark.integration

NOW = after(3600)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Settings, and a database with a debt that was tried once."""
    file = tmp_path / "hotline.toml"
    file.write_text(f'[hotline]\ndata_dir = "{tmp_path}"\n', encoding="utf-8")
    asyncio.run(_fill(f"sqlite+aiosqlite:///{tmp_path / 'hotline.sqlite'}"))
    return file


async def _fill(url: str) -> None:
    async with Database(url) as database:
        ledger = DebtStore(database)
        for call_id in ("01AAA", "01BBB"):
            await write_events(database, told.abandoned_call(call_id))
        await ledger.fold(NOW)
        await ledger.lease("01AAA", "01ATTEMPT", NOW)
        await ledger.tried("01AAA", AttemptOutcome.NO_ANSWER, NOW, DebtRules())


def run(config: Path, *words: str) -> Result:
    """What the command says and how it ends."""
    return CliRunner().invoke(app, [*words, "--config", str(config)])


def test_list_shows_state_tries_and_why_with_masked_numbers(config: Path) -> None:
    said = run(config, "list").output
    assert "138****5678" in said
    assert "+8613812345678" not in said
    assert "owed" in said
    assert "no_answer" in said
    assert "+8613812345678" in run(config, "list", "--full").output
    assert run(config, "list", "--state", "done").output == "No call-back fits.\n"


def test_show_tells_the_attempts_and_the_calls_that_it_stands_for(config: Path) -> None:
    said = run(config, "show", "aaa").output
    assert "no_answer" in said
    assert "stands for: 01AAA, 01BBB" in said
    record = json.loads(run(config, "show", "01AAA", "--json").output)
    assert record["attempts"][0]["call_id"] == "01ATTEMPT"


def test_confidential_caller_is_masked_even_in_full(config: Path) -> None:
    async def make_confidential() -> None:
        url = f"sqlite+aiosqlite:///{config.parent / 'hotline.sqlite'}"
        async with Database(url) as database:
            made = CallMadeConfidential(at=NOW, call_id="01BBB")
            await write_events(database, [made])

    asyncio.run(make_confidential())
    for words in (("list",), ("show", "aaa")):
        said = run(config, *words, "--full", "--json").output
        assert "13812345678" not in said
        assert "138****5678" in said


def test_unknown_id_is_told_in_a_sentence(config: Path) -> None:
    result = run(config, "show", "nothing")
    assert result.exit_code == 1
    assert "hotline call-backs list" in result.output


@pytest.mark.parametrize("change", ["place", "retry", "cancel"])
def test_few_characters_change_nothing(config: Path, change: str) -> None:
    result = run(config, change, "01AAA")
    assert result.exit_code == 1
    assert "at least 6 characters" in result.output


def test_placing_needs_the_service_and_says_so(config: Path) -> None:
    result = run(config, "place", "01JAAA")
    assert result.exit_code == 2
    assert "token" in result.output or "not running" in result.output
