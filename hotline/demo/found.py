"""What the stopped hotline left: records, ledger, recordings, chain; read, never written."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path

import soundfile

from acd.ledger.archive import MissedCall, missed_calls_page
from acd.records.archive import call, calls_page, left_open
from acd.records.rows import CallRecord, CallRow
from config.bus import EventBus
from config.clock import LoopClock
from config.database import Database
from config.settings import Settings
from hotline.demo.found_outside import FoundOutside, find_outside
from hotline.demo.past import MADE_UP
from hotline.demo.script import all_tones_hz
from hotline.demo.voices import heard_on_channels
from recordings.archive import Archive
from recordings.chain_walk import Fault
from recordings.entry import Recording
from recordings.proof import Proof, Scope, check

PAGE = 200
OUT = "out"

Progress = Callable[[int, int], None]
"""Told how many recordings of how many have been listened to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Channels:
    """Seconds of each tone on the left and the right channel; `fault` when unreadable."""

    left: dict[int, float] = field(default_factory=dict)
    right: dict[int, float] = field(default_factory=dict)
    fault: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Everything that the hotline kept. `recordings` and `channels` are by call id.

    `calls` came in; `called_back` are the callers whom somebody called back.
    `outside` tells of those whom the hotline rang. `chain_faults` and `chain_warnings` are sentences; `proved` counts the files that
    the chain proves.
    """

    calls: tuple[CallRecord, ...]
    missed: tuple[MissedCall, ...]
    recordings: dict[str, Recording]
    channels: dict[str, Channels]
    open_calls: tuple[str, ...]
    open_legs: tuple[str, ...]
    chain_faults: tuple[str, ...]
    chain_warnings: tuple[str, ...]
    proved: int
    called_back: frozenset[str] = frozenset()
    outside: FoundOutside = field(default_factory=FoundOutside)


async def find(settings: Settings, progress: Progress) -> Found:
    """Read all of it; `DatabaseError` when there are no records to read."""
    async with Database(settings.database_url, read_only=True) as database:
        # Not entered: whoever only looks makes no folder and starts no worker.
        archive = Archive(settings, database, EventBus(), LoopClock())
        rows = [row async for row in _rows(database)]
        came_in = [row for row in rows if row.direction != OUT]
        still_open = await left_open(database)
        recordings = await _recordings(archive, rows)
        proof = Proof()
        faults = await _chain_faults(archive, proof)
        return Found(
            calls=tuple([await call(database, row.id) for row in came_in]),
            missed=tuple([entry async for entry in _missed(database)]),
            recordings=recordings,
            channels=await _listen(archive, came_in, recordings, progress),
            open_calls=tuple(row.id for row in still_open.calls),
            open_legs=tuple(leg.id for leg in still_open.legs),
            chain_faults=tuple(_words(f) for f in faults if not f.is_warning),
            chain_warnings=tuple(_words(f) for f in faults if f.is_warning),
            proved=proof.files,
            called_back=frozenset(row.caller or "" for row in rows if row.call_back_id),
            outside=await find_outside(database),
        )


async def _rows(database: Database) -> AsyncIterator[CallRow]:
    """The calls that were made; those that are made up come after all of them."""
    page = await calls_page(database, limit=PAGE)
    while page:
        for row in page:
            if row.peer == MADE_UP:
                return
            yield row
        page = await calls_page(database, limit=PAGE, before_id=page[-1].id)


async def _missed(database: Database) -> AsyncIterator[MissedCall]:
    page = await missed_calls_page(database, limit=PAGE)
    while page:
        for entry in page:
            yield entry
        page = await missed_calls_page(database, limit=PAGE, before_id=page[-1].id)


async def _recordings(archive: Archive, rows: list[CallRow]) -> dict[str, Recording]:
    found = [await archive.find(row.id) for row in rows]
    return {recording.call_id: recording for recording in found if recording}


async def _chain_faults(archive: Archive, proof: Proof) -> list[Fault]:
    steps = check(archive, Scope(), proof)
    return [fault async for checked in steps for fault in checked.faults]


def _words(fault: Fault) -> str:
    kind = fault.kind.replace("_", " ")
    return f"{kind} (call {fault.call_id or '-'}): {fault.detail}"


async def _listen(
    archive: Archive,
    rows: list[CallRow],
    recordings: dict[str, Recording],
    progress: Progress,
) -> dict[str, Channels]:
    channels = {}
    for number, row in enumerate(rows):
        progress(number, len(rows))
        recording = recordings.get(row.id)
        if recording and (file := archive.file_of(recording)):
            channels[row.id] = await asyncio.to_thread(_channels, file)
    return channels


def _channels(file: Path) -> Channels:
    try:
        left, right = heard_on_channels(file, all_tones_hz())
    except (soundfile.SoundFileError, OSError, ValueError) as error:
        return Channels(fault=f"{file.name} cannot be listened to: {error}")
    return Channels(left=left, right=right)
