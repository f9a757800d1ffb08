"""Tampering with files and rows, and what `verify` and the command line say of it."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from config.database import Database
from recordings.chain import Head
from recordings.chain_walk import FaultKind
from recordings.entry import Recording
from recordings.holds import HoldChange, HoldRefused
from recordings.proof import Scope, verify
from recordings.retention import expire
from recordings.store import RecordingStore
from tests.unit.recordings.archives import START, House, house_in
from tests.unit.recordings.studio import silence, tone

pytestmark = pytest.mark.integration
YEARS_LATER = START + timedelta(days=800)


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with four good recordings, C1 to C4."""
    folder = tmp_path_factory.mktemp("good")

    async def record() -> None:
        async with house_in(folder) as house:
            for number in range(1, 5):
                await house.record(f"C{number}", tone(2), tone(2))

    asyncio.run(record())
    return folder


@pytest.fixture
async def house(good: Path, tmp_path: Path) -> AsyncIterator[House]:
    """An archive of its own with these recordings."""
    folder = tmp_path / "data"
    await asyncio.to_thread(shutil.copytree, good, folder)
    async with house_in(folder) as house:
        yield house


async def change(house: House, statement: str) -> None:
    """Tamper with the rows."""
    async with house.database.begin() as connection:
        await connection.execute(text(statement))


async def found(house: House, scope: Scope | None = None) -> set[tuple[str, str]]:
    """The faults as (kind, call)."""
    faults = await verify(house.archive, scope)
    return {(fault.kind.value, fault.call_id) for fault in faults}


def file_of(house: House, call_id: str) -> Path:
    return house.archive.root / f"2026/03/01/{call_id}.flac"


async def test_good_recordings_prove(house: House) -> None:
    assert await found(house) == set()


async def test_one_changed_byte_is_named(house: House) -> None:
    file = file_of(house, "C2")
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(bytes(data))
    assert await found(house) == {("file_changed", "C2")}


async def test_a_missing_and_a_short_file_are_named(house: House) -> None:
    file_of(house, "C1").unlink()
    short = file_of(house, "C3")
    short.write_bytes(short.read_bytes()[:-1])
    assert await found(house) == {("file_missing", "C1"), ("file_short", "C3")}


async def test_files_that_changed_places_are_named(house: House) -> None:
    first, second = file_of(house, "C1"), file_of(house, "C2")
    first.write_bytes(first.read_bytes() + b"x")
    first.rename(first.with_suffix(".x"))
    second.rename(first)
    first.with_suffix(".x").rename(second)
    # What the two calls hold may be alike to the byte; then only one place is wrong.
    assert "C2" in {call for _, call in await found(house)}


async def test_a_removed_row_is_named(house: House) -> None:
    await change(house, "DELETE FROM recordings WHERE call_id = 'C2'")
    (fault,) = await verify(house.archive)
    assert (fault.kind, fault.sequence) == (FaultKind.ENTRY_MISSING, 2)


async def test_a_removed_last_row_is_noticed(house: House) -> None:
    await change(house, "DELETE FROM recordings WHERE call_id = 'C4'")
    (fault,) = await verify(house.archive)
    assert (fault.kind, fault.sequence) == (FaultKind.ENTRY_MISSING, 4)


async def test_an_emptied_table_is_noticed(house: House) -> None:
    await change(house, "DELETE FROM recordings")
    assert await found(house) == {("entry_missing", "")}


async def test_swapped_rows_are_named(house: House) -> None:
    for old, new in ((2, 99), (3, 2), (99, 3)):
        await change(
            house, f"UPDATE recordings SET sequence = {new} WHERE sequence = {old}"
        )
    assert {("out_of_order", "C2"), ("out_of_order", "C3")} <= await found(house)


@pytest.mark.parametrize(
    "edit",
    [
        "seconds = 1",
        "started_at = '2026-03-01 08:00:00.000001'",
        "citizen_silent = 1",
        "marks = '[]'",
        "reason = 'x'",
        "sha256 = '00'",
        "chain = '00'",
        "call_id = 'C9'",
    ],
)
async def test_an_edited_fact_is_named(house: House, edit: str) -> None:
    await change(house, f"UPDATE recordings SET {edit} WHERE sequence = 2")
    assert await found(house) != set()


