"""Reports made in a process of their own: a day of a large hotline takes seconds."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Generic, Self, TypeVar

from config.database import DatabaseUnavailable
from config.worker_client import (
    WorkerClient,
    WorkerDied,
    WorkerLate,
    WorkerMissing,
    WorkerRefused,
)

W = TypeVar("W")
"""What is wanted; it is hashable."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportWorker(Generic[W]):
    """A kind of reports: the module of the process that makes them, `job` to write for it
    what is wanted from the database of a URL, and the command that makes them without it.
    What the process refuses to do becomes the error `refused`.
    """

    module: str
    job: Callable[[str, W], bytes]
    command: str
    limit_seconds: float = LIMIT_SECONDS
    refused: Callable[[str], Exception] = DatabaseUnavailable


class Reporter(Generic[W]):
    """Makes one report at a time in a worker process; an async context manager.

    The worker starts with the first report, stays for the next ones, is replaced when
    it dies or is late, and ends with the block.
    """

    def __init__(self, url: str, kind: ReportWorker[W]) -> None:
        self._url, self._kind = url, kind
        self._worker = WorkerClient(kind.module, kind.limit_seconds)
        self._making: dict[W, asyncio.Task[bytes]] = {}

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

    async def make(self, wanted: W) -> bytes:
        """The report in JSON. Who asks for one that is being made gets that one.

        Raises `ReportError`, also when the worker dies, and `DatabaseUnavailable`.
        """
        making = self._making.get(wanted) or self._begin(wanted)
        # Who goes away must not take the report from the others who wait for it.
        return await asyncio.shield(making)

    def _begin(self, wanted: W) -> asyncio.Task[bytes]:
        if len(self._making) >= MOST_WAITING:
            raise ReportsBusy("Too many reports are asked for at once; try again soon.")
        making = asyncio.create_task(self._made(wanted), name=self._kind.command)
        self._making[wanted] = making
        making.add_done_callback(lambda _: self._making.pop(wanted))
        return making

    async def _made(self, wanted: W) -> bytes:
        job = self._kind.job(self._url, wanted)
        try:
            return await self._worker.ask(job)
        except WorkerRefused as error:
            raise self._kind.refused(str(error)) from None
        except WorkerLate:
            raise ReportLate(
                f"The report took longer than {self._kind.limit_seconds:g} s: try again "
                "when the machine has less to do, or read it with "
                f"`{self._kind.command}`."
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
