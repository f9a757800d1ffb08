"""A call while it is being recorded: which legs, since when, and what happened.

Recording never breaks a call: what goes wrong here is told by `RecordingFailed` and in
the recording's row, and is never raised into the call.
"""

import asyncio
import logging
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from config.clock import LoopClock
from recordings import manifest as lines
from recordings.live import LiveFolder, file_name
from recordings.manifest import Part, Role
from recordings.mono import RATE, frames_in
from telephony.calls import Leg, LegGone, TelephonyError

logger = logging.getLogger(__name__)
STOP_LIMIT_SECONDS = 5.0
WRITER_BUFFER_FRAMES = RATE
"""More than a recorder keeps in memory before it writes (two blocks of 4 kB)."""


@dataclass(slots=True, kw_only=True)
class RecordedLeg:
    """A leg and its file; times are the loop's, in seconds."""

    leg: Leg
    file: Path
    started: float
    ended: float | None = None


class Keeper(Protocol):
    """What a recording needs of the archive that made it; nothing here waits."""

    def failed(self, call_id: str, reason: str) -> None:
        """Tell the world that a call, or a part of it, is not recorded."""

    def write_soon(self, recording: "CallRecording") -> None:
        """Carry out `recording.write()`."""

    def take_over(self, recording: "CallRecording") -> None:
        """Carry out `recording.stop()`, then join and store what was recorded."""


