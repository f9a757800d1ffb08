"""The folder of one call under `recordings/live`: mono files and their manifest.

Everything here is file work: call it in a thread.
"""

import json
import os
import re
import shutil
from collections import deque
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Self

from recordings import manifest as lines
from recordings.manifest import ROLES, Line, Manifest, Part, Role
from recordings.mono import RATE, frames_in

MANIFEST = "manifest.jsonl"
SAFE_CALL_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


class LiveFolder:
    """Where a running call's audio lies; what could not be written is kept in memory.

    So a full disk loses nothing as long as the service lives: each later line tries
    the earlier ones again.
    """

    def __init__(self, path: Path, known: list[Line] | None = None) -> None:
        self.path = path
        self._lines = known or []
        self._unwritten: deque[Line] = deque()
        self._torn = False
        self._writing = Lock()

    @classmethod
    def of_call(cls, root: Path, call_id: str) -> Self:
        """The folder for a call; `ValueError` when its id is no safe file name."""
        if not SAFE_CALL_ID.fullmatch(call_id):
            raise ValueError(f"a call id like {call_id!r} cannot name a folder")
        return cls(root / "live" / call_id)

    @classmethod
    def load(cls, path: Path) -> Self:
        """A folder that an earlier run left; a missing manifest counts as empty."""
        try:
            text = (path / MANIFEST).read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            text = ""
        return cls(path, lines.decode(text))

    @property
    def call_id(self) -> str:
        """The call whose folder it is."""
        return self.path.name

    def create(self) -> None:
        """Make the folder, readable by its owner only."""
        private_folder(self.path)

    def note(self, line: Line) -> None:
        """Remember a line; `flush` writes it."""
        self._lines.append(line)
        self._unwritten.append(line)

    def flush(self) -> None:
        """Write the remembered lines; raises `OSError` and keeps those that failed."""
        with self._writing:
            if self._unwritten:
                self._append()

    def manifest(self) -> Manifest:
        """What is known, with mono files found that no line tells of."""
        told = lines.parse(self._lines, self.call_id)
        unlisted = self._unlisted({part.file for part in told.parts})
        there = [part for part in told.parts if (self.path / part.file).exists()]
        manifest = replace(told, parts=(*there, *unlisted))
        if len(there) < len(told.parts) and not told.failure:
            manifest = replace(manifest, failure="a leg's file is missing")
        if any(line.get("line") == "call" for line in self._lines):
            return manifest
        return replace(manifest, started_at=self._first_sound())

    def last_sign_of_life(self) -> datetime:
        """When a file here last grew: at most 0.5 s before the recorder died."""
        files = list(self.path.glob("*.wav")) or list(self.path.glob("*"))
        return _at(max(map(_mtime, files or [self.path])))

    def remove(self) -> None:
        """Delete the folder with everything in it."""
        shutil.rmtree(self.path, ignore_errors=False)

    def _append(self) -> None:
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
        descriptor = os.open(self.path / MANIFEST, flags, 0o600)
        try:
            while self._unwritten:
                self._write(descriptor, self._unwritten[0])
                self._unwritten.popleft()
        finally:
            os.close(descriptor)

    def _write(self, descriptor: int, line: Line) -> None:
        text = json.dumps(line, ensure_ascii=False) + "\n"
        data = ("\n" if self._torn else "").encode() + text.encode()
        self._torn = True
        if os.write(descriptor, data) != len(data):
            raise OSError("the manifest could only be written in part")
        self._torn = False

    def _unlisted(self, listed: set[str]) -> list[Part]:
        files = [f for f in sorted(self.path.glob("*.wav")) if f.name not in listed]
        start = self._start_of_citizen() if files else 0.0
        return [self._guessed(file, start) for file in files]

    def _guessed(self, file: Path, citizen_start: float) -> Part:
        offset = round((_start_of(file) - citizen_start) * RATE)
        return Part(
            file=file.name,
            role=_role_in(file.name),
            offset_frames=max(0, min(offset, lines.LONGEST_OFFSET_FRAMES)),
            estimated=True,
        )

    def _start_of_citizen(self) -> float:
        files = self.path.glob("*.wav")
        return min(_start_of(file) for file in files)

    def _first_sound(self) -> datetime:
        files = list(self.path.glob("*.wav"))
        return _at(min(map(_start_of, files), default=_mtime(self.path)))


def file_name(number: int, role: Role) -> str:
    """The name of a call's n-th mono file; it tells the role without a manifest."""
    return f"{number}-{role}.wav"


def private_folder(path: Path) -> None:
    """Make a folder and its parents, each 0700."""
    for folder in reversed((path, *path.parents)):
        if not folder.exists():
            folder.mkdir(mode=0o700, exist_ok=True)


def _role_in(name: str) -> Role:
    for role in ROLES:
        if name.endswith(f"-{role}.wav"):
            return role
    return "third_party"


def _start_of(file: Path) -> float:
    return _mtime(file) - frames_in(file) / RATE


def _mtime(file: Path) -> float:
    return file.stat().st_mtime


def _at(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
