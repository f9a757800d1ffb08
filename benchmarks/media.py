"""The media process as its user sees it: legs that talk, press keys and are judged."""

import asyncio
import json
import socket
import sys
from dataclasses import dataclass
from itertools import count
from types import TracebackType
from typing import Any, Final, Self

from benchmarks.hearing import Heard
from benchmarks.places import ROOT

ANSWER_SECONDS: Final = 20.0
ORDERS_BUFFER: Final = 2_000_000
TONES: Final = tuple(range(300, 3350, 50))


class NoSpareLeg(Exception):
    """More calls are up than the measure foresaw: the service has fallen behind."""


class MediaLeg:
    """A place for one call's voice; used by one call after the other."""

    def __init__(self, media: "Media", number: int, address: str, port: int) -> None:
        self.number, self.address, self.port = number, address, port
        self.hz = TONES[number * 7 % len(TONES)]
        self._media = media

    def talk_to(self, host: str, port: int) -> None:
        """Send this leg's tone there from now on."""
        self._media.order("talk", leg=self.number, host=host, port=port, hz=self.hz)

    async def press(self, key: str) -> int:
        """Press a key (RFC 4733); when its first packet was sent, in ns."""
        answer = await self._media.ask("press", leg=self.number, key=key)
        return int(answer["at"])

    def expect(self, other: "MediaLeg") -> None:
        """Listen for the tone of this leg."""
        self._media.order("expect", leg=self.number, hz=other.hz)

    def give_back(self) -> None:
        """Fall silent: the next call may use it."""
        self._media.order("silence", leg=self.number)
        self._media.spare[self.address].append(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What legs heard, in the order asked for.

    `late_seconds` is how late our own sender was at most: gaps below it may be ours.
    """

    heard: tuple[Heard, ...]
    late_seconds: float


class Media:
    """The process and its legs; an async context manager."""

    def __init__(self) -> None:
        self.spare: dict[str, list[MediaLeg]] = {}
        self._tokens, self._numbers = count(), count()
        self._asked: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._told: dict[int, list[Heard]] = {}

    _process: asyncio.subprocess.Process
    _socket: socket.socket

    async def __aenter__(self) -> Self:
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "benchmarks.media_process",
                str(theirs.fileno()),
                cwd=ROOT,
                pass_fds=[theirs.fileno()],
            )
        self._socket.setblocking(False)
        asyncio.get_running_loop().add_reader(self._socket, self._read)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        asyncio.get_running_loop().remove_reader(self._socket)
        self._socket.close()
        try:
            async with asyncio.timeout(5):
                await self._process.wait()
        except TimeoutError:
            self._process.kill()
            await self._process.wait()

    @property
    def pid(self) -> int:
        """The process, for its share of the processor."""
        return self._process.pid

    async def open(self, address: str, legs: int) -> None:
        """Make sure that so many legs are spare at an address."""
        spare = self.spare.setdefault(address, [])
        for _ in range(0, legs - len(spare), 50):
            numbers = [next(self._numbers) for _ in range(50)]
            answer = await self.ask("open", legs=numbers, address=address)
            spare += (
                MediaLeg(self, int(number), address, port)
                for number, port in answer["ports"].items()
            )

    def take(self, address: str) -> MediaLeg:
        """A spare leg at this address; `NoSpareLeg`."""
        if not self.spare[address]:
            raise NoSpareLeg("too many calls at once")
        return self.spare[address].pop(0)

    def begin(self, legs: list[MediaLeg]) -> None:
        """Count what these legs hear from now on."""
        self.order("begin", legs=[leg.number for leg in legs])

    async def judge(self, legs: list[MediaLeg]) -> Judgement:
        """What they heard since `begin`."""
        token = next(self._tokens)
        self._told[token] = []
        numbers = [leg.number for leg in legs]
        answer = await self.ask("tell", legs=numbers, token=token)
        return Judgement(
            heard=tuple(self._told.pop(token)), late_seconds=answer["late_seconds"]
        )

    def order(self, do: str, **values: Any) -> None:
        """Send an order that has no answer."""
        self._socket.send(json.dumps({"do": do} | values).encode())

    async def ask(self, do: str, **values: Any) -> dict[str, Any]:
        """Send an order and wait for its answer."""
        token = values.setdefault("token", next(self._tokens))
        answer: asyncio.Future[dict[str, Any]]
        answer = self._asked[token] = asyncio.get_running_loop().create_future()
        self.order(do, **values)
        async with asyncio.timeout(ANSWER_SECONDS):
            return await answer

    def _read(self) -> None:
        while True:
            try:
                text = self._socket.recv(1 << 17)
            except BlockingIOError:
                return
            if not text:
                asyncio.get_running_loop().remove_reader(self._socket)
                return
            self._hear(json.loads(text))

    def _hear(self, answer: dict[str, Any]) -> None:
        if answer["did"] == "tell":
            heard = self._told[answer["token"]]
            heard += (Heard.read(values) for values in answer["heard"])
            return
        waiting = self._asked.pop(answer["token"], None)
        if waiting and not waiting.done():
            waiting.set_result(answer)