class CallRecording:
    """One call's recording. Made by `Archive.open`; `close` it when the call ends."""

    def __init__(
        self,
        folder: LiveFolder,
        *,
        clock: LoopClock,
        keeper: Keeper,
    ) -> None:
        self.folder = folder
        self.on = True
        self._clock = clock
        self._keeper = keeper
        self._legs: list[RecordedLeg] = []
        self._asked: list[Leg] = []
        self._work: list[asyncio.Task[Any]] = []
        self._stopped = asyncio.Event()
        self._closing = False
        self._paused = False
        self._left_out: set[Leg] = set()

    @property
    def call_id(self) -> str:
        """The call that is recorded."""
        return self.folder.call_id

    def file_of(self, leg: Leg) -> Path | None:
        """The growing mono WAV of a leg; None when it is not being recorded."""
        return next((known.file for known in self._legs if known.leg is leg), None)

    async def add(self, leg: Leg, *, role: Role, name: str = "") -> None:
        """Record one more leg from now on, until it ends or the call is closed.

        Does nothing when recording is off, closed, or the leg is already recorded; one
        that was left out is heard again. A leg that has ended meanwhile is no failure.
        """
        if not self.on or self._closing:
            return
        if leg in self._asked:
            await self._take_in(leg)
            return
        self._asked.append(leg)
        file = self.folder.path / file_name(len(self._asked) - 1, role)
        try:
            recorded = await self._start(leg, file)
        except LegGone:
            return
        except (TelephonyError, OSError) as error:
            self.fail(f"the {role}'s leg could not be recorded: {error}")
            await self.write()
            return
        await self._tell(recorded, role, name)

    async def pause(self) -> None:
        """Write silence for everybody, so that time stays true; marked `paused`."""
        if self._paused or not self.on or self._closing:
            return
        self._paused = True
        for leg in self._asked:
            await self._silence(leg)
        self.mark(lines.PAUSED)

    async def resume(self) -> None:
        """Write everybody's voice again; marked `resumed`."""
        if not self._paused or self._closing:
            return
        self._paused = False
        self.mark(lines.RESUMED)
        for leg in self._asked:
            if leg not in self._left_out:
                await self._voice(leg)

    async def leave_out(self, leg: Leg) -> None:
        """Write silence for one leg until it is added again."""
        if leg in self._asked and not self._closing:
            self._left_out.add(leg)
            await self._silence(leg)

    async def _take_in(self, leg: Leg) -> None:
        if leg in self._left_out:
            self._left_out.discard(leg)
            if not self._paused:
                await self._voice(leg)

    async def _silence(self, leg: Leg) -> None:
        with suppress(LegGone):
            await leg.pause_recording()

    async def _voice(self, leg: Leg) -> None:
        with suppress(LegGone):
            await leg.resume_recording()

    def mark(self, kind: str, **facts: Any) -> None:
        """Remember that something happened now; it stays with the recording.

        `facts` must fit into JSON and must not hold phone numbers.
        """
        self.folder.note(lines.mark_line(kind, self._seconds_in(), facts))
        self._keeper.write_soon(self)

    def fail(self, reason: str) -> None:
        """Note and tell that the call, or a part of it, is not being recorded."""
        self.folder.note(lines.failure_line(reason))
        self._keeper.failed(self.call_id, reason)

    async def close(self) -> None:
        """Stop recording and hand over to the joiner, which works on its own.

        Returns once the recorders of legs that are still up have stopped and the
        manifest says that the call ended, so that a kill later on cuts nobody off.
        Closing twice is harmless; a cancelled `close` is carried out all the same.
        """
        self.abandon()
        await self._stopped.wait()

    def abandon(self) -> None:
        """Close without waiting for the recorders to stop."""
        if not self._closing:
            self._closing = True
            self._keeper.take_over(self)

    def wait_for(self, work: asyncio.Task[Any]) -> None:
        """Do not stop before this is done: it works in the folder."""
        self._work.append(work)

    async def stop(self) -> None:
        """End the recorders and the manifest (the archive's part of `close`)."""
        if self._work:
            await asyncio.wait(self._work)
        for recorded in self._legs:
            _note_end(recorded)
        for leg in self._asked:
            await self._stop_leg(leg)
        now = self._clock.now()
        lasted = {
            known.file.name: round((known.ended or known.started) - known.started, 3)
            for known in self._legs
        }
        self.folder.note(lines.end_line(now, lasted))
        await self.write()
        self.release()

    def release(self) -> None:
        """Let those go who wait in `close`."""
        self._stopped.set()

    async def write(self) -> None:
        """Bring the manifest to disk; a full disk is noticed, and tried again later."""
        try:
            await asyncio.to_thread(self.folder.flush)
        except OSError as error:
            logger.warning("manifest of call %s not written: %s", self.call_id, error)

    async def _start(self, leg: Leg, file: Path) -> RecordedLeg:
        before = _now()
        if self._paused:
            await leg.pause_recording()
        await leg.start_recording(file)
        started = max(before, _now() - _age(file))
        recorded = RecordedLeg(leg=leg, file=file, started=started)
        leg.ended.add_done_callback(lambda _: _note_end(recorded))
        return recorded

    async def _tell(self, recorded: RecordedLeg, role: Role, name: str) -> None:
        """Place the leg in the citizen's file and note it, also when cancelled here.

        The clock says the place within a few milliseconds. The citizen's growing file
        is a rough witness (it grows in blocks): it wins only where the clock cannot be
        right, because the recorder lost time (a stalled machine, a full disk).
        """
        self._legs.append(recorded)
        citizen, written = self._legs[0], 0
        offset = round((recorded.started - citizen.started) * RATE)
        try:
            if citizen is not recorded and citizen.ended is None:
                written = await asyncio.to_thread(frames_in, citizen.file)
                written -= round((_now() - recorded.started) * RATE)
        finally:
            self._note_part(recorded, role, name, placed(offset, written))
        await self.write()

    def _note_part(
        self, recorded: RecordedLeg, role: Role, name: str, offset: int
    ) -> None:
        part = Part(file=recorded.file.name, role=role, name=name, offset_frames=offset)
        self.folder.note(lines.part_line(part, self._wall(recorded.started)))

    def _seconds_in(self) -> float:
        return _now() - self._legs[0].started if self._legs else 0.0

    def _wall(self, loop_time: float) -> datetime:
        return self._clock.now() - timedelta(seconds=_now() - loop_time)

    async def _stop_leg(self, leg: Leg) -> None:
        """Wait until the file is complete, also when the leg is gone already."""
        try:
            async with asyncio.timeout(STOP_LIMIT_SECONDS):
                await leg.stop_recording()
        except LegGone:
            return
        except (TelephonyError, TimeoutError, OSError) as error:
            logger.warning("a recorder of call %s: %r", self.call_id, error)


def placed(by_clock: int, written: int) -> int:
    """The offset in frames by the clock, kept within what the citizen's file allows.

    `written` frames are on disk for certain (0 tells nothing); a recorder has at most
    `WRITER_BUFFER_FRAMES` more in memory.
    """
    if written <= 0:
        return by_clock
    if by_clock < written:
        return written
    if by_clock > written + WRITER_BUFFER_FRAMES:
        return written + WRITER_BUFFER_FRAMES // 4
    return by_clock


def _now() -> float:
    return asyncio.get_running_loop().time()


def _note_end(recorded: RecordedLeg) -> None:
    if recorded.ended is None:
        recorded.ended = _now()


def _age(file: Path) -> float:
    """Seconds since the recorder made the file; 0 when that cannot be told.

    The file is younger than the await that made it returned, so this takes the
    waiting of a busy loop out of the offset.
    """
    with suppress(OSError):
        return max(0.0, time.time() - file.stat().st_mtime)
    return 0.0
