"""`hotline staffing forecast` on a real database."""

import asyncio
import csv
import json
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from acd.records.writer import write_events
from config.database import Database
from hotline.cli import app
from tests.fakes import call_events as told
from tests.fakes.call_events import START

pytestmark = pytest.mark.integration

WEEKS = 2
AN_HOUR = 6


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Two weeks and a day in which six citizens call at nine o'clock each day."""
    file = tmp_path / "hotline.toml"
    queues = '[[queues]]\nname = "general"\n\n[[queues]]\nname = "tax"\n'
    file.write_text(f'[hotline]\ndata_dir = "{tmp_path}"\n\n{queues}', encoding="utf-8")
    asyncio.run(_fill(tmp_path))
    return file


async def _fill(directory: Path) -> None:
    url = f"sqlite+aiosqlite:///{directory / 'hotline.sqlite'}"
    async with Database(url) as database:
        for day in range(7 * WEEKS + 1):
            for number in range(AN_HOUR):
                at = START - timedelta(days=day) + timedelta(minutes=10 * number)
                await write_events(
                    database, told.answered_call(f"{day:02}{number}", start=at)
                )


def run(config: Path, *words: str) -> Result:
    return CliRunner().invoke(
        app, ["staffing", "forecast", "--config", str(config), *words]
    )


def rows_of(config: Path, *words: str) -> list[dict[str, str]]:
    """The lines of the CSV, after the command went well."""
    file = config.parent / "forecast.csv"
    result = run(config, *words, "--csv", str(file))
    assert result.exit_code == 0, result.output
    with file.open(encoding="utf-8", newline="") as read:
        return list(csv.DictReader(read))


def test_forecast_is_shown_with_agents_and_what_came_so_far(config: Path) -> None:
    result = run(config, "--date", "2026-07-20", "--at", "09:30")
    assert result.exit_code == 0, result.output
    nine, half_past = (
        line.split()
        for line in result.output.splitlines()
        if line.split()[:1] in (["09:00"], ["09:30"])
    )
    assert nine[1] == "2"
    assert int(nine[-2]) >= 1
    assert "█" in nine[-1]
    assert half_past[1].count(".") == 1, "nothing came yet: the forecast stands first"
    assert "2026-07-20, workday" in result.output


def test_csv_has_every_quarter_of_an_hour_of_what_was_known_then(config: Path) -> None:
    rows = rows_of(config, "--date", "2026-07-20", "--at", "09:30")
    assert len(rows) == 96
    by_interval = {int(row["interval"]): row for row in rows}
    assert by_interval[37]["actual"] == "1"
    assert by_interval[38]["actual"] == ""
    morning = sum(float(by_interval[n]["forecast"]) for n in range(36, 40))
    assert 3 < morning < 8
    assert float(by_interval[80]["forecast"]) < 0.3
    assert all(float(row["low"]) <= float(row["high"]) for row in rows)
    assert all(int(row["agents"]) <= int(row["agents_sure"]) for row in rows)


def test_a_queue_that_never_had_a_call_is_told(config: Path) -> None:
    result = run(config, "--date", "2026-07-20", "--queue", "tax")
    assert result.exit_code == 0
    assert "Nothing was recorded to learn from." in result.output


def test_queue_that_is_not_there_is_told_with_the_nearest(config: Path) -> None:
    result = run(config, "--date", "2026-07-20", "--queue", "generale")
    assert result.exit_code == 1
    assert "There is no queue 'generale'" in result.output
    assert "'general'" in result.output
    assert "Nothing was recorded" not in result.output


def test_target_is_the_one_that_is_set_unless_another_is_said(config: Path) -> None:
    other = config.with_name("other.toml")
    staffing = "[staffing]\ntarget_share = 0.8\nwithin_seconds = 20\n"
    other.write_text(f"{config.read_text('utf-8')}\n{staffing}", encoding="utf-8")
    on = "--date", "2026-07-20"
    assert "95 % in 15 s" in run(config, *on).output
    assert "80 % in 20 s" in run(other, *on).output
    assert "99 % in 20 s" in run(other, *on, "--target-share", "0.99").output


def test_little_history_is_said(config: Path) -> None:
    result = run(config, "--date", "2026-07-20", "--history-days", "2")
    assert result.exit_code == 0
    assert "2 days are known: a level is followed" in result.output


def test_same_period_of_last_year_is_shown_with_what_it_brought(config: Path) -> None:
    words = ["staffing", "same-period", "--config", str(config), "--date", "2027-07-19"]
    result = CliRunner().invoke(app, [*words, "--days", "2", "--json"])
    assert result.exit_code == 0, result.output
    first, second = json.loads(result.output)
    assert (first["then"], first["like"]) == ("2026-07-20", "the same weekday, Monday")
    assert (first["calls"], first["busiest"], first["busiest_calls"]) == (
        AN_HOUR,
        "09:00",
        2,
    )
    assert (second["then"], second["calls"], second["busiest"]) == (
        "2026-07-21",
        None,
        "",
    )
    assert "2026-07-20 Mon" in CliRunner().invoke(app, words).output
