"""The worker processes that join recordings: reused, replaced, never left behind."""

import asyncio
import os
import signal
from pathlib import Path

import pytest

from recordings.entry import State
from tests.integration.worker_processes import workers
from tests.unit.recordings.archives import House, house_in
from tests.unit.recordings.studio import TalkingLeg

pytestmark = pytest.mark.integration


async def test_stopping_twice_is_harmless_and_leaves_nothing_running(
    tmp_path: Path,
) -> None:
    async with house_in(tmp_path) as house:
        await house.record("C1")
    await house.archive.__aexit__(None, None, None)
    assert children() == []
    assert [
        task for task in asyncio.all_tasks() if "recording" in task.get_name()
    ] == []


async def test_a_cancelled_stop_still_ends_the_workers(tmp_path: Path) -> None:
    async def stop_while_joining() -> None:
        async with house_in(tmp_path) as house:
            await close_a_very_long_call(house)

    stopping = asyncio.create_task(stop_while_joining(), name="stop")
    while not children():
        await asyncio.sleep(0.05)
    stopping.cancel()
    await asyncio.gather(stopping, return_exceptions=True)
    assert stopping.cancelled()
    assert children() == []
    assert (tmp_path / "recordings/live/C1/0-citizen.wav").exists()


async def close_a_very_long_call(house: House) -> None:
    """Close a silent call of ten hours, whose joining takes a while."""
    leg = TalkingLeg()
    recording = await house.open("C1", leg)
    assert leg.file is not None
    await asyncio.to_thread(os.truncate, leg.file, 44 + 2 * 8000 * 36_000)
    leg.file = None
    await recording.close()


async def test_a_cancelled_join_kills_its_worker(tmp_path: Path) -> None:
    async with house_in(tmp_path) as house:
        await close_a_very_long_call(house)
        while not children():
            await asyncio.sleep(0.05)
        for task in asyncio.all_tasks():
            if task.get_name() == "close recording C1":
                task.cancel()
        await house.archive.settled()
        assert children() == []
    assert (house.archive.root / "live/C1/0-citizen.wav").exists()


async def test_workers_are_used_again_and_replaced_when_they_die(
    tmp_path: Path,
) -> None:
    async with house_in(tmp_path) as house:
        await house.record("C1")
        first = children()
        await house.record("C2")
        assert children() == first
        assert len(first) == 1
        os.kill(first[0], signal.SIGKILL)
        await house.record("C3")
        await house.record("C4")
        states = {entry.state for entry in await house.archive.list()}
    assert states == {State.CLOSED}
    assert children() == []


def children() -> list[int]:
    """The worker processes of this process that live."""
    return workers("recordings.worker")
