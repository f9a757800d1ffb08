"""The signs that an agent hears in a talk, made here (450 Hz as GB/T 3380 has it)."""

from pathlib import Path

import numpy as np

from telephony.speech.audio import TELEPHONE_RATE, Samples, write_wav

CALL_HERTZ, SIGN_HERTZ = 450, 880


def write_ringing(file: Path) -> None:
    """Ringing, to be looped: 1 s of tone, 4 s of silence."""
    write_wav(file, np.concatenate([_beep(CALL_HERTZ, 1.0, 0.1), _rest(4.0)]))


def write_busy(file: Path) -> None:
    """Nobody there, or it cannot be done: three times 0.35 s."""
    write_wav(file, np.concatenate([_beep(CALL_HERTZ, 0.35, 0.1), _rest(0.35)] * 3))


def write_supervised(file: Path) -> None:
    """A supervisor is with the talk: two soft beeps."""
    write_wav(file, np.concatenate([_beep(SIGN_HERTZ, 0.12, 0.05), _rest(0.1)] * 2))


def _beep(hertz: float, seconds: float, level: float) -> Samples:
    time = np.arange(int(seconds * TELEPHONE_RATE)) / TELEPHONE_RATE
    fade = np.minimum(1, np.minimum(time, time[::-1]) / 0.01)
    return level * fade * np.sin(2 * np.pi * hertz * time)


def _rest(seconds: float) -> Samples:
    return np.zeros(int(seconds * TELEPHONE_RATE))
