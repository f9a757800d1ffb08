"""What one leg heard: counted packet by packet, judged at the end."""

from dataclasses import asdict, dataclass
from typing import Any, Final, Self

import numpy as np

from benchmarks.arrivals import Times
from benchmarks.rtp import (
    HEADER,
    LEVEL,
    PACKETS_PER_SECOND,
    Bytes,
    Floats,
    basis,
    levels,
    peaks,
)

LATE_SECONDS: Final = 0.06
"""Two packets are missing, or late: beyond what a small jitter buffer hides."""

LONGEST_GAP_SECONDS: Final = 0.2
LEAST_SHARE: Final = 0.98
AUDIBLE: Final = 0.01
MOST_LOST_SHARE: Final = 0.01
MOST_LATE_SHARE: Final = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """The facts of one leg over `seconds`: `lost` by sequence number, gaps by arrival.

    `first_sound_at` is when the first packet came that is no silence, in ns; 0: none.
    """

    seconds: float
    packets: int
    lost: int
    late: int
    longest_gap_seconds: float
    toned: int
    tone_expected: bool
    first_sound_at: int = 0

    @classmethod
    def read(cls, values: dict[str, Any]) -> Self:
        """From what `asdict` made."""
        return cls(**values)

    @property
    def complaint(self) -> str:
        """Why this audio is not good, or ""."""
        if self.packets < LEAST_SHARE * PACKETS_PER_SECOND * self.seconds:
            return "packets"
        if self.lost > MOST_LOST_SHARE * self.packets:
            return "lost"
        if self.longest_gap_seconds > LONGEST_GAP_SECONDS:
            return "gap"
        if self.late > MOST_LATE_SHARE * self.packets:
            return "late"
        if self.tone_expected and self.toned < LEAST_SHARE * self.packets:
            return "tone"
        return ""


class Ear:
    """Counts what a leg hears, between `begin` and `tell`."""

    def __init__(self) -> None:
        self._waves: Floats | None = None
        self.begin(0)

    def begin(self, now: int) -> None:
        """Count from now (ns) on."""
        self._began = now
        self._packets = self._lost = self._late = self._toned = 0
        self._longest = self._first_sound_at = 0
        self._last_time = self._last_number = -1

    def expect(self, hz: int) -> None:
        """Look for this tone; 0 looks for none."""
        self._waves = basis(hz) if hz else None

    def hear(self, packets: Bytes, times: Times) -> None:
        """Count a batch that was read at once."""
        if not len(times):
            return
        self._packets += len(times)
        self._count_gaps(times)
        numbers = packets[:, 2].astype(np.int64) * 256 + packets[:, 3]
        self._count_lost(numbers)
        if not self._first_sound_at:
            self._find_sound(packets, times)
        if self._waves is not None:
            found = levels(packets[:, HEADER:], self._waves)
            self._toned += int(np.count_nonzero(found > LEVEL / 2))

    def _find_sound(self, packets: Bytes, times: Times) -> None:
        loud = np.flatnonzero(peaks(packets[:, HEADER:]) > AUDIBLE)
        if len(loud):
            self._first_sound_at = int(times[loud[0]])

    def _count_gaps(self, times: Times) -> None:
        if self._last_time >= 0:
            times = np.concatenate(([self._last_time], times))
        gaps = np.diff(times)
        if len(gaps):
            self._longest = max(self._longest, int(gaps.max()))
            self._late += int(np.count_nonzero(gaps > LATE_SECONDS * 1e9))
        self._last_time = int(times[-1])

    def _count_lost(self, numbers: Times) -> None:
        if self._last_number >= 0:
            numbers = np.concatenate(([self._last_number], numbers))
        steps = np.diff(numbers) % 65536
        # A step back by a few is a packet out of order, a far one a new stream.
        self._lost += int(np.sum(steps[(steps > 1) & (steps < 1000)] - 1))
        self._last_number = int(numbers[-1])

    def tell(self, now: int) -> Heard:
        """What was heard until now (ns)."""
        return Heard(
            seconds=(now - self._began) / 1e9,
            packets=self._packets,
            lost=self._lost,
            late=self._late,
            longest_gap_seconds=round(self._longest / 1e9, 4),
            toned=self._toned,
            tone_expected=self._waves is not None,
            first_sound_at=self._first_sound_at,
        )


def written(heard: Heard) -> dict[str, Any]:
    """As JSON takes it."""
    return asdict(heard)
