"""What other threads tell the loop: in order, with one wake-up for all that waits."""

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable
from typing import TypeVarTuple

Ts = TypeVarTuple("Ts")


class Outbox:
    """Runs callbacks on the loop in the order in which they were told.

    Each `call_soon_threadsafe` writes to a pipe; of what is told while one is on its
    way nothing more is written.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._waiting: deque[Callable[[], object]] = deque()
        self._on_its_way = False

    def tell(self, callback: Callable[[*Ts], object], /, *args: *Ts) -> None:
        """Call back on the loop; from any thread. When it is closed nobody listens."""
        self._waiting.append(lambda: callback(*args))
        if not self._on_its_way:
            self._on_its_way = True
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._deliver)

    def _deliver(self) -> None:
        self._on_its_way = False
        for _ in range(len(self._waiting)):
            # Each by itself: one that fails keeps none of the others back.
            self._loop.call_soon(self._waiting.popleft())
