"""The voices of all legs, in a process of its own: `python -m benchmarks.media_process FD`.

One socket for each leg. Senders are spread over the 20 ms of a frame, so that the
service meets a steady stream and not a burst. Orders and answers are JSON messages over
a socket pair; see `benchmarks.media`, which is its only user.
"""

import contextlib
import gc
import json
import os
import resource
import socket
import sys
import time
from collections.abc import Callable
from typing import Any, Final

from benchmarks.arrivals import PacketReader, timed_socket
from benchmarks.hearing import Ear, written
from benchmarks.rtp import FRAME, PCMA, head, key_press, tone_payload

PHASES: Final = 10
TICK_SECONDS: Final = 0.02 / PHASES
READS_PER_SECOND: Final = 2
RECEIVE_BUFFER: Final = 400_000
TOLD_AT_ONCE: Final = 100

Order = dict[str, Any]


class Voice:
    """One leg: its socket, what it says, what it hears."""

    def __init__(self, number: int, address: str) -> None:
        self.number = number
        self.socket = timed_socket((address, 0), buffer=RECEIVE_BUFFER)
        self.send = self.socket.send
        self.descriptor = self.socket.fileno()
        self.ear = Ear()
        self.source = number.to_bytes(4, "big")
        self.tail = b""
        self.connected = False
        self.press: tuple[int, list[tuple[int, bytes]], int] | None = None

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.socket.getsockname()[1])


class Voices:
    """Sends in time, reads when there is time."""

    def __init__(self, orders: socket.socket) -> None:
        self._orders = orders
        self._voices: dict[int, Voice] = {}
        self._talking: list[dict[int, Voice]] = [{} for _ in range(PHASES)]
        self._pressing: list[dict[int, Voice]] = [{} for _ in range(PHASES)]
        self._reader = PacketReader()
        self._reading: list[Voice] = []
        self._ticks = 0
        self._latest = 0.0
        self._running = True
        self._does: dict[str, Callable[[Order], None]] = {
            "open": self._open,
            "talk": self._talk,
            "press": self._press,
            "expect": self._expect,
            "silence": self._silence,
            "begin": self._begin,
            "tell": self._tell,
            "quit": self._quit,
        }

    def run(self) -> None:
        """Work until told to quit, or until the other side is gone."""
        due = time.monotonic()
        while self._running:
            self._obey()
            self._say(self._ticks % PHASES)
            self._listen()
            self._ticks += 1
            due += TICK_SECONDS
            rest = due - time.monotonic()
            if rest > 0:
                time.sleep(rest)
            else:
                self._latest = max(self._latest, -rest)

    # --- in time ------------------------------------------------------------------

    def _say(self, phase: int) -> None:
        frame = self._ticks // PHASES
        start = head(PCMA, frame, frame * FRAME)
        for voice in self._talking[phase].values():
            try:
                voice.send(start + voice.tail)
            except OSError:  # the other side has just closed its port
                continue
        for voice in list(self._pressing[phase].values()):
            self._say_key(voice, phase, frame)

    def _say_key(self, voice: Voice, phase: int, frame: int) -> None:
        assert voice.press
        began, events, token = voice.press
        kind, event = events.pop(0)
        if kind >= 0x80:
            began = frame
            voice.press = began, events, token
            self._answer(did="press", token=token, at=time.time_ns())
        packet = head(kind, frame, began * FRAME) + voice.source + event
        try:
            voice.send(packet)
        except OSError:
            events.clear()
        if not events:
            del self._pressing[phase][voice.number]
            self._talking[phase][voice.number] = voice

    def _listen(self) -> None:
        if not self._reading:
            self._reading = list(self._voices.values())
        share = len(self._voices) * READS_PER_SECOND * TICK_SECONDS
        for _ in range(int(share * (self._ticks + 1)) - int(share * self._ticks)):
            if self._reading:
                self._read(self._reading.pop())

    def _read(self, voice: Voice) -> None:
        voice.ear.hear(*self._reader.read(voice.descriptor))

    # --- orders -------------------------------------------------------------------

    def _obey(self) -> None:
        while self._running:
            try:
                text = self._orders.recv(1 << 16)
            except BlockingIOError:
                return
            if not text:
                self._running = False
                return
            order = json.loads(text)
            self._does[order["do"]](order)

    def _answer(self, **values: Any) -> None:
        self._orders.setblocking(True)
        self._orders.send(json.dumps(values).encode())
        self._orders.setblocking(False)

    def _open(self, order: Order) -> None:
        ports = {}
        for number in order["legs"]:
            voice = self._voices[number] = Voice(number, order["address"])
            ports[number] = voice.port
        self._answer(did="open", token=order["token"], ports=ports)

    def _talk(self, order: Order) -> None:
        voice = self._voices[order["leg"]]
        voice.socket.connect((order["host"], order["port"]))
        voice.tail = voice.source + tone_payload(order["hz"])
        self._talking[voice.number % PHASES][voice.number] = voice

    def _press(self, order: Order) -> None:
        voice = self._voices[order["leg"]]
        phase = voice.number % PHASES
        self._talking[phase].pop(voice.number, None)
        voice.press = 0, list(key_press(order["key"])), order["token"]
        self._pressing[phase][voice.number] = voice

    def _expect(self, order: Order) -> None:
        self._voices[order["leg"]].ear.expect(order["hz"])

    def _silence(self, order: Order) -> None:
        voice = self._voices[order["leg"]]
        phase = voice.number % PHASES
        self._talking[phase].pop(voice.number, None)
        self._pressing[phase].pop(voice.number, None)
        voice.ear.expect(0)

    def _begin(self, order: Order) -> None:
        now = time.time_ns()
        for number in order["legs"]:
            self._read(self._voices[number])
            self._voices[number].ear.begin(now)
        self._latest = 0.0

    def _tell(self, order: Order) -> None:
        """Answer in parts; the last one is empty."""
        told = []
        for number in order["legs"]:
            voice = self._voices[number]
            self._read(voice)
            told.append(written(voice.ear.tell(time.time_ns())))
        for first in range(0, len(told), TOLD_AT_ONCE):
            part = told[first : first + TOLD_AT_ONCE]
            self._answer(did="tell", token=order["token"], heard=part)
        self._answer(did="told", token=order["token"], late_seconds=self._latest)

    def _quit(self, order: Order) -> None:
        self._running = False


def main() -> None:
    """Serve the socket whose number is the argument."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    orders = socket.socket(fileno=int(sys.argv[1]))
    orders.setblocking(False)
    gc.disable()
    _be_punctual()
    Voices(orders).run()


def _be_punctual() -> None:
    """Ask for real-time scheduling: a late sender would spoil audio that is good.

    It needs the right to do so; without it a busy machine shows in `late_seconds`.
    """
    with contextlib.suppress(PermissionError):
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))


if __name__ == "__main__":
    main()
