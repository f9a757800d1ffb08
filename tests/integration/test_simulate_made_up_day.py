"""`hotline simulate` on a whole made-up day of a city, kept in a file."""

import asyncio
import csv
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from acd.staffing.csv_lines import TableRefused
from hotline.cli import app
from tests.integration.staffed_city import CELL, TODAY, city

pytestmark = pytest.mark.integration
SETTINGS = '[[queues]]\nname = "general"\n[[queues]]\nname = "tax"\n'
BRINGS_AGENTS = '[staffing]\nautomatic = ["move_training", "to_phones", "overtime"]\n'


def run(*words: str) -> Result:
    """The command, with enough agents for the day."""
    return CliRunner().invoke(app, ["simulate", *words, "--agents", "general+tax=60"])


def test_made_up_day_can_be_kept_and_simulated_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("hotline.toml").write_text(SETTINGS)
    once = run("--generate", "city", "--save-day", "d.csv")
    again = run("--day", "d.csv")
    assert once.exit_code == again.exit_code == 0
    with Path("d.csv").open(encoding="utf-8", newline="") as kept:
        assert len(list(csv.DictReader(kept))) == 5800
    assert " 5800 " in again.output


def test_day_staffed_by_the_loop_stands_beside_its_roster(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same seed tells the same day, and the loop brings more calls to people in time."""
    monkeypatch.chdir(tmp_path)
    Path("hotline.toml").write_text(SETTINGS + BRINGS_AGENTS)
    files = ("--csv", "d.csv", "--rounds", "r.csv", "--picture", "d.svg")
    words = ("simulate", "--generate", "city-busy", "--staffed-by-loop", *files)
    once = CliRunner().invoke(app, [*words, "--date", "2026-03-02"])
    assert once.exit_code == 0, once.output
    rounds = _lines("r.csv")
    assert len(rounds) == 96
    before, after = (
        sum(int(line[name]) for line in rounds)
        for name in ("missing_rostered", "missing")
    )
    assert after < before
    plans = {line["plan"]: line for line in _lines("d.csv") if line["queue"] == "all"}
    by_roster, by_loop = (
        float(plans[name]["in_time_of_offered"])
        for name in ("roster", "staffed by the loop")
    )
    assert by_loop > by_roster
    assert "所需坐席" in Path("d.svg").read_text(encoding="utf-8")


def test_day_of_the_database_is_staffed_from_its_roster_and_its_records(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At noon there are two agents, and a dispatcher who may answer calls."""
    monkeypatch.chdir(tmp_path)
    asyncio.run(_small_city(tmp_path))
    Path("hotline.toml").write_text(
        f'[hotline]\ndata_dir = "{tmp_path}"\n[sip]\nport = 5099\n{SETTINGS}'
    )
    Path("d.csv").write_text("time,queue,calls\n12:00,general,14\n12:15,general,40\n")
    words = ("simulate", "--day", "d.csv", "--rules", "database", "--staffed-by-loop")
    found = CliRunner().invoke(
        app, [*words, "--date", f"{TODAY}", "--rounds", "r.csv", "--csv", "d.out"]
    )
    assert found.exit_code == 0, found.output
    rounds = _lines("r.csv")
    assert (rounds[CELL]["rostered"], rounds[CELL]["staffed"]) == ("2", "3")
    assert any("to_phones" in line["moves"] for line in rounds[: CELL + 1])
    other = CliRunner().invoke(app, [*words, "--date", "2026-07-22"])
    assert isinstance(other.exception, TableRefused)
    assert "the roster has no shift on 2026-07-22" in str(other.exception)


def test_day_staffed_by_the_loop_takes_no_agents_by_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("hotline.toml").write_text(SETTINGS)
    words = ("simulate", "--generate", "city", "--staffed-by-loop", "--agents", "all=5")
    refused = CliRunner().invoke(app, words)
    assert isinstance(refused.exception, TableRefused)
    assert "leave out --agents" in str(refused.exception)


async def _small_city(directory: Path) -> None:
    async with city(directory):
        pass


def _lines(file: str) -> list[dict[str, str]]:
    with Path(file).open(encoding="utf-8", newline="") as kept:
        return list(csv.DictReader(kept))
