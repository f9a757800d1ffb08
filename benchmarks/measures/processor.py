"""What a second of a call costs: processor and memory, recorded and not."""

import asyncio
import time
from dataclasses import asdict
from typing import Any, Final

from benchmarks.callers import CallerCall
from benchmarks.figures import Found, Value
from benchmarks.hotline import Hotline, Wanted
from benchmarks.places import PROMPT_NUMBER
from benchmarks.processes import Cpu
from benchmarks.run import Run, arrivals
from benchmarks.stage import Stage, stage
from benchmarks.talks import DIALS_PER_SECOND, Talks

TALKS: Final = 100
SETTLE_SECONDS: Final = 3.0
LINGER_SECONDS: Final = 40
"""A transaction lives 32 s (RFC 3261, timer B); what it held is free after that."""


class Meter:
    """The service's processor time between two moments."""

    def __init__(self, hotline: Hotline) -> None:
        self._hotline = hotline
        self._cpu, self._time = hotline.cpu(), time.monotonic()

    def per_call_second(self, calls: int) -> tuple[float, dict[str, Any]]:
        """Milliseconds of the service itself for each call and second; and all facts."""
        used: Cpu = self._hotline.cpu() - self._cpu
        seconds = time.monotonic() - self._time
        cost = round(1000 * used.own / seconds / max(calls, 1), 2)
        return cost, {"calls": calls, "seconds": round(seconds, 2), **asdict(used)}


async def unrecorded(run: Run) -> Found:
    """Bridged calls, then legs that hear prompts; nothing is recorded."""
    talks, seconds = run.sized(TALKS, 40), run.sized(20, 8)
    run.expects(4 * talks + 2 * seconds)
    wanted = Wanted(agents=talks + 10, recorded=False)
    async with stage(wanted, callers=talks + 20) as here:
        idle = await _idle(here)
        bridged, facts = await _bridged(here, run, talks, seconds)
        prompted = await _prompted(here, run, talks, seconds)
    return Found(
        figures={
            "bridged_cpu": Value(value=bridged, n=talks),
            "ivr_cpu": Value(value=prompted[0], n=talks),
        },
        facts={"idle": idle, "bridged": facts, "ivr": prompted[1]},
    )


async def recorded(run: Run) -> Found:
    """Bridged calls that are recorded; and the memory they take and give back."""
    talks, seconds = run.sized(TALKS, 40), run.sized(20, 8)
    linger = run.sized(LINGER_SECONDS, 0)
    run.expects(2 * talks + seconds + linger)
    async with stage(Wanted(agents=talks + 10), callers=talks + 20) as here:
        before = here.hotline.memory()
        meter = Meter(here.hotline)
        cost, facts = await _bridged(here, run, talks, seconds)
        await run.wait(linger)
        after = here.hotline.memory()
        whole = meter.per_call_second(1)[1]
    each = (facts["memory_mb"] - before) / talks
    return Found(
        figures={
            "recorded_cpu": Value(value=cost, n=talks),
            "memory_per_call": Value(value=round(each, 3), n=talks),
            "memory_kept": Value(
                value=round(after - before, 1), n=talks, judged=bool(linger)
            ),
        },
        facts={
            "bridged": facts,
            "with_dialling_and_joining": whole,
            "memory_mb": {"before": before, "after": after},
        },
    )


async def _idle(here: Stage) -> dict[str, Any]:
    meter = Meter(here.hotline)
    await asyncio.sleep(SETTLE_SECONDS)
    return meter.per_call_second(1)[1]


async def _bridged(
    here: Stage, run: Run, wanted: int, seconds: int
) -> tuple[float, dict[str, Any]]:
    talks = Talks(here, run)
    await talks.grow_to(wanted)
    await asyncio.sleep(SETTLE_SECONDS)
    meter = Meter(here.hotline)
    quality = await talks.listen(seconds)
    cost, facts = meter.per_call_second(len(talks))
    memory = here.hotline.memory()
    await talks.end()
    failures = talks.failures.facts()
    return cost, facts | quality.facts() | {"failures": failures, "memory_mb": memory}


async def _prompted(
    here: Stage, run: Run, legs: int, seconds: int
) -> tuple[float, dict[str, Any]]:
    calls: list[CallerCall] = []

    async def begin() -> None:
        calls.append(await here.callers.answered(PROMPT_NUMBER))

    async def end() -> None:
        await here.callers.hang_up(calls.pop())

    failures = await arrivals(begin, calls=legs, rate=DIALS_PER_SECOND, run=run)
    await asyncio.sleep(SETTLE_SECONDS)
    meter = Meter(here.hotline)
    await run.wait(seconds)
    cost, facts = meter.per_call_second(len(calls))
    await arrivals(end, calls=len(calls), rate=50, run=run)
    return cost, facts | {"failures": failures.facts()}
