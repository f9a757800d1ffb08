"""Call-backs for Prometheus: what is owed now, and what came of the attempts."""

from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Counter
from prometheus_client.metrics_core import GaugeMetricFamily, Metric

from acd import events as e
from acd.ledger.archive import LedgerCounts
from acd.ledger.debt import AttemptOutcome, DebtKind
from config.bus import EventBus

ENDS = (
    e.Outcome.ANSWERED,
    e.Outcome.NOT_REACHED,
    e.Outcome.COMPLETED_IN_IVR,
    e.Outcome.ABANDONED_IN_IVR,
    e.Outcome.ABANDONED_IN_QUEUE,
    e.Outcome.ABANDONED_WHILE_RINGING,
    e.Outcome.FAILED,
    e.Outcome.CUT_OFF,
)


class CallBackCounters:
    """Counts attempts, survey answers, and how the calls that we place end."""

    def __init__(self, bus: EventBus, registry: CollectorRegistry) -> None:
        self._attempts = Counter(
            "hotline_call_back_attempts",
            "Attempts to call a citizen back, by what came of them.",
            ("kind", "outcome"),
            registry=registry,
        )
        self._answers = Counter(
            "hotline_survey_answers",
            "Answers to the survey after a call; silence is none.",
            ("step", "answer"),
            registry=registry,
        )
        self._ended = Counter(
            "hotline_call_backs_ended",
            "Calls that we made to pay a debt, by outcome.",
            ("outcome",),
            registry=registry,
        )
        self._begin_at_zero()
        bus.subscribe(e.CallBackTried, self._tried)
        bus.subscribe(e.SurveyAnswered, self._answered)

    def ended(self, event: e.CallEnded) -> None:
        """A call that we placed is over."""
        self._ended.labels(event.outcome).inc()

    def _begin_at_zero(self) -> None:
        for kind in DebtKind:
            for outcome in AttemptOutcome:
                self._attempts.labels(kind, outcome)
        for ending in ENDS:
            self._ended.labels(ending)

    def _tried(self, event: e.CallBackTried) -> None:
        self._attempts.labels(event.kind, event.outcome).inc()

    def _answered(self, event: e.SurveyAnswered) -> None:
        self._answers.labels(event.step, event.answer).inc()


def call_back_gauges(
    counts: LedgerCounts, *, under_way: int, oldest_seconds: float
) -> Iterable[Metric]:
    """What is owed now."""
    states = GaugeMetricFamily(
        "hotline_call_backs",
        "Debts of the call-back ledger by state.",
        labels=("state",),
    )
    for state, number in counts.by_state.items():
        states.add_metric((state,), number)
    yield states
    yield GaugeMetricFamily(
        "hotline_call_backs_under_way",
        "Call-backs that wait in a queue or ring a citizen.",
        under_way,
    )
    yield GaugeMetricFamily(
        "hotline_call_backs_oldest_seconds",
        "How long the oldest open debt has been owed.",
        oldest_seconds,
    )
