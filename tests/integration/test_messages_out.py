"""The hook for short messages: a real program is run for each person recalled or moved."""

import asyncio
import json
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from acd.adjustments.events import PersonMoved
from acd.adjustments.messages_out import MoveMessages
from acd.people.message_program import MessageProgram
from acd.recalls.events import PersonRecalled
from acd.recalls.messages_out import RecallMessages
from config.bus import EventBus

pytestmark = pytest.mark.integration


def program(folder: Path, text: str, name: str = "send") -> Path:
    file = folder / name
    file.write_text(f"#!/bin/sh\n{text}\n")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)
    return file


@asynccontextmanager
async def hooked(file: Path, seconds: float = 20) -> AsyncIterator[EventBus]:
    async def number_of(person_id: str) -> str:
        return f"+86139{person_id}"

    bus = EventBus()
    async with MessageProgram(str(file), number_of, seconds) as out:
        RecallMessages(out).listen(bus)
        MoveMessages(out).listen(bus)
        yield bus


def recalled(standing: str = "ringing") -> PersonRecalled:
    return PersonRecalled(
        at=datetime.now(UTC), recall_id="R1", person_id="00000001", standing=standing
    )


async def until_written(file: Path, lines: int) -> list[dict[str, str]]:
    async with asyncio.timeout(60):
        while not file.exists() or len(file.read_text().splitlines()) < lines:
            await asyncio.sleep(0.02)
    return [json.loads(line) for line in file.read_text().splitlines()]


async def test_each_person_has_one_message_when_rung_and_one_when_called_off(
    tmp_path: Path,
) -> None:
    out = tmp_path / "out"
    async with hooked(program(tmp_path, f"cat >> {out}")) as bus:
        for standing in ("ringing", "tried", "ringing", "confirmed", "called_off"):
            bus.publish(recalled(standing))
        told = await until_written(out, 2)
    assert sorted(one["standing"] for one in told) == ["called_off", "ringing"]
    assert told[0]["number"] == "+8613900000001"


async def test_who_is_moved_has_a_message_with_what_he_does_instead(
    tmp_path: Path,
) -> None:
    out = tmp_path / "out"
    async with hooked(program(tmp_path, f"cat >> {out}")) as bus:
        bus.publish(
            PersonMoved(
                at=datetime.now(UTC),
                person_id="00000001",
                kind="lend",
                state="accepted",
                day=date(2026, 11, 27),
                change="09:00-10:00 general instead of tax",
            )
        )
        [told] = await until_written(out, 1)
    assert told == {
        "person_id": "00000001",
        "number": "+8613900000001",
        "kind": "lend",
        "state": "accepted",
        "day": "2026-11-27",
        "change": "09:00-10:00 general instead of tax",
    }


async def test_program_that_fails_hangs_or_is_not_there_is_told_without_the_number(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for file, seconds, words in (
        (program(tmp_path, "exit 3"), 20, "ended with 3"),
        (tmp_path / "nothing", 20, "no message: No such file"),
        (program(tmp_path, "sleep 60", "hang"), 0.3, "the message program hangs"),
    ):
        async with hooked(file, seconds) as bus:
            bus.publish(recalled())
            async with asyncio.timeout(60):
                while words not in caplog.text:
                    await asyncio.sleep(0.02)
    assert "139" not in caplog.text
