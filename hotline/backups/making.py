"""A backup of a hotline, made while it runs."""

import os
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from config.database_copy import Moment
from config.settings import Settings
from hotline.backups.lock import alone
from hotline.backups.manifest import BackupError, Manifest
from hotline.backups.packing import PRIVATE, Packer
from hotline.backups.places import CHAIN_HEAD, DATABASE, Places
from recordings.store import KeptAudio, kept_audio


def make_backup(
    settings: Settings, file: Path, *, recordings: bool = False, keys: bool = False
) -> Manifest:
    """Write a backup to a file that does not exist yet: whole, or not at all.

    It is what `kill -9` would leave at one moment: the database, and the journal with
    what the database has not taken yet. `BackupError` or `DatabaseError` says why not.
    """
    if file.exists():
        raise BackupError(f"{file} exists already; backups are never overwritten.")
    places = Places(settings)
    with _workshop(file) as folder, _private(folder / "backup.tar") as output:
        packer = Packer(output)
        if recordings:
            _pack_all(packer, places.live())
        copy = _pack_records(packer, places, folder)
        _pack_all(packer, places.messages())
        if recordings:
            _pack_recordings(packer, places, kept_audio(copy))
        if keys:
            _pack_all(packer, places.keys())
        manifest = Manifest(
            made_at=datetime.now(UTC),
            recordings=recordings,
            keys=keys,
            files=packer.files,
            gone=packer.gone,
        )
        packer.finish(manifest)
        (folder / "backup.tar").rename(file)
    return manifest


@contextmanager
def _workshop(file: Path) -> Iterator[Path]:
    """A folder beside the file for what is not whole yet; one left by a kill is emptied."""
    folder = file.with_name(f"{file.name}.part")
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        with alone(folder / "lock", f"Another backup to {file} is under way."):
            for left in set(folder.iterdir()) - {folder / "lock"}:
                left.unlink()
            yield folder
            shutil.rmtree(folder)
    except OSError as error:
        raise BackupError(
            f"The backup cannot be written to {file}: {error.strerror or error}. Name a place with room that you may write."
        ) from error


def _private(file: Path) -> IO[bytes]:
    return open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE), "wb")


def _pack_records(packer: Packer, places: Places, folder: Path) -> Path:
    """The database and what belongs to its moment; returns the database's copy."""
    copy = folder / DATABASE
    with Moment(places.database) as moment:
        if (head := places.of(CHAIN_HEAD)).exists():
            packer.add(CHAIN_HEAD, head)
        journal = [(name, file.read_bytes()) for name, file in places.journal()]
        moment.let_write()
        moment.copy_to(copy)
    packer.add(DATABASE, copy)
    for name, data in journal:
        packer.add_bytes(name, data)
    return copy


def _pack_recordings(packer: Packer, places: Places, kept: KeptAudio) -> None:
    """What is stored; what was stored while the rest was packed is not twice in it."""
    _leave_out(packer, kept.stored)
    _pack_all(packer, map(places.recording, kept.paths))


def _leave_out(packer: Packer, stored: Collection[str]) -> None:
    for name in [kept.name for kept in packer.files]:
        parts = name.split("/")
        if parts[:2] == ["recordings", "live"] and parts[2] in stored:
            packer.drop(name)


def _pack_all(packer: Packer, files: Iterator[tuple[str, Path]]) -> None:
    for name, file in files:
        packer.add(name, file)
