"""Reports made in a process of their own: a day of a large hotline takes seconds."""

import asyncio
from types import TracebackType
from typing import Self

from acd.statistics.day_reports import Wanted
from acd.statistics.report_worker import JOB, ReportJob
from config.database import DatabaseUnavailable
from config.worker_client import (
    WorkerClient,
    WorkerDied,
    WorkerLate,
    WorkerMissing,
    WorkerRefused,
)

WORKER = "acd.statistics.report_worker"
LIMIT_SECONDS = 60.0
MOST_WAITING = 8
"""So many different reports may be asked for at once; the machine is the calls'."""


class ReportError(Exception):
    """There is no report now; the message says what to do."""

    error_id = "report_failed"


class ReportLate(ReportError):
    """It took too long."""

    error_id = "report_late"


class ReportsBusy(ReportError):
    """Too many others wait."""

    error_id = "reports_busy"


class Reporter:
    """Makes one report at a time in a worker process; an async context manager.

    The worker starts with the first report, stays for the next ones, is replaced when
    it dies or is late, and ends with the block.
    """

    def __init__(self, url: str, *, limit_seconds: float = LIMIT_SECONDS) -> None:
        self._url, self._limit_seconds = url, limit_seconds
        self._worker = WorkerClient(WORKER, limit_seconds)
        self._making: dict[Wanted, asyncio.Task[bytes]] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        making = list(self._making.values())
        for task in making:
            task.cancel()
        try:
            await asyncio.gather(*making, return_exceptions=True)
        finally:
            await self._worker.__aexit__(kind, error, trace)

    @property
    def process_id(self) -> int | None:
        """The worker's process, while there is one."""
        return self._worker.process_id

    @property
    def making(self) -> int:
        """How many reports are asked for and not made yet."""
        return len(self._making)

    async def make(self, wanted: Wanted) -> bytes:
        """The report in JSON. Who asks for one that is being made gets that one.

        Raises `ReportError`, also when the worker dies, and `DatabaseUnavailable`.
        """
        making = self._making.get(wanted) or self._begin(wanted)
        # Who goes away must not take the report from the others who wait for it.
        return await asyncio.shield(making)

    def _begin(self, wanted: Wanted) -> asyncio.Task[bytes]:
        if len(self._making) >= MOST_WAITING:
            raise ReportsBusy("Too many reports are asked for at once; try again soon.")
        name = f"report of {wanted.kind}"
        making = asyncio.create_task(self._made(wanted), name=name)
        self._making[wanted] = making
        making.add_done_callback(lambda _: self._making.pop(wanted))
        return making

    async def _made(self, wanted: Wanted) -> bytes:
        job = JOB.dump_json(ReportJob(url=self._url, wanted=wanted))
        try:
            return await self._worker.ask(job)
        except WorkerRefused as error:
            raise DatabaseUnavailable(str(error)) from None
        except WorkerLate:
            raise ReportLate(
                f"The report took longer than {self._limit_seconds:g} s: try again when "
                "the machine has less to do, or read it with `hotline statistics`."
            ) from None
        except WorkerDied:
            raise ReportError(
                "The process that makes reports ended; try again. If it does so again, "
                "the service's log says why."
            ) from None
        except WorkerMissing as error:
            raise ReportError(
                f"No process could be started that makes reports: {error}."
            ) from error
