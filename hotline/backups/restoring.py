"""A backup put back into an empty place."""

import os
import shutil
import tarfile
from functools import partial
from pathlib import Path

from config.settings import Settings
from hotline.backups import manifest as manifests
from hotline.backups.lock import is_held
from hotline.backups.manifest import BackupError, Kept, Manifest
from hotline.backups.marker import marked
from hotline.backups.packing import PRIVATE, Hashed
from hotline.backups.places import DATABASE, Places


def restore(settings: Settings, file: Path) -> Manifest:
    """Put a backup where the settings say: whole and proved, or not at all.

    `BackupError` when a hotline runs or has records there, when the backup was cut or
    changed, or when there is no room.
    """
    places = Places(settings)
    try:
        with tarfile.open(file) as tar:
            manifest = _manifest(tar, file)
            places.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
            _place(tar, places, manifest)
    except tarfile.TarError as error:
        raise BackupError(f"{file} is no backup of a hotline: {error}.") from error
    except OSError as error:
        raise BackupError(
            f"The backup cannot be put back: {error.filename or file}: {error.strerror or error}. Nothing of it was left behind."
        ) from error
    return manifest


def _manifest(tar: tarfile.TarFile, file: Path) -> Manifest:
    try:
        source = tar.extractfile(manifests.NAME)
    except KeyError:
        source = None
    if source is None:
        raise BackupError(
            f"{file} has no manifest: it was cut, or is no backup of a hotline."
        )
    return manifests.read(source.read())


def _require_room(places: Places, manifest: Manifest) -> None:
    """Nobody runs here, nothing is here, and there is space."""
    here = places.occupied()
    if any(is_held(file) for _, file in places.journal()):
        raise BackupError(
            f"A hotline runs on {places.data_dir}. Stop it, and put its data aside, before a backup takes their place."
        )
    if here:
        raise BackupError(
            f"There is {here} already: a backup is put into an empty place only. Put the data aside, or name another data_dir."
        )
    taken = [places.of(kept.name) for kept in manifest.files]
    if there := next((path for path in taken if path.exists()), None):
        raise BackupError(f"There is {there} already: put it aside first.")
    free = shutil.disk_usage(places.data_dir).free
    if manifest.bytes > free:
        raise BackupError(
            f"The backup needs {manifest.bytes / 1e6:.0f} MB in {places.data_dir}, {free / 1e6:.0f} MB are free."
        )


def _place(tar: tarfile.TarFile, places: Places, manifest: Manifest) -> None:
    """The database last: without it no program takes the rest for records."""
    draft = places.database.with_name(f"{places.database.name}.restoring")
    targets = {kept.name: places.of(kept.name) for kept in manifest.files}
    require_empty = partial(_require_room, places, manifest)
    with marked(places.data_dir, [*targets.values(), draft], require_empty):
        for kept in manifest.files:
            target = draft if kept.name == DATABASE else targets[kept.name]
            _extract(tar, kept, target)
        os.sync()
        draft.rename(places.database)


def _extract(tar: tarfile.TarFile, kept: Kept, target: Path) -> None:
    try:
        source = tar.extractfile(kept.name)
    except KeyError:
        source = None
    if source is None:
        raise BackupError(f"The backup lacks {kept.name}: it was changed.")
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    hashed = Hashed(source)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    with open(os.open(target, flags, PRIVATE), "wb") as output:
        shutil.copyfileobj(hashed, output, 1 << 20)
    if hashed.digest() != kept.sha256:
        raise BackupError(
            f"{kept.name} in the backup is not what was put there: take another backup."
        )
