"""A UDP socket for SIP whose messages carry the kernel's time of their arrival."""

import asyncio
import struct
import time
from collections.abc import Callable
from types import TracebackType
from typing import Final, Self

from benchmarks.arrivals import timed_socket
from benchmarks.places import SERVICE
from benchmarks.sip_text import Message, read_message

RECEIVE_BUFFER: Final = 8_000_000
_CONTROL: Final = 64


class SipSocket:
    """Sends to the service and hears it; an async context manager."""

    def __init__(
        self, address: tuple[str, int], hear: Callable[[Message], None]
    ) -> None:
        self.host = f"{address[0]}:{address[1]}"
        self.address = address[0]
        self._address, self._hear = address, hear

    async def __aenter__(self) -> Self:
        self._socket = timed_socket(self._address, buffer=RECEIVE_BUFFER)
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

    def send(self, data: bytes) -> int:
        """Send a message; the time just before, in ns of the kernel's clock."""
        at = time.time_ns()
        self._socket.sendto(data, SERVICE)
        return at

    def _read(self) -> None:
        while True:
            try:
                data, control, _, _ = self._socket.recvmsg(8192, _CONTROL)
            except BlockingIOError:
                return
            if len(data) > 4:
                text = data.decode("utf-8", "replace")
                self._hear(read_message(text, _time_of(control)))


def _time_of(control: list[tuple[int, int, bytes]]) -> int:
    seconds, nanoseconds = struct.unpack("qq", control[0][2][:16])
    return int(seconds * 1_000_000_000 + nanoseconds)
