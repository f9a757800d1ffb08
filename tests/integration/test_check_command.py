"""`hotline check` tells contradictory rules, and a start refuses them."""

import asyncio
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from acd.rule_changes.rows import Author
from acd.rule_changes.store import changes_page
from acd.run_time.settings import RunTimeSettings
from config.bus import EventBus
from config.clock import LoopClock
from config.database import Database
from config.setting_errors import SettingsError
from config.settings import Settings, load_settings
from hotline.check_database import check_database
from hotline.cli import app
from hotline.records import open_records
from hotline.seed import seed
from tests.fakes.ports import free_port

pytestmark = pytest.mark.integration

AGENT = '[[agents]]\nid = "1001"\ncontact = "sip:1001@127.0.0.1"\nskills = {tax = 1}\n'


def settings_file(folder: Path, queue: str) -> Path:
    """One queue with these rules, and an agent who knows a little of taxes."""
    file = folder / "hotline.toml"
    file.write_text(
        f'hotline.data_dir = "{folder}/data"\nsip.port = {free_port()}\n'
        f'console.port = {free_port()}\n[[queues]]\nname = "general"\n{queue}\n{AGENT}',
        encoding="utf-8",
    )
    return file


def settings(folder: Path, queue: str) -> Settings:
    """The same, read."""
    return load_settings(settings_file(folder, queue))


def check(folder: Path, queue: str) -> Result:
    """Run the command on a wide terminal."""
    words = ["check", "--config", str(settings_file(folder, queue))]
    return CliRunner().invoke(app, words, env={"COLUMNS": "300"})


def test_good_rules_are_told_as_good(tmp_path: Path) -> None:
    result = check(tmp_path, "skills = {tax = 1}")
    assert "✓ rules: every queue can be served" in result.output
    assert result.exit_code == 0, result.output


def test_warning_is_no_fault(tmp_path: Path) -> None:
    result = check(tmp_path, "skills = {tax = 2}")
    line = "! queue 'general': it can never be served: no agent may ever take its calls"
    assert line in result.output
    assert result.exit_code == 0, result.output


def test_contradiction_is_a_fault(tmp_path: Path) -> None:
    result = check(tmp_path, 'strategy = "linaer"')
    assert "✗ queue 'general': there is no strategy 'linaer'" in result.output
    assert "did you mean 'linear'?" in result.output
    assert result.exit_code == 1


async def test_check_speaks_also_of_the_team_in_the_database(tmp_path: Path) -> None:
    file = settings_file(tmp_path, "skills = {tax = 2}")
    async with open_records(load_settings(file), EventBus(), LoopClock()):
        pass
    found = await check_database(settings(tmp_path, "skills = {tax = 1}"))
    assert [finding.what for finding in found] == [
        "database",
        *["database: queue 'general'"] * 2,
    ]
    assert found[0].words.startswith("1 queues, 1 agents; they count")


async def test_check_names_what_of_the_file_counts_no_more(tmp_path: Path) -> None:
    file, clock = settings_file(tmp_path, ""), LoopClock()
    async with open_records(load_settings(file), EventBus(), clock) as records:
        parts = records.database, clock, load_settings(file)
        limits = (await RunTimeSettings.open(*parts)).outbound
        fewer = limits.now.model_copy(update={"lines": 2})
        await limits.replace(fewer, Author(name="Li", peer=""))
    found = [finding.words for finding in await check_database(load_settings(file))]
    (told,) = [words for words in found if "count no more" in words]
    assert told.startswith("outbound_limits: as Li changed them")


async def test_check_says_nothing_of_a_database_that_is_not_there(
    tmp_path: Path,
) -> None:
    assert await check_database(settings(tmp_path, "")) == []
    assert not (tmp_path / "data").exists()


async def test_start_refuses_contradictions_and_writes_nothing(tmp_path: Path) -> None:
    bad = settings(tmp_path, "hours = {workdays = '8:00-12:00'}")
    with pytest.raises(SettingsError, match="hours: 'workdays' is unknown"):
        async with open_records(bad, EventBus(), LoopClock()):
            pass
    with pytest.raises(SettingsError, match="did you mean 'workday'"):
        seed(bad, [], yes=True)
    assert not (tmp_path / "data").exists()


async def test_start_warns_of_what_the_database_holds(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    doubtful = settings(tmp_path, "skills = {tax = 2}")
    async with open_records(doubtful, EventBus(), LoopClock()):
        pass
    assert "queue 'general': it can never be served" in caplog.text
    caplog.clear()
    async with open_records(settings(tmp_path, ""), EventBus(), LoopClock()):
        pass
    assert "not in the database as in the settings' file: general;" in caplog.text
    assert "queue 'general': it can never be served" in caplog.text


async def test_start_refuses_a_database_that_cannot_work(tmp_path: Path) -> None:
    good = settings(tmp_path, "")
    async with (
        Database(good.database_url) as database,
        database.begin() as connection,
    ):
        sql = """INSERT INTO queues (name, rules) VALUES ('old', '{"strategy": "by_mood"}')"""
        await connection.exec_driver_sql(sql)
    with pytest.raises(SettingsError, match=r"(?s)database .* there is no strategy"):
        async with open_records(good, EventBus(), LoopClock()):
            pass


def run_seed(file: Path, *words: str) -> Result:
    """The command, without a terminal."""
    return CliRunner().invoke(app, ["seed", *words, "--config", str(file)])


def test_seed_shows_what_it_overwrites_and_wants_a_yes(tmp_path: Path) -> None:
    assert run_seed(settings_file(tmp_path, "ring_seconds = 15")).exit_code == 0
    file = settings_file(tmp_path, "ring_seconds = 30")
    asked = run_seed(file)
    assert "queue general: ring_seconds 15 -> 30" in asked.output
    assert asked.exit_code == 1
    assert (
        run_seed(file, "1001", "--yes").output == "changed: nothing, they were alike\n"
    )
    assert run_seed(file, "general", "--yes").output.endswith("changed: general\n")
    assert run_seed(file).output == "changed: nothing, they were alike\n"


async def test_what_seed_overwrites_is_kept_among_the_changes(tmp_path: Path) -> None:
    await asyncio.to_thread(run_seed, settings_file(tmp_path, "ring_seconds = 15"))
    file = settings_file(tmp_path, "ring_seconds = 30")
    await asyncio.to_thread(run_seed, file, "--yes")
    async with Database(load_settings(file).database_url) as database:
        (change,) = await changes_page(database)
    assert (change.changed_by, change.name) == ("seed", "general")
    assert (change.old["ring_seconds"], change.new["ring_seconds"]) == (15, 30)
