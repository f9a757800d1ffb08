"""One at a time: a lock that the kernel takes back when its holder dies."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hotline.backups.manifest import BackupError


@contextmanager
def alone(file: Path, busy: str) -> Iterator[None]:
    """Hold the lock on a file, which is made; `BackupError(busy)` if another holds it."""
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        if not _taken(descriptor) or not _is_still(file, descriptor):
            raise BackupError(busy)
        yield
    finally:
        os.close(descriptor)


def is_held(file: Path) -> bool:
    """Whether another process holds the lock on a file now."""
    try:
        descriptor = os.open(file, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        return not _taken(descriptor)
    finally:
        os.close(descriptor)


def _taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_still(file: Path, descriptor: int) -> bool:
    """Its last holder may have removed the file that was opened here."""
    return file.exists() and os.path.samestat(os.fstat(descriptor), file.stat())
