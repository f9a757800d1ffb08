"""`hotline simulate` on a whole made-up day of a city, kept in a file."""

import csv
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from hotline.cli import app

pytestmark = pytest.mark.integration
SETTINGS = '[[queues]]\nname = "general"\n[[queues]]\nname = "tax"\n'


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
