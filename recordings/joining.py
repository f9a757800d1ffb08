"""Mono files become one two-channel file: the citizen left, everybody else right.

Everything is read and written in blocks, so memory stays the same for a call of hours.
This runs in a worker process (`recordings.worker`), never on the loop.
"""

import hashlib
import math
import zlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from numpy.typing import NDArray

from recordings.mono import RATE, MonoFile, Samples

BLOCK_FRAMES = 65536
FULL_SCALE = 32768.0
QUIETEST_DBFS = -100.0


class JoinFailed(Exception):
    """The files could not be joined; they are untouched. The message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """A mono file and its place: right or left, from which frame (1/8000 s) on."""

    file: str
    right: bool
    offset_frames: int


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinJob:
    """What to join, into which file, as "flac" or "wav".

    `pauses` are the (start, end) frames in which the recording was paused.
    """

    tracks: tuple[Track, ...]
    output: str
    file_format: str
    pauses: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """The facts of a joined file.

    Levels are RMS in dB of full scale (a square wave of full scale is 0 dBFS), over
    the time for which the side was there and not paused; None for a side that never was. Digital
    silence is -100. `track_frames` are the lengths of the mono files, in job order.
    """

    frames: int
    left_dbfs: float | None
    right_dbfs: float | None
    left_seconds: float
    right_seconds: float
    sha256: str
    bytes: int
    track_frames: tuple[int, ...]


def join(job: JoinJob) -> Joined:
    """Write the joined file, read it back, and return its facts.

    Raises `JoinFailed` and removes the output when any of that does not succeed.
    """
    output = Path(job.output)
    try:
        return _join(job, output)
    except (OSError, soundfile.SoundFileError, AssertionError) as error:
        output.unlink(missing_ok=True)
        raise JoinFailed(f"{type(error).__name__}: {error}") from error
    except JoinFailed:
        output.unlink(missing_ok=True)
        raise


def covered_frames(spans: Sequence[tuple[int, int]]) -> int:
    """How many frames at least one (start, end) span covers."""
    total, reached = 0, 0
    for start, end in sorted(spans):
        total += max(0, end - max(start, reached))
        reached = max(reached, end)
    return total


def mixed(
    tracks: Sequence[tuple[Track, MonoFile]], frames: int
) -> Iterator[NDArray[np.int16]]:
    """Blocks of shape (n, 2), int16; voices at the same time add up, and clip."""
    for first in range(0, frames, BLOCK_FRAMES):
        count = min(BLOCK_FRAMES, frames - first)
        sums = np.zeros((count, 2), dtype=np.int32)
        for track, mono in tracks:
            _add(sums[:, int(track.right)], track, mono, first)
        yield np.clip(sums, -32768, 32767).astype(np.int16)


def _join(job: JoinJob, output: Path) -> Joined:
    with ExitStack() as stack:
        monos = [stack.enter_context(MonoFile(Path(t.file))) for t in job.tracks]
        tracks = list(zip(job.tracks, monos, strict=True))
        frames = max((t.offset_frames + m.frames for t, m in tracks), default=0)
        squares, checksum = _write(mixed(tracks, frames), output, job.file_format)
    _check(output, frames, checksum)
    left, right = (_heard(tracks, job.pauses, right=side) for side in (False, True))
    return Joined(
        frames=frames,
        left_dbfs=_level(squares[0], left),
        right_dbfs=_level(squares[1], right),
        left_seconds=left / RATE,
        right_seconds=right / RATE,
        sha256=digest(output),
        bytes=output.stat().st_size,
        track_frames=tuple(mono.frames for mono in monos),
    )


def _add(lane: NDArray[np.int32], track: Track, mono: MonoFile, first: int) -> None:
    start = max(0, track.offset_frames - first)
    count = len(lane) - start
    if count <= 0:
        return
    samples: Samples = mono.read(first + start - track.offset_frames, count)
    lane[start : start + len(samples)] += samples


def _write(
    blocks: Iterator[NDArray[np.int16]], output: Path, file_format: str
) -> tuple[NDArray[np.float64], int]:
    """Store the blocks; returns the sums of squares per side and the audio's CRC."""
    squares, checksum = np.zeros(2), 0
    output.unlink(missing_ok=True)
    output.touch(mode=0o600)
    with _sound_file(output, file_format) as sound:
        for block in blocks:
            sound.write(block)
            checksum = zlib.crc32(block.tobytes(), checksum)
            squares += np.square(block, dtype=np.float64).sum(axis=0)
    return squares, checksum


def _sound_file(output: Path, file_format: str) -> Any:
    return soundfile.SoundFile(
        output, "w", RATE, 2, subtype="PCM_16", format=file_format.upper()
    )


def _check(output: Path, frames: int, checksum: int) -> None:
    """Decode what is on disk: only a file that gives the audio back may replace it."""
    read, found = 0, 0
    with soundfile.SoundFile(output) as sound:
        for block in sound.blocks(BLOCK_FRAMES, dtype="int16"):
            found = zlib.crc32(block.tobytes(), found)
            read += len(block)
    if (read, found) != (frames, checksum):
        raise JoinFailed(f"{read} of {frames} frames came back from the disk")


def _heard(
    tracks: Sequence[tuple[Track, MonoFile]],
    pauses: Sequence[tuple[int, int]],
    *,
    right: bool,
) -> int:
    """How many frames of a side are there and are not paused."""
    spans = [
        (track.offset_frames, track.offset_frames + mono.frames)
        for track, mono in tracks
        if track.right == right
    ]
    paused = [
        (max(start, first), min(end, last))
        for start, end in spans
        for first, last in pauses
        if max(start, first) < min(end, last)
    ]
    return covered_frames(spans) - covered_frames(paused)


def _level(squares: float, frames: int) -> float | None:
    if not frames:
        return None
    if squares <= 0:
        return QUIETEST_DBFS
    level = 10 * math.log10(squares / frames / FULL_SCALE**2)
    return round(max(QUIETEST_DBFS, level), 2)


def digest(file: Path) -> str:
    """The SHA-256 of a file, as 64 hexadecimal digits."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
