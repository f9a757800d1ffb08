"""`hotline simulate` as a shift manager sees it."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from acd.staffing.behaviour import BehaviourRefused
from acd.staffing.csv_lines import TableRefused
from acd.staffing.duty import AgentsRefused
from hotline.cli import app

SETTINGS = """\
[[queues]]
name = "general"
wrap_up_seconds = 0
[[queues]]
name = "tax"
[[agents]]
id = "1001"
contact = "sip:1001@127.0.0.1:5070"
[[agents]]
id = "1002"
contact = "sip:1002@127.0.0.1:5070"
queues = ["tax"]
"""
DAY = (
    "time,queue,talk_seconds\n08:00,general,60\n08:00:10,tax,60\n08:00:20,general,60\n"
)


@pytest.fixture(autouse=True)
def city(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A directory with settings and a day."""
    monkeypatch.chdir(tmp_path)
    Path("hotline.toml").write_text(SETTINGS)
    Path("day.csv").write_text(DAY)
    yield


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["simulate", *words])


def lines(file: str) -> list[dict[str, str]]:
    """The lines of a CSV."""
    with Path(file).open(encoding="utf-8", newline="") as read:
        return list(csv.DictReader(read))


def test_day_meets_all_agents_of_the_settings() -> None:
    result = run("--day", "day.csv", "--patience-seconds", "inf", "--csv", "found.csv")
    assert result.exit_code == 0, result.output
    assert "all 2 agents: " in result.output
    found = {
        line["queue"]: line for line in lines("found.csv") if line["interval"] == "day"
    }
    assert (found["general"]["offered"], found["tax"]["offered"]) == ("2", "1")
    assert found["all"]["answered"] == "3"


def test_plans_stand_side_by_side() -> None:
    Path("roster.csv").write_text("start,end,agent\n07:00,09:00,1001\n")
    Path("other.toml").write_text(SETTINGS.replace("seconds = 0", "seconds = 300"))
    result = run(
        *("--day", "day.csv", "--agents", "general+tax=1", "--patience-seconds", "inf"),
        *("--against", "roster.csv", "--against", "other.toml", "--csv", "found.csv"),
        *("--picture", "found.svg", "--date", "2026-03-02"),
    )
    assert result.exit_code == 0, result.output
    whole = [
        line
        for line in lines("found.csv")
        if (line["interval"], line["queue"]) == ("day", "all")
    ]
    assert [line["plan"] for line in whole] == ["general+tax=1", "roster", "other"]
    assert float(whole[2]["mean_wait_seconds"]) > float(whole[0]["mean_wait_seconds"])
    assert Path("found.svg").read_text(encoding="utf-8").startswith("<svg")


def test_refused_lines_stop_it_unless_they_are_left_out() -> None:
    Path("day.csv").write_text(DAY + "8 o'clock,tax,60\n09:00,taxes,60\n")
    refused = run("--day", "day.csv")
    assert isinstance(refused.exception, TableRefused)
    assert 'day.csv: line 5: "8 o\'clock" is no time of day' in str(refused.exception)
    assert "day.csv: line 6: there is no queue 'taxes'" in str(refused.exception)
    skipped = run("--day", "day.csv", "--skip-refused")
    assert skipped.exit_code == 0, skipped.output
    assert "line 6: there is no queue 'taxes'; did you mean 'tax'?" in skipped.output


def test_behaviour_is_set_by_name_and_what_it_brings_is_shown() -> None:
    Path("day.csv").write_text(DAY.replace("tax", "general"))
    words = (
        "--agents",
        "general=3",
        "--behaviour",
        "consult_share=1,consult_seconds=7",
    )
    result = run("--day", "day.csv", *words, "--csv", "found.csv")
    assert result.exit_code == 0, result.output
    (line,) = [line for line in result.output.splitlines() if "colleague" in line]
    whole = lines("found.csv")[-1]
    assert line.split()[-1] == whole["consulted"] != "0"
    assert float(whole["held_seconds"]) > 0


@pytest.mark.parametrize(
    ("words", "fault", "reason"),
    [
        (
            ["--day", "day.csv", "--behaviour", "leave=0.1"],
            BehaviourRefused,
            "nobody has a 'leave'; did you mean 'leave_share'?",
        ),
        (
            ["--day", "day.csv", "--behaviour", "leave_share=much"],
            BehaviourRefused,
            "'leave_share=much' has no figure; write it like leave_share=0.1",
        ),
        ([], TableRefused, "name one day: --day FILE, --from-records DATE, or"),
        (
            ["--generate", "flood"],
            TableRefused,
            "there is no made-up day 'flood'; city",
        ),
        (["--day", "none.csv"], TableRefused, "none.csv cannot be read"),
        (["--day", "day.csv", "--agents", "4"], AgentsRefused, "'4' is no number of"),
        (["--day", "day.csv", "--csv", "no/x"], TableRefused, "no/x cannot be written"),
    ],
)
def test_what_cannot_be_done_is_said_in_words(
    words: list[str], fault: type[Exception], reason: str
) -> None:
    result = run(*words)
    assert isinstance(result.exception, fault)
    assert str(result.exception).startswith(reason)
