"""Each event counted once, in the right measure; 15 seconds are a clear line."""

import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from acd import events as e
from acd.messages import OfferFailure, TalkEnd
from config.bus import EventBus
from console.metrics import IVR_BUCKETS, TALK_BUCKETS, WAIT_BUCKETS, Metrics
from recordings import events as r
from telephony.events import Invitation, InvitationRefused, Refusal

START = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)


class Counted:
    """A bus with metrics, and what they say."""

    def __init__(self) -> None:
        self.bus = EventBus()
        self.metrics = Metrics(self.bus)
        self.registry = CollectorRegistry()
        self.registry.register(self.metrics)

    def tell(self, kind: type[Any], at_seconds: float = 0, **fields: Any) -> None:
        """Publish an event so many seconds after the start."""
        self.bus.publish(kind(at=START + timedelta(seconds=at_seconds), **fields))

    def value(self, name: str, **labels: str) -> float:
        """A sample's value; it must be there."""
        value = self.registry.get_sample_value(f"hotline_{name}", labels)
        assert value is not None, f"no sample hotline_{name} {labels}"
        return value

    def arrives(self, call: str, *, answered: bool = True) -> None:
        """A call comes, and is answered at 0 s."""
        self.tell(
            e.CallArrived,
            call_id=call,
            caller="+8613812345678",
            called="12345",
            peer="127.0.0.1",
            sip_call_id=f"sip-{call}",
        )
        if answered:
            self.tell(e.CallAnswered, call_id=call)

    def enters(self, call: str, at_seconds: float) -> None:
        """The citizen waits."""
        self.tell(
            e.CallerEntered, at_seconds, call_id=call, queue="general", position=1
        )

    def connects(self, call: str, at_seconds: float, wait_seconds: float) -> None:
        """An agent answers."""
        self.tell(
            e.CallConnected,
            at_seconds,
            call_id=call,
            queue="general",
            agent_id="1001",
            wait_seconds=wait_seconds,
            ring_seconds=1,
        )

    def ends(self, call: str, outcome: e.Outcome, at_seconds: float = 100) -> None:
        """The call is over."""
        self.tell(
            e.CallEnded, at_seconds, call_id=call, outcome=outcome, cause="rejected"
        )


@pytest.fixture
def counted() -> Counted:
    """Metrics of their own for each test."""
    return Counted()


def test_everything_is_zero_before_the_first_call(counted: Counted) -> None:
    for outcome in e.Outcome:
        assert counted.value("calls_total", outcome=outcome) == 0
    for stage in ("blocked", "in_ivr", "in_queue", "while_ringing"):
        assert counted.value("calls_abandoned_total", stage=stage) == 0
    for refusal in Refusal:
        assert counted.value("calls_refused_total", reason=refusal) == 0


def test_answered_call_counts_once_in_each_measure(counted: Counted) -> None:
    counted.arrives("A")
    counted.enters("A", 4)
    counted.connects("A", 10, wait_seconds=6)
    counted.tell(
        e.TalkEnded,
        70,
        call_id="A",
        queue="general",
        agent_id="1001",
        talk_seconds=60,
        end=TalkEnd.CALLER,
    )
    counted.ends("A", e.Outcome.ANSWERED)
    assert counted.value("calls_arrived_total") == 1
    assert counted.value("calls_total", outcome="answered") == 1
    assert counted.value("calls_offered_total") == 1
    assert counted.value("calls_connected_total") == 1
    assert counted.value("ivr_seconds_sum") == 4
    assert counted.value("talk_seconds_sum", queue="general") == 60
    waits = {"queue": "general", "result": "connected"}
    assert counted.value("queue_wait_seconds_sum", **waits) == 6


@pytest.mark.parametrize(
    ("wait_seconds", "in_time"), [(0, 1), (14.999, 1), (15.0, 1), (15.001, 0), (60, 0)]
)
def test_answer_within_15_seconds_of_queue_entry(
    counted: Counted, wait_seconds: float, in_time: int
) -> None:
    counted.arrives("A")
    counted.enters("A", 20)
    counted.connects("A", 20 + wait_seconds, wait_seconds)
    name = "calls_connected_within_15_seconds_total"
    assert counted.value(name, clock="queue_entry") == in_time
    assert counted.value(name, clock="sip_answer") == 0
    buckets = {"queue": "general", "result": "connected", "le": "15.0"}
    assert counted.value("queue_wait_seconds_bucket", **buckets) == in_time


