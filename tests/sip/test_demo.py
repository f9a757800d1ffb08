"""`hotline demo` for real: every promise kept, and a broken one told loudly."""

import asyncio
import os
import re
import signal
from asyncio.subprocess import Process
from pathlib import Path

import pytest

from tests.fakes.programs import program
from tests.sip.demo_process import demo, rest_of, said

pytestmark = pytest.mark.sip


def count(summary: str, promise: str) -> tuple[int, int]:
    """What was expected and found, by the summary's row of this name."""
    row = re.search(rf"{promise}\s*│\s*(\d+)\s*│\s*(\d+)\s*│", summary)
    assert row, f"{promise!r} is not in: {summary}"
    return int(row[1]), int(row[2])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the demos of this file are played: speech is synthesised once."""
    return tmp_path_factory.mktemp("demo")


async def test_demo_shows_every_kind_of_call_and_keeps_every_promise_until_ctrl_c(
    folder: Path,
) -> None:
    users = folder / "users-data"
    own = {"HOTLINE_HOTLINE__DATA_DIR": str(users), "HOTLINE_SIP__PORT": "1"}
    async with demo(folder, **own) as process:
        told = await said(process, "wallboard: ")
        await its_link_opens_the_wallboard_once(told)
        await asyncio.sleep(10)
        process.send_signal(signal.SIGINT)
        summary = await rest_of(process)
    assert process.returncode == 0, summary
    assert "Everything that was promised happened." in summary
    dialled, found = count(summary, "each once in the records")
    assert dialled == found > 5
    kinds, shown = count(summary, "kinds of calls shown")
    assert kinds == shown == 7
    answered, _ = count(summary, "answered")
    assert 0 < answered < dialled
    rung, kept = count(summary, "follow-up calls that rang, each once in the records")
    assert rung == kept > 0
    _, recorded = count(summary, "follow-up calls recorded")
    recordings = list(folder.glob("demo-data/data/recordings/2*/**/*.flac"))
    assert len(recordings) == found + recorded
    assert not re.search(r"13[78]0000\d{4}", summary)
    assert not users.exists(), "the demo touched the user's data"


async def its_link_opens_the_wallboard_once(told: str) -> None:
    """In a browser that was there first; the next one stays outside."""
    link = re.findall(r"wallboard: (\S+)", told)[-1]
    async with program(follow_redirects=True) as browser:
        page = await browser.get(link)
        assert (page.status_code, page.url.path) == (200, "/wallboard")
        board = await browser.get(page.url.join("/api/v1/wallboard"))
        assert len(board.json()["queues"]) == 1
    async with program() as stranger:
        assert (await stranger.get(link)).status_code == 403


async def test_demo_whose_agents_are_killed_in_the_end_says_so_and_fails(
    folder: Path,
) -> None:
    async with demo(folder, "--seconds", "1") as process:
        await said(process, "no new calls")
        os.kill(_child_of(process, "hotline.demo.agents"), signal.SIGKILL)
        summary = await rest_of(process)
    assert process.returncode == 1, summary
    assert "the process of the agents was killed by signal 9" in summary
    assert "Not everything that was promised happened." in summary
    assert count(summary, "processes that ended well") == (4, 3)


def _child_of(process: Process, module: str) -> int:
    """The demo's child that runs a module."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_text().split("\0")
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        if module in words and parent == process.pid:
            return int(folder.name)
    raise AssertionError(f"the demo runs no {module}")
