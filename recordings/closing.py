"""The end of a recording: joined, stored, chained, told; or kept for another try.

Each step can be repeated, so a kill between any two of them loses nothing: the mono
files stay until the entry is in the chain.
"""

import asyncio
import logging
import os
from datetime import datetime
from pathlib import Path, PurePosixPath

from config.bus import EventBus
from config.clock import LoopClock
from config.database import DatabaseError
from recordings import verdict
from recordings.chain import Head
from recordings.disk import DiskAlarm
from recordings.entry import Recording
from recordings.events import RecordingClosed, RecordingFailed
from recordings.head import note_head, read_heads
from recordings.joining import JoinFailed
from recordings.live import LiveFolder, private_folder
from recordings.manifest import Manifest
from recordings.mono import PLAIN_HEADER_BYTES
from recordings.store import RecordingStore
from recordings.workers import JoinWorkers

logger = logging.getLogger(__name__)
PARTIAL = "joined.partial"
GROUP_SECONDS = 0.1
"""Recordings that end this close to each other are one transaction."""


class Closer:
    """Turns live folders into entries of the archive."""

    def __init__(
        self,
        *,
        root: Path,
        file_format: str,
        store: RecordingStore,
        workers: JoinWorkers,
        bus: EventBus,
        clock: LoopClock,
        alarm: DiskAlarm,
    ) -> None:
        self._root = root
        self._format = file_format
        self._store = store
        self._workers = workers
        self._bus = bus
        self._clock = clock
        self._alarm = alarm
        self._chaining = asyncio.Lock()
        self._finished: dict[str, Recording] = {}
        self._entries: dict[str, Recording] = {}

    async def close(self, folder: LiveFolder, *, first: bool) -> bool:
        """Finish one recording; false when it stays where it is for another try.

        `first` says that nobody has tried before, in this run or an earlier one.
        """
        manifest = await asyncio.to_thread(folder.manifest)
        try:
            if first or not await self._stored_already(folder):
                await self._store_audio(folder, manifest)
        except (JoinFailed, DatabaseError, OSError) as error:
            await self._keep(manifest, str(error))
            return False
        return True

    async def _stored_already(self, folder: LiveFolder) -> bool:
        """Whether a kill came between the entry and the removal of its sources."""
        known = await self._store.find(folder.call_id)
        if not (known and known.sequence):
            return False
        await asyncio.to_thread(folder.remove)
        return True

    async def _store_audio(self, folder: LiveFolder, manifest: Manifest) -> None:
        if await asyncio.to_thread(_has_audio, folder, manifest):
            recording = await self._joined(folder, manifest)
        else:
            recording = verdict.failed_entry(manifest, self._clock.now())
        entry = await self._chain(recording)
        await asyncio.to_thread(folder.remove)
        self._tell(entry, manifest)

    async def _joined(self, folder: LiveFolder, manifest: Manifest) -> Recording:
        partial = folder.path / PARTIAL
        job = verdict.join_job(manifest, folder.path, partial, self._format)
        joined = await self._workers.join(job)
        path = verdict.stored_path(manifest, self._format)
        await asyncio.to_thread(_move, partial, self._root / path)
        return verdict.stored_entry(manifest, joined, path, self._clock.now())

    async def _chain(self, recording: Recording) -> Recording:
        """Put it at the end of the chain, together with all that wait for the same."""
        self._finished[recording.call_id] = recording
        try:
            async with self._chaining:
                if recording.call_id in self._finished:
                    await self._chain_finished()
                entry = self._entries[recording.call_id]
        finally:
            self._finished.pop(recording.call_id, None)
            self._entries.pop(recording.call_id, None)
        logger.info(
            "recording of call %s is entry %s of the chain: %s",
            entry.call_id,
            entry.sequence,
            entry.chain,
        )
        return entry

    async def _chain_finished(self) -> None:
        """Those who wait while this fails try again themselves."""
        await asyncio.sleep(GROUP_SECONDS)
        await self._note_the_beginning()
        entries = await self._store.append_all(list(self._finished.values()))
        last = max(entries, key=lambda entry: entry.sequence or 0)
        head = Head(sequence=last.sequence or 0, chain=last.chain)
        await asyncio.to_thread(note_head, self._root, head)
        for entry in entries:
            if self._finished.pop(entry.call_id, None):  # else its waiter was cancelled
                self._entries[entry.call_id] = entry

    async def _note_the_beginning(self) -> None:
        """So that every chain with an entry has a note, also in that very moment."""
        if await asyncio.to_thread(read_heads, self._root):
            return
        head = await self._store.head()
        if not head.sequence:
            await asyncio.to_thread(note_head, self._root, head)

    def _tell(self, entry: Recording, manifest: Manifest) -> None:
        at = self._clock.now()
        if entry.path:
            self._bus.publish(_closed(entry, at))
        elif not manifest.failure:
            event = RecordingFailed(call_id=entry.call_id, at=at, reason=entry.reason)
            self._bus.publish(event)

    async def _keep(self, manifest: Manifest, reason: str) -> None:
        self._alarm.sound(manifest.call_id, f"not stored yet: {reason}")
        try:
            await self._store.note_pending(verdict.pending_entry(manifest, reason))
        except DatabaseError as error:
            # The folder itself is the note: the next start finds it.
            logger.warning("call %s not marked: %s", manifest.call_id, error)


def _has_audio(folder: LiveFolder, manifest: Manifest) -> bool:
    """By size alone: a file that cannot be understood must not be taken for nothing."""
    sizes = [(folder.path / part.file).stat().st_size for part in manifest.parts]
    return any(size > PLAIN_HEADER_BYTES for size in sizes)


def _move(partial: Path, target: Path) -> None:
    """Put a finished file in its place so that a power cut leaves all or nothing."""
    private_folder(target.parent)
    _sync(partial)
    partial.replace(target)
    _sync(target.parent)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _closed(entry: Recording, at: datetime) -> RecordingClosed:
    return RecordingClosed(
        call_id=entry.call_id,
        at=at,
        seconds=entry.seconds,
        left_dbfs=entry.left_dbfs,
        right_dbfs=entry.right_dbfs,
        silent=entry.silent,
        sha256=entry.sha256,
        path=str(PurePosixPath(entry.path)),
    )
