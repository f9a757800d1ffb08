"""An agent hangs up while citizens wait: how soon does his phone ring again?"""

import asyncio
import random
from typing import Final

from benchmarks.callers import Refused
from benchmarks.desk import AgentCall
from benchmarks.dialog import within
from benchmarks.figures import Found, Spread
from benchmarks.hotline import Wanted
from benchmarks.run import Failures, Run
from benchmarks.stage import Stage, stage

AGENTS: Final = 10
CITIZENS: Final = 40
TALK_SECONDS: Final = (0.5, 1.5)
LIMIT_SECONDS: Final = 120.0


class Handoffs:
    """Agents who hang up by themselves, and citizens who always come again."""

    def __init__(self, here: Stage, run: Run, wanted: int) -> None:
        self.times: list[int] = []
        self.failures = Failures()
        self._here, self._run, self._wanted = here, run, wanted
        self._freed: dict[str, int] = {}
        self._enough = asyncio.Event()
        self._asked = 0
        here.desk.policy = self._agent

    async def measure(self) -> None:
        """Until there are enough, or the time is over."""
        async with asyncio.TaskGroup() as group:
            citizens = [
                group.create_task(self._citizen(), name=f"citizen {number}")
                for number in range(CITIZENS)
            ]
            try:
                async with asyncio.timeout(LIMIT_SECONDS):
                    await self._enough.wait()
            except TimeoutError:
                self.failures.reasons["not enough in time"] += 1
            for citizen in citizens:
                citizen.cancel()

    async def _agent(self, call: AgentCall) -> None:
        self._note(call)
        call.ring()
        call.answer()
        await within(call.confirmed)
        await asyncio.sleep(random.uniform(*TALK_SECONDS))
        if not call.over:
            freed_at = call.hang_up()
            if self._asked >= CITIZENS:  # before that nobody may be waiting yet
                self._freed[call.agent] = freed_at
            await within(call.ended)

    def _note(self, call: AgentCall) -> None:
        freed_at = self._freed.pop(call.agent, None)
        if freed_at is not None:
            self.times.append(call.invited_at - freed_at)
            self._run.advance()
        if len(self.times) >= self._wanted:
            self._enough.set()

    async def _citizen(self) -> None:
        await asyncio.sleep(random.uniform(0, 4))
        while True:
            await self.failures.count(self._visit())

    async def _visit(self) -> None:
        try:
            caller = await self._here.callers.answered()
        except Refused:
            await asyncio.sleep(1)
            raise
        await asyncio.sleep(random.uniform(0.2, 0.6))
        offered = self._here.desk.offer_to(caller.number)
        await caller.leg.press("1")
        self._asked += 1
        agent = await offered
        await asyncio.wait({agent.ended})
        await asyncio.sleep(random.uniform(0.05, 0.5))
        await self._here.callers.hang_up(caller)


async def handoff(run: Run) -> Found:
    """The agent's BYE to the INVITE that rings him for the next citizen."""
    wanted = run.sized(300, 60)
    run.expects(wanted)
    async with stage(Wanted(agents=AGENTS), callers=2 * CITIZENS) as here:
        handoffs = Handoffs(here, run, wanted)
        await handoffs.measure()
    return Found(
        figures={"handoff": Spread.of(handoffs.times)},
        facts={
            "failures": handoffs.failures.facts(),
            "agents": AGENTS,
            "citizens": CITIZENS,
        },
    )
