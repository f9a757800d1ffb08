"""Keys that a peer pressed: the duplicates left out, the rest kept until read."""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Final

from telephony.calls import DIGITS, LegGone
from telephony.events import LegEnded

ECHO_SECONDS: Final = 3.0
"""A key that comes by both methods comes twice within this time."""


class DigitFilter:
    """Lets each key press through once.

    Peers send a key by RFC 4733, by SIP INFO, or by both; INFO often follows at the
    end of the press. The second telling of one press, by the other method and within
    `ECHO_SECONDS`, is dropped. What is no key of a telephone is dropped too.
    """

    def __init__(self) -> None:
        self._told: deque[tuple[float, str, int]] = deque()

    def accepts(self, digit: str, method: int, now: float) -> bool:
        """Whether this is a new press; `now` is any clock in seconds."""
        if len(digit) != 1 or digit not in DIGITS:
            return False
        while self._told and now - self._told[0][0] > ECHO_SECONDS:
            self._told.popleft()
        for press in self._told:
            if press[1] == digit and press[2] != method:
                self._told.remove(press)
                return False
        self._told.append((now, digit, method))
        return True


class DigitBuffer:
    """Pressed keys in order, for one reader at a time; lives on the loop."""

    def __init__(self) -> None:
        self._digits: deque[str] = deque()
        self._changed = asyncio.Event()
        self._ended: LegEnded | None = None
        self._told: list[Callable[[str], None]] = []

    def put(self, digit: str) -> None:
        """Keep a key until it is read, and tell of it at once."""
        self._digits.append(digit)
        self._changed.set()
        for told in tuple(self._told):
            told(digit)

    def on_digit(self, told: Callable[[str], None]) -> Callable[[], None]:
        """Tell each key as it is pressed; returns what ends that."""
        self._told.append(told)
        return lambda: self._told.remove(told)

    def holds_any_of(self, digits: str) -> bool:
        """Whether one of these keys waits unread."""
        return any(digit in digits for digit in self._digits)

    def clear(self) -> None:
        """Forget what nobody has read."""
        self._digits.clear()

    def close(self, ended: LegEnded) -> None:
        """Let every present and future `read` raise `LegGone`."""
        self._ended = ended
        self._changed.set()

    async def read(self, timeout_seconds: float) -> str | None:
        """Take the oldest key, or wait for one; None after the time-out."""
        try:
            async with asyncio.timeout(timeout_seconds):
                while not self._digits and not self._ended:
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            return None
        if self._ended:
            raise LegGone(self._ended)
        return self._digits.popleft()
