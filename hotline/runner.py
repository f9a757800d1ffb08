"""`hotline run`: the service until a signal; the first drains, the second ends at once."""

import asyncio
import logging
import resource
import signal

from config.settings import Settings
from hotline.service import Service, running

logger = logging.getLogger(__name__)

SIGNALS = (signal.SIGINT, signal.SIGTERM)


async def run(settings: Settings) -> None:
    """Serve until SIGINT or SIGTERM, then let talks end within the drain limit."""
    _raise_file_limit()
    signals = _Signals()
    async with running(settings) as service:
        logger.info("ready: console on %s", service.console_url)
        await signals.first.wait()
        await _drain(service, settings.hotline.drain_seconds, signals)


def _raise_file_limit() -> None:
    """A playing leg holds three files and sockets; many systems begin at 1,024."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


class _Signals:
    """Counts the signals that ask the service to stop."""

    def __init__(self) -> None:
        self.first, self.second = asyncio.Event(), asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in SIGNALS:
            loop.add_signal_handler(number, self._came)

    def _came(self) -> None:
        (self.second if self.first.is_set() else self.first).set()


async def _drain(service: Service, seconds: float, signals: _Signals) -> None:
    logger.info(
        "stopping: %d calls may end within %g s; a second signal ends them at once",
        service.reception.calls,
        seconds,
    )
    drained = asyncio.create_task(service.reception.drain(seconds), name="drain")
    hurried = asyncio.create_task(signals.second.wait(), name="second signal")
    await asyncio.wait({drained, hurried}, return_when=asyncio.FIRST_COMPLETED)
    for task in (drained, hurried):
        task.cancel()
    await asyncio.wait({drained, hurried})
