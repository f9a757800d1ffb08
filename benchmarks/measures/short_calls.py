"""Five thousand short calls: does the service grow?"""

import asyncio
import time
from dataclasses import asdict
from typing import Final

import numpy as np

from benchmarks.figures import Found, Value
from benchmarks.measures.processor import LINGER_SECONDS
from benchmarks.run import Run
from benchmarks.sipp_load import sipp_load

RATE: Final = 40
LOOK_SECONDS: Final = 1.0
STEADY_SECONDS: Final = 45
"""After this as many old transactions are freed as new ones come."""


async def short_calls(run: Run) -> Found:
    """At 40 calls a second, through IVR and queue to an agent."""
    calls = run.sized(5000, 400)
    seconds = calls // RATE
    run.expects(seconds + run.sized(LINGER_SECONDS, 0))
    async with sipp_load() as load:
        before = load.hotline.memory()
        readings: list[tuple[float, float]] = []
        started = time.monotonic()
        async with load.calling(rate=RATE, calls=calls) as sipp:
            while (elapsed := time.monotonic() - started) < seconds:
                readings.append((round(elapsed, 1), load.hotline.memory()))
                await run.wait(LOOK_SECONDS)
            loaded = await load.result(sipp, calls)
        await run.wait(run.sized(LINGER_SECONDS, 0))
        await asyncio.sleep(1)
        after = load.hotline.memory()
    growth = kilobytes_per_call(readings, RATE, STEADY_SECONDS)
    return Found(
        figures={
            "memory_growth": Value(value=growth, n=calls, judged=not run.quick),
        },
        facts={
            "before_mb": before,
            "after_mb": after,
            "readings_seconds_mb": readings,
            "load": asdict(loaded),
        },
    )


def kilobytes_per_call(
    readings: list[tuple[float, float]], rate: float, steady: float
) -> float:
    """The slope of memory (MB over s) from `steady` on, in kB for each call."""
    late = np.array([reading for reading in readings if reading[0] >= steady])
    if len(late) < 2:
        late = np.array(readings)
    slope = np.polyfit(late[:, 0], late[:, 1], 1)[0]
    return round(float(slope) * 1024 / rate, 2)
