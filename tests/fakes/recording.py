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
        try:
            file.write_bytes(_header(0))
        except OSError as error:
            raise TelephonyError(f"cannot record to {file}: {error}") from None

    def close(self, now: float) -> None:
        """Give the file its full length; the silent rest takes no space."""
        seconds = now - self._began
        size = 2 * round(seconds * SAMPLE_RATE)
        with self._file.open("wb") as audio:
            audio.write(_header(size))
            audio.write(_tone(min(seconds, TONE_SECONDS)))
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


def _tone(seconds: float) -> bytes:
    count = round(seconds * SAMPLE_RATE)
    return struct.pack(
        f"<{count}h",
        *(
            round(8000 * math.sin(n * math.tau * 440 / SAMPLE_RATE))
            for n in range(count)
        ),
    )
