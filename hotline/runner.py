"""`hotline run`: the service until a signal; the first drains, the second ends at once."""

import asyncio
import gc
import logging
import os
import resource
import signal
from types import FrameType

from config.settings import Settings
from hotline.service import Service, running
from hotline.service_manager import ServiceManager

logger = logging.getLogger(__name__)

SIGNALS = (signal.SIGINT, signal.SIGTERM)
CLOSING_SECONDS = 30.0
"""So long the records and the recordings may take to close after the last talk."""


async def run(settings: Settings) -> None:
    """Serve until SIGINT or SIGTERM, then let talks end within the drain limit."""
    _raise_file_limit()
    signals, manager = _Signals(), ServiceManager.of(os.environ)
    async with running(settings) as service, manager.told():
        _keep_what_is_built()
        logger.info("ready: console on %s", service.console_url)
        await signals.first.wait()
        manager.stopping(settings.hotline.drain_seconds + CLOSING_SECONDS)
        await _drain(service, settings.hotline.drain_seconds, signals)
    signals.ignore()


def _raise_file_limit() -> None:
    """A playing leg holds three files and sockets; many systems begin at 1,024."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _keep_what_is_built() -> None:
    """What the start has built stays: walking through it again would hold up calls."""
    gc.collect()
    gc.freeze()


class _Signals:
    """Counts the signals that ask the service to stop."""

    def __init__(self) -> None:
        self.first, self.second = asyncio.Event(), asyncio.Event()
        self._loop = asyncio.get_running_loop()
        for number in SIGNALS:
            # Not the loop's way: it would give them back before the process has ended.
            signal.signal(number, self._came)

    def ignore(self) -> None:
        """All is closed: a signal that comes now must not make a good end a bad one."""
        for number in SIGNALS:
            signal.signal(number, signal.SIG_IGN)

    def _came(self, number: int, frame: FrameType | None) -> None:
        self._loop.call_soon_threadsafe(self._note)

    def _note(self) -> None:
        (self.second if self.first.is_set() else self.first).set()


async def _drain(service: Service, seconds: float, signals: _Signals) -> None:
    logger.info(
        "stopping: %d calls may end within %g s; a second signal ends them at once",
        service.reception.calls,
        seconds,
    )
    service.call_backs.drain()
    if service.dialler:
        service.dialler.drain()
    drained = asyncio.create_task(service.reception.drain(seconds), name="drain")
    hurried = asyncio.create_task(signals.second.wait(), name="second signal")
    await asyncio.wait({drained, hurried}, return_when=asyncio.FIRST_COMPLETED)
    for task in (drained, hurried):
        task.cancel()
    await asyncio.wait({drained, hurried})
