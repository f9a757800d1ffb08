"""Waiting for what is to happen: as long as a busy machine needs, and no longer."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


async def until(is_so: Callable[[], Any], seconds: float = 60) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(seconds):
        while not is_so():
            await asyncio.sleep(0.05)


def _now() -> float:
    return asyncio.get_running_loop().time()


@dataclass(slots=True)
class Stretch:
    """How long something may have lasted, whose begin and end each take their time.

    A length is `in` it if it is neither shorter nor longer, but for a few frames.
    """

    slack_seconds: float = 0.15
    _began: list[float] = field(default_factory=lambda: [_now()])
    _ended: list[float] = field(default_factory=list)

    def begun(self) -> None:
        """It has begun by now."""
        self._began.append(_now())

    def ending(self) -> None:
        """Its end is asked for."""
        self._ended.append(_now())

    def ended(self) -> None:
        """It has ended by now."""
        self._ended.append(_now())

    def __contains__(self, seconds: float) -> bool:
        """Whether it may have lasted so long."""
        shortest = self._ended[0] - self._began[-1]
        longest = self._ended[-1] - self._began[0]
        slack = self.slack_seconds
        return shortest - slack <= seconds <= longest + slack
