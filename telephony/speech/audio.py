"""Speech as the telephone wants it: 8 kHz mono, low-pass filtered, at an even level.

Samples are one-dimensional float64 arrays between -1 and 1.
"""

import math
import os
import wave
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Samples: TypeAlias = NDArray[np.float64]

TELEPHONE_RATE = 8000
SPEECH_DBFS = -20.0
PEAK_DBFS = -3.0
_CUT_OFF = 0.92
_HALF_WIDTH = 40
_BLOCK = 4096
_KAISER_BETA = 8.0
_FULL_SCALE = 32768.0
_SILENCE_DBFS = -50.0
_FRAME_SECONDS = 0.02


def resample(samples: Samples, rate: int, to_rate: int) -> Samples:
    """The same sound at another sampling rate (Hz).

    A Kaiser-windowed sinc, evaluated once for each phase of the rational ratio: flat
    to 0.85 of the lower Nyquist frequency (3400 Hz at 8 kHz), and what would alias is
    down by more than 60 dB.
    """
    if rate == to_rate or not len(samples):
        return np.asarray(samples)
    divisor = math.gcd(rate, to_rate)
    step, phases = rate // divisor, to_rate // divisor
    kernels = _kernels(step, phases)
    width = kernels.shape[1]
    padded = np.pad(samples, (width // 2, width))
    windows = np.lib.stride_tricks.sliding_window_view(padded, width)
    places = np.arange(len(samples) * phases // step) * step
    blocks = [
        (windows[some // phases + 1] * kernels[some % phases]).sum(axis=1)
        for some in np.split(places, range(_BLOCK, len(places), _BLOCK))
    ]
    return np.asarray(np.concatenate(blocks))


def _kernels(step: int, phases: int) -> Samples:
    """One low-pass kernel a phase; each sums to one, so that levels stay."""
    narrower = min(1.0, phases / step)
    reach = math.ceil(_HALF_WIDTH / narrower)
    taps = np.arange(-reach + 1, reach + 1)
    offsets = taps[None, :] - np.arange(phases)[:, None] / phases
    inside = np.clip(1 - (offsets / reach) ** 2, 0, None)
    window = np.i0(_KAISER_BETA * np.sqrt(inside))
    kernels = np.sinc(offsets * narrower * _CUT_OFF) * window
    return np.asarray(kernels / kernels.sum(axis=1, keepdims=True))


def trimmed(samples: Samples, rate: int) -> Samples:
    """Without the silence around, but for 10 ms before and 100 ms after."""
    heard = np.flatnonzero(np.abs(samples) > _amplitude(_SILENCE_DBFS))
    if not len(heard):
        return samples
    first = max(0, heard[0] - int(0.01 * rate))
    return samples[first : heard[-1] + int(0.1 * rate)]


def levelled(samples: Samples, rate: int) -> Samples:
    """At -20 dBFS while it sounds, as far as the peaks stay under -3 dBFS."""
    loud = active_level(samples, rate)
    if loud <= 0:
        return samples
    peak = float(np.abs(samples).max())
    return samples * min(_amplitude(SPEECH_DBFS) / loud, _amplitude(PEAK_DBFS) / peak)


def active_level(samples: Samples, rate: int) -> float:
    """The RMS amplitude of the frames (20 ms) that are not silent; 0 when all are."""
    size = max(1, int(_FRAME_SECONDS * rate))
    whole = samples[: len(samples) // size * size]
    powers = (whole.reshape(-1, size) ** 2).mean(axis=1)
    sounding = powers[powers > _amplitude(_SILENCE_DBFS) ** 2]
    return float(np.sqrt(sounding.mean())) if len(sounding) else 0.0


def _amplitude(dbfs: float) -> float:
    return float(10 ** (dbfs / 20))


def read_wav(file: Path) -> tuple[Samples, int]:
    """Samples and rate (Hz) of a 16-bit mono WAV file; `wave.Error` when it is none."""
    with wave.open(str(file)) as wav:
        if (wav.getnchannels(), wav.getsampwidth()) != (1, 2):
            raise wave.Error("not 16-bit mono")
        data = wav.readframes(wav.getnframes())
        return np.frombuffer(data, "<i2") / _FULL_SCALE, wav.getframerate()


def write_wav(file: Path, samples: Samples, rate: int = TELEPHONE_RATE) -> None:
    """Write a 16-bit mono WAV file that is either whole or not there."""
    steps = np.clip(np.round(samples * _FULL_SCALE), -_FULL_SCALE, _FULL_SCALE - 1)
    with NamedTemporaryFile(dir=file.parent, suffix=".part", delete=False) as part:
        try:
            _write(part, steps.astype("<i2").tobytes(), rate)
            os.replace(part.name, file)
        except BaseException:
            Path(part.name).unlink(missing_ok=True)
            raise


def _write(part: Any, data: bytes, rate: int) -> None:
    with wave.open(part, "wb") as wav:
        wav.setnchannels(1)
        wav.setsampwidth(2)
        wav.setframerate(rate)
        wav.writeframes(data)
    part.flush()
    os.fsync(part.fileno())
