"""Everything on a line that is not speech: tones, music, noise, and the line itself.

Samples are float64 between -1 and 1 at 8 kHz, as in `telephony.speech.audio`.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

from telephony.speech.audio import TELEPHONE_RATE, Samples

FRAME: Final = 160
"""Samples of the 20 ms that one RTP packet carries."""

PENTATONIC: Final = (262, 294, 330, 392, 440, 523, 587, 659)
MU: Final = 255.0


def silence(seconds: float) -> Samples:
    """Nothing."""
    return np.zeros(round(seconds * TELEPHONE_RATE))


def tone(seconds: float, *hertz: float, level: float = 0.12) -> Samples:
    """Sines together, without a click at the ends."""
    time = np.arange(round(seconds * TELEPHONE_RATE)) / TELEPHONE_RATE
    fade = np.minimum(1, np.minimum(time, time[::-1]) / 0.005)
    waves = sum(np.sin(2 * np.pi * one * time) for one in hertz)
    return np.asarray(level * fade * waves / max(1, len(hertz)))


def ring_back(rings: int, *, rest_seconds: float = 4.0) -> Samples:
    """The Chinese ring-back tone (回铃音): 450 Hz, 1 s on, 4 s off."""
    return np.concatenate([tone(1.0, 450), silence(rest_seconds)] * rings)


def busy(times: int) -> Samples:
    """The Chinese busy tone (忙音): 450 Hz, 0.35 s on, 0.35 s off."""
    return np.concatenate([tone(0.35, 450), silence(0.35)] * times)


def special_information() -> Samples:
    """The three tones before an announcement (ITU-T E.180): 950, 1400, 1800 Hz."""
    return np.concatenate([tone(0.33, hertz) for hertz in (950, 1400, 1800)])


def beep(hertz: float, seconds: float) -> Samples:
    """The tone after which one speaks to a voicemail (嘀声)."""
    return tone(seconds, hertz, level=0.25)


def music(seconds: float, random: np.random.Generator) -> Samples:
    """A ring-back melody (彩铃): a pentatonic tune with overtones and a bass."""
    made = silence(seconds + 2)
    at = 0.0
    while at < seconds:
        length = float(random.choice((0.2, 0.3, 0.45, 0.6)))
        _strike(made, at, float(random.choice(PENTATONIC)), length * 2, random)
        if random.random() < 0.5:
            _strike(made, at, float(random.choice(PENTATONIC)) / 2, 1.2, random)
        at += length
    whole = made[: round(seconds * TELEPHONE_RATE)]
    return np.asarray(whole / np.abs(whole).max() * 0.35)


def _strike(
    made: Samples, at: float, hertz: float, seconds: float, random: np.random.Generator
) -> None:
    time = np.arange(round(seconds * TELEPHONE_RATE)) / TELEPHONE_RATE
    envelope = np.minimum(1, time / 0.01) * np.exp(-time * 3)
    partials = ((1, 1.0), (2, 0.5), (3, 0.3), (4, 0.15))
    note = sum(s * np.sin(2 * np.pi * hertz * k * time) for k, s in partials)
    first = round(at * TELEPHONE_RATE)
    length = min(len(time), len(made) - first)
    made[first : first + length] += (random.uniform(0.6, 1) * envelope * note)[:length]


def noise(seconds: float, kind: str, random: np.random.Generator) -> Samples:
    """`white`, `street` (most of it low, swelling) or `hum` (50 Hz and its overtones)."""
    count = round(seconds * TELEPHONE_RATE)
    if kind == "hum":
        time = np.arange(count) / TELEPHONE_RATE
        waves = [np.sin(2 * np.pi * 50 * k * time) / k for k in (1, 2, 3, 5)]
        return _unit(np.sum(waves, axis=0) + 0.1 * random.standard_normal(count))
    white = random.standard_normal(count)
    if kind == "white":
        return _unit(white)
    spectrum = np.fft.rfft(white)
    spectrum /= np.maximum(1, np.arange(len(spectrum)) / max(1, count / 40)) ** 0.7
    time = np.arange(count) / TELEPHONE_RATE
    return _unit(np.fft.irfft(spectrum, count) * (1 + 0.4 * np.sin(0.9 * time)))


def _unit(samples: Samples) -> Samples:
    return np.asarray(samples / np.sqrt((samples**2).mean()))


def dbfs(level: float) -> float:
    """The amplitude of a level in dB of full scale."""
    return float(10 ** (level / 20))


def over_the_line(
    parts: Sequence[Samples],
    random: np.random.Generator,
    *,
    gain_db: float = 0.0,
    noise_kind: str = "white",
    noise_dbfs: float = -65.0,
    loss: float = 0.0,
) -> Samples:
    """What arrives: band of the telephone, gain, noise, G.711 and lost packets."""
    sound = np.concatenate(parts)
    sound = _telephone_band(sound) * dbfs(gain_db)
    seconds = len(sound) / TELEPHONE_RATE
    sound = sound + dbfs(noise_dbfs) * noise(seconds, noise_kind, random)[: len(sound)]
    sound = _coded(np.clip(sound, -1, 1))
    lost = random.random(len(sound) // FRAME + 1) < loss
    return np.where(np.repeat(lost, FRAME)[: len(sound)], 0.0, sound)


def _telephone_band(sound: Samples) -> Samples:
    spectrum = np.fft.rfft(sound)
    hertz = np.fft.rfftfreq(len(sound), 1 / TELEPHONE_RATE)
    spectrum[(hertz < 250) | (hertz > 3450)] *= 0.05
    return np.fft.irfft(spectrum, len(sound))


def _coded(sound: Samples) -> Samples:
    """Through mu-law and back: 8 bits a sample (ITU-T G.711, its continuous form)."""
    squeezed = np.sign(sound) * np.log1p(MU * np.abs(sound)) / np.log1p(MU)
    steps = np.round(squeezed * 127) / 127
    return np.asarray(np.sign(steps) * np.expm1(np.abs(steps) * np.log1p(MU)) / MU)
