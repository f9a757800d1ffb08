"""One leg's WAV file: readable while it grows, and after a kill has cut it.

A recorder writes the lengths of a WAV header last. After `kill -9` they are 0, and the
header may be missing; the samples are there all the same, so they are found by the
header's chunks where it has any (RIFF, Multimedia Programming Interface 1.0) and
counted by the file's size.
"""

import os
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

RATE = 8000
FRAME_BYTES = 2
PLAIN_HEADER_BYTES = 44
HEADER_SEARCH_BYTES = 4096
PCM = 1

Samples = NDArray[np.int16]


class WrongFormat(Exception):
    """The file is sound, but not mono 16-bit PCM at 8 kHz."""


class MonoFile:
    """A mono 16-bit 8 kHz WAV; `frames` is how many samples it has when opened.

    Raises `WrongFormat` when its header names another format, `OSError` when it
    cannot be read.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb")
        try:
            self._start, said = _data_place(self._file.read(HEADER_SEARCH_BYTES))
        except WrongFormat:
            self._file.close()
            raise
        there = max(0, os.fstat(self._file.fileno()).st_size - self._start)
        self.frames = (said if 0 < said < there else there) // FRAME_BYTES

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def read(self, first: int, count: int) -> Samples:
        """Samples `first` to `first + count`, fewer at the end of the file."""
        count = max(0, min(count, self.frames - first))
        self._file.seek(self._start + first * FRAME_BYTES)
        data = self._file.read(count * FRAME_BYTES)
        whole = len(data) // FRAME_BYTES * FRAME_BYTES
        return np.frombuffer(data[:whole], dtype="<i2")


def frames_in(path: Path) -> int:
    """How many samples a leg's file has now; 0 when there is none."""
    try:
        with MonoFile(path) as mono:
            return mono.frames
    except (OSError, WrongFormat):
        return 0


def _data_place(head: bytes) -> tuple[int, int]:
    """Where the samples start, and how many bytes the header says there are."""
    if head[:4] != b"RIFF" or head[8:12] != b"WAVE":
        return PLAIN_HEADER_BYTES, 0
    place = 12
    while place + 8 <= len(head):
        name, size = head[place : place + 4], _number(head[place + 4 : place + 8])
        if name == b"data":
            return place + 8, size
        if name == b"fmt ":
            _check_format(head[place + 8 : place + 24])
        place += 8 + size + size % 2
    return PLAIN_HEADER_BYTES, 0


def _check_format(chunk: bytes) -> None:
    if len(chunk) < 16 or not any(chunk):
        return
    kind, channels = _number(chunk[:2]), _number(chunk[2:4])
    rate, bits = _number(chunk[4:8]), _number(chunk[14:16])
    if (kind, channels, rate, bits) != (PCM, 1, RATE, 16):
        raise WrongFormat(
            f"format {kind}, {channels} channels, {rate} Hz, {bits} bits; "
            "a leg is recorded as PCM, mono, 8000 Hz, 16 bits"
        )


def _number(data: bytes) -> int:
    return int.from_bytes(data, "little")
