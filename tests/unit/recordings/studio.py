"""Sounds, WAV files as a recorder leaves them, and legs that speak into them."""

import asyncio
import struct
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from recordings.mono import RATE
from telephony.calls import LegGone
from telephony.events import EndCause, LegEnded

Samples = NDArray[np.int16]
Header = Literal["whole", "cut", "none", "half"]


def tone(seconds: float, hertz: float = 440, peak: int = 8000) -> Samples:
    """A sine of a frequency and a peak, 8 kHz."""
    times = np.arange(round(seconds * RATE)) / RATE
    return (peak * np.sin(2 * np.pi * hertz * times)).astype(np.int16)


def silence(seconds: float) -> Samples:
    """Digital silence."""
    return np.zeros(round(seconds * RATE), dtype=np.int16)


def noise(seconds: float) -> Samples:
    """Noise that no codec can make small."""
    dice = np.random.default_rng(1)
    return dice.integers(-20000, 20000, round(seconds * RATE)).astype(np.int16)


def strength(samples: NDArray[np.int16], hertz: float) -> float:
    """The peak of the sine of a frequency in samples."""
    times = np.arange(len(samples)) / RATE
    turned = samples * np.exp(-2j * np.pi * hertz * times)
    return float(2 * abs(turned.mean()))


def wav(samples: Samples, header: Header = "whole") -> bytes:
    """A mono WAV file: whole, or as a kill leaves it."""
    data = samples.astype("<i2").tobytes()
    size = len(data) if header == "whole" else 0
    head = wav_header(size, total=36 + size if header == "whole" else 0)
    return {"none": b"", "half": head[:20]}.get(header, head + data)


def wav_header(size: int, *, total: int, channels: int = 1, rate: int = RATE) -> bytes:
    """44 bytes of header with the lengths as given."""
    form = struct.pack("<HHIIHH", 1, channels, rate, 2 * rate, 2 * channels, 16)
    start = b"RIFF" + struct.pack("<I", total) + b"WAVEfmt " + struct.pack("<I", 16)
    return start + form + b"data" + struct.pack("<I", size)


class TalkingLeg:
    """A leg whose peer says what the test tells, written as PJSIP writes it."""

    def __init__(self, fault: Exception | None = None) -> None:
        loop = asyncio.get_running_loop()
        self.ended: asyncio.Future[LegEnded] = loop.create_future()
        self.file: Path | None = None
        self.stops = 0
        self._fault = fault
        self._said = silence(0)
        self.paused = False

    async def pause_recording(self) -> None:
        """Silence from now on."""
        if self.ended.done():
            raise LegGone(self.ended.result())
        self.paused = True

    async def resume_recording(self) -> None:
        """Voice from now on."""
        if self.ended.done():
            raise LegGone(self.ended.result())
        self.paused = False

    async def start_recording(self, file: Path) -> None:
        """Begin a WAV whose lengths are not known yet."""
        if self.ended.done():
            raise LegGone(self.ended.result())
        if self._fault:
            raise self._fault
        self._begin(file)

    async def stop_recording(self) -> None:
        """Write the lengths, if hanging up has not done so."""
        if not self.ended.done():
            self._finish()

    def say(self, samples: Samples) -> None:
        """Sound from the peer, on disk at once."""
        assert self.file is not None
        heard = silence(len(samples) / RATE) if self.paused else samples
        self._said = np.concatenate([self._said, heard])
        self.file.write_bytes(wav(self._said, "cut"))

    def hang_up(self) -> None:
        """The peer goes; the recorder is closed with it."""
        self._finish()
        self.ended.set_result(LegEnded(cause=EndCause.PEER_HUNG_UP, sip_code=200))

    def _begin(self, file: Path) -> None:
        self.file = file
        file.write_bytes(wav(self._said, "cut"))

    def _finish(self) -> None:
        self.stops += 1
        if self.file and self.file.exists():
            self.file.write_bytes(wav(self._said))