def test_answer_within_15_seconds_of_the_sip_answer(counted: Counted) -> None:
    counted.arrives("A")
    counted.enters("A", 5)
    counted.connects("A", 15, wait_seconds=10)
    name = "calls_connected_within_15_seconds_total"
    assert counted.value(name, clock="sip_answer") == 1


def test_citizen_put_back_into_the_queue_counts_once(counted: Counted) -> None:
    counted.arrives("A")
    counted.enters("A", 1)
    counted.connects("A", 2, wait_seconds=1)
    counted.tell(e.CallRequeued, 30, call_id="A", queue="general", agent_id="1001")
    counted.enters("A", 30)
    counted.connects("A", 90, wait_seconds=60)
    assert counted.value("calls_offered_total") == 1
    assert counted.value("calls_connected_total") == 1
    assert counted.value("ivr_seconds_count") == 1
    waits = {"queue": "general", "result": "connected"}
    assert counted.value("queue_wait_seconds_count", **waits) == 1


@pytest.mark.parametrize(
    ("outcome", "stage", "offered"),
    [
        (e.Outcome.BLOCKED, "blocked", 1),
        (e.Outcome.ABANDONED_IN_IVR, "in_ivr", 1),
        (e.Outcome.ABANDONED_IN_QUEUE, "in_queue", 0),
        (e.Outcome.ABANDONED_WHILE_RINGING, "while_ringing", 1),
        (e.Outcome.DECLINED, "declined", 1),
    ],
)
def test_abandoned_call_counts_where_it_ended(
    counted: Counted, outcome: e.Outcome, stage: str, offered: int
) -> None:
    counted.ends("A", outcome)
    assert counted.value("calls_abandoned_total", stage=stage) == 1
    assert counted.value("calls_offered_total") == offered


def test_call_that_its_flow_transferred_is_offered_and_answered(
    counted: Counted,
) -> None:
    counted.arrives("A")
    counted.ends("A", e.Outcome.ANSWERED, at_seconds=90)
    assert counted.value("calls_offered_total") == 1
    assert counted.value("calls_connected_total") == 1


def test_call_that_is_served_by_the_machine_never_asked_for_a_person(
    counted: Counted,
) -> None:
    counted.arrives("A")
    counted.ends("A", e.Outcome.COMPLETED_IN_IVR, at_seconds=15)
    assert counted.value("calls_offered_total") == 0
    assert counted.value("ivr_seconds_bucket", le="15.0") == 1
    assert counted.value("ivr_seconds_bucket", le="10.0") == 0


def test_promised_wait_is_no_abandoned_one(counted: Counted) -> None:
    counted.tell(
        e.CallBackPromised, call_id="A", queue="general", position=1, wait_seconds=30.0
    )
    waits = {"queue": "general", "result": "promised"}
    assert counted.value("queue_wait_seconds_sum", **waits) == 30
    others = {"queue": "general", "result": "abandoned"}
    sample = "hotline_queue_wait_seconds_sum"
    assert counted.registry.get_sample_value(sample, others) is None


def test_abandoned_wait_is_kept_apart_from_served_ones(counted: Counted) -> None:
    counted.tell(
        e.CallAbandoned,
        call_id="A",
        queue="general",
        position=1,
        wait_seconds=33,
        while_ringing=False,
    )
    waits = {"queue": "general", "result": "abandoned"}
    assert counted.value("queue_wait_seconds_sum", **waits) == 33


def invitation(sip_call_id: str) -> Invitation:
    """An INVITE as the endpoint tells it."""
    return Invitation(
        sip_call_id=sip_call_id,
        from_uri="sip:13812345678@192.0.2.1",
        from_name="",
        asserted_uri="",
        withheld=False,
        request_uri="sip:12345@192.0.2.2",
        peer="192.0.2.1",
    )


@pytest.mark.parametrize("refusal", Refusal)
def test_refusal_of_the_endpoint_counts_by_its_reason(
    counted: Counted, refusal: Refusal
) -> None:
    counted.bus.publish(
        InvitationRefused(invitation=invitation("x"), refusal=refusal, sip_code=403)
    )
    assert counted.value("calls_refused_total", reason=refusal) == 1


def test_citizen_whom_the_endpoint_refused_is_not_refused_twice(
    counted: Counted,
) -> None:
    counted.bus.publish(
        InvitationRefused(
            invitation=invitation("sip-A"), refusal=Refusal.NO_FREE_LEG, sip_code=486
        )
    )
    counted.arrives("A", answered=False)
    counted.ends("A", e.Outcome.BLOCKED)
    assert counted.value("calls_refused_total", reason="no_free_leg") == 1
    assert counted.value("calls_refused_total", reason="admission_limit") == 0
    assert counted.value("calls_abandoned_total", stage="blocked") == 1


