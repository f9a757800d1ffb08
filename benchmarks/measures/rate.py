"""How many calls a second go through IVR and queue to an agent?"""

from dataclasses import asdict
from typing import Any, Final

from benchmarks.figures import Found, Value
from benchmarks.measures.processor import Meter
from benchmarks.run import Run
from benchmarks.sipp_load import SippLoad, sipp_load

STEPS: Final = (40, 60, 80, 100)
QUICK_STEPS: Final = (40,)
MOST_FAILED_SHARE: Final = 0.01


async def rate(run: Run) -> Found:
    """Faster and faster; the last step with less than 1 % failures counts."""
    steps = QUICK_STEPS if run.quick else STEPS
    seconds = run.sized(15, 6)
    run.expects(seconds * len(steps))
    passed, failed_at_first, facts = 0, 0, []
    async with sipp_load() as load:
        for step in steps:
            fact = await _step(load, run, step, seconds)
            facts.append(fact)
            if step == steps[0]:
                failed_at_first = fact["failed"]
            if fact["failed"] >= MOST_FAILED_SHARE * fact["calls"]:
                break
            passed = step
    return Found(
        figures={
            "calls_per_second": Value(value=passed, n=steps[-1] * seconds),
            "sipp_failures_at_40": Value(value=failed_at_first, n=steps[0] * seconds),
        },
        facts={"steps": facts},
    )


async def _step(load: SippLoad, run: Run, rate: int, seconds: int) -> dict[str, Any]:
    calls = rate * seconds
    meter = Meter(load.hotline)
    async with load.calling(rate=rate, calls=calls) as sipp:
        await run.wait(seconds)
        loaded = await load.result(sipp, calls)
    _, used = meter.per_call_second(1)
    cost = round(1000 * used["own"] / calls, 2)
    return {"rate": rate, "cpu_ms_per_call": cost, "cpu": used} | asdict(loaded)
