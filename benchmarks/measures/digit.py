"""A citizen presses 1: how soon does an agent's phone get the INVITE?"""

import asyncio
import random
from dataclasses import dataclass, field
from typing import Final

from benchmarks.callers import CallerCall
from benchmarks.dialog import within
from benchmarks.figures import Found, Spread, Value
from benchmarks.hotline import Wanted
from benchmarks.run import Failures, Run, arrivals
from benchmarks.stage import Stage, stage

CALM_RATE: Final = 5.0
BUSY_RATE: Final = 40.0
BEFORE_KEY_SECONDS: Final = (0.3, 1.5)
TALK_SECONDS: Final = (1.5, 3.5)


@dataclass(slots=True, kw_only=True)
class Times:
    """What was seen on the wire so far, in ns."""

    to_answer: list[int] = field(default_factory=list)
    to_invite: list[int] = field(default_factory=list)


async def digit(run: Run) -> Found:
    """At a few calls a second: the time that the software itself needs."""
    times, failures = await _calls(run, CALM_RATE, run.sized(200, 50), agents=40)
    return Found(
        figures={"digit_to_invite": Spread.of(times.to_invite)},
        facts={
            "failures": failures.facts(),
            "invite_to_answer_own_peer": Spread.of(times.to_answer),
        },
    )


async def digit_at_40(run: Run) -> Found:
    """At 40 calls a second, all with audio, and without one failure."""
    calls = run.sized(1000, 400)
    times, failures = await _calls(run, BUSY_RATE, calls, agents=300)
    return Found(
        figures={
            "digit_to_invite_at_40": Spread.of(times.to_invite),
            "failures_at_40": Value(value=failures.total, n=calls),
        },
        facts={
            "failures": failures.facts(),
            "invite_to_answer_own_peer_at_40": Spread.of(times.to_answer),
        },
    )


async def _calls(
    run: Run, rate: float, calls: int, *, agents: int
) -> tuple[Times, Failures]:
    times = Times()
    run.expects(calls)
    async with stage(Wanted(agents=agents), callers=agents) as here:
        failures = await arrivals(
            lambda: _call(here, times), calls=calls, rate=rate, run=run
        )
    return times, failures


async def _call(here: Stage, times: Times) -> None:
    caller = await here.callers.answered()
    times.to_answer.append(caller.answered.result() - caller.dialled_at)
    try:
        await _ask_for_a_person(here, caller, times)
    finally:
        await here.callers.hang_up(caller)


async def _ask_for_a_person(here: Stage, caller: CallerCall, times: Times) -> None:
    await asyncio.sleep(random.uniform(*BEFORE_KEY_SECONDS))
    pressed_at, offered = await here.press_one(caller)
    times.to_invite.append(offered.invited_at - pressed_at)
    await within(offered.confirmed)
    await asyncio.sleep(random.uniform(*TALK_SECONDS))
