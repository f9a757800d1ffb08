"""A leg's WAV file that is read while the recorder writes it.

Its lengths are 0 until the recorder closes it, so the samples are counted by the
file's size and found by the header's chunks (RIFF).
"""

import os
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import numpy as np

from telephony.speech.audio import TELEPHONE_RATE
from telephony.speech.levels import Pcm

PLAIN_HEADER_BYTES: Final = 44
SAMPLE_BYTES: Final = 2
_LONGEST_HEADER_BYTES: Final = 4096


class GrowingFile:
    """The samples of a mono 16-bit 8 kHz WAV, as they come.

    `from_seconds` is where reading begins; None is where the file ends now. Raises
    `OSError` when it cannot be opened.
    """

    def __init__(self, path: Path, *, from_seconds: float | None) -> None:
        self._fd = os.open(path, os.O_RDONLY)
        self._data: int | None = None
        self._frame = round((from_seconds or 0) * TELEPHONE_RATE)
        if from_seconds is None and self._start() is not None:
            self._frame = self.frames

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the file back."""
        os.close(self._fd)

    @property
    def position_seconds(self) -> float:
        """Where the next sample is."""
        return self._frame / TELEPHONE_RATE

    @property
    def frames(self) -> int:
        """How many samples there are now."""
        start = self._start()
        if start is None:
            return 0
        return max(0, os.fstat(self._fd).st_size - start) // SAMPLE_BYTES

    def read(self, most_seconds: float) -> Pcm:
        """The next samples, none when there are none yet."""
        start = self._start()
        if start is None:
            return np.zeros(0, np.int16)
        most = round(most_seconds * TELEPHONE_RATE) * SAMPLE_BYTES
        data = os.pread(self._fd, most, start + self._frame * SAMPLE_BYTES)
        samples = np.frombuffer(data[: len(data) // 2 * 2], "<i2")
        self._frame += len(samples)
        return samples

    def _start(self) -> int | None:
        """Where the samples begin, once the header is there."""
        if self._data is None:
            head = os.pread(self._fd, _LONGEST_HEADER_BYTES, 0)
            if len(head) >= PLAIN_HEADER_BYTES:
                self._data = _data_place(head)
        return self._data


def _data_place(head: bytes) -> int:
    place = 12
    while place + 8 <= len(head):
        if head[place : place + 4] == b"data":
            return place + 8
        size = int.from_bytes(head[place + 4 : place + 8], "little")
        place += 8 + size + size % 2
    return PLAIN_HEADER_BYTES
