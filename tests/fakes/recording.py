"""A recording as the fake leg makes it: a real WAV file, mostly a hole on disk."""

import math
import struct
from pathlib import Path

from telephony.audio_files import SAMPLE_RATE
from telephony.calls import TelephonyError

TONE_SECONDS = 2.0


class FakeRecording:
    """The peer "speaks" a tone for up to two seconds, then is silent."""

    def __init__(self, file: Path, now: float) -> None:
        self._file = file
        self._began = now
        self._pauses: list[tuple[float, float]] = []
        try:
            file.write_bytes(_header(0))
        except OSError as error:
            raise TelephonyError(f"cannot record to {file}: {error}") from None

    def pause(self, now: float) -> None:
        """Silence from now on."""
        if not self._pauses or self._pauses[-1][1] < math.inf:
            self._pauses.append((now - self._began, math.inf))

    def resume(self, now: float) -> None:
        """End the silence."""
        if self._pauses:
            self._pauses[-1] = self._pauses[-1][0], now - self._began

    def close(self, now: float) -> None:
        """Give the file its full length; the silent rest takes no space."""
        seconds = now - self._began
        size = 2 * round(seconds * SAMPLE_RATE)
        with self._file.open("wb") as audio:
            audio.write(_header(size))
            audio.write(_tone(min(seconds, TONE_SECONDS), self._pauses))
            audio.truncate(44 + size)


def _header(size: int) -> bytes:
    form = struct.pack("<HHIIHH", 1, 1, SAMPLE_RATE, 2 * SAMPLE_RATE, 2, 16)
    return (
        b"RIFF"
        + struct.pack("<I", 36 + size)
        + b"WAVEfmt "
        + struct.pack("<I", 16)
        + form
        + b"data"
        + struct.pack("<I", size)
    )


def _tone(seconds: float, pauses: list[tuple[float, float]]) -> bytes:
    count = round(seconds * SAMPLE_RATE)
    samples = [
        round(8000 * math.sin(n * math.tau * 440 / SAMPLE_RATE)) for n in range(count)
    ]
    for start, end in pauses:
        first, last = (
            min(count, round(it * SAMPLE_RATE)) for it in (start, min(end, seconds))
        )
        samples[first:last] = [0] * max(0, last - first)
    return struct.pack(f"<{count}h", *samples)
