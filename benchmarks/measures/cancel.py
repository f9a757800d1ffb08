"""A citizen hangs up while an agent's phone rings: how soon is that phone quiet?"""

import asyncio
import random

from benchmarks.desk import AgentCall, over
from benchmarks.dialog import within
from benchmarks.figures import Found, Spread
from benchmarks.hotline import Wanted
from benchmarks.run import Run, arrivals
from benchmarks.stage import Stage, stage


async def cancel(run: Run) -> Found:
    """The caller's BYE to the agent's CANCEL."""
    calls = run.sized(200, 40)
    times: list[int] = []
    run.expects(calls)
    async with stage(Wanted(agents=20), callers=50) as here:
        here.desk.policy = _only_ring
        failures = await arrivals(
            lambda: _call(here, times), calls=calls, rate=8, run=run
        )
    return Found(
        figures={"bye_to_cancel": Spread.of(times)},
        facts={"failures": failures.facts()},
    )


async def _only_ring(call: AgentCall) -> None:
    call.ring()
    await over(call)


async def _call(here: Stage, times: list[int]) -> None:
    caller = await here.callers.answered()
    await asyncio.sleep(random.uniform(0.2, 0.6))
    _, ringing = await here.press_one(caller)
    await asyncio.sleep(random.uniform(0.1, 0.5))
    hung_up_at = await here.callers.hang_up(caller)
    times.append(await within(ringing.cancelled) - hung_up_at)
