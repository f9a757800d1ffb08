"""The one thread that owns every pjsua2 object, and how the loop talks to it.

The library has no threads of its own (`threadCnt = 0`): this thread polls it, runs the
jobs that others leave in a queue, and lets C++ destructors run between polls, outside
of every callback. A job wakes the poll by a datagram (`Waker`).
"""

import asyncio
import contextlib
import logging
import sys
import threading
from collections import deque
from collections.abc import Callable
from typing import Final, Protocol, TypeVar, TypeVarTuple

from telephony.calls import TelephonyError
from telephony.pjsua.outbox import Outbox

logger = logging.getLogger(__name__)

SWITCH_SECONDS: Final = 0.0005
"""Python's default of 5 ms would let a busy loop delay every SIP answer by as much."""

POLL_MILLISECONDS: Final = 10

T = TypeVar("T")
Ts = TypeVarTuple("Ts")


class Owned(Protocol):
    """What the thread owns: opened, polled and closed on it alone."""

    def open(self) -> None:
        """Start the library; raises `TelephonyError`."""

    def wake(self) -> None:
        """Make a running `poll` return; called from any thread."""

    def poll(self, milliseconds: int) -> None:
        """Let the library work until something happened or the time is over."""

    def tidy(self) -> None:
        """Let go of what is over; called after each poll, outside of callbacks."""

    def close(self) -> None:
        """End every call and the library, within a few seconds."""


class OwnerThread:
    """Runs the owned object's life; made and used on the loop."""

    def __init__(self, owned: Owned, outbox: Outbox) -> None:
        self._owned = owned
        self._outbox = outbox
        self._loop = asyncio.get_running_loop()
        self._jobs: deque[Callable[[], None]] = deque()
        self._awake = True
        self._stopping = False
        self._closed = False
        self._opened: asyncio.Future[None] = self._loop.create_future()
        self._finished = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name="pjsip", daemon=True)

    @property
    def is_serving(self) -> bool:
        """Whether the thread runs and was not asked to stop."""
        return self._thread.is_alive() and not self._stopping

    async def start(self) -> None:
        """Open the library; when cancelled it is closed again before this returns."""
        sys.setswitchinterval(SWITCH_SECONDS)
        self._thread.start()
        try:
            await asyncio.shield(self._opened)
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Close the library and wait for it; may be called again, also when cancelled."""
        self._stopping = True
        if self._thread.is_alive():
            self._owned.wake()
            await self._finished.wait()
            self._thread.join()  # at its last line: this takes microseconds

    async def do(self, work: Callable[[*Ts], T], /, *args: *Ts) -> T:
        """Run work on the thread and return its result or raise its error."""
        answer: asyncio.Future[T] = self._loop.create_future()

        def job() -> None:
            try:
                self._check_open()
                result = work(*args)
            except TelephonyError as error:
                # Without traceback: its frames would keep pjsua2 objects alive, and
                # their destructors would then run on the loop's thread.
                self._outbox.tell(_fail, answer, TelephonyError(*error.args))
            except Exception:
                logger.exception("a job of the telephony thread failed")
                self._outbox.tell(
                    _fail, answer, TelephonyError("an internal fault; see log")
                )
            else:
                self._outbox.tell(_succeed, answer, result)

        self._check_open()
        self._enqueue(job)
        return await answer

    def _check_open(self) -> None:
        if self._closed:
            raise TelephonyError("the telephony endpoint is stopped")

    def post(self, work: Callable[[*Ts], object], /, *args: *Ts) -> None:
        """Run work on the thread some time soon; from any thread, never blocks."""

        def job() -> None:
            if self._closed:
                return
            try:
                work(*args)
            except Exception:
                logger.exception("a posted job of the telephony thread failed")

        self._enqueue(job)

    def _enqueue(self, job: Callable[[], None]) -> None:
        self._jobs.append(job)
        if self._closed:
            self._refuse_jobs()
        elif not self._awake:
            self._awake = True
            self._owned.wake()

    def _refuse_jobs(self) -> None:
        """After the end each job only tells that it came too late."""
        with contextlib.suppress(IndexError):
            while True:
                self._jobs.popleft()()

    # --- on the thread ------------------------------------------------------------

    def _run(self) -> None:
        try:
            self._owned.open()
        except TelephonyError as error:
            self._outbox.tell(_fail, self._opened, TelephonyError(*error.args))
        except Exception as error:
            logger.exception("the telephony library did not start")
            self._outbox.tell(
                _fail, self._opened, TelephonyError(f"no telephony: {error}")
            )
        else:
            self._outbox.tell(_succeed, self._opened, None)
            self._serve()
        finally:
            self._close()
            self._closed = True
            self._refuse_jobs()
            self._outbox.tell(self._finished.set)

    def _serve(self) -> None:
        while not self._stopping:
            self._owned.poll(0 if self._jobs else POLL_MILLISECONDS)
            self._work()

    def _work(self) -> None:
        for _ in range(len(self._jobs)):
            self._jobs.popleft()()
        try:
            self._owned.tidy()
        except Exception:
            logger.exception("tidying up of the telephony thread failed")
        self._awake = False  # `_serve` sees the jobs that came until now

    def _close(self) -> None:
        try:
            self._work()
            self._owned.close()
        except Exception:
            logger.exception("the telephony library did not close cleanly")


def _succeed(future: asyncio.Future[T], result: T) -> None:
    if not future.done():
        future.set_result(result)


def _fail(future: asyncio.Future[T], error: Exception) -> None:
    if not future.done():
        future.set_exception(error)
