"""Mono files become two channels, sample by sample where they belong."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from recordings import joining
from recordings.joining import (
    Joined,
    JoinFailed,
    JoinJob,
    Track,
    covered_frames,
    digest,
    join,
    mixed,
)
from recordings.mono import RATE, MonoFile
from tests.unit.recordings.studio import Samples, silence, strength, tone, wav


@pytest.fixture(autouse=True, scope="module")
def small_blocks() -> Iterator[None]:
    """Blocks so small that every test crosses their borders."""
    usual, joining.BLOCK_FRAMES = joining.BLOCK_FRAMES, 1000
    yield
    joining.BLOCK_FRAMES = usual


def job(
    folder: Path, voices: list[tuple[Samples, bool, int]], file_format: str = "flac"
) -> JoinJob:
    """Voices as (samples, right, offset in frames), written down to be joined."""
    tracks = []
    for number, (samples, right, offset) in enumerate(voices):
        file = folder / f"{number}.wav"
        file.write_bytes(wav(samples))
        tracks.append(Track(file=str(file), right=right, offset_frames=offset))
    output = str(folder / f"joined.{file_format}")
    return JoinJob(tracks=tuple(tracks), output=output, file_format=file_format)


def joined_sound(job: JoinJob) -> tuple[Joined, NDArray[np.int16]]:
    """Join, and read the result back by other means."""
    facts = join(job)
    sound, rate = soundfile.read(job.output, dtype="int16", always_2d=True)
    assert rate == RATE
    return facts, sound


voices = st.lists(
    st.tuples(
        st.integers(0, 2500).map(lambda n: tone(n / RATE, peak=20000)),
        st.booleans(),
        st.integers(0, 5000),
    ),
    max_size=5,
)


@given(voices)
@settings(max_examples=40, deadline=None)
def test_each_voice_is_on_its_side_at_its_offset(
    voices: list[tuple[Samples, bool, int]],
) -> None:
    frames = max((offset + len(s) for s, _, offset in voices), default=0)
    expected = np.zeros((frames, 2), dtype=np.int64)
    for samples, right, offset in voices:
        expected[offset : offset + len(samples), int(right)] += samples
    with TemporaryDirectory() as folder:
        tracks = job(Path(folder), voices).tracks
        opened = [(track, MonoFile(Path(track.file))) for track in tracks]
        blocks = list(mixed(opened, frames))
        for _, mono in opened:
            mono.__exit__(None, None, None)
    found = np.concatenate([*blocks, np.zeros((0, 2), dtype=np.int16)])
    assert np.array_equal(found, np.clip(expected, -32768, 32767))


@pytest.mark.parametrize("file_format", ["flac", "wav"])
def test_the_citizen_is_left_and_each_agent_right_at_his_time(
    tmp_path: Path, file_format: str
) -> None:
    citizen, first, second = tone(3, 300), tone(1, 500), tone(0.5, 700)
    voices = [(citizen, False, 0), (first, True, 4000), (second, True, 16000)]
    facts, sound = joined_sound(job(tmp_path, voices, file_format))
    assert facts.frames == len(sound) == len(citizen)
    assert np.array_equal(sound[:, 0], citizen)
    assert np.array_equal(sound[4000:12000, 1], first)
    assert np.array_equal(sound[16000:20000, 1], second)
    assert not sound[12000:16000, 1].any()
    assert facts.track_frames == (24000, 8000, 4000)


def test_voices_at_the_same_time_are_both_heard_and_clip_instead_of_wrapping(
    tmp_path: Path,
) -> None:
    loud = np.full(8000, 30000, dtype=np.int16)
    voices = [(silence(1), False, 0), (loud, True, 0), (loud, True, 4000)]
    _, sound = joined_sound(job(tmp_path, voices))
    assert sound[0, 1] == 30000
    assert sound[5000, 1] == 32767
    both = [(silence(1), False, 0), (tone(1, 300), True, 0), (tone(1, 800), True, 0)]
    _, sound = joined_sound(job(tmp_path, both))
    assert strength(sound[:, 1], 300) == pytest.approx(8000, rel=0.01)
    assert strength(sound[:, 1], 800) == pytest.approx(8000, rel=0.01)


def test_levels_are_rms_of_full_scale_while_the_side_was_there(tmp_path: Path) -> None:
    sine = tone(1, 400, peak=32767)
    voices = [(tone(10, 400, peak=3277), False, 0), (sine, True, 40000)]
    facts, _ = joined_sound(job(tmp_path, voices))
    assert facts.left_dbfs == pytest.approx(-23.01, abs=0.02)
    assert facts.right_dbfs == pytest.approx(-3.01, abs=0.02)
    assert (facts.left_seconds, facts.right_seconds) == (10.0, 1.0)


def test_a_side_that_never_was_there_has_no_level(tmp_path: Path) -> None:
    facts, _ = joined_sound(job(tmp_path, [(silence(1), False, 0)]))
    assert facts.left_dbfs == -100
    assert facts.right_dbfs is None


def test_the_facts_are_those_of_the_file(tmp_path: Path) -> None:
    work = job(tmp_path, [(tone(1), False, 0)])
    facts, _ = joined_sound(work)
    file = Path(work.output)
    assert facts.sha256 == digest(file)
    assert facts.bytes == file.stat().st_size
    assert file.stat().st_mode & 0o777 == 0o600


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=6))
@settings(max_examples=50, deadline=None)
def test_covered_time_counts_overlaps_once(spans: list[tuple[int, int]]) -> None:
    spans = [(min(span), max(span)) for span in spans]
    points = {frame for start, end in spans for frame in range(start, end)}
    assert covered_frames(spans) == len(points)


def test_a_missing_source_fails_and_leaves_no_output(tmp_path: Path) -> None:
    work = job(tmp_path, [(tone(1), False, 0)])
    Path(work.tracks[0].file).unlink()
    with pytest.raises(JoinFailed, match="FileNotFoundError"):
        join(work)
    assert not Path(work.output).exists()


def test_an_output_that_does_not_give_the_audio_back_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "short.wav"
    soundfile.write(file, np.zeros((10, 2), dtype=np.int16), RATE)
    with pytest.raises(JoinFailed, match="10 of 20 frames"):
        joining._check(file, 20, 0)


def test_paused_time_counts_for_no_side(tmp_path: Path) -> None:
    """A side that spoke for a tenth of the time, and was paused for the rest."""
    said = np.concatenate([tone(1.0), silence(9.0)])
    paused = replace(
        job(tmp_path, [(said, False, 0), (said, True, 0)]),
        pauses=((RATE, 20 * RATE),),
    )
    facts, _ = joined_sound(paused)
    whole, _ = joined_sound(job(tmp_path, [(tone(1.0), False, 0)]))
    assert (facts.left_seconds, facts.right_seconds) == (1.0, 1.0)
    assert facts.left_dbfs == whole.left_dbfs
