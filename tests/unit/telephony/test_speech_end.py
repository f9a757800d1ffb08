"""Where speech begins and ends, by its level alone."""

import numpy as np
import pytest

from telephony.speech.levels import Pcm
from telephony.speech.speech_end import SpeechEnd

CLOSING = 0.6


def voice(seconds: float, level: float = 0.1) -> Pcm:
    """Syllables: 150 ms of sound, 50 ms of near silence."""
    time = np.arange(round(seconds * 8000)) / 8000
    sound = np.sin(2 * np.pi * 200 * time) * np.where(time % 0.2 < 0.15, 1, 0.01)
    return (level * 32767 * sound).astype(np.int16)


def noise(seconds: float, level: float = 0.001) -> Pcm:
    random = np.random.default_rng(0)
    return (random.standard_normal(round(seconds * 8000)) * level * 32767).astype(
        np.int16
    )


def fed(*parts: Pcm, block: int = 1000) -> SpeechEnd:
    end = SpeechEnd(CLOSING)
    sound = np.concatenate(parts)
    for at in range(0, len(sound), block):
        end.feed(sound[at : at + block])
    return end


@pytest.mark.parametrize("block", [37, 160, 2048, 100_000])
def test_begin_and_end_are_found_whatever_the_blocks(block: int) -> None:
    end = fed(noise(1), voice(0.8), noise(1), block=block)
    assert end.began_seconds == pytest.approx(1.0, abs=0.04)
    assert end.ended_seconds == pytest.approx(1.8, abs=0.1)
    assert end.closed
    assert 0.5 < end.voiced_seconds < 0.9


def test_a_pause_that_is_shorter_than_the_closing_silence_ends_nothing() -> None:
    assert not fed(noise(1), voice(0.6), noise(0.4), voice(0.6), noise(0.5)).closed


def test_noise_alone_is_no_speech() -> None:
    for level in (0.0, 0.0005, 0.005):
        assert fed(noise(5, level)).began_seconds is None


def test_clicks_are_no_speech() -> None:
    click = noise(0.02, 0.3)
    assert fed(noise(1), click, noise(1), click, noise(1)).began_seconds is None


def test_speech_over_noise_is_found() -> None:
    loud = noise(3, 0.008)
    loud[8000:16000] += voice(1)
    end = fed(loud)
    assert end.began_seconds == pytest.approx(1.0, abs=0.06)
    assert end.closed


def test_speech_that_begins_at_once_is_found() -> None:
    end = fed(voice(1), noise(1))
    assert end.began_seconds == pytest.approx(0, abs=0.05)
    assert end.closed


def test_digital_silence_while_nothing_arrives_is_no_measure_of_the_noise() -> None:
    gap = np.zeros(8000, np.int16)
    assert fed(noise(1, 0.005), gap, noise(2, 0.005)).began_seconds is None
