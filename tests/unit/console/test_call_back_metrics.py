"""Call-backs are counted by themselves, and in no counter of citizens' calls."""

from datetime import UTC, datetime

import pytest
from prometheus_client import CollectorRegistry

from acd import events as e
from acd.ledger.archive import LedgerCounts
from acd.ledger.debt import AttemptOutcome, DebtKind, DebtState
from console.call_back_metrics import call_back_gauges
from tests.unit.console.test_metrics import Counted

AT = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)


@pytest.fixture
def counted() -> Counted:
    return Counted()


def call_back(counted: Counted, outcome: e.Outcome) -> None:
    """A call-back stands in the queue, is answered and ends."""
    counted.tell(
        e.CallBackBegun,
        call_id="back",
        caller="+8613812345678",
        called="12345",
        call_back_id="debt",
    )
    counted.enters("back", 0)
    counted.connects("back", 10, wait_seconds=10)
    counted.ends("back", outcome)


def test_call_back_is_no_call_of_a_citizen(counted: Counted) -> None:
    call_back(counted, e.Outcome.ANSWERED)
    assert counted.value("calls_offered_total") == 0
    assert counted.value("calls_connected_total") == 0
    assert counted.value("calls_total", outcome="answered") == 0
    assert counted.value("call_backs_ended_total", outcome="answered") == 1


def test_attempts_and_answers_are_counted(counted: Counted) -> None:
    for outcome in (AttemptOutcome.BUSY, AttemptOutcome.ANSWERED):
        counted.bus.publish(
            e.CallBackTried(
                at=AT,
                call_id="back",
                call_back_id="debt",
                kind=DebtKind.PROMISE,
                outcome=outcome,
            )
        )
    counted.tell(
        e.SurveyAnswered, call_id="call", step="opinion", answer="good", asked_in="call"
    )
    name = "call_back_attempts_total"
    assert counted.value(name, kind="promise", outcome="busy") == 1
    assert counted.value(name, kind="promise", outcome="no_answer") == 0
    assert counted.value("survey_answers_total", step="opinion", answer="good") == 1


def test_what_is_owed_is_shown() -> None:
    counts = LedgerCounts(
        by_state=dict.fromkeys(DebtState, 0) | {DebtState.PROMISED: 3},
        oldest_at=AT,
    )

    class Collector:
        def collect(self) -> object:
            return call_back_gauges(counts, under_way=2, oldest_seconds=61.5)

    registry = CollectorRegistry()
    registry.register(Collector())  # type: ignore[arg-type]
    value = registry.get_sample_value
    assert value("hotline_call_backs", {"state": "promised"}) == 3
    assert value("hotline_call_backs", {"state": "owed"}) == 0
    assert value("hotline_call_backs_under_way") == 2
    assert value("hotline_call_backs_oldest_seconds") == 61.5
