"""The manifest: what a call's live folder says of itself, one JSON object a line.

The first line tells the call, the next ones its parts (one mono file each) and marks,
the last one that it ended. It is only ever appended to, so a kill leaves at worst a
torn last line, which is passed over. It holds phone numbers: the file is 0600.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Literal

from recordings.mono import RATE

Role = Literal["citizen", "agent", "third_party", "supervisor"]
ROLES: tuple[Role, ...] = ("citizen", "agent", "third_party", "supervisor")
PAUSED, RESUMED = "paused", "resumed"
"""The marks between which a recording holds silence."""
LONGEST_OFFSET_FRAMES = 24 * 3600 * RATE
NEVER = datetime.fromtimestamp(0, UTC)
Line = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One leg's mono file; `offset_frames` counts from the citizen's first sample.

    `lasted_seconds` is how long the leg was up, None when a kill hid it. `estimated`
    is true when the offset had to be taken from the files' times (within 0.5 s).
    """

    file: str
    role: Role
    name: str = ""
    offset_frames: int = 0
    lasted_seconds: float | None = None
    estimated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What is known of a recording that is not stored yet.

    `failure` says why it, or a part of it, is missing. `ended_at` is None while the
    call runs, and after a kill until recovery has told it (`cut`).
    """

    call_id: str
    caller: str = ""
    called: str = ""
    started_at: datetime = NEVER
    parts: tuple[Part, ...] = ()
    marks: tuple[Line, ...] = ()
    failure: str = ""
    ended_at: datetime | None = None
    cut: bool = False


def call_line(manifest: Manifest) -> Line:
    """The first line: the facts that rebuild a call's row after a kill."""
    return {
        "line": "call",
        "call_id": manifest.call_id,
        "started_at": manifest.started_at.isoformat(),
        "caller": manifest.caller,
        "called": manifest.called,
    }


def part_line(part: Part, started_at: datetime) -> Line:
    """A leg is being written to a file."""
    return {
        "line": "part",
        "file": part.file,
        "role": part.role,
        "name": part.name,
        "offset_frames": part.offset_frames,
        "offset_seconds": part.offset_frames / RATE,
        "started_at": started_at.isoformat(),
    }


def mark_line(kind: str, at_seconds: float, facts: Line) -> Line:
    """Something worth finding happened `at_seconds` into the recording."""
    mark = facts | {"kind": kind, "at_seconds": round(at_seconds, 3)}
    return {"line": "mark", "mark": mark}


def failure_line(reason: str) -> Line:
    """The call, or a part of it, is not being recorded."""
    return {"line": "failure", "reason": reason}


def end_line(at: datetime, lasted_seconds: dict[str, float]) -> Line:
    """The call ended; `lasted_seconds` by file is how long each leg was up."""
    return {"line": "end", "at": at.isoformat(), "lasted_seconds": lasted_seconds}


def cut_line(at: datetime) -> Line:
    """The service was killed during the call, which ended at about this time."""
    return {"line": "cut", "at": at.isoformat()}


def parse(lines: Iterable[Line], call_id: str) -> Manifest:
    """The manifest of its lines; a line that makes no sense is passed over."""
    manifest = Manifest(call_id=call_id)
    for line in lines:
        try:
            manifest = _grown(manifest, line)
        except (KeyError, TypeError, ValueError):
            continue
    return manifest


def decode(text: str) -> list[Line]:
    """The JSON objects of a manifest's text; torn lines are left out."""
    found = []
    for line in text.splitlines():
        try:
            value = json.loads(line)
        except ValueError:
            continue
        if isinstance(value, dict):
            found.append(value)
    return found


def _grown(manifest: Manifest, line: Line) -> Manifest:
    match line["line"]:
        case "call":
            return replace(
                manifest,
                caller=str(line["caller"]),
                called=str(line["called"]),
                started_at=_moment(line["started_at"]),
            )
        case "part":
            return replace(manifest, parts=_with(manifest.parts, _part(line)))
        case "mark":
            return replace(manifest, marks=(*manifest.marks, dict(line["mark"])))
        case "failure":
            return replace(manifest, failure=str(line["reason"]))
        case "end" | "cut":
            return _ended(manifest, line)
        case _:
            return manifest


def _part(line: Line) -> Part:
    role, offset = line["role"], int(line["offset_frames"])
    if role not in ROLES or not 0 <= offset <= LONGEST_OFFSET_FRAMES:
        raise ValueError("no such part")
    file = str(line["file"])
    if "/" in file:
        raise ValueError("a part lies in its own folder")
    return Part(file=file, role=role, name=str(line["name"]), offset_frames=offset)


def _with(parts: Sequence[Part], part: Part) -> tuple[Part, ...]:
    return (*(known for known in parts if known.file != part.file), part)


def _ended(manifest: Manifest, line: Line) -> Manifest:
    lasted = line.get("lasted_seconds", {})
    parts = tuple(
        replace(part, lasted_seconds=lasted.get(part.file)) for part in manifest.parts
    )
    return replace(
        manifest,
        parts=parts,
        ended_at=_moment(line["at"]),
        cut=manifest.cut or line["line"] == "cut",
    )


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a time without a zone")
    return moment.astimezone(UTC)
