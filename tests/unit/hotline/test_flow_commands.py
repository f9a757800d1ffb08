"""`hotline flow` as its user sees it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from hotline.flow_commands import app

OFFICE = """\
steps:
  hours: {do: opening_hours, hours: {workday: "09:00-17:00"}, open: ask, closed: message}
  ask: {do: collect, say: no_key, into: code, max_digits: 4}
  call: {do: transfer, say: "{code}", target: "sip:110@127.0.0.3", then: end, failed: wait}
  wait: {do: enqueue, queue: general, say: connecting, nobody: message, then: end}
  message: {do: record_message, say: leave_message}
  end: {do: hang_up, say: goodbye}
"""


@pytest.fixture(autouse=True)
def city(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A directory with settings and a flow of the city's own."""
    monkeypatch.chdir(tmp_path)
    Path("hotline.toml").write_text('[ivr]\nflow = "office"\nflows_dir = "flows"\n')
    Path("flows").mkdir()
    Path("flows/office.yaml").write_text(OFFICE, encoding="utf-8")
    yield


def run(*words: str, typed: str = "") -> Result:
    return CliRunner().invoke(app, list(words), input=typed)


def test_check_looks_at_the_flows_in_use() -> None:
    result = run("check")
    assert result.exit_code == 0, result.output
    assert "office: good, 6 steps" in result.output


def test_check_names_faults_and_fails() -> None:
    Path("flows/office.yaml").write_text(OFFICE.replace("general", "genral"))
    result = run("check")
    assert result.exit_code == 1
    assert (
        "flows/office.yaml:5: there is no queue 'genral'; did you mean" in result.output
    )


def test_check_takes_files_and_names() -> None:
    Path("bad.yaml").write_text("steps:\n  a: {do: hangup}\n")
    result = run("check", "citizen", "bad.yaml", "offise")
    assert result.exit_code == 1
    assert "citizen: good" in result.output
    assert (
        "bad.yaml:2: 'hangup' is no kind of step; did you mean 'hang_up'?"
        in result.output
    )
    assert "there is no flow 'offise'" in result.output
    assert "did you mean 'office'?" in result.output


def test_warnings_do_not_fail_the_check() -> None:
    Path("short.yaml").write_text("steps:\n  end: {do: hang_up}\n")
    result = run("check", "short.yaml")
    assert result.exit_code == 0
    assert (
        "short.yaml:2: warning: a caller who presses nothing is hung up on"
        in result.output
    )


def test_graph_prints_a_flowchart() -> None:
    result = run("graph", "office")
    assert result.exit_code == 0
    assert result.output.startswith("flowchart TD\n")
    assert 'step_hours -- "closed" --> step_message' in result.output


def test_try_walks_by_keys_and_tells_what_is_said() -> None:
    at = "2026-03-02 10:00"
    result = run("try", "office", "--at", at, typed="x1\n0531#9\nfailed\nnobody\n\n")
    assert result.exit_code == 0, result.output
    assert result.output.splitlines() == [
        "  -> hours: open",
        "[ask] collect",
        "  says: 没有收到您的按键。",
        "  keys (Enter: none): x1",
        "  'x' is no key of a telephone; keys are 0-9, * and #",
        "  keys (Enter: none): 0531#9",
        "  -> ask: key",
        "[call] transfer",
        "  says: 0531",
        "  is put through to sip:110@127.0.0.3; what happens? talked/failed: failed",
        "  -> call: failed",
        "[wait] enqueue",
        "  says: 正在为您接通。",
        "  waits for an agent of 'general'; what happens? talked/overflow/full/nobody: nobody",
        "  -> wait: nobody",
        "[message] record_message",
        "  says: 请在提示音后留言，按井号键结束。",
        "  the caller speaks a message; Enter when he is done: ",
        "  -> message: recorded",
        "[end] hang_up",
        "  says: 感谢您的来电，再见。",
        "  hangs up",
    ]


def test_try_offers_every_way_out_of_a_queue_as_the_page_does() -> None:
    with Path("hotline.toml").open("a") as settings:
        for name in ("general", "enterprise", "expert"):
            settings.write(f'[[queues]]\nname = "{name}"\n')
    result = run("try", "citizen", typed="1\n3\nfu\n")
    assert result.exit_code == 0, result.output
    ways = "what happens? talked/overflow/full/3/4/*/2"
    assert f"waits for an agent of the first queue; {ways}: 3" in result.output
    assert f"waits for an agent of 'enterprise'; {ways}: fu" in result.output
    assert result.output.endswith(": fu\n  hangs up\n")


def test_try_understands_typed_words_as_a_caller_s() -> None:
    at = "2026-03-02 10:00"
    typed = "\u8054\u7cfb\u8fc7\n\u6ca1\u6709\u89e3\u51b3\n"
    result = run("try", "follow_up", "--at", at, typed=typed)
    assert "-> contacted: yes" in result.output
    assert "-> solved: no" in result.output


def test_try_ends_when_the_input_ends() -> None:
    result = run("try", "citizen", "--language", "en")
    assert result.exit_code == 0
    assert "says: Hello, this is one two three four five." in result.output
    assert result.output.endswith("  hangs up\n")


def test_try_at_night_is_closed() -> None:
    result = run("try", "office", "--at", "2026-03-02 23:00")
    assert "-> hours: closed" in result.output


@pytest.mark.parametrize("command", ["check", "graph", "try"])
def test_missing_settings_are_told_plainly(command: str) -> None:
    words = [command, "citizen", "--config", "none.toml"]
    result = run(*words)
    assert result.exit_code == 1
    assert "none.toml does not exist" in result.output


@pytest.mark.parametrize("command", ["graph", "try"])
def test_broken_flow_is_told_plainly(command: str) -> None:
    Path("flows/office.yaml").write_text("steps:\n  a: {do: say, say: goodbye}\n")
    result = run(command, "office")
    assert result.exit_code == 1
    assert "office.yaml:2: nothing follows 'a'" in result.output


def test_flows_directory_that_is_not_there_is_told() -> None:
    Path("hotline.toml").write_text('[ivr]\nflows_dir = "flow"\n')
    result = run("check")
    assert result.exit_code == 1
    assert "ivr.flows_dir: there is no directory flow" in result.output
