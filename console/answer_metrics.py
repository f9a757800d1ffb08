"""Who answers the follow-up calls that we place, counted for Prometheus."""

from collections.abc import Callable

from prometheus_client import Counter

from config.bus import EventBus
from outbound.answer_detection import AnsweredBy
from outbound.detected import AnswerDetected

MakeCounter = Callable[..., Counter]


class AnswerMetrics:
    """Counts the verdicts of answer detection."""

    def __init__(self, bus: EventBus, counter: MakeCounter) -> None:
        self._detected = counter(
            "follow_ups_answered_by",
            "Follow-up calls by who answered, or announced that nobody will.",
            answered_by=AnsweredBy,
        )
        bus.subscribe(AnswerDetected, self._count)

    def _count(self, event: AnswerDetected) -> None:
        self._detected.labels(event.answered_by).inc()
