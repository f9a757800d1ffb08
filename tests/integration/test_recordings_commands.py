"""`hotline recordings`, as a person meets it."""

import asyncio
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from hotline.recording_commands import app
from tests.unit.recordings.archives import House, house_in
from tests.unit.recordings.studio import silence, tone

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of a service that has recorded C1 and a silent C2, and stopped."""
    folder = tmp_path_factory.mktemp("recorded")

    async def record() -> None:
        async with house_in(folder) as house:
            await house.record("C1", tone(2), tone(2))
            await house.record("C2", silence(3))

    asyncio.run(record())
    return folder


@pytest.fixture
def config(recorded: Path, tmp_path: Path) -> Path:
    """The settings file beside a copy of these data."""
    folder = tmp_path / "data"
    shutil.copytree(recorded, folder)
    file = folder / "hotline.toml"
    file.write_text(f'[hotline]\ndata_dir = "{folder}"\n')
    return file


def run(config: Path, *words: str) -> tuple[int, str]:
    """Exit status and what was said, in one line."""
    result = CliRunner().invoke(app, [*words, "--config", str(config)])
    return result.exit_code, " ".join(result.output.split())


def test_verify_says_what_was_proved(config: Path) -> None:
    status, said = run(config, "verify")
    assert status == 0
    assert "Entries in the chain: 2. Files proved: 2" in said
    assert "warning entry 2, call C2: silent citizen" in said
    assert "Faults: 0. Warnings: 1." in said
    assert "Chain head: 2:" in said


def test_verify_fails_with_a_changed_file(config: Path) -> None:
    (config.parent / "recordings/2026/03/01/C1.flac").write_bytes(b"x")
    status, said = run(config, "verify")
    assert status == 1
    assert "FAULT entry 1, call C1: file short" in said
    assert "Files proved: 1" in said


def test_verify_reads_only_the_files_of_the_days_asked_for(config: Path) -> None:
    (config.parent / "recordings/2026/03/01/C1.flac").write_bytes(b"x")
    status, said = run(config, "verify", "--since", "2026-03-02")
    assert (status, "Files proved: 0" in said) == (0, True)


def test_verify_holds_the_chain_against_a_head_noted_earlier(config: Path) -> None:
    head = run(config, "verify")[1].rpartition("Chain head: ")[2]
    assert run(config, "verify", "--expect", head)[0] == 0
    assert run(config, "verify", "--expect", "1:" + "0" * 64)[0] == 1
    assert run(config, "verify", "--expect", "9:" + "0" * 64)[0] == 1
    status, said = run(config, "verify", "--expect", "nonsense")
    assert (status, "NUMBER:HASH" in said) == (2, True)


def test_list_and_show_tell_a_recording(config: Path) -> None:
    status, said = run(config, "list")
    assert status == 0
    assert "2026-03-01 16:00:00" in said
    assert "silent" in said
    status, said = run(config, "show", "C1")
    assert (status, "C1.flac" in said) == (0, True)
    assert "agent name=1001" in said


def test_a_recording_can_be_held_and_released(config: Path) -> None:
    assert run(config, "hold", "C1")[0] == 2
    why = ("--reason", "a lawsuit")
    assert run(config, "hold", "C1", *why) == (0, "The recording of C1 is held.")
    assert "legal hold │ yes" in run(config, "show", "C1")[1]
    run(config, "hold", "C1", "--release", *why)
    assert "legal hold │ no" in run(config, "show", "C1")[1]


@pytest.mark.parametrize("words", [("show", "C9"), ("hold", "C9", "--reason", "x")])
def test_an_unknown_call_is_said_plainly(config: Path, words: tuple[str, ...]) -> None:
    status, said = run(config, *words)
    assert (status, "No recording of a call C9" in said) == (2, True)


def test_without_settings_or_database_a_person_is_told_what_to_do(
    tmp_path: Path,
) -> None:
    status, said = run(tmp_path / "none.toml", "verify")
    assert (status, "does not exist" in said) == (2, True)
    empty = tmp_path / "hotline.toml"
    empty.write_text(f'[hotline]\ndata_dir = "{tmp_path}"\n')
    status, said = run(empty, "verify")
    assert (status, "There is no database" in said) == (2, True)
    assert not (tmp_path / "recordings").exists()


async def test_verify_proves_while_the_service_records(tmp_path: Path) -> None:
    config = tmp_path / "hotline.toml"
    await asyncio.to_thread(config.write_text, f'[hotline]\ndata_dir = "{tmp_path}"\n')
    async with house_in(tmp_path) as house:
        await house.record("C0")
        recording = asyncio.create_task(record_on(house, 30), name="record")
        while not recording.done():
            status, said = await asyncio.to_thread(run, config, "verify")
            assert status == 0, said
        await recording


async def record_on(house: House, count: int) -> None:
    for number in range(count):
        await house.record(f"D{number}", tone(0.2))