def test_citizen_above_the_limit_is_refused_by_it(counted: Counted) -> None:
    counted.arrives("A", answered=False)
    counted.ends("A", e.Outcome.BLOCKED)
    assert counted.value("calls_refused_total", reason="admission_limit") == 1


def test_missed_calls_offers_and_recordings_are_counted(counted: Counted) -> None:
    counted.tell(
        e.CallMissed,
        call_id="A",
        caller="",
        called="12345",
        queue="",
        stage=e.Outcome.BLOCKED,
    )
    counted.tell(
        e.OfferUnanswered,
        call_id="A",
        queue="general",
        agent_id="1001",
        offer_id="A-1",
        failure=OfferFailure.NO_ANSWER,
        ring_seconds=20,
    )
    for silent in ((), ("agent",), ("citizen", "agent")):
        counted.tell(
            r.RecordingClosed,
            call_id="A",
            seconds=1,
            left_dbfs=-20,
            right_dbfs=-20,
            silent=silent,
            sha256="",
            path="",
        )
    counted.tell(r.RecordingFailed, call_id="B", reason="disk full")
    assert counted.value("missed_calls_total", stage="blocked") == 1
    assert counted.value("offers_unanswered_total", failure="no_answer") == 1
    assert counted.value("recordings_total", result="closed") == 3
    assert counted.value("recordings_total", result="failed") == 1
    assert counted.value("recordings_silent_total", side="agent") == 2
    assert counted.value("recordings_silent_total", side="citizen") == 1


def test_calls_that_are_over_are_forgotten(counted: Counted) -> None:
    for number in range(100):
        counted.arrives(f"call {number}")
        counted.ends(f"call {number}", e.Outcome.ABANDONED_IN_IVR)
    assert counted.metrics._calls == {}


def test_pause_that_became_too_long_is_counted_by_its_reason(counted: Counted) -> None:
    counted.tell(e.PauseOverdue, agent_id="1001", reason="meal", limit_seconds=2700)
    assert counted.value("pauses_overdue_total", reason="meal") == 1


def test_talk_that_ends_after_its_call_leaves_nothing_behind(counted: Counted) -> None:
    counted.arrives("A")
    counted.ends("A", e.Outcome.ANSWERED)
    counted.tell(
        e.TalkEnded,
        call_id="A",
        queue="general",
        agent_id="1001",
        talk_seconds=1,
        end=TalkEnd.CALLER,
    )
    assert counted.metrics._calls == {}


def test_level_of_the_plans_is_the_one_that_was_told_last(counted: Counted) -> None:
    assert counted.value("plan_level") == 0
    counted.tell(e.PlanLevelChanged, level=2, old_level=0)
    assert counted.value("plan_level") == 2


@pytest.mark.parametrize("buckets", [WAIT_BUCKETS, IVR_BUCKETS, TALK_BUCKETS])
def test_15_seconds_are_an_edge(buckets: tuple[float, ...]) -> None:
    assert 15 in buckets
    assert list(buckets) == sorted(set(buckets))


def test_two_metrics_live_beside_each_other() -> None:
    one, other = Counted(), Counted()
    one.arrives("A")
    assert other.value("calls_arrived_total") == 0


@pytest.mark.skipif(
    shutil.which("promtool") is None, reason="promtool (package prometheus) is missing"
)
def test_promtool_finds_no_fault(counted: Counted) -> None:
    counted.arrives("A")
    counted.enters("A", 4)
    counted.connects("A", 10, wait_seconds=6)
    text = generate_latest(counted.registry)
    check = subprocess.run(
        ["promtool", "check", "metrics"], input=text, capture_output=True, check=False
    )
    assert (check.returncode, check.stderr + check.stdout) == (0, b"")


def test_error_of_the_told_wait_is_measured_of_those_who_were_served() -> None:
    counted = Counted()
    for call, told, actual, connected in (
        ("A", 60.0, 100.0, True),
        ("B", 60.0, 55.0, True),
        ("C", 60.0, 5.0, False),
    ):
        counted.tell(
            e.WaitEstimated,
            call_id=call,
            queue="general",
            told_seconds=told,
            actual_seconds=actual,
            connected=connected,
        )
    for served, seconds in (("later", 40.0), ("sooner", 5.0)):
        labels = {"queue": "general", "served": served}
        error = "wait_estimate_error_seconds"
        assert counted.value(f"{error}_count", **labels) == 1
        assert counted.value(f"{error}_sum", **labels) == seconds
