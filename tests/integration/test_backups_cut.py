"""Backups and restorations that are killed, or meet a full disk: nothing stays half."""

import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from config.bus import EventBus
from config.clock import LoopClock
from config.settings import load_settings
from hotline.backups.making import make_backup
from hotline.backups.manifest import BackupError
from hotline.backups.restoring import restore
from hotline.records import open_records
from hotline.seed import seed
from tests.integration.backups import settings_in, small_data
from tests.integration.records.busy import ROOT

pytestmark = pytest.mark.integration

CHILD = """
import sys, time
from hotline import cli
from hotline.backups import packing, restoring

def slow(step):
    def stepped(*arguments):
        step(*arguments)
        if "messages" in str(arguments):
            print("in the middle", flush=True)
            time.sleep(60)
    return stepped

packing.Packer.add = slow(packing.Packer.add)
restoring._extract = slow(restoring._extract)
cli.main()
"""


def killed_in_the_middle(*words: object) -> None:
    """A `hotline` command that is killed when the message has been written."""
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, *map(str, words)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout
    assert child.stdout.readline() == "in the middle\n"
    child.kill()
    assert child.wait() == -signal.SIGKILL
    child.stdout.close()


def test_killed_backup_leaves_nothing_that_looks_like_one(tmp_path: Path) -> None:
    there = small_data(tmp_path / "there")
    config = tmp_path / "there" / "hotline.toml"
    killed_in_the_middle("backup", tmp_path / "b.tar", "--config", config)
    assert not (tmp_path / "b.tar").exists()
    make_backup(there, tmp_path / "b.tar")
    assert not (tmp_path / "b.tar.part").exists()
    restore(load_settings(settings_in(tmp_path / "here")), tmp_path / "b.tar")


async def test_killed_restoration_counts_for_nothing_and_can_be_done_again(
    tmp_path: Path,
) -> None:
    make_backup(small_data(tmp_path / "there"), tmp_path / "b.tar")
    config = settings_in(tmp_path / "here")
    here = load_settings(config)
    killed_in_the_middle("restore", tmp_path / "b.tar", "--config", config)
    assert not here.hotline.data_dir.joinpath("hotline.sqlite").exists()
    with pytest.raises(BackupError, match="restore` again"):
        async with open_records(here, EventBus(), LoopClock()):
            pass
    with pytest.raises(BackupError):
        seed(here, [], yes=True)
    restore(here, tmp_path / "b.tar")
    assert here.hotline.data_dir.joinpath("hotline.sqlite").exists()
    assert not here.hotline.data_dir.joinpath("restoring.json").exists()


def test_two_do_not_put_a_backup_into_one_place(tmp_path: Path) -> None:
    make_backup(small_data(tmp_path / "there"), tmp_path / "b.tar")
    config = settings_in(tmp_path / "here")
    child = subprocess.Popen(
        [
            sys.executable,
            "-c",
            CHILD,
            "restore",
            tmp_path / "b.tar",
            "--config",
            config,
        ],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout
    assert child.stdout.readline() == "in the middle\n"
    with pytest.raises(BackupError, match="Another backup is being put"):
        restore(load_settings(config), tmp_path / "b.tar")
    child.kill()
    child.wait()
    child.stdout.close()


@pytest.mark.parametrize("what", ["backup", "restore"])
def test_disk_that_fills_up_leaves_nothing_half(tmp_path: Path, what: str) -> None:
    make_backup(small_data(tmp_path / "there"), tmp_path / "whole.tar")
    config = settings_in(tmp_path / ("here" if what == "restore" else "there"))
    file = tmp_path / ("whole.tar" if what == "restore" else "b.tar")
    done = subprocess.run(
        [sys.executable, "-m", "hotline", what, file, "--config", config],
        cwd=ROOT,
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000)),
    )
    assert done.returncode == 1
    assert "cannot be" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "b.tar").exists()
    assert not [
        f
        for f in (tmp_path / "here").rglob("*")
        if f.name != config.name and f.is_file()
    ]
    assert os.path.exists(tmp_path / "whole.tar")
