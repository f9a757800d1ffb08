"""Follow-up calls for Prometheus: tries, answers, contacts, and results delivered."""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from prometheus_client import CollectorRegistry, Counter
from prometheus_client.metrics_core import GaugeMetricFamily, Metric

from config.bus import EventBus
from outbound.contact import FollowUpOutcome
from outbound.counts import FollowUpCounts
from outbound.deliveries.delivery import DeliveryState
from outbound.deliveries.events import DeliveryTried
from outbound.events import FollowUpResult, ResultCause, ToldAnswer

StateT = TypeVar("StateT", bound=str)
TRIES = {
    DeliveryState.DELIVERED: "delivered",
    DeliveryState.PENDING: "failed",
    DeliveryState.DEAD: "given_up",
}


class FollowUpCounters:
    """Counts tries by outcome, their answers, reviews, and tries to deliver."""

    def __init__(
        self,
        bus: EventBus,
        counter: Callable[..., Counter],
        registry: CollectorRegistry,
    ) -> None:
        self._attempts = counter(
            "follow_up_attempts",
            "Tries to reach a contact of a campaign, by outcome.",
            outcome=FollowUpOutcome,
        )
        self._answers = Counter(
            "hotline_follow_up_answers",
            "Answers given in follow-up calls; silence is none.",
            ("question", "answer", "given_by"),
            registry=registry,
        )
        self._reviews = counter(
            "follow_up_reviews", "Answers that a person heard and set."
        )
        self._deliveries = counter(
            "webhook_deliveries",
            "Tries to deliver a result to the order system, by what came of them.",
            result=TRIES.values(),
        )
        bus.subscribe(FollowUpResult, self._result)
        bus.subscribe(DeliveryTried, self._tried)

    def _result(self, event: FollowUpResult) -> None:
        if event.cause is ResultCause.REVIEW:
            self._reviews.inc()
        if event.cause is ResultCause.TRY:
            self._attempts.labels(event.reason).inc()
            for answer in event.answers:
                self._answer(answer)

    def _answer(self, answer: ToldAnswer) -> None:
        self._answers.labels(answer.question, answer.answer, answer.given_by).inc()

    def _tried(self, event: DeliveryTried) -> None:
        self._deliveries.labels(TRIES[event.state]).inc()


def follow_up_gauges(counts: FollowUpCounts) -> Iterable[Metric]:
    """How contacts and deliveries stand now."""
    contacts = _by_state(
        "follow_up_contacts", "Contacts of all campaigns by state.", counts.contacts
    )
    waiting = {
        state: counts.deliveries[state]
        for state in (DeliveryState.PENDING, DeliveryState.DEAD)
    }
    text = "Results that the order system does not have yet, or not at all."
    return contacts, _by_state("webhook_undelivered", text, waiting)


def _by_state(name: str, text: str, counts: Mapping[StateT, int]) -> Metric:
    family = GaugeMetricFamily(f"hotline_{name}", text, labels=("state",))
    for state, number in counts.items():
        family.add_metric((state,), number)
    return family
