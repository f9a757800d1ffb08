"""SIPp's citizens and agents against the service: calls through IVR and queue."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Final

from benchmarks.hotline import Hotline, Wanted
from benchmarks.places import SIPP_CALLERS, SIPP_DESK
from benchmarks.sipp import Sipp

AGENTS: Final = 400
LONGEST_CALL_SECONDS: Final = 25
STATISTICS_LAG_SECONDS: Final = 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """How a load went. A call is well when citizen and agent both say so."""

    calls: int
    failed: int
    errors: str


class SippLoad:
    """The service and SIPp's agents; citizens come by `call`."""

    def __init__(self, hotline: Hotline, desk: Sipp) -> None:
        self.hotline = hotline
        self._desk = desk
        self._served = 0

    @asynccontextmanager
    async def calling(self, *, rate: int, calls: int) -> AsyncIterator[Sipp]:
        """Citizens call at this rate while inside the block."""
        options = ("-r", rate, "-m", calls, "-l", 2000)
        folder = self.hotline.folder
        async with Sipp("citizen", *options, at=SIPP_CALLERS, folder=folder) as sipp:
            yield sipp

    async def result(self, sipp: Sipp, calls: int) -> Loaded:
        """Wait for the last call and count; those who are not through by then failed."""
        with suppress(TimeoutError):
            await sipp.finished(LONGEST_CALL_SECONDS)
        await asyncio.sleep(STATISTICS_LAG_SECONDS)
        served = self._desk.counts().went_well - self._served
        self._served += served
        well = min(sipp.counts().went_well, served)
        return Loaded(calls=calls, failed=calls - well, errors=sipp.errors())


@asynccontextmanager
async def sipp_load() -> AsyncIterator[SippLoad]:
    """Start the service, with enough agents for any rate, and SIPp as their phones."""
    async with (
        Hotline(Wanted(agents=AGENTS, desk=SIPP_DESK)) as hotline,
        Sipp("agent", at=SIPP_DESK, folder=hotline.folder) as desk,
    ):
        yield SippLoad(hotline, desk)
