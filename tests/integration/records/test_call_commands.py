"""`hotline calls` on a real database, as a person types it."""

import asyncio
import json
import sqlite3
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from acd.records.writer import write_events
from config.database import Database
from hotline.call_commands import app
from recordings.entry import Recording, State
from recordings.store import RecordingStore
from tests.fakes import call_events as told
from tests.fakes.call_events import START, after

pytestmark = pytest.mark.integration

ANSWERED, GIVEN_UP, HIDDEN = "01AAAAANSWERED", "01BBBBGIVENUP0", "01CCCCWITHHELD"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Settings whose data lie in the test's own directory."""
    file = tmp_path / "hotline.toml"
    file.write_text(f'[hotline]\ndata_dir = "{tmp_path}"\n', encoding="utf-8")
    return file


@pytest.fixture
def day(config: Path) -> Path:
    """Three calls in the database; the first has a recording."""
    asyncio.run(_fill(config.parent))
    return config


async def _fill(directory: Path) -> None:
    url = f"sqlite+aiosqlite:///{directory / 'hotline.sqlite'}"
    async with Database(url) as database:
        answered = told.answered_call(ANSWERED)
        given_up = told.abandoned_call(GIVEN_UP, start=after(300))
        hidden = told.abandoned_call(HIDDEN, start=after(600), caller="")
        await write_events(database, [*answered, *given_up, *hidden])
        await RecordingStore(database).append(
            Recording(
                call_id=ANSWERED,
                state=State.CLOSED,
                started_at=START,
                seconds=60.0,
                path="2026/07/20/a.flac",
                agent_silent=True,
            )
        )


def run(config: Path, *words: str) -> Result:
    """What the command says and how it ends."""
    return CliRunner().invoke(app, [*words, "--config", str(config)])


def lines(result: Result) -> list[list[str]]:
    """The words of each line of a command that went well."""
    assert result.exit_code == 0, result.output
    return [line.split() for line in result.stdout.splitlines()]


def test_list_shows_the_newest_first_with_masked_numbers(day: Path) -> None:
    header, *calls = lines(run(day, "list"))
    assert header[:3] == ["call", "arrived", "caller"]
    assert [call[0] for call in calls] == ["WITHHELD", "GIVENUP0", "ANSWERED"]
    assert calls[2][1:] == [
        *("2026-07-20", "09:00:00", "138****5678", "general", "1001"),
        *("2.0", "8.0", "50.0", "answered"),
    ]
    assert calls[0][3] == "withheld"


def test_whole_numbers_are_shown_when_asked_for(day: Path) -> None:
    assert told.CALLER in run(day, "list", "--full").stdout
    assert told.CALLER in run(day, "show", ANSWERED, "--full").stdout
    assert told.CALLER in run(day, "missed", "--full").stdout
    for words in (["list"], ["show", ANSWERED], ["missed"], ["list", "--json"]):
        assert "13812345678" not in run(day, *words).stdout


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        (["--caller", "138 1234 5678"], ["GIVENUP0", "ANSWERED"]),
        (["--agent", "1001"], ["ANSWERED"]),
        (["--queue", "general", "--limit", "2"], ["WITHHELD", "GIVENUP0"]),
        (["--outcome", "abandoned_in_queue"], ["WITHHELD", "GIVENUP0"]),
        (["--since", "2026-07-20 09:05"], ["WITHHELD", "GIVENUP0"]),
        (["--until", "2026-07-20T09:05:00"], ["ANSWERED"]),
        (["--before", "GIVENUP0"], ["ANSWERED"]),
    ],
)
def test_list_is_filtered(day: Path, words: list[str], shown: list[str]) -> None:
    _, *calls = lines(run(day, "list", *words))
    assert [call[0] for call in calls if len(call) > 5] == shown


def test_list_tells_how_to_see_older_calls(day: Path) -> None:
    assert "--before GIVENUP0" in run(day, "list", "--limit", "2").stdout
    assert "--before" not in run(day, "list").stdout


def test_empty_list_says_so(day: Path) -> None:
    assert run(day, "list", "--agent", "nobody").stdout == "No call fits.\n"
    assert run(day, "missed", "--state", "done").stdout == "No missed call fits.\n"


