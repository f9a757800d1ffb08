"""Reading a leg's file: whole, growing, or cut by a kill."""

from pathlib import Path

import numpy as np
import pytest

from recordings.mono import MonoFile, WrongFormat, frames_in
from tests.unit.recordings.studio import Header, silence, tone, wav, wav_header

SOUND = tone(0.5)


@pytest.mark.parametrize("header", ["whole", "cut"])
def test_samples_are_found_with_and_without_lengths_in_the_header(
    tmp_path: Path, header: Header
) -> None:
    file = tmp_path / "leg.wav"
    file.write_bytes(wav(SOUND, header))
    with MonoFile(file) as mono:
        assert mono.frames == len(SOUND)
        assert np.array_equal(mono.read(0, mono.frames), SOUND)
        assert np.array_equal(mono.read(100, 50), SOUND[100:150])
        assert len(mono.read(mono.frames - 10, 50)) == 10
        assert len(mono.read(mono.frames + 10, 50)) == 0


@pytest.mark.parametrize("header", ["none", "half"])
def test_a_file_cut_inside_its_header_has_no_samples(
    tmp_path: Path, header: Header
) -> None:
    file = tmp_path / "leg.wav"
    file.write_bytes(wav(SOUND, header))
    assert frames_in(file) == 0


def test_a_header_lost_in_a_power_cut_hides_no_samples(tmp_path: Path) -> None:
    file = tmp_path / "leg.wav"
    file.write_bytes(bytes(44) + SOUND.tobytes())
    with MonoFile(file) as mono:
        assert np.array_equal(mono.read(0, mono.frames), SOUND)


def test_a_sample_torn_in_half_is_left_out(tmp_path: Path) -> None:
    file = tmp_path / "leg.wav"
    file.write_bytes(wav(SOUND, "cut")[:-1])
    assert frames_in(file) == len(SOUND) - 1


def test_chunks_before_and_after_the_samples_are_not_sound(tmp_path: Path) -> None:
    whole = wav(SOUND)
    note = b"LIST\x05\x00\x00\x00hello\x00"
    file = tmp_path / "leg.wav"
    file.write_bytes(whole[:36] + note + whole[36:] + note)
    with MonoFile(file) as mono:
        assert np.array_equal(mono.read(0, mono.frames), SOUND)


def test_a_growing_file_is_as_long_as_when_it_was_opened(tmp_path: Path) -> None:
    file = tmp_path / "leg.wav"
    file.write_bytes(wav(SOUND, "cut"))
    with MonoFile(file) as mono:
        file.write_bytes(wav(np.concatenate([SOUND, SOUND]), "cut"))
        assert len(mono.read(0, 10**6)) == len(SOUND)
    assert frames_in(file) == 2 * len(SOUND)


@pytest.mark.parametrize(
    ("channels", "rate"), [(2, 8000), (1, 16000)], ids=["stereo", "wide band"]
)
def test_another_format_is_refused_by_name(
    tmp_path: Path, channels: int, rate: int
) -> None:
    file = tmp_path / "leg.wav"
    head = wav_header(4, total=40, channels=channels, rate=rate)
    file.write_bytes(head + bytes(4))
    with pytest.raises(WrongFormat, match=f"{channels} channels, {rate} Hz"):
        MonoFile(file)
    assert frames_in(file) == 0


def test_no_file_has_no_samples(tmp_path: Path) -> None:
    assert frames_in(tmp_path / "none.wav") == 0
    (tmp_path / "empty.wav").write_bytes(wav(silence(0)))
    assert frames_in(tmp_path / "empty.wav") == 0