async def test_a_table_from_an_old_backup_is_named_for_ever(
    good: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "data"
    await asyncio.to_thread(shutil.copytree, good, folder)
    backup = await asyncio.to_thread((folder / "hotline.sqlite").read_bytes)
    async with house_in(folder) as house:
        await house.record("C5")
        lost = await house.archive.store.head()
    for file in folder.glob("hotline.sqlite*"):
        file.unlink()
    (folder / "hotline.sqlite").write_bytes(backup)
    async with house_in(folder) as house:
        assert await found(house) == {("entry_missing", "")}
        await house.record("C6")
        await house.record("C7")
        (fault,) = await verify(house.archive)
    assert (fault.kind, fault.sequence) == (FaultKind.HEAD_DIFFERS, lost.sequence)
    assert fault.call_id == "C6"


async def test_a_lost_note_of_the_end_is_named(house: House) -> None:
    (house.archive.root / "chain-head.json").unlink()
    assert await found(house) == {("head_missing", "")}
    await house.record("C5")
    assert await found(house) == set()


async def test_first_entry_that_comes_while_it_is_verified_has_its_note(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with house_in(tmp_path) as house:
        head_of, append = house.archive.store.head, house.archive.store.append_all
        seen = []

        async def entry_comes() -> Head:
            if not seen:
                seen.append("verify")
                await house.record("C1", tone(1), tone(1))
            return await head_of()

        async def appended(recordings: list[Recording]) -> list[Recording]:
            entries = await append(recordings)
            seen.extend(kind for kind, _ in await found(house))
            return entries

        monkeypatch.setattr(house.archive.store, "head", entry_comes)
        monkeypatch.setattr(house.archive.store, "append_all", appended)
        assert await found(house) == set()
        assert seen == ["verify"], "nor is it missed before the end is noted"


async def test_a_head_noted_elsewhere_proves_what_was_there(house: House) -> None:
    head = await house.archive.store.head()
    await house.record("C5")
    assert await found(house, Scope(expected=head)) == set()
    other = Head(sequence=head.sequence, chain="f" * 64)
    assert await found(house, Scope(expected=other)) == {("head_differs", "C4")}


async def test_silent_sides_are_warnings_and_a_missing_agent_is_not(
    house: House,
) -> None:
    await house.record("S1", silence(3), tone(3))
    await house.record("S2", tone(3), silence(3))
    await house.record("S3", tone(3))
    expected = {("silent_citizen", "S1"), ("silent_agent", "S2")}
    assert await found(house) == expected
    assert all(fault.is_warning for fault in await verify(house.archive))


async def test_old_audio_goes_and_the_chain_still_proves(house: House) -> None:
    await house.archive.store.hold(held("C3"))
    count = await expire(house.archive, retention_days=730, now=YEARS_LATER)
    entry = await house.archive.find("C1")
    assert entry is not None
    assert (count, entry.deleted_at) == (3, YEARS_LATER)
    assert house.archive.file_of(entry) is None
    assert not file_of(house, "C1").exists()
    assert file_of(house, "C3").exists()
    assert await found(house) == set()
    await house.archive.store.hold(replace(held("C3"), held=False))
    assert await expire(house.archive, retention_days=730, now=YEARS_LATER) == 1
    assert not (house.archive.root / "2026").exists()


def held(call_id: str) -> HoldChange:
    return HoldChange(
        call_id=call_id, at=START, held=True, who="li", reason="a lawsuit"
    )


async def test_hold_waits_for_a_deletion_and_is_refused_when_the_audio_is_gone(
    house: House,
) -> None:
    """Whichever comes first: nothing that is held is deleted."""
    holding: list[asyncio.Task[None]] = []

    async def delete(found: Sequence[Recording]) -> list[str]:
        """Somebody holds what was chosen, by a command in another process."""
        holding.append(asyncio.create_task(elsewhere.hold(held("C2")), name="hold"))
        await asyncio.wait(holding, timeout=0.2)
        return [entry.call_id for entry in found]

    store = house.archive.store
    async with Database(house.database.url) as other:
        elsewhere = RecordingStore(other)
        part = await store.expire(YEARS_LATER, None, 200, delete, YEARS_LATER)
        assert "C2" in part.gone
        with pytest.raises(HoldRefused, match="gone"):
            await holding[0]
    assert await store.holds("C2") == []


async def test_hold_that_was_first_is_seen_by_the_deletion(house: House) -> None:
    async with Database(house.database.url) as other:
        await RecordingStore(other).hold(held("C2"))
    await expire(house.archive, retention_days=730, now=YEARS_LATER)
    assert file_of(house, "C2").exists()


async def test_young_audio_stays(house: House) -> None:
    now = START + timedelta(days=729)
    assert await expire(house.archive, retention_days=730, now=now) == 0


async def test_a_deletion_cut_by_a_kill_is_finished_by_the_next(house: House) -> None:
    file_of(house, "C1").unlink()
    assert await found(house) == {("file_missing", "C1")}
    assert await expire(house.archive, retention_days=730, now=YEARS_LATER) == 4
    assert await found(house) == set()


async def test_a_file_that_resists_is_left_and_the_others_go(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    file = file_of(house, "C2")
    file.unlink()
    (file / "a folder in its place").mkdir(parents=True)
    assert await expire(house.archive, retention_days=730, now=YEARS_LATER) == 3
    assert "recording of call C2 is not deleted" in caplog.text


async def test_audio_deleted_before_the_legal_time_is_named(house: House) -> None:
    now = START + timedelta(days=29)
    await expire(house.archive, retention_days=1, now=now)
    assert {kind for kind, _ in await found(house)} == {"deleted_early"}
