"""Prompts: what can be played, and what is said of the others."""

import wave
from pathlib import Path

import pytest

from telephony.audio_files import length_seconds
from telephony.calls import TelephonyError


def _wav(
    file: Path, *, rate: int = 8000, channels: int = 1, frames: int = 4000
) -> Path:
    with wave.open(str(file), "wb") as audio:
        audio.setnchannels(channels)
        audio.setsampwidth(2)
        audio.setframerate(rate)
        audio.writeframes(b"\0\0" * channels * frames)
    return file


def test_length_is_told_in_seconds(tmp_path: Path) -> None:
    assert length_seconds(_wav(tmp_path / "a.wav")) == 0.5


def test_file_that_was_changed_is_looked_into_again(tmp_path: Path) -> None:
    file = _wav(tmp_path / "a.wav")
    assert length_seconds(file) == length_seconds(file) == 0.5
    assert length_seconds(_wav(file, frames=8000)) == 1.0
    with pytest.raises(TelephonyError, match="sox"):
        length_seconds(_wav(file, rate=16000))


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"rate": 22050}, "sox"),
        ({"channels": 2}, "sox"),
        ({"frames": 0}, "empty"),
    ],
)
def test_unsuitable_file_is_named_with_what_to_do(
    tmp_path: Path, how: dict[str, int], said: str
) -> None:
    file = _wav(tmp_path / "odd.wav", **how)
    with pytest.raises(TelephonyError, match=rf"odd\.wav.*{said}"):
        length_seconds(file)


def test_missing_or_broken_file_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "broken.wav"
    broken.write_bytes(b"RIFF")
    for file in (broken, tmp_path / "missing.wav", tmp_path):
        with pytest.raises(TelephonyError, match=file.name):
            length_seconds(file)
