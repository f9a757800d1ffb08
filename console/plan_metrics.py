"""The staffing loop and the emergency plans for Prometheus."""

from prometheus_client import CollectorRegistry, Counter, Gauge

from acd.adjustments.events import PersonMoved, RoundMade
from acd.events import NeighbourAsked, PlanLevelChanged
from config.bus import EventBus


class PlanMetrics:
    """The level and the gap that were told last, 0 until then; and the moves."""

    def __init__(self, bus: EventBus, registry: CollectorRegistry) -> None:
        self._level = Gauge(
            "hotline_plan_level",
            "Level of the emergency plans; 0 is normal.",
            registry=registry,
        )
        self._missing = Gauge(
            "hotline_staffing_missing_agent_intervals",
            "Agents missing in the next hour, summed over its 15 minutes.",
            registry=registry,
        )
        self._rounds = Counter(
            "hotline_staffing_rounds", "Rounds of the staffing loop.", registry=registry
        )
        self._moves = Counter(
            "hotline_staffing_moves",
            "Moves of people that were carried out or taken back.",
            ["kind", "state"],
            registry=registry,
        )
        self._neighbours = Counter(
            "hotline_neighbour_calls",
            "Calls that plan 3 gave to neighbour hotlines, by how it went.",
            ["neighbour", "result"],
            registry=registry,
        )
        bus.subscribe(NeighbourAsked, self._asked)
        bus.subscribe(PlanLevelChanged, self._changed)
        bus.subscribe(RoundMade, self._round)
        bus.subscribe(PersonMoved, self._moved)

    def _changed(self, event: PlanLevelChanged) -> None:
        self._level.set(event.level)

    def _asked(self, event: NeighbourAsked) -> None:
        self._neighbours.labels(neighbour=event.neighbour, result=event.result).inc()

    def _round(self, event: RoundMade) -> None:
        self._rounds.inc()
        self._missing.set(event.missing)

    def _moved(self, event: PersonMoved) -> None:
        self._moves.labels(kind=event.kind, state=event.state).inc()
