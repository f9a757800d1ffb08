"""Whether the other end of a leg is still there. Pure: the clock is passed in.

A dead phone sends no BYE. When neither RTP nor RTCP arrives for a while an OPTIONS
request inside the dialog asks; a muted or silence-suppressing phone answers it.
"""

from enum import Enum, auto
from typing import Final

ANSWER_SECONDS: Final = 10.0
"""How long a silent peer has to answer our OPTIONS."""


class Verdict(Enum):
    """What the watch asks for."""

    ALIVE = auto()
    ASK = auto()
    DEAD = auto()


class VitalSigns:
    """The signs of life of one confirmed leg; all times in seconds of any clock."""

    def __init__(self, silence_seconds: float, now: float) -> None:
        self._silence_seconds = silence_seconds
        self._counters: tuple[int, ...] = ()
        self._last_sign = now
        self._asked_at: float | None = None

    @property
    def asked(self) -> bool:
        """Whether an OPTIONS waits for its answer."""
        return self._asked_at is not None

    def sign_of_life(self, now: float) -> None:
        """The peer sent something."""
        self._last_sign = now
        self._asked_at = None

    def check(self, counters: tuple[int, ...], *, held: bool, now: float) -> Verdict:
        """Judge by the packets counted so far; a peer that holds us may be silent."""
        if held or counters != self._counters:
            self._counters = counters
            self.sign_of_life(now)
            return Verdict.ALIVE
        if self._asked_at is not None:
            late = now - self._asked_at >= ANSWER_SECONDS
            return Verdict.DEAD if late else Verdict.ALIVE
        if now - self._last_sign < self._silence_seconds:
            return Verdict.ALIVE
        self._asked_at = now
        return Verdict.ASK
