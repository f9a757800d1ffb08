"""The audio path: resampling without aliases, even levels, whole files."""

import wave
from pathlib import Path

import numpy as np
import pytest

from telephony.speech.audio import (
    TELEPHONE_RATE,
    Samples,
    active_level,
    levelled,
    read_wav,
    resample,
    trimmed,
    write_wav,
)

RATE = 22050


def tone(hertz: float, *, seconds: float = 1.0, rate: int = RATE) -> Samples:
    return np.asarray(
        0.5 * np.sin(2 * np.pi * hertz * np.arange(int(seconds * rate)) / rate)
    )


def decibels(samples: Samples) -> float:
    middle = samples[len(samples) // 4 : -len(samples) // 4]
    return float(20 * np.log10(np.sqrt((middle**2).mean()) / (0.5 / np.sqrt(2))))


@pytest.mark.parametrize("hertz", [100, 300, 1000, 2000, 3000, 3400])
@pytest.mark.parametrize("rate", [16000, 22050, 44100, 48000])
def test_speech_band_passes_unchanged(hertz: float, rate: int) -> None:
    heard = resample(tone(hertz, seconds=0.5, rate=rate), rate, TELEPHONE_RATE)
    assert decibels(heard) == pytest.approx(0, abs=0.5)
    spectrum = np.abs(np.fft.rfft(heard))
    assert np.argmax(spectrum) * TELEPHONE_RATE / len(heard) == pytest.approx(
        hertz, abs=2
    )


@pytest.mark.parametrize("hertz", [4200, 5000, 7000, 10000])
def test_what_would_alias_is_gone(hertz: float) -> None:
    assert decibels(resample(tone(hertz, seconds=0.5), RATE, TELEPHONE_RATE)) < -60


def test_length_stays_in_time() -> None:
    heard = resample(tone(440, seconds=3.0), RATE, TELEPHONE_RATE)
    assert abs(len(heard) - 3 * TELEPHONE_RATE) <= 1


def test_upsampling_works_too() -> None:
    assert decibels(resample(tone(1000, rate=6000), 6000, 8000)) == pytest.approx(
        0, abs=0.5
    )


def test_same_rate_and_nothing_pass_through() -> None:
    sound = tone(440, rate=8000)
    assert np.array_equal(resample(sound, 8000, 8000), sound)
    assert len(resample(np.zeros(0), RATE, 8000)) == 0


def test_silence_around_speech_is_trimmed() -> None:
    silence = np.zeros(4000)
    sound = np.concatenate([silence, tone(440, rate=8000), silence])
    kept = trimmed(sound, 8000)
    assert len(kept) / 8000 == pytest.approx(1.11, abs=0.01)
    assert np.array_equal(trimmed(silence, 8000), silence)


@pytest.mark.parametrize("loudness", [0.01, 0.1, 1.9])
def test_speech_comes_at_one_level(loudness: float) -> None:
    sound = loudness * np.concatenate([tone(440, rate=8000), np.zeros(8000)])
    level = 20 * np.log10(active_level(levelled(sound, 8000), 8000))
    assert level == pytest.approx(-20, abs=0.1)


def test_sharp_peaks_hold_the_level_down() -> None:
    sound = 0.01 * tone(440, rate=8000)
    sound[1000] = 0.9
    assert np.abs(levelled(sound, 8000)).max() == pytest.approx(10 ** (-3 / 20))


def test_silence_stays_silence() -> None:
    assert not levelled(np.zeros(8000), 8000).any()


def test_file_keeps_its_samples(tmp_path: Path) -> None:
    file = tmp_path / "a.wav"
    write_wav(file, np.array([0.0, 0.5, -1.0, 2.0]))
    samples, rate = read_wav(file)
    assert rate == 8000
    assert samples == pytest.approx([0, 0.5, -1, 1], abs=1e-4)


def test_file_that_cannot_be_finished_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.wav").mkdir()
    with pytest.raises(OSError):
        write_wav(tmp_path / "a.wav", np.zeros(10))
    assert [file.name for file in tmp_path.iterdir()] == ["a.wav"]


def test_other_forms_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "stereo.wav"
    with wave.open(str(file), "wb") as wav:
        wav.setnchannels(2)
        wav.setsampwidth(2)
        wav.setframerate(8000)
        wav.writeframes(bytes(400))
    with pytest.raises(wave.Error, match="not 16-bit mono"):
        read_wav(file)
