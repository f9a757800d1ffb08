"""From the manifest and the joined audio to the facts that are kept (pure)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from recordings.entry import Recording, State
from recordings.joining import Joined, JoinJob, Track
from recordings.manifest import (
    LONGEST_OFFSET_FRAMES,
    PAUSED,
    RESUMED,
    Manifest,
    Part,
)
from recordings.mono import RATE

SILENCE_DBFS = -60.0
SHORTEST_JUDGED_SECONDS = 2.0
"""A side that was there for less is not called silent: nobody had time to speak."""
SHORTEST_GAP_SECONDS = 1.0
"""A mono file may be this much shorter than its leg lasted (a stalled machine)."""
NO_AUDIO = "no audio was recorded"


def join_job(manifest: Manifest, folder: Path, output: Path, form: str) -> JoinJob:
    """The work of joining a call: the citizen left, everybody else right."""
    tracks = tuple(
        Track(
            file=str(folder / part.file),
            right=part.role != "citizen",
            offset_frames=part.offset_frames,
        )
        for part in manifest.parts
    )
    return JoinJob(
        tracks=tracks,
        output=str(output),
        file_format=form,
        pauses=pauses(manifest.marks),
    )


def pauses(marks: Sequence[dict[str, Any]]) -> tuple[tuple[int, int], ...]:
    """The stretches in which a recording was paused, in frames; one may have no end."""
    found: list[tuple[int, int]] = []
    since: int | None = None
    for mark in marks:
        at = round(float(mark.get("at_seconds", 0)) * RATE)
        if mark.get("kind") == PAUSED and since is None:
            since = at
        elif mark.get("kind") == RESUMED and since is not None:
            found.append((since, at))
            since = None
    if since is not None:
        found.append((since, LONGEST_OFFSET_FRAMES))
    return tuple(found)


def stored_path(manifest: Manifest, form: str) -> PurePosixPath:
    """Where a recording is kept, by the UTC day on which the call started."""
    day = manifest.started_at.strftime("%Y/%m/%d")
    return PurePosixPath(day) / f"{manifest.call_id}.{form}"


def stored_entry(
    manifest: Manifest, joined: Joined, path: PurePosixPath, at: datetime
) -> Recording:
    """The entry of a joined recording, not yet in the chain."""
    reason = manifest.failure or _shortness(manifest.parts, joined.track_frames)
    return replace(
        _entry(manifest, joined.track_frames, at),
        state=State.TRUNCATED if reason else State.CLOSED,
        reason=reason,
        path=str(path),
        bytes=joined.bytes,
        seconds=round(joined.frames / RATE, 3),
        left_dbfs=joined.left_dbfs,
        right_dbfs=joined.right_dbfs,
        citizen_silent=_silent(joined.left_dbfs, joined.left_seconds),
        agent_silent=_silent(joined.right_dbfs, joined.right_seconds),
        sha256=joined.sha256,
    )


def failed_entry(manifest: Manifest, at: datetime) -> Recording:
    """The entry of a call without audio."""
    entry = _entry(manifest, (0,) * len(manifest.parts), at)
    return replace(entry, state=State.FAILED, reason=manifest.failure or NO_AUDIO)


def pending_entry(manifest: Manifest, reason: str) -> Recording:
    """The entry of a call whose mono files wait to be joined."""
    return Recording(
        call_id=manifest.call_id,
        state=State.PENDING,
        started_at=manifest.started_at,
        reason=reason,
    )


def _entry(manifest: Manifest, frames: Sequence[int], at: datetime) -> Recording:
    legs = [_leg_mark(p, n) for p, n in zip(manifest.parts, frames, strict=True)]
    cut = [{"kind": "cut_off"}] if manifest.cut else []
    return Recording(
        call_id=manifest.call_id,
        state=State.FAILED,
        started_at=manifest.started_at,
        closed_at=at,
        third_party=any(part.role == "third_party" for part in manifest.parts),
        marks=(*legs, *manifest.marks, *cut),
    )


def _leg_mark(part: Part, frames: int) -> dict[str, Any]:
    mark = {
        "kind": part.role,
        "name": part.name,
        "at_seconds": round(part.offset_frames / RATE, 3),
        "seconds": round(frames / RATE, 3),
    }
    return mark | ({"estimated": True} if part.estimated else {})


def _shortness(parts: Sequence[Part], frames: Sequence[int]) -> str:
    for part, count in zip(parts, frames, strict=True):
        lasted, there = part.lasted_seconds, count / RATE
        if lasted is not None and there < lasted - SHORTEST_GAP_SECONDS:
            return f"{there:.1f} s of {lasted:.1f} s of the {part.role}'s leg are there"
    return ""


def _silent(level: float | None, seconds: float) -> bool:
    judged = level is not None and seconds >= SHORTEST_JUDGED_SECONDS
    return judged and level is not None and level < SILENCE_DBFS
