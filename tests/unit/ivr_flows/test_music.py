"""Music on hold: gentle, and without a click where it begins anew."""

from pathlib import Path

import numpy as np

from ivr_flows.prompts.music import write_music, write_tone
from telephony.speech.audio import TELEPHONE_RATE, read_wav


def test_music_is_half_a_minute_quiet_and_loops_without_a_click(tmp_path: Path) -> None:
    write_music(tmp_path / "music.wav")
    samples, rate = read_wav(tmp_path / "music.wav")
    assert rate == TELEPHONE_RATE
    assert 25 <= len(samples) / rate <= 40
    level = 20 * np.log10(np.sqrt((samples**2).mean()))
    assert -26 < level < -19
    assert np.abs(samples).max() < 0.5
    twice = np.abs(np.diff(np.concatenate([samples, samples])))
    seam = twice[len(samples) - 20 : len(samples) + 20].max()
    assert seam <= np.percentile(twice, 99)


def test_music_never_falls_silent(tmp_path: Path) -> None:
    write_music(tmp_path / "music.wav")
    samples, rate = read_wav(tmp_path / "music.wav")
    seconds = samples.reshape(-1, rate)
    assert np.sqrt((seconds**2).mean(axis=1)).min() > 0.01


def test_tone_is_short_and_rises_softly(tmp_path: Path) -> None:
    write_tone(tmp_path / "tone.wav")
    samples, rate = read_wav(tmp_path / "tone.wav")
    assert len(samples) / rate == 0.4
    assert samples[0] == samples[-1] == 0
    spectrum = np.abs(np.fft.rfft(samples))
    assert np.argmax(spectrum) * rate / len(samples) == 800
