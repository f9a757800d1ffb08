"""How many recorded talks at once, before calls fail or audio suffers?"""

import asyncio
from typing import Any, Final

from benchmarks.figures import Found, Value
from benchmarks.hotline import Wanted
from benchmarks.measures.processor import Meter
from benchmarks.run import Run
from benchmarks.stage import Stage, stage
from benchmarks.talks import Talks

STEPS: Final = (100, 200, 250, 300, 340, 380, 420)
QUICK_STEPS: Final = (40, 80)
JUDGED_SECONDS: Final = 10
QUICK_JUDGED_SECONDS: Final = 5
SETTLE_SECONDS: Final = 2.0
MOST_FAILED_SHARE: Final = 0.01


async def capacity(run: Run) -> Found:
    """Steps of more and more talks; the last one with less than 1 % bad counts."""
    steps = QUICK_STEPS if run.quick else STEPS
    seconds = run.sized(JUDGED_SECONDS, QUICK_JUDGED_SECONDS)
    run.expects(2 * steps[-1] + seconds * len(steps))
    passed, facts = 0, []
    async with stage(Wanted(agents=steps[-1] + 10), callers=steps[-1] + 20) as here:
        talks = Talks(here, run)
        for step in steps:
            await talks.grow_to(step)
            fact = await _judged(here, talks, seconds)
            if _is_bad(fact):  # once more: it may have been somebody else's moment
                facts.append(fact)
                fact = await _judged(here, talks, seconds)
            facts.append(fact)
            if _is_bad(fact):
                break
            passed = step
        await talks.end()
    value = Value(value=passed, n=steps[-1], judged=not run.quick)
    return Found(figures={"bridged_calls": value}, facts={"steps": facts})


async def _judged(here: Stage, talks: Talks, seconds: float) -> dict[str, Any]:
    await asyncio.sleep(SETTLE_SECONDS)
    meter = Meter(here.hotline)
    quality = await talks.listen(seconds)
    cost, used = meter.per_call_second(len(talks))
    failed = quality.bad + talks.failures.total
    fact = {"failed": failed, "cpu_ms_per_call_second": cost}
    return fact | used | quality.facts()


def _is_bad(fact: dict[str, Any]) -> bool:
    return bool(fact["failed"] >= MOST_FAILED_SHARE * fact["calls"])
