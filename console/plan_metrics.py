"""The emergency plans for Prometheus."""

from prometheus_client import CollectorRegistry, Gauge

from acd.events import PlanLevelChanged
from config.bus import EventBus


class PlanMetrics:
    """The level that was told last, 0 until then."""

    def __init__(self, bus: EventBus, registry: CollectorRegistry) -> None:
        self._level = Gauge(
            "hotline_plan_level",
            "Level of the emergency plans; 0 is normal.",
            registry=registry,
        )
        bus.subscribe(PlanLevelChanged, self._changed)

    def _changed(self, event: PlanLevelChanged) -> None:
        self._level.set(event.level)
