"""`hotline simulate --from-records` on a real database."""

import asyncio
import csv
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from acd.events import AgentState
from acd.people.store import seed
from acd.records.writer import write_events
from acd.staffing.csv_lines import TableRefused
from config.database import Database
from config.queue_settings import QueueSection
from config.settings import AgentSection
from hotline.cli import app
from tests.fakes import call_events as told
from tests.fakes.call_events import START, after

AGENT = '[[agents]]\nid = "1001"\ncontact = "sip:1001@127.0.0.1:5070"\n'

pytestmark = pytest.mark.integration


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """An agent who comes at nine and leaves at ten; one call in between, one after."""
    file = tmp_path / "hotline.toml"
    file.write_text(f'[hotline]\ndata_dir = "{tmp_path}"\n{AGENT}', encoding="utf-8")
    asyncio.run(_fill(tmp_path))
    return file


async def _fill(directory: Path) -> None:
    state = AgentState
    people = [AgentSection(id="1001", contact="sip:1001@127.0.0.1:5070")]
    async with Database(
        f"sqlite+aiosqlite:///{directory / 'hotline.sqlite'}"
    ) as database:
        await seed(database, people, [], START)
        comes = told.moved("1001", state.LOGGED_OUT, state.READY, after(-1))
        await write_events(database, [comes])
        await write_events(database, told.answered_call("01AAAA"))
        leaves = told.moved("1001", state.READY, state.LOGGED_OUT, after(3600))
        await write_events(database, [leaves])
        await write_events(database, told.abandoned_call("01BBBB", start=after(7200)))


def run(config: Path, *words: str) -> Result:
    return CliRunner().invoke(app, ["simulate", "--config", str(config), *words])


def test_recorded_day_is_simulated_with_those_who_were_there(
    config: Path, tmp_path: Path
) -> None:
    file = tmp_path / "found.csv"
    words = ("--no-answer-share", "0", "--csv", str(file))
    result = run(config, "--from-records", "2026-07-20", *words)
    assert result.exit_code == 0, result.output
    with file.open(encoding="utf-8", newline="") as read:
        lines = list(csv.DictReader(read))
    whole = lines[-1]
    assert (whole["plan"], whole["offered"], whole["answered"]) == (
        "as recorded",
        "2",
        "1",
    )
    assert whole["abandoned_in_queue"] == "1"
    assert [line["agents_on_duty"] for line in lines[:5]] == ["1.00"] * 4 + ["0.00"]


def test_other_agents_would_have_answered_both(config: Path, tmp_path: Path) -> None:
    file = tmp_path / "found.csv"
    words = ("--agents", "general=1", "--no-answer-share", "0", "--csv", str(file))
    result = run(config, "--from-records", "2026-07-20", *words)
    assert result.exit_code == 0, result.output
    with file.open(encoding="utf-8", newline="") as read:
        whole = list(csv.DictReader(read))[-1]
    assert whole["answered"] == "2"


def test_behaviour_of_the_day_is_measured_told_and_used(
    config: Path, tmp_path: Path
) -> None:
    file = tmp_path / "found.csv"
    words = ("--agents", "general=1", "--patience-seconds", "inf", "--csv", str(file))
    result = run(config, "--from-records", "2026-07-20", *words)
    assert result.exit_code == 0, result.output
    told = result.output.partition("measured on that day: ")[2]
    figures = "".join(told.split("By interval")[0].split()).split(",")
    assert "no_answer_share=0.5" in figures
    assert "talk_seconds=50" in figures


def test_day_without_calls_is_refused_in_words(config: Path) -> None:
    result = run(config, "--from-records", "2026-07-21")
    assert isinstance(result.exception, TableRefused)
    assert "the records have no call of 2026-07-21" in str(result.exception)


def test_rules_of_the_database_win_over_the_file_when_asked_for(
    config: Path, tmp_path: Path
) -> None:
    slow = QueueSection(name="general", wrap_up_seconds=3000)
    asyncio.run(_change(tmp_path, slow))
    day, file = tmp_path / "day.csv", tmp_path / "found.csv"
    day.write_text("time,talk_seconds\n09:00,60\n09:00:10,60\n", encoding="utf-8")
    words = ("--patience-seconds", "inf", "--csv", str(file))
    result = run(config, "--day", str(day), "--against", "database", *words)
    assert result.exit_code == 0, result.output
    with file.open(encoding="utf-8", newline="") as read:
        lines = [line for line in csv.DictReader(read) if line["interval"] == "day"]
    waits = {line["plan"]: float(line["mean_wait_seconds"]) for line in lines}
    assert waits["database"] > 1400 > waits["all 1 agents"]
    alone = run(config, "--day", str(day), "--rules", "database", *words)
    assert alone.exit_code == 0, alone.output
    assert "all 1 agents: of 2 offered" in alone.output


def test_database_without_queues_is_told_in_words(config: Path, tmp_path: Path) -> None:
    day = tmp_path / "day.csv"
    day.write_text("time\n09:00\n", encoding="utf-8")
    result = run(config, "--day", str(day), "--rules", "database")
    assert isinstance(result.exception, TableRefused)
    assert "the database has no queues yet" in str(result.exception)


async def _change(directory: Path, *queues: QueueSection) -> None:
    """Queues as somebody has set them at run time."""
    async with Database(
        f"sqlite+aiosqlite:///{directory / 'hotline.sqlite'}"
    ) as database:
        await seed(database, [], queues, START)
