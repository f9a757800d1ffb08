"""What is so at the moment of the scrape: queues, agents, legs, what is pending."""

from collections import Counter
from collections.abc import Iterable, Mapping
from importlib.metadata import PackageNotFoundError, version

from prometheus_client.metrics_core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    InfoMetricFamily,
    Metric,
)

from acd.distributor import QueueView
from acd.events import AgentState
from console.call_back_metrics import call_back_gauges
from console.clock_metrics import clock_metrics
from console.follow_up_metrics import follow_up_gauges
from console.live import LiveEvents
from console.view import Broker, ConsoleView, Workers, Writer
from telephony.trunk_state import TrunkView


class LiveMetrics:
    """A Prometheus collector that reads the running service."""

    def __init__(self, view: ConsoleView) -> None:
        self._view = view

    def collect(self) -> Iterable[Metric]:
        """The gauges, read now."""
        yield from _queues(self._view.distributor.queues())
        yield self._agents()
        yield _gauge(
            "agents_overdue",
            "Agents whose pause is longer than its reason allows.",
            sum(agent.overdue for agent in self._view.distributor.agents()),
        )
        yield _gauge("legs_in_use", "Legs that exist now.", self._view.legs.legs_in_use)
        yield _gauge(
            "legs_allowed",
            "Legs that the loaded SIP library allows at once.",
            self._view.legs.legs_allowed,
        )
        yield from _writer(self._view.writer)
        yield from self._call_backs()
        yield from follow_up_gauges(self._view.follow_ups.counts)
        yield self._ready()
        yield from _live_events(self._view.live)
        yield from clock_metrics(self._view.statistics.read())
        yield from _mqtt(self._view.mqtt) if self._view.mqtt else ()
        yield from _trunks(self._view.trunks.views())
        yield from _recognisers(self._view.recognisers.workers())
        yield _build()

    def _agents(self) -> Metric:
        states = Counter(agent.state for agent in self._view.distributor.agents())
        family = GaugeMetricFamily(
            "hotline_agents", "Agents by state.", labels=("state",)
        )
        for state in AgentState:
            family.add_metric((state,), states[state])
        return family

    def _call_backs(self) -> Iterable[Metric]:
        desk = self._view.call_backs
        return call_back_gauges(
            desk.counts, under_way=desk.under_way, oldest_seconds=desk.oldest_seconds
        )

    def _ready(self) -> Metric:
        ready = not any(check() for check in self._view.checks.values())
        return _gauge("ready", "1 while the service takes calls.", ready)


def _queues(queues: list[QueueView]) -> Iterable[Metric]:
    waiting = _by_queue("queue_waiting", "Citizens who wait for a person.")
    longest = _by_queue(
        "queue_longest_wait_seconds", "How long the first of them has waited."
    )
    talking = _by_queue("queue_talking", "Citizens who speak with an agent.")
    agents = GaugeMetricFamily(
        "hotline_queue_agents",
        "Agents of each queue by state; an agent of two queues counts in both.",
        labels=("queue", "state"),
    )
    for queue in queues:
        waiting.add_metric((queue.name,), queue.waiting)
        longest.add_metric((queue.name,), queue.longest_wait_seconds)
        talking.add_metric((queue.name,), queue.talking)
        for state, count in queue.agents.items():
            agents.add_metric((queue.name, state), count)
    return waiting, longest, talking, agents


def _live_events(live: LiveEvents) -> Iterable[Metric]:
    yield _gauge("live_readers", "Readers of live events.", live.readers)
    yield CounterMetricFamily(
        "hotline_live_readers_dropped",
        "Readers of live events who were too slow.",
        live.dropped,
    )


def _trunks(trunks: list[TrunkView]) -> Iterable[Metric]:
    up = _by_trunk("trunk_up", "1 while calls can be placed over the trunk.")
    lines = _by_trunk("trunk_lines", "Calls that the trunk carries at once.")
    in_use = _by_trunk("trunk_lines_in_use", "Calls that we have placed over it.")
    for trunk in trunks:
        up.add_metric((trunk.name,), trunk.up)
        lines.add_metric((trunk.name,), trunk.lines)
        in_use.add_metric((trunk.name,), trunk.lines_in_use)
    return up, lines, in_use


def _writer(writer: Writer) -> Iterable[Metric]:
    yield _gauge(
        "record_writer_pending",
        "Events that are not in the database yet.",
        writer.pending,
    )
    yield _gauge(
        "record_writer_lag_seconds",
        "How long the oldest of them has waited.",
        writer.lag_seconds,
    )
    yield CounterMetricFamily(
        "hotline_record_writer_lost",
        "Events that neither database nor disk could take.",
        writer.lost,
    )


def _recognisers(languages: Mapping[str, Workers]) -> Iterable[Metric]:
    wanted = GaugeMetricFamily(
        "hotline_recogniser_workers",
        "Processes that should recognise speech.",
        labels=("language",),
    )
    running = GaugeMetricFamily(
        "hotline_recogniser_workers_running",
        "Processes that recognise speech now.",
        labels=("language",),
    )
    for language, workers in languages.items():
        wanted.add_metric((language,), workers.wanted)
        running.add_metric((language,), workers.running)
    return wanted, running


def _by_trunk(name: str, text: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"hotline_{name}", text, labels=("trunk",))


def _mqtt(mqtt: Broker) -> Iterable[Metric]:
    yield _gauge("mqtt_connected", "1 while the broker takes events.", mqtt.connected)
    yield _gauge("mqtt_pending", "Events that wait for the broker.", mqtt.pending)
    yield CounterMetricFamily(
        "hotline_mqtt_dropped", "Events lost while the broker was away.", mqtt.dropped
    )
    yield CounterMetricFamily(
        "hotline_mqtt_refused", "Events that the broker did not want.", mqtt.refused
    )


def _by_queue(name: str, text: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"hotline_{name}", text, labels=("queue",))


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(f"hotline_{name}", text, value)


def _build() -> Metric:
    return InfoMetricFamily(
        "hotline_build", "What is running.", {"version": _version()}
    )


def _version() -> str:
    try:
        return version("hotline")
    except PackageNotFoundError:
        return "checkout"
