"""Voices are told apart by their tone, whatever is said with it, and after G.711."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from hotline.demo.script import all_tones_hz
from hotline.demo.voices import (
    heard_on_channels,
    seconds_heard,
    speech_file,
    voice,
    write_voice,
)
from telephony.speech.audio import TELEPHONE_RATE as RATE
from telephony.speech.audio import Samples, read_wav, write_wav
from tests.sip.tones import decode, encode

TONES = all_tones_hz()
OWN, OTHER = TONES[3], TONES[-2]


def loud_speech(seconds: float) -> Samples:
    """Noise of all frequencies in bursts: worse than any speech."""
    chance = np.random.default_rng(1)
    n = round(seconds * RATE)
    return 0.2 * chance.standard_normal(n) * (np.arange(n) // 1600 % 2)


def after_g711(samples: Samples) -> Samples:
    """What comes out of a call."""
    steps = np.clip(samples * 32768, -32768, 32767).astype(np.int16)
    return decode(encode(steps)) / 32768


@pytest.mark.parametrize("hz", TONES[::9])
def test_own_tone_is_heard_all_the_time_and_no_other(hz: int) -> None:
    said = after_g711(voice([loud_speech(3)], hz))
    assert seconds_heard(said, TONES) == {hz: len(said) / RATE}


def test_nobody_is_heard_in_silence() -> None:
    assert seconds_heard(np.zeros(RATE * 3), TONES) == {}


def test_nobody_is_heard_in_less_than_a_window() -> None:
    assert seconds_heard(voice([loud_speech(1)], OWN)[:1000], TONES) == {}


def test_two_voices_at_once_are_both_heard() -> None:
    both = voice([loud_speech(2)], OWN) + voice([loud_speech(2)], OTHER)
    assert set(seconds_heard(both, TONES)) == {OWN, OTHER}


def test_voice_that_was_there_for_a_part_is_heard_for_that_part() -> None:
    said = voice([loud_speech(3)], OWN)
    said[: 2 * RATE] = 0
    assert seconds_heard(said, TONES)[OWN] == pytest.approx(len(said) / RATE - 2)


def test_voice_can_be_repeated_without_a_seam() -> None:
    said = voice([loud_speech(1.3)], OWN)
    twice = np.concatenate([said, said])
    assert seconds_heard(twice, TONES) == {OWN: len(twice) / RATE}


def test_written_voice_is_read_back(tmp_path: Path) -> None:
    write_wav(speech_file(tmp_path, "您好"), loud_speech(1))
    file = tmp_path / "voice.wav"
    write_voice(file, ["您好"], OWN, tmp_path)
    samples, rate = read_wav(file)
    assert rate == RATE
    assert set(seconds_heard(samples, TONES)) == {OWN}


def test_channels_of_a_recording_are_told_apart(tmp_path: Path) -> None:
    left, right = voice([loud_speech(1)], OWN), voice([loud_speech(1)], OTHER)
    file = tmp_path / "call.flac"
    soundfile.write(file, np.column_stack([left, right]), RATE)
    heard_left, heard_right = heard_on_channels(file, TONES)
    assert (set(heard_left), set(heard_right)) == ({OWN}, {OTHER})


def test_recording_with_one_channel_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "call.flac"
    soundfile.write(file, np.zeros(RATE), RATE)
    with pytest.raises(ValueError, match="1 channels"):
        heard_on_channels(file, TONES)
