"""Recordings of what a leg says, and how one knows that a file is complete."""

import struct
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import Final

import pjsua2 as pj

from telephony.calls import TelephonyError

CLOSE_SECONDS: Final = 2.0
"""The clock thread closes a file within a frame; more than this is a fault."""
LOOK_SECONDS: Final = 0.01
"""The files are looked at so often; the thread polls far more often under load."""


class Recorder:
    """Writes one mono WAV file while it is linked, silence included."""

    def __init__(self, file: Path, *, paused: bool = False) -> None:
        self.file = file
        self._paused = paused
        self._port = pj.AudioMediaRecorder()
        try:
            self._port.createRecorder(str(file))
        except pj.Error as error:
            raise TelephonyError(
                f"cannot record to {file}: {error.reason}; check that the folder exists, is writable and has space"
            ) from None

    def listen(self, voice: pj.AudioMedia) -> None:
        """Record this port from now on; in a pause as silence, so that time stays true.

        A recorder that nobody speaks to would write nothing at all.
        """
        how = pj.AudioMediaTransmitParam()
        how.level = 0.0 if self._paused else 1.0
        voice.startTransmit2(self._port, how)

    def pause(self, voice: pj.AudioMedia | None, *, paused: bool) -> None:
        """Write silence for what this port says, or its voice again."""
        if paused == self._paused:
            return
        self._paused = paused
        if voice:
            voice.stopTransmit(self._port)  # a link that exists keeps its level
            self.listen(voice)

    def release(self) -> object:
        """Give up the port; its file is completed once this is destroyed."""
        port, self._port = self._port, None
        return port


class ClosingFiles:
    """Files whose recorder is gone, until their headers are written."""

    def __init__(self) -> None:
        self._waiting: list[tuple[float, Path, Callable[[], None]]] = []
        self._next_look = 0.0

    def add(self, file: Path, done: Callable[[], None]) -> None:
        """Call `done` once the file is complete."""
        self._waiting.append((monotonic() + CLOSE_SECONDS, file, done))

    def tidy(self) -> None:
        """Look at each file when it is time; there are few, and not for long."""
        now, still = monotonic(), []
        if now < self._next_look:
            return
        self._next_look = now + LOOK_SECONDS
        for due, file, done in self._waiting:
            if _has_lengths(file) or now > due:
                done()
            else:
                still.append((due, file, done))
        self._waiting = still

    def give_up(self) -> None:
        """The library is gone: no file will change any more."""
        for _, _, done in self._waiting:
            done()
        self._waiting.clear()

    @property
    def empty(self) -> bool:
        """Whether every file is complete."""
        return not self._waiting


def _has_lengths(file: Path) -> bool:
    """The library writes the RIFF length, 0 until then, when it closes the file."""
    try:
        with file.open("rb", buffering=0) as audio:
            head = audio.read(8) or b""
    except OSError:
        return True
    return len(head) == 8 and struct.unpack("<I", head[4:])[0] != 0
