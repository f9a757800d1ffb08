"""What is said of a recording once its audio is joined."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

import pytest

from recordings.entry import State
from recordings.joining import Joined
from recordings.manifest import LONGEST_OFFSET_FRAMES, Manifest, Part
from recordings.mono import RATE
from recordings.verdict import (
    failed_entry,
    join_job,
    pauses,
    stored_entry,
    stored_path,
)

START = datetime(2026, 3, 1, 23, 59, tzinfo=UTC)
NOW = datetime(2026, 3, 2, 0, 10, tzinfo=UTC)
CITIZEN = Part(file="0-citizen.wav", role="citizen", lasted_seconds=60.0)
AGENT = Part(
    file="1-agent.wav",
    role="agent",
    name="1001",
    offset_frames=20 * RATE,
    lasted_seconds=40.0,
)
CALL = Manifest(call_id="C1", started_at=START, parts=(CITIZEN, AGENT), ended_at=NOW)
PATH = PurePosixPath("2026/03/01/C1.flac")
GOOD = Joined(
    frames=60 * RATE,
    left_dbfs=-30.0,
    right_dbfs=-25.0,
    left_seconds=60.0,
    right_seconds=40.0,
    sha256="ab" * 32,
    bytes=1234,
    track_frames=(60 * RATE, 40 * RATE),
)


def test_a_good_recording_is_closed_and_tells_its_legs() -> None:
    entry = stored_entry(CALL, GOOD, PATH, NOW)
    assert (entry.state, entry.reason, entry.seconds) == (State.CLOSED, "", 60.0)
    assert (entry.silent, entry.third_party) == ((), False)
    agent = {"kind": "agent", "name": "1001", "at_seconds": 20.0, "seconds": 40.0}
    assert entry.marks[1] == agent


def test_a_third_party_is_marked() -> None:
    third = Part(file="2-third_party.wav", role="third_party", name="110")
    joined = replace(GOOD, track_frames=(1, 1, 1))
    manifest = replace(CALL, parts=(CITIZEN, AGENT, third))
    manifest = replace(
        manifest, parts=tuple(replace(p, lasted_seconds=None) for p in manifest.parts)
    )
    entry = stored_entry(manifest, joined, PATH, NOW)
    assert entry.third_party
    assert entry.marks[2]["kind"] == "third_party"


@pytest.mark.parametrize(
    ("left", "right", "seconds", "silent"),
    [
        (-60.0, -60.0, 40.0, ()),
        (-60.1, -25.0, 40.0, ("citizen",)),
        (-30.0, -100.0, 40.0, ("agent",)),
        (-100.0, -100.0, 40.0, ("citizen", "agent")),
        (-30.0, -100.0, 1.9, ()),
        (-30.0, None, 0.0, ()),
    ],
)
def test_a_side_below_60_db_is_silent_unless_it_was_hardly_there(
    left: float, right: float | None, seconds: float, silent: tuple[str, ...]
) -> None:
    joined = replace(GOOD, left_dbfs=left, right_dbfs=right, right_seconds=seconds)
    assert stored_entry(CALL, joined, PATH, NOW).silent == silent


def test_a_file_shorter_than_its_leg_is_truncated() -> None:
    joined = replace(GOOD, track_frames=(60 * RATE, 38 * RATE))
    entry = stored_entry(CALL, joined, PATH, NOW)
    assert entry.state is State.TRUNCATED
    assert entry.reason == "38.0 s of 40.0 s of the agent's leg are there"


def test_a_part_that_failed_makes_the_recording_truncated() -> None:
    entry = stored_entry(replace(CALL, failure="disk full"), GOOD, PATH, NOW)
    assert (entry.state, entry.reason) == (State.TRUNCATED, "disk full")


def test_a_cut_call_is_marked_and_not_called_truncated() -> None:
    parts = tuple(replace(part, lasted_seconds=None) for part in CALL.parts)
    entry = stored_entry(replace(CALL, cut=True, parts=parts), GOOD, PATH, NOW)
    assert entry.state is State.CLOSED
    assert {"kind": "cut_off"} in entry.marks


def test_a_call_without_audio_failed_with_a_reason() -> None:
    silent = failed_entry(replace(CALL, parts=()), NOW)
    assert (silent.state, silent.reason) == (State.FAILED, "no audio was recorded")
    full = failed_entry(replace(CALL, failure="disk full"), NOW)
    assert full.reason == "disk full"


def test_the_file_lies_under_the_utc_day_of_the_calls_start() -> None:
    assert stored_path(CALL, "flac") == PATH


def test_the_citizen_goes_left_and_all_others_right() -> None:
    third = Part(file="2-third_party.wav", role="third_party", offset_frames=5)
    manifest = replace(CALL, parts=(CITIZEN, AGENT, third))
    job = join_job(manifest, Path("/live/C1"), Path("/live/C1/out"), "flac")
    assert [track.right for track in job.tracks] == [False, True, True]
    assert job.tracks[1].file == "/live/C1/1-agent.wav"
    assert [track.offset_frames for track in job.tracks] == [0, 20 * RATE, 5]


@pytest.mark.parametrize(
    ("marks", "frames"),
    [
        ((), ()),
        ((("paused", 1), ("resumed", 3)), ((1, 3),)),
        ((("paused", 1), ("message_ended", 2), ("resumed", 3)), ((1, 3),)),
        ((("paused", 1), ("paused", 2), ("resumed", 3)), ((1, 3),)),
        ((("resumed", 1), ("paused", 2)), ((2, LONGEST_OFFSET_FRAMES / RATE),)),
        (
            (("paused", 1), ("resumed", 2), ("paused", 4), ("resumed", 5)),
            ((1, 2), (4, 5)),
        ),
    ],
)
def test_pauses_are_read_from_the_marks(
    marks: tuple[tuple[str, float], ...], frames: tuple[tuple[float, float], ...]
) -> None:
    told = tuple({"kind": kind, "at_seconds": at} for kind, at in marks)
    assert pauses(told) == tuple((a * RATE, b * RATE) for a, b in frames)
