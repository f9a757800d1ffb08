"""Citizens and agents who talk until told otherwise: load that stands still."""

import asyncio
import random
from dataclasses import dataclass
from typing import Any, Final

from benchmarks.callers import CallerCall
from benchmarks.desk import AgentCall
from benchmarks.dialog import within
from benchmarks.hearing import Heard
from benchmarks.media import Judgement, MediaLeg
from benchmarks.run import Failures, Run, arrivals
from benchmarks.stage import Stage

DIALS_PER_SECOND: Final = 15.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """The audio of some talks. A talk is bad when either side's is."""

    talks: int
    bad: int
    complaints: dict[str, int]
    longest_gap_ms: float
    generator_late_ms: float

    def facts(self) -> dict[str, Any]:
        """For the JSON."""
        return {
            "judged_talks": self.talks,
            "bad_talks": self.bad,
            "complaints": self.complaints,
            "longest_gap_ms": self.longest_gap_ms,
            "generator_late_ms": self.generator_late_ms,
        }


class Talks:
    """Bridged calls that are kept up."""

    def __init__(self, stage: Stage, run: Run) -> None:
        self.failures = Failures()
        self._stage, self._run = stage, run
        self._pairs: list[tuple[CallerCall, AgentCall]] = []

    def __len__(self) -> int:
        return len(self._pairs)

    async def grow_to(self, talks: int) -> None:
        """Let more citizens call, press 1 and be answered."""
        failed = await arrivals(
            self._begin,
            calls=talks - len(self),
            rate=DIALS_PER_SECOND,
            run=self._run,
        )
        self.failures.reasons += failed.reasons

    async def _begin(self) -> None:
        callers = self._stage.callers
        caller = await callers.answered()
        try:
            await asyncio.sleep(random.uniform(0.2, 1.0))
            _, agent = await self._stage.press_one(caller)
            await within(agent.confirmed)
        except TimeoutError:
            caller.hang_up()
            callers.forget(caller)
            raise
        caller.leg.expect(agent.leg)
        agent.leg.expect(caller.leg)
        self._pairs.append((caller, agent))

    async def listen(self, seconds: float) -> Quality:
        """Judge what both sides of every talk hear in so many seconds from now."""
        media, legs = self._stage.media, self._legs()
        media.begin(legs)
        await self._run.wait(seconds)
        return _quality(await media.judge(legs))

    def _legs(self) -> list[MediaLeg]:
        return [call.leg for pair in self._pairs for call in pair]

    async def end(self) -> None:
        """All citizens hang up, in two seconds or so."""
        pairs, self._pairs = self._pairs, []
        await arrivals(
            lambda: self._stage.callers.hang_up(pairs.pop()[0]),
            calls=len(pairs),
            rate=max(50.0, len(pairs) / 2),
            run=self._run,
        )


def _quality(judgement: Judgement) -> Quality:
    heard = judgement.heard
    pairs = list(zip(heard[::2], heard[1::2], strict=True))
    complaints = [side.complaint for side in heard if side.complaint]
    return Quality(
        talks=len(pairs),
        bad=sum(_is_bad(pair) for pair in pairs),
        complaints={what: complaints.count(what) for what in set(complaints)},
        longest_gap_ms=1000 * max((h.longest_gap_seconds for h in heard), default=0),
        generator_late_ms=round(1000 * judgement.late_seconds, 1),
    )


def _is_bad(pair: tuple[Heard, Heard]) -> bool:
    return any(side.complaint for side in pair)
