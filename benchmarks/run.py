"""One run of the benchmarks: its size, its progress, its failures."""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable

from rich.progress import Progress, TaskID

from benchmarks.callers import Refused
from benchmarks.figures import Found
from benchmarks.media import NoSpareLeg


class Run:
    """What a measure is told of the run it is part of. `quick` makes it small."""

    def __init__(self, progress: Progress, *, quick: bool) -> None:
        self.quick = quick
        self._progress = progress
        self._task: TaskID | None = None

    def sized(self, full: int, quick: int) -> int:
        """How many, or how long."""
        return quick if self.quick else full

    def begin(self, what: str) -> None:
        """The next measure."""
        self._task = self._progress.add_task(what, total=None)

    def expects(self, steps: float) -> None:
        """How many steps the measure will take."""
        if self._task is not None:
            self._progress.update(self._task, total=steps)

    def advance(self, steps: float = 1) -> None:
        """So many more are done."""
        if self._task is not None:
            self._progress.update(self._task, advance=steps)

    def end(self) -> None:
        """The measure is over."""
        if self._task is not None:
            self._progress.update(self._task, total=1, completed=1)

    async def wait(self, seconds: float) -> None:
        """Let time pass, visibly; each second is a step."""
        left = seconds
        while left > 0:
            await asyncio.sleep(min(1.0, left))
            self.advance(min(1.0, left))
            left -= 1.0


Measure = Callable[[Run], Awaitable[Found]]


class Failures:
    """Calls that did not go as they should, by reason."""

    def __init__(self) -> None:
        self.reasons: Counter[str] = Counter()

    @property
    def total(self) -> int:
        """How many."""
        return self.reasons.total()

    async def count(self, call: Awaitable[object]) -> None:
        """Let a call happen, and count it when it fails."""
        try:
            await call
        except TimeoutError:
            self.reasons["nothing came in time"] += 1
        except (Refused, NoSpareLeg) as fault:
            self.reasons[str(fault)] += 1

    def facts(self) -> dict[str, int]:
        """For the JSON."""
        return dict(self.reasons)


async def arrivals(
    one: Callable[[], Awaitable[object]], *, calls: int, rate: float, run: Run
) -> Failures:
    """So many calls at this mean rate (1/s), at random moments as citizens call."""
    failures = Failures()

    async def counted() -> None:
        await failures.count(one())
        run.advance()

    loop = asyncio.get_running_loop()
    due = loop.time()
    async with asyncio.TaskGroup() as group:
        for number in range(calls):
            due += random.expovariate(rate)
            await asyncio.sleep(due - loop.time())
            group.create_task(counted(), name=f"call {number}")
    return failures
