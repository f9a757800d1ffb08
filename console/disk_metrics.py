"""The recordings' disk in the metrics: looked at before each scrape, off the loop."""

import asyncio
from collections.abc import Iterable
from contextlib import suppress

from prometheus_client.metrics_core import GaugeMetricFamily, Metric

from console.view import Recordings
from recordings.disk import DiskRoom

LOOK_SECONDS = 2.0


class DiskMetrics:
    """A Prometheus collector; it tells what it saw when it `look`ed last."""

    def __init__(self, recordings: Recordings) -> None:
        self._recordings = recordings
        self._seen: DiskRoom | None = None

    async def look(self) -> None:
        """See how much room there is; a disk that hangs is told as nothing."""
        self._seen = None
        with suppress(TimeoutError):
            async with asyncio.timeout(LOOK_SECONDS):
                self._seen = await self._recordings.room()

    def collect(self) -> Iterable[Metric]:
        """The room, if it is known."""
        if room := self._seen:
            yield _bytes(
                "free", "What may still be written to the recordings' disk.", room.free
            )
            yield _bytes("wanted", "Below it calls go on unrecorded.", room.wanted)


def _bytes(name: str, text: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"hotline_recordings_disk_{name}_bytes", text, value)