def test_show_tells_the_story_in_order_with_seconds(day: Path) -> None:
    story = [line for line in lines(run(day, "show", "ANSWERED")) if line[0][0] == "+"]
    assert [" ".join(line[2:4]) for line in story] == [
        "arrived from",
        "leg opened",
        "answered",
        "leg answered",
        "IVR menu",
        "ENTERQUEUE queue",
        "OFFER queue",
        "leg opened",
        "leg closed",
        "RINGNOANSWER queue",
        "OFFER queue",
        "leg opened",
        "leg answered",
        "CONNECT queue",
        "leg closed",
        "leg closed",
        "COMPLETECALLER queue",
        "ended answered",
    ]
    assert story[9] == [
        *("+7.1", "s", "RINGNOANSWER", "queue", "general,", "agent", "1000,"),
        *("rang", "5.0", "s,", "no", "answer"),
    ]


def test_show_tells_of_the_recording(day: Path) -> None:
    shown = " ".join(run(day, "show", "01AAAA").stdout.split())
    assert "recording closed, 60.0 s, 2026/07/20/a.flac, silent: agent" in shown
    assert "wait 8.0 s from queue entry, 10.0 s from answer" in shown
    assert "recording none" in " ".join(run(day, "show", GIVEN_UP).stdout.split())


def test_show_as_json_holds_the_whole_story(day: Path) -> None:
    record = json.loads(run(day, "show", ANSWERED, "--json").stdout)
    assert record["call"]["caller"] == "138****5678"
    assert record["call"]["arrived_at"] == "2026-07-20T01:00:00+00:00"
    assert len(record["legs"]) == 3
    assert record["queue_events"][-1]["kind"] == "COMPLETECALLER"
    assert record["recording"]["path"] == "2026/07/20/a.flac"
    listed = json.loads(run(day, "list", "--json").stdout)
    assert [call["id"] for call in listed] == [HIDDEN, GIVEN_UP, ANSWERED]


def test_missed_shows_whom_we_owe_a_call(day: Path) -> None:
    _, hidden, given_up = lines(run(day, "missed"))
    assert hidden[3:] == ["withheld", "general", "abandoned_in_queue", "withheld"]
    assert given_up[3:] == ["138****5678", "general", "abandoned_in_queue", "owed"]
    assert len(json.loads(run(day, "missed", "--json").stdout)) == 2


def test_ambiguous_or_unknown_id_is_refused_in_words(day: Path) -> None:
    ambiguous = run(day, "show", "01")
    assert ambiguous.exit_code == 1
    assert "Give more characters" in ambiguous.stderr
    unknown = run(day, "show", "zzz")
    assert unknown.exit_code == 1
    assert "`hotline calls list` shows them" in unknown.stderr


def test_missing_database_is_refused_in_words_and_not_made(config: Path) -> None:
    result = run(config, "list")
    assert result.exit_code == 1
    assert "made by the first `hotline run`" in result.stderr
    assert not (config.parent / "hotline.sqlite").exists()


def test_missing_settings_are_refused_in_words(tmp_path: Path) -> None:
    result = run(tmp_path / "nowhere.toml", "list")
    assert result.exit_code == 1
    assert "does not exist" in result.stderr


def test_calls_are_listed_while_somebody_writes(day: Path) -> None:
    writer = sqlite3.connect(day.parent / "hotline.sqlite", isolation_level=None)
    writer.execute("BEGIN EXCLUSIVE")
    writer.execute("DELETE FROM calls")
    assert len(lines(run(day, "list"))) == 4
    writer.execute("ROLLBACK")
    writer.close()


def test_call_that_runs_is_shown_as_far_as_it_went(config: Path) -> None:
    asyncio.run(_fill(config.parent))
    asyncio.run(_begin(config.parent))
    _, newest, *_ = lines(run(config, "list"))
    assert newest[-2:] == ["in", "progress"]
    assert "in progress" in run(config, "show", "RUNNING").stdout


async def _begin(directory: Path) -> None:
    url = f"sqlite+aiosqlite:///{directory / 'hotline.sqlite'}"
    async with Database(url) as database:
        await write_events(database, [told.arrived("01DDDDRUNNING", after(900))])
