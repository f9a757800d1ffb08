"""What systemd is told: ready, still alive, stopping (sd_notify(3)).

Nothing is told where nobody asks: `NOTIFY_SOCKET` and `WATCHDOG_USEC` come with a unit
of `Type=notify`.
"""

import asyncio
import logging
import os
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Self

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceManager:
    """Where it listens ("" for nobody), and how often it wants a sign of life (0: never)."""

    address: str = ""
    watchdog_seconds: float = 0.0

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Self:
        """The one that has started this process; a watchdog may be meant for another."""
        wanted = environment.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
        micros = environment.get("WATCHDOG_USEC", "0") if wanted else "0"
        return cls(
            address=environment.get("NOTIFY_SOCKET", ""),
            watchdog_seconds=int(micros) / 1e6,
        )

    @asynccontextmanager
    async def told(self) -> AsyncIterator[None]:
        """It hears that we are ready, and inside the block that the loop turns."""
        self._tell("READY=1")
        signs = asyncio.create_task(self._signs_of_life(), name="signs of life")
        try:
            yield
        finally:
            signs.cancel()
            await asyncio.wait({signs})

    def stopping(self, seconds: float) -> None:
        """We end, and talks may go on for so long."""
        self._tell(f"STOPPING=1\nEXTEND_TIMEOUT_USEC={round(seconds * 1e6)}")

    async def _signs_of_life(self) -> None:
        while self.watchdog_seconds:
            self._tell("WATCHDOG=1")
            await asyncio.sleep(self.watchdog_seconds / 3)

    def _tell(self, state: str) -> None:
        if not self.address:
            return
        address = self.address
        if address.startswith("@"):  # an abstract one
            address = "\0" + address[1:]
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as way:
                way.setblocking(False)
                way.sendto(state.encode(), address)
        except OSError as error:
            logger.warning("the service manager does not hear us: %s", error)
