"""`hotline campaigns` on a real database, as a person types it."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from config.database import Database
from hotline.campaign_commands import app
from outbound.contact import NewContact
from outbound.do_not_call.store import DoNotCallStore
from outbound.store import CampaignStore

pytestmark = pytest.mark.integration

NOW = datetime(2026, 11, 2, 1, 30, tzinfo=UTC)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Settings, and a database with a campaign of one contact."""
    file = tmp_path / "hotline.toml"
    file.write_text(f'[hotline]\ndata_dir = "{tmp_path}"\n', encoding="utf-8")
    asyncio.run(_fill(f"sqlite+aiosqlite:///{tmp_path / 'hotline.sqlite'}"))
    return file


async def _fill(url: str) -> None:
    order = NewContact(
        order_id="A-1",
        number="+8613812345678",
        language="zh",
        closed_at=NOW,
        unit="供水",
        confidential=False,
    )
    async with Database(url) as database:
        await CampaignStore(database).add("november", [order], NOW)


def run(config: Path, *words: str) -> Result:
    """What the command says and how it ends."""
    return CliRunner().invoke(app, [*words, "--config", str(config)])


def test_list_counts_the_contacts_by_state(config: Path) -> None:
    assert "november" in run(config, "list").output
    (campaign,) = json.loads(run(config, "list", "--json").output)
    assert campaign["contacts"]["waiting"] == 1


def test_show_masks_numbers_unless_they_are_wanted(config: Path) -> None:
    said = run(config, "show", "november", "--json").output
    assert json.loads(said)["newest"][0]["contact"]["number"] == "138****5678"
    assert "+8613812345678" in run(config, "show", "november", "--full").output
    assert "A-1" not in run(config, "show", "november", "--state", "done").output


def test_export_masks_numbers_unless_they_are_wanted(
    config: Path, tmp_path: Path
) -> None:
    file = tmp_path / "contacts.csv"
    said = run(config, "export", "november", "--output", str(file))
    assert said.output == f"1 contacts are in {file}\n"
    assert "138****5678" in file.read_text("utf-8-sig")
    run(config, "export", "november", "--output", str(file), "--full")
    assert "+8613812345678" in file.read_text("utf-8-sig")


def test_report_is_written_as_a_page(config: Path, tmp_path: Path) -> None:
    file = tmp_path / "november.html"
    said = run(config, "report", "november", "--output", str(file))
    assert said.output == f"the report of november is in {file}\n"
    assert file.read_text("utf-8").startswith("<!DOCTYPE html>")
    lost = run(config, "report", "november", "--output", str(tmp_path / "no" / "x"))
    assert (lost.exit_code, "cannot be written" in lost.output) == (1, True)


def test_campaign_that_is_not_there_is_said_so(config: Path) -> None:
    result = run(config, "show", "december")
    assert result.exit_code == 1
    assert "There is no campaign 'december'" in result.output


def test_do_not_call_list_masks_numbers_unless_they_are_wanted(config: Path) -> None:
    assert "No number is on the list" in run(config, "do-not-call", "list").output
    asyncio.run(_bar(f"sqlite+aiosqlite:///{config.parent / 'hotline.sqlite'}"))
    listed = run(config, "do-not-call", "list").output
    assert "138****5678" in listed
    assert "by letter" in listed
    assert "+8613812345678" in run(config, "do-not-call", "list", "--full").output


async def _bar(url: str) -> None:
    async with Database(url) as database:
        store = DoNotCallStore(database)
        await store.add(["+8613812345678"], "by letter", "li", NOW)
