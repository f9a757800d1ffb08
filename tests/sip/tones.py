"""Tones: made, coded as G.711 A-law, and found again in what was heard or recorded."""

import wave
from pathlib import Path

import numpy as np
import numpy.typing as npt

RATE = 8000
FRAME = 160
"""Samples in the 20 ms of one RTP packet."""

Samples = npt.NDArray[np.int16]


def tone(hz: float, seconds: float, *, level: float = 0.3, start: int = 0) -> Samples:
    """A sine of `level` (1.0 is full scale); `start` is the first sample's number."""
    n = np.arange(start, start + round(seconds * RATE))
    return np.asarray(level * 32767 * np.sin(n * 2 * np.pi * hz / RATE), np.int16)


def level_of(samples: Samples, hz: float) -> float:
    """The amplitude of one frequency, as a part of full scale (Goertzel at one bin)."""
    if len(samples) < FRAME:
        return 0.0
    n = np.arange(len(samples))
    turn = np.exp(-2j * np.pi * hz * n / RATE)
    return float(2 * abs(np.mean(samples.astype(np.float64) * turn)) / 32767)


def steady_level(samples: Samples, hz: float) -> float:
    """The usual amplitude of a tone, by tenths of a second.

    On a busy machine a frame may be lost; after it the tone goes on in another phase,
    and over the whole length it would cancel itself out.
    """
    size = RATE // 10
    starts = range(0, len(samples) - size + 1, size)
    return float(np.median([level_of(samples[n : n + size], hz) for n in starts] or 0))


def loudness(samples: Samples) -> float:
    """Root mean square, as a part of full scale."""
    if not len(samples):
        return 0.0
    return float(np.sqrt(np.mean(samples.astype(np.float64) ** 2)) / 32767)


def write_wav(file: Path, *parts: Samples) -> Path:
    """Write samples as the mono WAV that legs play."""
    with wave.open(str(file), "wb") as audio:
        audio.setnchannels(1)
        audio.setsampwidth(2)
        audio.setframerate(RATE)
        audio.writeframes(np.concatenate(parts).astype("<i2").tobytes())
    return file


def read_wav(file: Path) -> Samples:
    """The samples of a mono 16-bit WAV file."""
    with wave.open(str(file), "rb") as audio:
        assert (audio.getnchannels(), audio.getframerate()) == (1, RATE)
        return np.frombuffer(audio.readframes(audio.getnframes()), "<i2")


def _expand(code: int) -> int:
    """One A-law byte as a sample (ITU-T G.711 table 1)."""
    code ^= 0x55
    exponent, mantissa = (code & 0x70) >> 4, code & 0x0F
    value = (mantissa << 4) + 8
    if exponent:
        value = (value + 0x100) << (exponent - 1)
    return value if code & 0x80 else -value


_LINEAR = np.array([_expand(code) for code in range(256)], np.int16)
_ORDER = np.argsort(_LINEAR)
_EDGES = (_LINEAR[_ORDER][1:].astype(int) + _LINEAR[_ORDER][:-1]) // 2


def encode(samples: Samples) -> bytes:
    """Samples as A-law bytes."""
    return _ORDER[np.searchsorted(_EDGES, samples)].astype(np.uint8).tobytes()


def decode(payload: bytes) -> Samples:
    """A-law bytes as samples."""
    return _LINEAR[np.frombuffer(payload, np.uint8)]
