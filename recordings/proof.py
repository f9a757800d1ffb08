"""The proof: every entry follows the one before it, every file is what was stored.

`check` walks the chain in pages and the files in blocks, so ten million recordings
need no more memory than ten. It only reads, and may run while the service records: it
proves what was there when it began.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from recordings.archive import Archive
from recordings.chain import Head
from recordings.chain_walk import ChainWalk, Fault, FaultKind
from recordings.entry import Recording, State
from recordings.head import HEAD_FILE, read_heads
from recordings.joining import digest

PAGE = 200
FILES_AT_ONCE = 4
SHORTEST_RETENTION = timedelta(days=30)
"""No audio may go earlier (MIIT call-centre notice 2020: at least 30 days)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What to prove: `since` limits whose files are read (the chain is always walked
    whole), `expected` is an end of the chain that was noted elsewhere earlier."""

    since: datetime | None = None
    expected: Head | None = None


@dataclass(slots=True, kw_only=True)
class Proof:
    """What was proved so far: entries of the chain, files and their seconds."""

    entries: int = 0
    files: int = 0
    seconds: float = 0.0
    head: Head = field(default_factory=Head)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A step of the proof: an entry (None for the chain as a whole), and its faults."""

    recording: Recording | None
    faults: tuple[Fault, ...]


async def verify(archive: Archive, scope: Scope | None = None) -> list[Fault]:
    """Everything that is wrong, warnings too; first entry by entry, then the chain."""
    steps = check(archive, scope or Scope(), Proof())
    return [fault async for checked in steps for fault in checked.faults]


async def check(archive: Archive, scope: Scope, proof: Proof) -> AsyncIterator[Checked]:
    """Prove entry after entry; `proof` grows meanwhile.

    Raises `DatabaseError` when the entries cannot be read.
    """
    # First the file, then the database: the file is never ahead of it.
    noted = await asyncio.to_thread(read_heads, archive.root)
    last = (await archive.store.head()).sequence
    if not noted:  # the very first entry may have come in between, after its note
        noted = await asyncio.to_thread(read_heads, archive.root)
    walk = ChainWalk((*noted, scope.expected) if scope.expected else noted)
    async for entries in _pages(archive, last):
        for some in _some(entries):
            steps = [
                _step(archive, scope, proof, entry, walk.step(entry)) for entry in some
            ]
            for checked in await asyncio.gather(*steps):
                yield checked
    proof.head = walk.head
    yield Checked(recording=None, faults=(*walk.end(), *_without_note(noted, last)))
    for waiting in await archive.store.pending():
        yield Checked(recording=waiting, faults=_fault(FaultKind.PENDING, waiting))


async def _pages(archive: Archive, last: int) -> AsyncIterator[list[Recording]]:
    after = 0
    while after < last:
        entries = await archive.store.chained(after, PAGE)
        if not entries:
            return
        yield [entry for entry in entries if (entry.sequence or 0) <= last]
        after = entries[-1].sequence or last


def _some(entries: list[Recording]) -> list[list[Recording]]:
    starts = range(0, len(entries), FILES_AT_ONCE)
    return [entries[start : start + FILES_AT_ONCE] for start in starts]


async def _step(
    archive: Archive,
    scope: Scope,
    proof: Proof,
    entry: Recording,
    faults: tuple[Fault, ...],
) -> Checked:
    proof.entries += 1
    if not scope.since or entry.started_at >= scope.since:
        found = await _file_faults(archive, entry)
        if archive.file_of(entry) and not found:
            proof.files += 1
            proof.seconds += entry.seconds
        faults = (*faults, *found, *_warnings(entry))
    return Checked(recording=entry, faults=faults)


async def _file_faults(archive: Archive, entry: Recording) -> tuple[Fault, ...]:
    if entry.deleted_at:
        early = entry.deleted_at < entry.started_at + SHORTEST_RETENTION
        return _fault(FaultKind.DELETED_EARLY, entry) if early else ()
    if not entry.path:
        return ()
    kind = await asyncio.to_thread(_wrong_with, archive.root / entry.path, entry)
    if kind is FaultKind.FILE_MISSING:
        now = await archive.find(entry.call_id)
        if now and now.deleted_at:
            return await _file_faults(archive, now)
    return _fault(kind, entry) if kind else ()


def _wrong_with(file: Path, entry: Recording) -> FaultKind | None:
    try:
        if digest(file) == entry.sha256:
            return None
        short = file.stat().st_size < entry.bytes
    except OSError:
        return FaultKind.FILE_MISSING
    return FaultKind.FILE_SHORT if short else FaultKind.FILE_CHANGED


def _warnings(entry: Recording) -> tuple[Fault, ...]:
    told = (
        (FaultKind.SILENT_CITIZEN, entry.citizen_silent),
        (FaultKind.SILENT_AGENT, entry.agent_silent),
        (FaultKind.TRUNCATED, entry.state is State.TRUNCATED),
        (FaultKind.NOT_RECORDED, entry.state is State.FAILED),
    )
    return tuple(f for kind, so in told if so for f in _fault(kind, entry))


def _without_note(noted: tuple[Head, ...], last: int) -> tuple[Fault, ...]:
    if noted or not last:
        return ()
    detail = f"{HEAD_FILE}, which notes the end of the chain, is missing"
    return (Fault(kind=FaultKind.HEAD_MISSING, detail=detail),)


def _fault(kind: FaultKind, entry: Recording) -> tuple[Fault, ...]:
    detail = {
        FaultKind.FILE_MISSING: f"{entry.path} is missing or cannot be read",
        FaultKind.FILE_CHANGED: f"{entry.path} is not the file that was stored",
        FaultKind.FILE_SHORT: f"{entry.path} is shorter than the {entry.bytes} bytes "
        "that were stored",
        FaultKind.DELETED_EARLY: "the audio was deleted within "
        f"{SHORTEST_RETENTION.days} days of the call",
        FaultKind.SILENT_CITIZEN: f"nothing is heard of the citizen ({entry.left_dbfs} dBFS)",
        FaultKind.SILENT_AGENT: f"nothing is heard of the agent ({entry.right_dbfs} dBFS)",
        FaultKind.TRUNCATED: entry.reason,
        FaultKind.NOT_RECORDED: entry.reason,
        FaultKind.PENDING: f"waits to be joined: {entry.reason}",
    }[kind]
    return (
        Fault(kind=kind, call_id=entry.call_id, sequence=entry.sequence, detail=detail),
    )
