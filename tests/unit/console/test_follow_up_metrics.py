"""Follow-up calls are counted once for each try, with the answers that came of it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from prometheus_client import CollectorRegistry

from console.follow_up_metrics import follow_up_gauges
from outbound.answer import GivenBy
from outbound.contact import ContactState
from outbound.counts import FollowUpCounts
from outbound.deliveries.delivery import DeliveryState
from outbound.deliveries.events import DeliveryTried
from outbound.events import FollowUpResult, ResultCause, ToldAnswer
from tests.unit.console.test_metrics import Counted

AT = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
SPOKEN = ToldAnswer(
    question="solved",
    answer="no",
    given_by=GivenBy.VOICE,
    confidence=0.8,
    reviewed=False,
)
RESULT = FollowUpResult(
    at=AT,
    campaign="november",
    contact_id="01C",
    order_id="A-1",
    unit="供水",
    cause=ResultCause.TRY,
    state=ContactState.DONE,
    reason="partial",
    tries=1,
    call_id="01CALL",
    answers=(SPOKEN,),
    redo=True,
)


@pytest.fixture
def counted() -> Counted:
    return Counted()


def test_try_and_its_answers_are_counted_and_reviews_apart(counted: Counted) -> None:
    counted.bus.publish(RESULT)
    reviewed = replace(RESULT, cause=ResultCause.REVIEW)
    counted.bus.publish(reviewed)
    counted.bus.publish(replace(RESULT, cause=ResultCause.CLOSED, reason="tries_used"))
    tries = "follow_up_attempts_total"
    assert counted.value(tries, outcome="partial") == 1
    assert counted.value(tries, outcome="busy") == 0
    labels = {"question": "solved", "answer": "no", "given_by": "voice"}
    assert counted.value("follow_up_answers_total", **labels) == 1
    assert counted.value("follow_up_reviews_total") == 1


def test_tries_to_deliver_are_counted_by_what_came_of_them(counted: Counted) -> None:
    for state in DeliveryState:
        counted.bus.publish(DeliveryTried(at=AT, delivery_id="01D", state=state))
    name = "webhook_deliveries_total"
    for result in ("delivered", "failed", "given_up"):
        assert counted.value(name, result=result) == 1


def test_contacts_and_undelivered_results_are_gauges_by_state() -> None:
    class Counts(FollowUpCounts):
        def __init__(self) -> None:
            self.contacts = dict.fromkeys(ContactState, 0) | {ContactState.DONE: 3}
            self.deliveries = dict.fromkeys(DeliveryState, 2)

    class Gauges:
        def collect(self) -> object:
            return follow_up_gauges(Counts())

    registry = CollectorRegistry()
    registry.register(Gauges())  # type: ignore[arg-type]
    value = registry.get_sample_value
    assert value("hotline_follow_up_contacts", {"state": "done"}) == 3
    assert value("hotline_follow_up_contacts", {"state": "waiting"}) == 0
    assert value("hotline_webhook_undelivered", {"state": "dead"}) == 2
    assert value("hotline_webhook_undelivered", {"state": "delivered"}) is None
