"""Test calls for Prometheus: how the last one went, and how often they fail."""

from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Counter
from prometheus_client.metrics_core import GaugeMetricFamily, Metric

from acd.test_calls import HotlineTested
from config.bus import EventBus
from telephony.test_call import CallTestFault

HEARD = "heard"


class CallTestMetrics:
    """Counts them; a collector whose gauges are absent until the first one is over."""

    def __init__(self, bus: EventBus, registry: CollectorRegistry) -> None:
        self._last: HotlineTested | None = None
        self._placed = Counter(
            "hotline_test_calls",
            "Test calls that the service has placed, by what came of them.",
            ("result",),
            registry=registry,
        )
        for result in (HEARD, *CallTestFault):
            self._placed.labels(result)
        registry.register(self)
        bus.subscribe(HotlineTested, self._tested)

    def collect(self) -> Iterable[Metric]:
        """How the last one went."""
        ok = _gauge("ok", "1 while the last test call was answered and heard.")
        answer = _gauge("answer_seconds", "From its INVITE to the answer.")
        moment = _gauge("timestamp_seconds", "When it was over.")
        if last := self._last:
            ok.add_metric((), last.heard)
            answer.add_metric((), last.answer_seconds)
            moment.add_metric((), last.at.timestamp())
        return ok, answer, moment

    def _tested(self, event: HotlineTested) -> None:
        self._last = event
        self._placed.labels(event.fault or HEARD).inc()


def _gauge(name: str, text: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"hotline_test_call_{name}", text, labels=())
