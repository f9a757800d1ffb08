"""What else the machine did meanwhile: figures from a busy or shared one are not good."""

import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from benchmarks.processes import TICKS_PER_SECOND, cpu_of

MOST_DISTURBED_SHARE: Final = 0.05


class Circumstances:
    """The machine between two moments."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._ours = _our_seconds()
        self._used, self._stolen = _processor_seconds()

    def facts(self) -> dict[str, Any]:
        """Seconds that it took, and shares of all processors.

        `others_share` is what processes beside the benchmark took, `stolen_share` what
        the host of a virtual machine took away.
        """
        used, stolen = _processor_seconds()
        seconds = time.monotonic() - self._began
        whole = seconds * (os.cpu_count() or 1)
        ours = (_our_seconds() - self._ours) / whole
        busy = (used - self._used) / whole
        return {
            "seconds": round(seconds, 1),
            "ours_share": round(ours, 3),
            "others_share": round(max(0.0, busy - ours), 3),
            "stolen_share": round((stolen - self._stolen) / whole, 3),
        }


def in_words(circumstances: Mapping[str, Mapping[str, Any]]) -> str:
    """A warning when the machine was not ours alone, or ""."""
    shares = [
        facts["others_share"] + facts["stolen_share"]
        for facts in circumstances.values()
    ]
    worst = max(shares, default=0.0)
    if worst <= MOST_DISTURBED_SHARE:
        return ""
    return (
        f"Others took up to {worst:.0%} of this machine meanwhile: "
        "what it can do alone is better than this."
    )


def _our_seconds() -> float:
    cpu = cpu_of(os.getpid())
    return cpu.own + cpu.children


def _processor_seconds() -> tuple[float, float]:
    """In use, and stolen, of all processors since the machine started."""
    line = Path("/proc/stat").read_text(encoding="ascii").partition("\n")[0]
    words = [int(word) for word in line.split()[1:]]
    user, nice, system, _, _, interrupts, soft, steal = words[:8]
    used = user + nice + system + interrupts + soft
    return used / TICKS_PER_SECOND, steal / TICKS_PER_SECOND
