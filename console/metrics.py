"""Events counted for Prometheus: calls, waits, talks, recordings.

Every call counts once in each measure, however often it is offered or put back into
the queue. Names begin with `hotline_`; docs/metrics.md explains each.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.metrics_core import Metric

from acd import events as e
from acd.messages import OfferFailure
from acd.placing import CallPlaced, TrafficClass, WhyNot
from acd.statistics.counted_call import ASKED_FOR_A_PERSON, TARGET_SECONDS
from acd.statistics.queue_intervals import WAIT_BOUNDS
from config.bus import EventBus
from console.answer_metrics import AnswerMetrics
from console.call_back_metrics import CallBackCounters
from console.follow_up_metrics import FollowUpCounters
from console.plan_metrics import PlanMetrics
from console.talk_metrics import TalkMetrics
from console.test_call_metrics import CallTestMetrics
from recordings import events as r
from telephony.events import InvitationRefused, Refusal

WAIT_BUCKETS = WAIT_BOUNDS
IVR_BUCKETS = (1, 2, 3, 5, 8, 10, 15, 20, 30, 45, 60, 120, 300)
TALK_BUCKETS = (5, 10, 15, 30, 60, 120, 180, 240, 300, 420, 600, 900, 1800, 3600)

ABANDONED = {
    e.Outcome.BLOCKED: "blocked",
    e.Outcome.ABANDONED_IN_IVR: "in_ivr",
    e.Outcome.ABANDONED_IN_QUEUE: "in_queue",
    e.Outcome.ABANDONED_WHILE_RINGING: "while_ringing",
    e.Outcome.DECLINED: "declined",
}


@dataclass(slots=True)
class _LiveCall:
    """What must be remembered of a call until it ends."""

    answered_at: datetime | None = None
    entered_at: datetime | None = None
    connected: bool = False
    refused_by_endpoint: bool = False
    placed: bool = False


class Metrics:
    """Counts what the bus tells; a Prometheus collector with a registry of its own."""

    def __init__(self, bus: EventBus) -> None:
        self._registry = CollectorRegistry()
        self._calls: dict[str, _LiveCall] = {}
        self._refused_sip_call_id: str | None = None
        self._make_call_counters()
        self._make_histograms()
        self._make_other_counters()
        self._call_backs = CallBackCounters(bus, self._registry)
        AnswerMetrics(bus, self._counter)
        TalkMetrics(bus, self._counter, self._registry)
        PlanMetrics(bus, self._registry)
        CallTestMetrics(bus, self._registry)
        FollowUpCounters(bus, self._counter, self._registry)
        self._subscribe(bus)

    def collect(self) -> Iterable[Metric]:
        """Everything counted so far (for a `CollectorRegistry`)."""
        for metric in self._registry.collect():
            # When each series was made interests nobody, and doubles their number.
            metric.samples = [s for s in metric.samples if "_created" not in s.name]
            yield metric

    def _make_call_counters(self) -> None:
        self._arrived = self._counter("calls_arrived", "INVITEs that became a call.")
        self._ended = self._counter(
            "calls", "Calls that ended, by outcome.", outcome=e.Outcome
        )
        self._refused = self._counter(
            "calls_refused",
            "Calls refused before they were answered, by reason.",
            reason=(*Refusal, "admission_limit"),
        )
        self._offered = self._counter(
            "calls_offered",
            "Calls that asked for a person: queue entered, blocked, or given up before.",
        )
        self._connected = self._counter(
            "calls_connected", "Calls that a person answered."
        )
        self._in_time = self._counter(
            "calls_connected_within_15_seconds",
            "Calls that a person answered within 15 s of the clock's start.",
            clock=("queue_entry", "sip_answer"),
        )
        self._abandoned = self._counter(
            "calls_abandoned",
            "Calls that nobody served, by where they ended.",
            stage=ABANDONED.values(),
        )
        self._missed = self._counter(
            "missed_calls", "Entries of the missed-call ledger.", stage=e.Outcome
        )

    def _make_histograms(self) -> None:
        self._wait = Histogram(
            "hotline_queue_wait_seconds",
            "From queue entry to a person's answer, to giving up, or to a promise.",
            ("queue", "result"),
            buckets=WAIT_BUCKETS,
            registry=self._registry,
        )
        self._estimate_error = Histogram(
            "hotline_wait_estimate_error_seconds",
            "How far the told wait was from the true one, of callers who were served.",
            ("queue", "served"),
            buckets=WAIT_BUCKETS,
            registry=self._registry,
        )
        self._ivr = Histogram(
            "hotline_ivr_seconds",
            "From our answer to queue entry, or to the end of a call without a queue.",
            buckets=IVR_BUCKETS,
            registry=self._registry,
        )
        self._talk = Histogram(
            "hotline_talk_seconds",
            "Length of talks between citizen and agent.",
            ("queue",),
            buckets=TALK_BUCKETS,
            registry=self._registry,
        )

    def _make_other_counters(self) -> None:
        self._unanswered = self._counter(
            "offers_unanswered",
            "Offers that an agent's phone did not take.",
            failure=OfferFailure,
        )
        self._overdue = self._counter(
            "pauses_overdue",
            "Pauses that became longer than their reason allows.",
            reason=(),
        )
        self._recordings = self._counter(
            "recordings",
            "Recordings that were stored, or failed.",
            result=("closed", "failed"),
        )
        self._silent = self._counter(
            "recordings_silent",
            "Stored recordings with a side on which nothing is heard.",
            side=("citizen", "agent"),
        )

        self._placed = Counter(
            "hotline_calls_placed",
            "Calls that we placed, by what came of them.",
            ("traffic", "result"),
            registry=self._registry,
        )
        for traffic in TrafficClass:
            for result in ("answered", *WhyNot):
                self._placed.labels(traffic, result)

    def _counter(self, name: str, text: str, **label: Iterable[str]) -> Counter:
        """A counter whose label values are all there from the start, at 0."""
        counter = Counter(
            f"hotline_{name}", text, tuple(label), registry=self._registry
        )
        for values in label.values():
            for value in values:
                counter.labels(str(value))
        return counter

    def _call_placed(self, event: CallPlaced) -> None:
        self._placed.labels(event.traffic, event.why_not or "answered").inc()

    def _subscribe(self, bus: EventBus) -> None:
        bus.subscribe(e.CallArrived, self._call_arrived)
        bus.subscribe(e.CallBackBegun, self._we_call)
        bus.subscribe(e.FollowUpBegun, self._we_call)
        bus.subscribe(e.RecallBegun, self._we_call)
        bus.subscribe(e.CallAnswered, self._call_answered)
        bus.subscribe(e.CallerEntered, self._caller_entered)
        bus.subscribe(e.CallConnected, self._call_connected)
        bus.subscribe(e.CallAbandoned, self._call_abandoned)
        bus.subscribe(e.CallBackPromised, self._call_back_promised)
        bus.subscribe(e.WaitEstimated, self._wait_estimated)
        bus.subscribe(e.TalkEnded, self._talk_ended)
        bus.subscribe(e.CallEnded, self._call_ended)
        bus.subscribe(e.CallMissed, self._call_missed)
        bus.subscribe(e.OfferUnanswered, self._offer_unanswered)
        bus.subscribe(e.PauseOverdue, self._pause_overdue)
        bus.subscribe(CallPlaced, self._call_placed)
        bus.subscribe(InvitationRefused, self._invitation_refused)
        bus.subscribe(r.RecordingClosed, self._recording_closed)
        bus.subscribe(r.RecordingFailed, self._recording_failed)

    def _call_arrived(self, event: e.CallArrived) -> None:
        self._arrived.inc()
        refused = event.sip_call_id == self._refused_sip_call_id
        self._calls[event.call_id] = _LiveCall(refused_by_endpoint=refused)

    def _we_call(
        self, event: e.CallBackBegun | e.FollowUpBegun | e.RecallBegun
    ) -> None:
        self._calls[event.call_id] = _LiveCall(placed=True)

    def _call_answered(self, event: e.CallAnswered) -> None:
        self._live(event).answered_at = event.at

    def _caller_entered(self, event: e.CallerEntered) -> None:
        call = self._live(event)
        if call.entered_at is None and not call.placed:
            call.entered_at = event.at
            self._offered.inc()
            self._observe_ivr(call, event.at)

    def _call_connected(self, event: e.CallConnected) -> None:
        call = self._live(event)
        if call.connected or call.placed:
            return
        call.connected = True
        self._connected.inc()
        self._wait.labels(event.queue, "connected").observe(event.wait_seconds)
        if event.wait_seconds <= TARGET_SECONDS:
            self._in_time.labels("queue_entry").inc()
        if _seconds(call.answered_at, event.at) <= TARGET_SECONDS:
            self._in_time.labels("sip_answer").inc()

    def _call_abandoned(self, event: e.CallAbandoned) -> None:
        if self._live(event).placed:
            return
        self._wait.labels(event.queue, "abandoned").observe(event.wait_seconds)

    def _call_back_promised(self, event: e.CallBackPromised) -> None:
        self._wait.labels(event.queue, "promised").observe(event.wait_seconds)

    def _wait_estimated(self, event: e.WaitEstimated) -> None:
        if event.connected:
            late = event.actual_seconds - event.told_seconds
            served = "later" if late > 0 else "sooner"
            self._estimate_error.labels(event.queue, served).observe(abs(late))

    def _talk_ended(self, event: e.TalkEnded) -> None:
        self._talk.labels(event.queue).observe(event.talk_seconds)

    def _call_ended(self, event: e.CallEnded) -> None:
        call = self._calls.pop(event.call_id, _LiveCall())
        if call.placed:
            self._call_backs.ended(event)
            return
        self._ended.labels(event.outcome).inc()
        if event.outcome in ABANDONED:
            self._abandoned.labels(ABANDONED[event.outcome]).inc()
        if event.outcome is e.Outcome.ANSWERED and not call.connected:
            self._connected.inc()  # by whom its flow transferred it to
        if call.entered_at is None:
            self._count_without_queue(call, event)

    def _count_without_queue(self, call: _LiveCall, event: e.CallEnded) -> None:
        if event.outcome in ASKED_FOR_A_PERSON:
            self._offered.inc()
        if call.answered_at:
            self._observe_ivr(call, event.at)
        elif event.outcome is e.Outcome.BLOCKED and not call.refused_by_endpoint:
            self._refused.labels("admission_limit").inc()

    def _observe_ivr(self, call: _LiveCall, until: datetime) -> None:
        if call.answered_at:
            self._ivr.observe(_seconds(call.answered_at, until))

    def _call_missed(self, event: e.CallMissed) -> None:
        self._missed.labels(event.stage).inc()

    def _offer_unanswered(self, event: e.OfferUnanswered) -> None:
        self._unanswered.labels(event.failure).inc()

    def _pause_overdue(self, event: e.PauseOverdue) -> None:
        self._overdue.labels(event.reason).inc()

    def _invitation_refused(self, event: InvitationRefused) -> None:
        self._refused.labels(event.refusal).inc()
        # A citizen whom the endpoint refused arrives right after, and counts once.
        self._refused_sip_call_id = event.invitation.sip_call_id

    def _recording_closed(self, event: r.RecordingClosed) -> None:
        self._recordings.labels("closed").inc()
        for side in event.silent:
            self._silent.labels(side).inc()

    def _recording_failed(self, event: r.RecordingFailed) -> None:
        self._recordings.labels("failed").inc()

    def _live(self, event: e.CallEvent) -> _LiveCall:
        return self._calls.setdefault(event.call_id, _LiveCall())


def _seconds(since: datetime | None, until: datetime) -> float:
    return (until - since).total_seconds() if since else float("inf")
