"""The archive: starts recordings, stores them, and finds them again."""

import asyncio
import builtins
import fcntl
import logging
import os
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from config.bus import EventBus
from config.clock import LoopClock
from config.database import Database
from config.settings import Settings
from recordings import manifest as lines
from recordings.closing import Closer
from recordings.disk import DiskAlarm, DiskRoom, free_megabytes, room_of
from recordings.entry import Recording
from recordings.events import RecordingFailed, RecordingStarted
from recordings.live import LiveFolder, private_folder
from recordings.manifest import Manifest
from recordings.mono import frames_in
from recordings.own_proof import OwnProof, prove
from recordings.recorder import CallRecording
from recordings.store import RecordingStore
from recordings.workers import JoinWorkers, worker_count
from telephony.calls import Leg

logger = logging.getLogger(__name__)
STOP_SECONDS = 10.0
LOCK_FILE = "live.lock"


class ArchiveInUse(Exception):
    """Another service records into the same directory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CutCall:
    """A call that was running when the service was killed.

    `ended_at` is when its files last grew, at most 0.5 s before the kill; `recorded`
    is false when there is no audio of it.
    """

    call_id: str
    caller: str
    called: str
    started_at: datetime
    ended_at: datetime
    recorded: bool


class Archive:
    """All recordings under `<data_dir>/recordings`; an async context manager.

    Leaving it gives running joins `STOP_SECONDS`; what is not finished then is
    finished by `recover` at the next start.
    """

    def __init__(
        self, settings: Settings, database: Database, bus: EventBus, clock: LoopClock
    ) -> None:
        self.root = settings.hotline.data_dir / "recordings"
        self.store = RecordingStore(database)
        self._limits = settings.recordings
        self._bus = bus
        self._clock = clock
        self._alarm = DiskAlarm()
        self._workers = JoinWorkers(worker_count())
        self._closer = Closer(
            root=self.root,
            file_format=self._limits.format,
            store=self.store,
            workers=self._workers,
            bus=bus,
            clock=clock,
            alarm=self._alarm,
        )
        self._kept: dict[str, LiveFolder] = {}
        self._group: asyncio.TaskGroup | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._resources = AsyncExitStack()

    async def __aenter__(self) -> Self:
        await asyncio.to_thread(private_folder, self.root / "live")
        await self._resources.enter_async_context(self._workers)
        self._group = await self._resources.enter_async_context(asyncio.TaskGroup())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            await self._finish_tasks()
        finally:
            await self._resources.aclose()

    async def open(
        self,
        call_id: str,
        *,
        leg: Leg,
        caller: str,
        called: str,
        started_at: datetime,
    ) -> CallRecording:
        """Record an answered call from now on, beginning with the citizen's leg.

        Never raises for the disk's or the leg's sake: then the recording is off (its
        `on` is false or it has no file) and `RecordingFailed` is published.
        `ValueError` when the call id cannot name a folder.
        """
        folder = LiveFolder.of_call(self.root, call_id)
        recording = CallRecording(folder, clock=self._clock, keeper=self)
        told = Manifest(
            call_id=call_id, caller=caller, called=called, started_at=started_at
        )
        folder.note(lines.call_line(told))
        try:
            await self._begin(recording, leg)
        except asyncio.CancelledError:
            recording.abandon()
            raise
        return recording

    async def recover(self) -> builtins.list[CutCall]:
        """Finish what an earlier run left; returns the calls that a kill cut off.

        Call it before taking calls. Joining goes on in the background. A call is told
        again by the next `recover` until its recording is stored. Raises
        `ArchiveInUse` when another service runs on the same directory.
        """
        await asyncio.to_thread(self._lock)
        folders = await asyncio.to_thread(_left_behind, self.root / "live")
        cut = []
        for folder in folders:
            call = await self._recovered(folder)
            cut += [call] if call else []
            self._spawn(self._finish(folder), f"close recording {folder.call_id}")
        return cut

    async def find(self, call_id: str) -> Recording | None:
        """The recording of a call, or None."""
        return await self.store.find(call_id)

    async def list(
        self, limit: int = 100, before: datetime | None = None
    ) -> builtins.list[Recording]:
        """The newest recordings, of calls that started before a moment."""
        return await self.store.newest(limit, before)

    def file_of(self, recording: Recording) -> Path | None:
        """Where the audio lies; None when there is none (failed, pending, deleted)."""
        if not recording.path or recording.deleted_at:
            return None
        return self.root / recording.path

    async def prove(self, recording: Recording) -> OwnProof:
        """Whether its file and its place in the chain are those that were stored."""
        return await prove(self.store, self.file_of(recording), recording)

    async def room(self) -> DiskRoom:
        """The room on the recordings' disk; asked off the loop, for a disk may hang."""
        wanted = self._limits.min_free_megabytes
        return await asyncio.to_thread(room_of, self.root, wanted)

    async def settled(self) -> None:
        """Wait until every recording that was closed is stored or kept for later."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    def failed(self, call_id: str, reason: str) -> None:
        """A call, or a part of it, is not recorded: alarm and event."""
        self._alarm.sound(call_id, reason)
        event = RecordingFailed(call_id=call_id, at=self._clock.now(), reason=reason)
        self._bus.publish(event)

    def write_soon(self, recording: CallRecording) -> None:
        """Bring a recording's manifest to disk in the background."""
        self._spawn(recording.write(), f"write manifest {recording.call_id}")

    def take_over(self, recording: CallRecording) -> None:
        """Stop, join and store a recording in the background."""
        name = f"close recording {recording.call_id}"
        task = self._spawn(self._close(recording), name)
        if task:
            task.add_done_callback(lambda _: recording.release())
        else:
            recording.release()

    async def _begin(self, recording: CallRecording, leg: Leg) -> None:
        preparing = asyncio.create_task(
            asyncio.to_thread(self._prepare, recording.folder),
            name=f"make folder {recording.call_id}",
        )
        recording.wait_for(preparing)  # a thread goes on when its call is cancelled
        reason = await asyncio.shield(preparing)
        if reason:
            recording.on = False
            recording.fail(reason)
            await recording.write()
            return
        await recording.add(leg, role="citizen")
        if recording.file_of(leg):
            event = RecordingStarted(call_id=recording.call_id, at=self._clock.now())
            self._bus.publish(event)

    def _prepare(self, folder: LiveFolder) -> str:
        """Make the folder and see whether there is room; why not, or ""."""
        try:
            folder.create()
            folder.flush()
            free = free_megabytes(self.root)
        except OSError as error:
            return f"the recordings' disk cannot be written: {error.strerror or error}"
        if free < self._limits.min_free_megabytes:
            return (
                f"only {free:.0f} MB are free on the recordings' disk, "
                f"{self._limits.min_free_megabytes} MB are wanted"
            )
        return ""

    async def _close(self, recording: CallRecording) -> None:
        await recording.stop()
        await self._finish(recording.folder, first=True)

    async def _finish(self, folder: LiveFolder, *, first: bool = False) -> None:
        if not await self._closer.close(folder, first=first):
            self._kept[folder.call_id] = folder
            return
        # There is room again, so the one that waits longest may try.
        for call_id in tuple(self._kept)[:1]:
            waiting = self._kept.pop(call_id)
            self._spawn(self._finish(waiting), f"close recording {call_id}")

    def _spawn(
        self, work: Coroutine[Any, Any, None], name: str
    ) -> asyncio.Task[None] | None:
        if self._group is None:
            work.close()
            logger.warning("%s is left to the next start", name)
            return None
        task = self._group.create_task(_guarded(work, name), name=name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _finish_tasks(self) -> None:
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await self.settled()
        except TimeoutError:
            logger.warning("%s recordings are left to the next start", len(self._tasks))
        finally:
            self._group = None
            for task in tuple(self._tasks):
                task.cancel()

    async def _recovered(self, folder: LiveFolder) -> CutCall | None:
        manifest = await asyncio.to_thread(folder.manifest)
        if manifest.ended_at and not manifest.cut:
            return None
        if not manifest.ended_at:
            await asyncio.to_thread(_note_cut, folder)
            manifest = await asyncio.to_thread(folder.manifest)
        return await asyncio.to_thread(_cut_call, folder, manifest)

    def _lock(self) -> None:
        descriptor = os.open(self.root / LOCK_FILE, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(descriptor)
            raise ArchiveInUse(
                f"another hotline records into {self.root}; stop it first, "
                "or give this one another data_dir"
            ) from error
        self._resources.callback(os.close, descriptor)


def _left_behind(live: Path) -> list[LiveFolder]:
    return [LiveFolder.load(path) for path in sorted(live.iterdir()) if path.is_dir()]


def _note_cut(folder: LiveFolder) -> None:
    folder.note(lines.cut_line(folder.last_sign_of_life()))
    try:
        folder.flush()
    except OSError as error:
        logger.warning("call %s: its end could not be noted: %s", folder.call_id, error)


def _cut_call(folder: LiveFolder, manifest: Manifest) -> CutCall:
    files = [folder.path / part.file for part in manifest.parts]
    return CutCall(
        call_id=manifest.call_id,
        caller=manifest.caller,
        called=manifest.called,
        started_at=manifest.started_at,
        ended_at=manifest.ended_at or manifest.started_at,
        recorded=any(frames_in(file) for file in files),
    )


async def _guarded(work: Coroutine[Any, Any, None], name: str) -> None:
    try:
        await work
    except Exception:
        logger.exception("%s failed", name)
