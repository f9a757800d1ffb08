"""The RTP side of a test phone: sends a tone or silence, remembers what it heard."""

import asyncio
import functools
import random
import struct
from typing import Self

import numpy as np

from tests.sip.tones import (
    FRAME,
    RATE,
    Samples,
    decode,
    encode,
    loudness,
    steady_level,
    tone,
)

PCMA = 8
EVENTS = 101
KEYS = "0123456789*#ABCD"
AUDIBLE, INAUDIBLE = 0.05, 0.01


@functools.cache
def _second_of(hz: float) -> bytes:
    """One second of a tone of whole hertz, coded: it joins on to itself."""
    return encode(tone(hz, 1 + FRAME / RATE))


class Voice(asyncio.DatagramProtocol):
    """One RTP socket; `hz` may be changed at any time, 0 sends silence."""

    def __init__(self, hz: float) -> None:
        self.hz = hz
        self.sending = True
        self.packets = 0
        self.packets_per_tick = 1
        self.keys = ""
        self.keys_kind = EVENTS
        self._peer: tuple[str, int] | None = None
        self._heard: list[tuple[float, Samples]] = []
        self._loop = asyncio.get_running_loop()
        self._sequence = random.randrange(60_000)
        self._clock = FRAME * random.randrange(1 << 20)
        self._source = random.randrange(1 << 32)
        self._heard_source = 0
        self._to_say = b""
        self._timer: asyncio.TimerHandle | None = None
        self._due = 0.0

    @classmethod
    async def open(cls, address: str, hz: float) -> Self:
        """Bind any free port of this address."""
        loop = asyncio.get_running_loop()
        transport, voice = await loop.create_datagram_endpoint(
            lambda: cls(hz), local_addr=(address, 0)
        )
        voice._transport = transport
        return voice

    _transport: asyncio.DatagramTransport

    @property
    def port(self) -> int:
        """The RTP port."""
        return int(self._transport.get_extra_info("sockname")[1])

    def talk_to(self, peer: tuple[str, int]) -> None:
        """Send to this address from now on."""
        self._peer = peer
        if not self._timer:
            self._due = self._loop.time()
            self._tick()

    def say(self, samples: Samples) -> float:
        """Send these in place of the tone; returns the loop's time of their end."""
        self._to_say = encode(samples)
        return self._due + len(samples) / RATE

    def speak_now(self) -> None:
        """Send three packets at once, ahead of time."""
        for _ in range(3):
            self._clock += FRAME
            at = self._clock % RATE
            self._send(PCMA, _second_of(self.hz)[at : at + FRAME], self._clock)

    @property
    def peer_port(self) -> int:
        """The RTP port of the other side."""
        return self._peer[1] if self._peer else 0

    def close(self) -> None:
        """Fall silent for good."""
        if self._timer:
            self._timer.cancel()
        self._transport.close()

    def press(self, key: str) -> None:
        """Send one key by RFC 4733: three packets while it is down, three at its end."""
        start = self._clock
        for number, length, end in (
            (0, 160, 0),
            (1, 320, 0),
            (2, 480, 0),
            (3, 640, 0x80),
            (4, 640, 0x80),
            (5, 640, 0x80),
        ):
            event = struct.pack(">BBH", KEYS.index(key), end | 10, length)
            marker = 0x80 if number == 0 else 0
            self._loop.call_later(
                number * 0.02, self._send, self.keys_kind | marker, event, start
            )

    def report(self) -> None:
        """Send an RTCP receiver report (RFC 3550 section 6.4.2) to the port above."""
        if self._peer:
            head = struct.pack(">BBHI", 0x81, 201, 7, self._source)
            block = struct.pack(">IIIIII", self._heard_source, 0, 1, 0, 0, 0)
            packet = head + block
            self._transport.sendto(packet, (self._peer[0], self._peer[1] + 1))

    def _tick(self) -> None:
        self._clock += FRAME
        self._due += 0.02
        if self.sending:
            for _ in range(self.packets_per_tick):
                self._send(PCMA, self._payload(), self._clock)
        self._timer = self._loop.call_at(self._due, self._tick)

    def _payload(self) -> bytes:
        at = self._clock % RATE
        said, self._to_say = self._to_say[:FRAME], self._to_say[FRAME:]
        return said if len(said) == FRAME else _second_of(self.hz)[at : at + FRAME]

    def _send(self, kind: int, payload: bytes, clock: int) -> None:
        if self._transport.is_closing() or not self._peer:
            return
        self._sequence = (self._sequence + 1) % 65536
        head = struct.pack(
            ">BBHII", 0x80, kind, self._sequence, clock % (1 << 32), self._source
        )
        self._transport.sendto(head + payload, self._peer)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Remember what was heard."""
        if len(data) > 12 and data[1] == EVENTS | 0x80:  # marked: a key goes down
            self.keys += KEYS[data[12]]
        if len(data) > 12 and data[1] & 0x7F == PCMA:
            self.packets += 1
            self._heard_source = int.from_bytes(data[8:12])
            self._heard.append((self._loop.time(), decode(data[12:])))

    def forget(self) -> None:
        """Listen afresh."""
        self._heard.clear()

    def moments(self) -> list[tuple[float, Samples]]:
        """Each packet's samples with the time of the loop at which it came."""
        return list(self._heard)

    def heard(self) -> Samples:
        """Everything heard since the last `forget`."""
        parts = [samples for _, samples in self._heard]
        return np.concatenate(parts) if parts else np.zeros(0, np.int16)

    def arrivals(self) -> list[float]:
        """When each packet since the last `forget` came, in seconds of the loop."""
        return [moment for moment, _ in self._heard]

    async def hears(self, hz: float, seconds: float = 60) -> None:
        """Wait until a tone is heard steadily."""
        async with asyncio.timeout(seconds):
            while steady_level(await self.listen(0.3), hz) <= AUDIBLE:
                pass

    async def hears_nothing(self, seconds: float = 60) -> None:
        """Wait until it is silent."""
        async with asyncio.timeout(seconds):
            while loudness(await self.listen(0.1)) >= INAUDIBLE:
                pass

    async def listen(self, seconds: float) -> Samples:
        """What is heard from now on, for so long."""
        self.forget()
        await asyncio.sleep(seconds)
        return self.heard()
