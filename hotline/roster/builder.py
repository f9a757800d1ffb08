"""Weeks built in a process beside the service, one at a time."""

import asyncio
import json
import logging
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import Any, Self

from ulid import ULID

from acd.rosters.desk import RosterDesk
from acd.rosters.order import (
    Build,
    BuildError,
    BuildOrder,
    BuildReport,
    BuildState,
    BuildUnderWay,
    BuildUnknown,
)
from acd.rosters.store import Requirement
from acd.rosters.taking import Taken
from acd.rule_changes.rows import Author
from acd.staffing.roster import CELLS
from config.clock import LoopClock
from config.database import DatabaseError
from config.settings import Settings
from config.worker_process import end_worker, start_worker
from hotline.roster.worker_job import (
    JOB,
    RESULT,
    WorkerJob,
    WorkerResult,
    gives_way,
)

logger = logging.getLogger(__name__)

WORKER = "hotline.roster.build_worker"
MOST_KEPT = 20
READING_SECONDS = 300.0
"""So long reading and forecasting may take besides."""

TIMES_ORDERED = 2.0
_QUARTERS = 4
_STOPPED = "the service stopped while it was built"


@dataclass(slots=True)
class _Running:
    task: asyncio.Task[None]
    process: Process | None = field(default=None)


class RosterBuilder:
    """Takes orders for weeks; an async context manager, at whose end the worker is gone.

    The last builds are remembered until the service ends.
    """

    def __init__(self, settings: Settings, desk: RosterDesk, clock: LoopClock) -> None:
        self._settings, self._desk, self._clock = settings, desk, clock
        self._builds: dict[str, Build] = {}
        self._running: _Running | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        running, self._running = self._running, None
        if running:
            running.task.cancel()
            await asyncio.wait({running.task})

    @property
    def process_id(self) -> int | None:
        """The worker's process, while there is one."""
        process = self._running.process if self._running else None
        return process.pid if process else None

    def order(self, order: BuildOrder, author: Author) -> Build:
        """Begin to build a week; `BuildUnderWay` while another one is built."""
        if self._running:
            raise BuildUnderWay(
                "A week is being built; wait until it is done, or ask for how far it is."
            )
        build = Build(
            id=str(ULID()),
            monday=order.monday,
            ordered_at=self._clock.now(),
            state=BuildState.RUNNING,
            step="starting",
            share=0.0,
        )
        self._keep(build)
        work = self._work(build.id, order, author)
        self._running = _Running(asyncio.create_task(work, name="roster build"))
        return build

    def build(self, build_id: str) -> Build:
        """How far it is; `BuildUnknown`."""
        if build_id not in self._builds:
            raise BuildUnknown(
                f"There is no build {build_id!r}; those of an earlier start are forgotten"
            )
        return self._builds[build_id]

    def _keep(self, build: Build) -> None:
        self._builds[build.id] = build
        while len(self._builds) > MOST_KEPT:
            self._builds.pop(next(iter(self._builds)))

    def _change(self, build_id: str, **changes: Any) -> None:
        self._keep(replace(self._builds[build_id], **changes))

    async def _work(self, build_id: str, order: BuildOrder, author: Author) -> None:
        failed = {"state": BuildState.FAILED, "error": _STOPPED}
        try:
            result = await self._result(build_id, order)
            taken = await self._kept(result, order, author)
            report = _report(result, taken, order)
            self._change(
                build_id, state=BuildState.DONE, step="done", share=1.0, report=report
            )
            failed = {}
        except (BuildError, DatabaseError) as error:
            failed["error"] = str(error)
        except TimeoutError:
            logger.warning("a roster took longer than it may")
            failed["error"] = (
                "it took far longer than it may; order it with more seconds"
            )
        except (OSError, EOFError, ValueError):
            logger.exception(
                "the process that builds rosters ended in the midst of one"
            )
            failed["error"] = "the process that builds rosters ended; the log says why"
        finally:
            if failed:
                self._change(build_id, **failed)
            self._running = None

    async def _result(self, build_id: str, order: BuildOrder) -> WorkerResult:
        process = await start_worker(WORKER)
        if self._running:
            self._running.process = process
        try:
            async with asyncio.timeout(READING_SECONDS + TIMES_ORDERED * order.seconds):
                return await self._talk(build_id, process, order)
        finally:
            await end_worker(process)

    async def _talk(
        self, build_id: str, process: Process, order: BuildOrder
    ) -> WorkerResult:
        job = WorkerJob(
            order=order,
            section=self._settings.roster,
            staffing=self._settings.staffing,
            database_url=self._settings.database_url,
            timezone=self._settings.hotline.timezone,
            holidays_file=self._settings.hotline.holidays_file,
        )
        assert process.stdin is not None
        process.stdin.write(JOB.dump_json(job) + b"\n")
        await process.stdin.drain()
        shifts: list[dict[str, str]] = []
        async for told in _lines(process):
            match told:
                case {"step": step, "share": share}:
                    self._change(build_id, step=step, share=share)
                case {"shifts": more}:
                    shifts += more
                case {"error": words}:
                    raise BuildError(words)
                case {"result": result}:
                    return RESULT.validate_python(result | {"shifts": shifts})
        raise EOFError

    async def _kept(
        self, result: WorkerResult, order: BuildOrder, author: Author
    ) -> Taken:
        if not order.keep:
            return Taken()
        posts = frozenset(result.needed)
        return await self._desk.keep_week(
            order.monday,
            result.shifts,
            lambda shift: order.replace and gives_way(shift, order.monday, posts),
            self._requirements(result, order),
            author,
        )

    def _requirements(
        self, result: WorkerResult, order: BuildOrder
    ) -> list[Requirement]:
        now = self._clock.now()
        return [
            Requirement(
                day=order.day(number),
                post=post,
                at=now,
                source=result.source,
                needed=figures[number * CELLS : (number + 1) * CELLS],
            )
            for post, figures in result.needed.items()
            for number in range(len(figures) // CELLS)
        ]


async def _lines(process: Process) -> AsyncIterator[Mapping[str, Any]]:
    assert process.stdout is not None
    while line := await process.stdout.readline():
        yield json.loads(line)


def _report(result: WorkerResult, taken: Taken, order: BuildOrder) -> BuildReport:
    words = list(result.words)
    if taken.refused:
        words.append(
            f"{len(taken.refused)} shifts were no longer possible when they were to be kept: {taken.refused[0][1]}"
        )
    return BuildReport(
        shifts=len(taken.put) if order.keep else len(result.shifts),
        replaced=len(taken.dropped),
        hours_needed=sum(map(sum, result.needed.values())) / _QUARTERS,
        hours_missing=sum(each.hours for each in result.missing),
        over_bound=result.over_bound,
        missing=tuple(result.missing),
        words=tuple(words),
    )
