"""`hotline statistics` on a real database, as a person types it."""

import asyncio
import csv
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from acd.people.store import seed
from acd.records.writer import write_events
from acd.statistics.exclusions import Exclusion, ExclusionReason
from acd.statistics.report import exclude
from config.database import Database
from config.settings import AgentSection
from hotline.statistics_commands import app
from tests.fakes import call_events as told
from tests.fakes.call_events import START, after

pytestmark = pytest.mark.integration

DATE = ("--date", "2026-07-20")


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Settings whose data lie in the test's own directory."""
    file = tmp_path / "hotline.toml"
    file.write_text(f'[hotline]\ndata_dir = "{tmp_path}"\n', encoding="utf-8")
    return file


@pytest.fixture
def day(config: Path) -> Path:
    """A call at nine, one at five past which nobody answered, and one just now."""
    asyncio.run(_fill(config.parent))
    return config


async def _fill(directory: Path) -> None:
    url = f"sqlite+aiosqlite:///{directory / 'hotline.sqlite'}"
    now = datetime.now(UTC) - timedelta(minutes=2)
    people = [
        AgentSection(id="1001", contact="sip:1001@127.0.0.1", queues=("general",))
    ]
    async with Database(url) as database:
        await seed(database, people, [], START)
        await write_events(database, told.answered_call("01AAAA"))
        await write_events(database, told.abandoned_call("01BBBB", start=after(300)))
        await write_events(database, told.abandoned_call("01CCCC", start=now))
        line = Exclusion(
            call_id="01BBBB",
            at=after(900),
            excluded=True,
            reason=ExclusionReason.NUISANCE,
            name="Zhang Wei",
        )
        await exclude(database, line)


def run(config: Path, *words: str) -> Result:
    """What the command says and how it ends."""
    return CliRunner().invoke(app, [*words, "--config", str(config)])


def lines(result: Result) -> list[str]:
    """The lines of a command that went well."""
    assert result.exit_code == 0, result.output
    return result.stdout.splitlines()


def test_intervals_show_each_rate_with_its_numbers(day: Path) -> None:
    header, line, *caption = lines(run(day, "intervals", *DATE))
    assert header.split()[:4] == ["from", "queue", "offered", "redials"]
    assert line.split() == [
        *("09:00", "general", "2", "0", "50.0%", "1/2"),
        *("1", "50.0%", "/", "100.0%", "0/0/1/0/0/0/0", "0", "8.0/8.0", "50.0"),
    ]
    assert "blocked / in IVR / in queue" in " ".join(caption)


def test_day_ends_with_all_queues(day: Path) -> None:
    shown = lines(run(day, "day", *DATE))
    assert [line.split()[0] for line in shown[:3]] == ["queue", "general", "all"]


def test_agents_show_their_time_and_one_of_them_by_intervals(day: Path) -> None:
    _, line = lines(run(day, "agents", *DATE))[:2]
    assert line.split()[0] == "1001"
    assert "0:00:50" in line.split()
    rows = lines(run(day, "agents", "--agent", "1001", *DATE))
    (quarter,) = (row.split() for row in rows if row.startswith("09:00"))
    assert "0:00:50" in quarter


def test_staff_shows_all_agents_or_those_of_a_queue(day: Path) -> None:
    rows = lines(run(day, "staff", *DATE))
    (quarter,) = (row.split() for row in rows if row.startswith("09:00"))
    assert quarter[1] == "1"
    assert "0:00:50" in quarter
    assert lines(run(day, "staff", "--queue", "general", *DATE)) == rows
    assert lines(run(day, "staff", "--queue", "tax", *DATE)) == [
        "Nothing was recorded."
    ]


def test_clock_tells_the_last_24_hours_and_what_is_foreseen(day: Path) -> None:
    shown = "\n".join(lines(run(day, "clock")))
    assert "0/1" in shown
    assert "Below 95% now. Not foreseen that it rises to 95% within 6 h" in shown


def test_csv_has_a_column_for_each_figure(day: Path, tmp_path: Path) -> None:
    file = tmp_path / "july20.csv"
    assert lines(run(day, "intervals", *DATE, "--csv", str(file))) == []
    with file.open(encoding="utf-8", newline="") as text:
        (row,) = csv.DictReader(text)
    assert row["start"] == "2026-07-20T09:00:00+08:00"
    assert (row["counts_offered"], row["rates_connect_whole"]) == ("2", "2")
    assert row["waits_answered_histogram_to_8_seconds"] == "1"
    assert row["handling_talk_seconds"] == "50.0"
    for command in ("day", "agents", "staff"):
        assert lines(run(day, command, *DATE, "--csv", str(file))) == []


def test_csv_that_cannot_be_written_is_told_in_a_sentence(day: Path) -> None:
    result = run(day, "day", *DATE, "--csv", "/nowhere/a.csv")
    assert result.exit_code == 1
    assert "/nowhere/a.csv cannot be written" in result.stderr


def test_json_holds_the_same(day: Path) -> None:
    (line,) = json.loads(run(day, "intervals", *DATE, "--json").stdout)
    assert line["counts"]["excluded"] == 1
    assert json.loads(run(day, "clock", "--json").stdout)["counts"]["offered"] == 1
    (logged,) = json.loads(run(day, "exclusions", "--json").stdout)
    assert (logged["reason"], logged["name"]) == ("nuisance", "Zhang Wei")


def test_exclusions_tell_who_and_why(day: Path) -> None:
    _, line = lines(run(day, "exclusions"))
    assert "01BBBB" in line
    assert "Zhang Wei" in line


def test_day_without_calls_says_so(day: Path) -> None:
    assert lines(run(day, "intervals", "--date", "2026-01-01")) == [
        "Nothing was recorded."
    ]


def test_excluding_a_call_asks_the_service_and_says_when_it_is_not_there(
    day: Path,
) -> None:
    words = ("--reason", "test_call", "--name", "Zhang Wei")
    result = run(day, "exclude", "01AAAA", *words)
    assert result.exit_code == 1
    assert "first `hotline run` makes it" in result.stderr
    unknown = run(day, "exclude", "nobody", *words)
    assert "No call's id begins or ends with 'nobody'" in unknown.stderr
