"""A full disk and a locked database: calls go on, and the records come later."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.sip.phone import Phone, PhoneCall
from tests.sip.service.acts import (
    AGENT_HZ,
    AUDIBLE,
    CITIZEN_HZ,
    answered_by,
    channels,
    dial_and_press,
    hears,
    until_so,
)
from tests.sip.service.conftest import OpenPhone, StartHotline, agent
from tests.sip.service.hotline_process import HotlineProcess
from tests.sip.tones import steady_level
from tests.sip.waits import until
from tests.unit.recordings.small_disk import Ballast, disk

__all__ = ["disk"]

pytestmark = pytest.mark.sip

ALARMS = ("RECORDING ALARM", "the journal cannot be written", "records wait in the")
ANSWERED = 'hotline_calls_total{outcome="answered"}'
FAILED = 'hotline_recordings_total{result="failed"}'


async def test_full_disk_stops_no_call_and_loses_no_record(
    disk: Path, start_hotline: StartHotline, phone: OpenPhone
) -> None:
    first, second = await phone(hz=AGENT_HZ), await phone(hz=AGENT_HZ)
    citizen, ballast = await phone("127.0.0.2"), Ballast(disk)
    hotline = await start_hotline(
        agent(first), agent(second, "1002"), place=disk, extra=_LITTLE_ROOM,
        expected_errors=ALARMS,
    )  # fmt: skip
    recorded = await _talk(hotline, citizen, first, "1001")
    ballast.fill()
    unrecorded = await _talk(hotline, citizen, second, "1002")
    await hotline.logged("RECORDING ALARM")
    await hears(recorded, AGENT_HZ)
    await _hang_up(hotline, recorded, unrecorded)
    assert await hotline.metric(FAILED) >= 1
    ballast.drop()
    again = await _talk(hotline, citizen, first, "1001")
    await _hang_up(hotline, again)
    await _assert_all_is_on_record(hotline)


_LITTLE_ROOM = "[recordings]\nmin_free_megabytes = 1\n"


async def _talk(
    hotline: HotlineProcess, citizen: Phone, desk: Phone, agent_id: str
) -> PhoneCall:
    """A citizen and this agent hear each other."""
    caller = await dial_and_press(citizen, hotline)
    talk = await answered_by(desk, hotline, agent_id)
    await hears(talk, CITIZEN_HZ)
    await hears(caller, AGENT_HZ)
    return caller


async def _hang_up(hotline: HotlineProcess, *calls: PhoneCall) -> None:
    ended = await hotline.metric(ANSWERED)
    for call in calls:
        call.hang_up()
        await call.got_response("BYE", 200)

    async def is_told() -> bool:
        return await hotline.metric(ANSWERED) == ended + len(calls)

    await until_so(is_told)


async def _assert_all_is_on_record(hotline: HotlineProcess) -> None:
    """Three answered calls; the first and the last one are recorded, the other is told."""

    async def is_written() -> bool:
        rows = hotline.rows("SELECT outcome FROM calls WHERE ended_at NOT NULL")
        return [row["outcome"] for row in rows] == ["answered"] * 3

    await until_so(is_written)
    assert hotline.rows("SELECT id FROM legs WHERE closed_at IS NULL") == []
    assert len(hotline.rows("SELECT id FROM legs")) == 6
    calls = hotline.rows("SELECT id FROM calls ORDER BY arrived_at")
    left, right = await channels(hotline, calls[2]["id"])
    assert steady_level(left[-4000:], CITIZEN_HZ) > AUDIBLE
    assert steady_level(right[-4000:], AGENT_HZ) > AUDIBLE
    await channels(hotline, calls[0]["id"])
    await until(lambda: len(hotline.rows(_STORED)) == 3)
    status, words = await hotline.command("recordings", "verify")
    assert status == 0, words
    assert f"call {calls[0]['id']}: truncated" in words
    assert f"call {calls[1]['id']}: not recorded: the recordings' disk" in words


_STORED = "SELECT call_id FROM recordings WHERE sequence NOT NULL"


@contextmanager
def locked(hotline: HotlineProcess) -> Iterator[None]:
    """Another program keeps the database to itself."""
    file = hotline.data / "hotline.sqlite"
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")


async def test_locked_database_delays_records_and_never_calls(
    start_hotline: StartHotline, phone: OpenPhone
) -> None:
    desk, citizen = await phone(hz=AGENT_HZ), await phone("127.0.0.2")
    hotline = await start_hotline(agent(desk), expected_errors=ALARMS)
    with locked(hotline):
        for _ in range(2):
            await _hang_up(hotline, await _talk(hotline, citizen, desk, "1001"))
        assert hotline.rows("SELECT id FROM calls") == []
        assert await hotline.metric("hotline_record_writer_pending") > 10
    for number in range(2):
        assert (await hotline.call_that_ended(number))["outcome"] == "answered"


async def test_records_that_waited_for_a_locked_database_outlive_a_kill(
    start_hotline: StartHotline, phone: OpenPhone
) -> None:
    desk, citizen = await phone(hz=AGENT_HZ), await phone("127.0.0.2")
    hotline = await start_hotline(agent(desk), expected_errors=ALARMS)
    with locked(hotline):
        await _hang_up(hotline, await _talk(hotline, citizen, desk, "1001"))
        await hotline.kill()
        assert hotline.rows("SELECT id FROM calls") == []
    await hotline.start()
    story = await hotline.call_that_ended()
    assert (story["outcome"], story["cause"]) == ("answered", "peer_hung_up")
    assert len(story["legs"]) == 2
