"""What happens in talks, counted for Prometheus."""

from collections.abc import Callable, Iterable

from prometheus_client import CollectorRegistry, Counter, Histogram

from acd import talk_events as t
from acd.placing import WhyNot
from config.bus import EventBus

HOLD_BUCKETS = (5, 10, 20, 30, 60, 120, 300, 600)
MakeCounter = Callable[..., Counter]


class TalkMetrics:
    """Counts holds, third parties, transfers, supervisors and dispositions."""

    def __init__(
        self, bus: EventBus, counter: MakeCounter, registry: CollectorRegistry
    ) -> None:
        self._hold = Histogram(
            "hotline_hold_seconds",
            "How long citizens were on hold, once for each hold.",
            buckets=HOLD_BUCKETS,
            registry=registry,
        )
        self._third_parties = counter(
            "third_party_calls",
            "Third parties who were called, by what came of it.",
            result=("answered", *_FAILURES),
        )
        self._handed_over = counter(
            "calls_handed_over", "Calls that an agent handed over.", to=t.HandedTo
        )
        self._supervisions = counter(
            "supervisions", "Supervisors who came into a talk.", mode=t.SupervisionMode
        )
        self._dispositions = counter(
            "dispositions", "Dispositions that were noted, by code.", code=()
        )
        self._pauses = counter("recording_pauses", "Pauses of recordings.")
        self._subscribe(bus)

    def _subscribe(self, bus: EventBus) -> None:
        bus.subscribe(t.CallUnheld, self._unheld)
        bus.subscribe(t.ThirdPartyAnswered, self._third_party_answered)
        bus.subscribe(t.ThirdPartyFailed, self._third_party_failed)
        bus.subscribe(t.CallHandedOver, self._was_handed_over)
        bus.subscribe(t.SupervisionStarted, self._supervised)
        bus.subscribe(t.CallDisposed, self._disposed)
        bus.subscribe(t.RecordingPaused, self._paused)

    def _unheld(self, event: t.CallUnheld) -> None:
        self._hold.observe(event.hold_seconds)

    def _third_party_answered(self, event: t.ThirdPartyAnswered) -> None:
        self._third_parties.labels("answered").inc()

    def _third_party_failed(self, event: t.ThirdPartyFailed) -> None:
        self._third_parties.labels(event.failure).inc()

    def _was_handed_over(self, event: t.CallHandedOver) -> None:
        self._handed_over.labels(event.handed_to).inc()

    def _supervised(self, event: t.SupervisionStarted) -> None:
        self._supervisions.labels(event.mode).inc()

    def _disposed(self, event: t.CallDisposed) -> None:
        self._dispositions.labels(event.code).inc()

    def _paused(self, event: t.RecordingPaused) -> None:
        self._pauses.inc()


_FAILURES: Iterable[str] = tuple(WhyNot)
