"""How much of what a test call hears is sound."""

import wave
from pathlib import Path

import numpy as np
import pytest

from telephony.test_call import sound_seconds

RATE = 8000


def heard(file: Path, *parts: tuple[float, float]) -> Path:
    """Tones of so many seconds, at so many dB of full scale."""
    samples = [
        np.sin(np.arange(round(RATE * seconds)) * 0.5)
        * 32767
        * np.sqrt(2)
        * 10 ** (level / 20)
        for seconds, level in parts
    ]
    with wave.open(str(file), "wb") as audio:
        audio.setnchannels(1)
        audio.setsampwidth(2)
        audio.setframerate(RATE)
        data = np.concatenate([*samples, np.zeros(0)]).astype("<i2")
        audio.writeframes(data.tobytes())
    return file


def test_voice_is_sound_and_noise_of_the_line_is_none(tmp_path: Path) -> None:
    file = heard(tmp_path / "a.wav", (1, -60), (1.5, -25), (1, -90))
    assert sound_seconds(file) == pytest.approx(1.5, abs=0.03)


def test_nothing_heard_is_no_sound(tmp_path: Path) -> None:
    assert sound_seconds(heard(tmp_path / "a.wav")) == 0
    assert sound_seconds(heard(tmp_path / "b.wav", (0.01, -20))) == 0
