"""Whether the hotline answers, tried every few minutes as long as the service runs."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from acd.test_calls import HotlineTested
from config.bus import EventBus
from config.clock import LoopClock
from config.settings import Settings
from config.worker_client import WorkerClient, WorkerError
from hotline.test_calls.placing import order_of
from hotline.test_calls.worker import JOBS, RESULTS, Job
from telephony.test_call import CallTestFault, CallTestResult

logger = logging.getLogger(__name__)

FIRST_SECONDS = 5.0
AGAIN_SECONDS = 30.0
"""One that failed is tried again so soon: the alarm waits for the second one."""
START_SECONDS = 20.0
"""So long the process of a test call may take beside the call itself."""
WORKER = "hotline.test_calls.worker"

PlaceTest = Callable[[], Awaitable[CallTestResult]]


@asynccontextmanager
async def testing(
    settings: Settings, bus: EventBus, clock: LoopClock
) -> AsyncIterator[None]:
    """Inside it test calls are placed, if the settings want them."""
    seconds = settings.test_call.every_minutes * 60
    if not seconds:
        yield
        return

    async def placed() -> CallTestResult:
        return await placed_by_worker(settings)

    tester = HotlineTester(placed, seconds, bus, clock)
    task = asyncio.create_task(tester.run(), name="test calls")
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait({task})


async def placed_by_worker(settings: Settings) -> CallTestResult:
    """One test call, by a process that ends with it."""
    order = order_of(settings)
    limit = START_SECONDS + order.ring_seconds + order.listen_seconds
    job = JOBS.dump_json(Job(sip=settings.sip, order=order))
    try:
        async with WorkerClient(WORKER, limit) as worker:
            return RESULTS.validate_json(await worker.ask(job))
    except WorkerError as error:
        words = f"the process that places it failed: {type(error).__name__}"
        return CallTestResult(fault=CallTestFault.NOT_PLACED, words=words)


class HotlineTester:
    """Places one test call after the other, and tells what came of each."""

    def __init__(
        self, place: PlaceTest, every_seconds: float, bus: EventBus, clock: LoopClock
    ) -> None:
        self._place, self._every_seconds = place, every_seconds
        self._bus, self._clock = bus, clock

    async def run(self) -> None:
        """For ever."""
        pause = min(FIRST_SECONDS, self._every_seconds)
        while True:
            await asyncio.sleep(pause)
            good = await self._test()
            again = min(AGAIN_SECONDS, self._every_seconds)
            pause = self._every_seconds if good else again

    async def _test(self) -> bool:
        try:
            result = await self._place()
        except Exception as error:
            logger.exception("a test call could not be placed")
            result = CallTestResult(fault=CallTestFault.NOT_PLACED, words=str(error))
        _log(result)
        self._bus.publish(
            HotlineTested(
                at=self._clock.now(),
                heard=result.fault is None,
                fault=result.fault or "",
                sip_code=result.sip_code,
                answer_seconds=result.answer_seconds,
                sound_seconds=result.sound_seconds,
            )
        )
        return result.fault is None


def _log(result: CallTestResult) -> None:
    if result.fault:
        logger.warning(
            "TEST CALL ALARM: %s (SIP %s) %s",
            result.fault,
            result.sip_code,
            result.words,
        )
    else:
        logger.info("test call: answered after %.2f s", result.answer_seconds)
