"""The journal: events that the database does not hold yet, in two append-only files.

Each line is handed to the kernel with one write, so killing the process loses nothing
of it; a power failure may lose what the kernel had not brought to the disk yet. Events
go to one file while the group in the other is committed; then that file is emptied.
It holds phone numbers: the files are 0600.
"""

import fcntl
import os
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path


def journal_files(path: Path) -> list[Path]:
    """The files of a journal that are there; the one that a process locks comes first."""
    files = [path.with_name(path.name + suffix) for suffix in (".1", ".2", ".refused")]
    return [file for file in files if file.exists()]


class JournalInUse(Exception):
    """Another process writes this journal; the message says what to do."""


class Journal:
    """Two files beside `path`, suffixed `.1` and `.2`; one process may open them.

    `unsaved` counts the lines that the disk did not take; they are tried again with
    the next line and by `retry`.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._files: list[int] = []
        self._active = 0
        self._unsaved: deque[bytes] = deque()
        self._unsaved_of_group = 0
        self._torn = [False, False]

    @property
    def unsaved(self) -> int:
        """How many lines the disk has not taken."""
        return len(self._unsaved)

    def open(self) -> None:
        """Open or make the files; `JournalInUse` when another process has them."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        for suffix in (".1", ".2"):
            name = f"{self.path}{suffix}"
            flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC
            self._files.append(os.open(name, flags, 0o600))
        self._lock()

    def _lock(self) -> None:
        try:
            fcntl.flock(self._files[0], fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self.close()
            raise JournalInUse(
                f"{self.path} is in use: another hotline runs on this data directory. "
                "Stop it, or give this one a data_dir of its own."
            ) from None

    def close(self) -> None:
        """Close the files; what they hold stays. Closing twice does nothing."""
        while self._files:
            os.close(self._files.pop())

    def append(self, line: bytes) -> bool:
        """Save a line and what is unsaved before it; false while something is left."""
        self._unsaved.append(line)
        return self.retry()

    def retry(self) -> bool:
        """Save what is unsaved; false while something is left."""
        while self._unsaved:
            if not self._save(self._unsaved[0]):
                return False
            self._forget_first()
        return True

    def _save(self, line: bytes) -> bool:
        # A full disk may take half a line: the next one must not be glued to it.
        active = self._active
        whole = b"\n" + line if self._torn[active] else line
        try:
            taken = os.write(self._files[active], whole)
        except OSError:
            return False
        self._torn[active] = taken < len(whole)
        return not self._torn[active]

    def _forget_first(self) -> None:
        self._unsaved.popleft()
        self._unsaved_of_group = max(0, self._unsaved_of_group - 1)

    def turn(self) -> None:
        """Begin a group of all lines so far: further ones go to the other file."""
        self._active = 1 - self._active
        self._unsaved_of_group = len(self._unsaved)

    def drop(self) -> None:
        """Forget the group: its events are committed."""
        self._empty(1 - self._active)
        while self._unsaved_of_group:
            self._forget_first()

    def clear(self) -> None:
        """Empty both files: all that they hold is committed."""
        self._empty(0)
        self._empty(1)

    def set_aside(self, line: bytes) -> None:
        """Keep a line that no table takes in `path` with `.refused`, for a person."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC
        with suppress(OSError):  # a full disk: the log has told of it
            file = os.open(f"{self.path}.refused", flags, 0o600)
            with open(file, "ab") as refused:
                refused.write(line)

    def lines(self) -> Iterator[bytes]:
        """All lines of both files, as they are on disk."""
        yield from self._lines_of(0)
        yield from self._lines_of(1)

    def _lines_of(self, index: int) -> Iterator[bytes]:
        with open(os.dup(self._files[index]), "rb") as reader:
            reader.seek(0)
            yield from reader

    def _empty(self, index: int) -> None:
        os.ftruncate(self._files[index], 0)
        self._torn[index] = False
