"""What else the machine did meanwhile: figures from a busy or shared one are not good."""

import os
import time
from pathlib import Path
from typing import Any

from benchmarks.processes import TICKS_PER_SECOND


class Circumstances:
    """The machine between two moments."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._used, self._stolen = _processor_seconds()

    def facts(self) -> dict[str, Any]:
        """Shares of all processors: in use, and taken away by the host (steal)."""
        used, stolen = _processor_seconds()
        all_seconds = (time.monotonic() - self._began) * (os.cpu_count() or 1)
        return {
            "busy_share": round((used - self._used) / all_seconds, 3),
            "stolen_share": round((stolen - self._stolen) / all_seconds, 3),
            "load_average": round(os.getloadavg()[0], 2),
        }


def _processor_seconds() -> tuple[float, float]:
    """In use, and stolen, of all processors since the machine started."""
    line = Path("/proc/stat").read_text(encoding="ascii").partition("\n")[0]
    words = [int(word) for word in line.split()[1:]]
    user, nice, system, _, _, interrupts, soft, steal = words[:8]
    used = user + nice + system + interrupts + soft
    return used / TICKS_PER_SECOND, steal / TICKS_PER_SECOND
