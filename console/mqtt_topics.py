"""What is published, where, and in which form: events made into MQTT messages.

Telephone numbers are masked. Every payload is a JSON object with the fields of its
event and `run` and `sequence`: within a run of the service, `sequence` grows by one
with each message, so a message that comes twice (QoS 1) is known by it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from pydantic import TypeAdapter

from acd import events as e
from acd import talk_events as t
from acd.adjustments.events import PersonMoved, RoundMade
from acd.distributor import AgentView, QueueView
from acd.people.events import PersonLeft
from acd.recalls.events import PersonRecalled, RecallChanged
from acd.test_calls import HotlineTested
from console.told import MASKED, adapter_of, fields_of
from outbound.detected import AnswerDetected
from outbound.events import FollowUpResult
from recordings import events as r
from telephony.trunk_state import TrunkChanged


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceStatus:
    """Whether the service is there; `offline` is also its last will.

    `run` is a ULID. Without `sequence`: it is sent before what is still pending.
    """

    run: str
    status: Literal["online", "offline"]


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueStatus:
    """A queue at a moment: told when it has changed, four times a second at most."""

    at: datetime
    name: str
    waiting: int
    talking: int
    longest_wait_seconds: float
    agents: dict[e.AgentState, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message for the broker."""

    topic: str
    payload: bytes
    retain: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """Where events of a kind go. `{field}` stands for a field of the event."""

    path: str
    retain: bool = False


MARKS = {
    "run": {
        "type": "string",
        "title": "Run",
        "description": "Which run of the service tells it (a ULID).",
    },
    "sequence": {
        "type": "integer",
        "title": "Sequence",
        "minimum": 1,
        "description": "Grows by one with each message of the run.",
    },
}
STATUS = Topic(path="service/status", retain=True)
TOPICS: Mapping[type[Any], Topic] = {
    ServiceStatus: STATUS,
    e.AgentStateChanged: Topic(path="agents/{agent_id}/state", retain=True),
    QueueStatus: Topic(path="queues/{name}/status", retain=True),
    e.QueueRulesChanged: Topic(path="queues/{queue}/rules_changed"),
    e.AgentProfileChanged: Topic(path="agents/{agent_id}/profile_changed"),
    e.CallArrived: Topic(path="calls/{call_id}/arrived"),
    e.CallBackBegun: Topic(path="calls/{call_id}/call_back_begun"),
    e.FollowUpBegun: Topic(path="calls/{call_id}/follow_up_begun"),
    e.RecallBegun: Topic(path="calls/{call_id}/recall_begun"),
    AnswerDetected: Topic(path="calls/{call_id}/answer_detected"),
    e.CallAnswered: Topic(path="calls/{call_id}/answered"),
    e.FlowBegun: Topic(path="calls/{call_id}/flow_begun"),
    e.FlowStepTaken: Topic(path="calls/{call_id}/flow_step"),
    e.CallerEntered: Topic(path="calls/{call_id}/entered"),
    e.CallOffered: Topic(path="calls/{call_id}/offered"),
    e.OfferUnanswered: Topic(path="calls/{call_id}/offer_unanswered"),
    e.CallConnected: Topic(path="calls/{call_id}/connected"),
    e.CallAbandoned: Topic(path="calls/{call_id}/abandoned"),
    e.CallBackPromised: Topic(path="calls/{call_id}/call_back_promised"),
    e.CallRouted: Topic(path="calls/{call_id}/routed"),
    e.CallOverflowed: Topic(path="calls/{call_id}/overflowed"),
    e.CallDeclined: Topic(path="calls/{call_id}/declined"),
    e.NeighbourAsked: Topic(path="calls/{call_id}/neighbour_asked"),
    e.PlaceTakenBack: Topic(path="calls/{call_id}/place_taken_back"),
    t.CallPriorityChanged: Topic(path="calls/{call_id}/priority_changed"),
    e.WaitEstimated: Topic(path="calls/{call_id}/wait_estimated"),
    e.TalkMoved: Topic(path="calls/{call_id}/talk_moved"),
    e.PauseOverdue: Topic(path="agents/{agent_id}/pause_overdue"),
    e.TalkEnded: Topic(path="calls/{call_id}/talk_ended"),
    e.CallRequeued: Topic(path="calls/{call_id}/requeued"),
    t.CallHeld: Topic(path="calls/{call_id}/held"),
    t.CallUnheld: Topic(path="calls/{call_id}/unheld"),
    t.AgentMuted: Topic(path="calls/{call_id}/agent_muted"),
    t.AgentUnmuted: Topic(path="calls/{call_id}/agent_unmuted"),
    t.RecordingPaused: Topic(path="calls/{call_id}/recording_paused"),
    t.RecordingResumed: Topic(path="calls/{call_id}/recording_resumed"),
    t.ThirdPartyCalled: Topic(path="calls/{call_id}/third_party_called"),
    t.ThirdPartyAnswered: Topic(path="calls/{call_id}/third_party_answered"),
    t.ThirdPartyFailed: Topic(path="calls/{call_id}/third_party_failed"),
    t.ThirdPartyJoined: Topic(path="calls/{call_id}/third_party_joined"),
    t.ThirdPartyLeft: Topic(path="calls/{call_id}/third_party_left"),
    t.CallHandedOver: Topic(path="calls/{call_id}/handed_over"),
    t.SupervisionStarted: Topic(path="calls/{call_id}/supervision_started"),
    t.SupervisionModeChanged: Topic(path="calls/{call_id}/supervision_mode_changed"),
    t.SupervisionFailed: Topic(path="calls/{call_id}/supervision_failed"),
    t.SupervisionEnded: Topic(path="calls/{call_id}/supervision_ended"),
    t.CallDisposed: Topic(path="calls/{call_id}/disposed"),
    t.CallMadeConfidential: Topic(path="calls/{call_id}/made_confidential"),
    e.CallMissed: Topic(path="calls/{call_id}/missed"),
    e.CallEnded: Topic(path="calls/{call_id}/ended"),
    e.LegOpened: Topic(path="calls/{call_id}/leg_opened"),
    e.LegAnswered: Topic(path="calls/{call_id}/leg_answered"),
    e.LegClosed: Topic(path="calls/{call_id}/leg_closed"),
    e.CallBackMoved: Topic(path="call_backs/{call_back_id}/moved"),
    e.CallBackTried: Topic(path="call_backs/{call_back_id}/tried"),
    FollowUpResult: Topic(path="follow_ups/{contact_id}/result"),
    e.MessageLeft: Topic(path="calls/{call_id}/message_left"),
    e.SurveyAnswered: Topic(path="calls/{call_id}/survey_answered"),
    r.RecordingStarted: Topic(path="calls/{call_id}/recording_started"),
    r.RecordingClosed: Topic(path="calls/{call_id}/recording_closed"),
    r.RecordingFailed: Topic(path="calls/{call_id}/recording_failed"),
    TrunkChanged: Topic(path="trunks/{trunk}/state", retain=True),
    e.PreviewOffered: Topic(path="agents/{agent_id}/preview_offered"),
    e.PreviewEnded: Topic(path="agents/{agent_id}/preview_ended"),
    e.PlanLevelChanged: Topic(path="plans/level", retain=True),
    RoundMade: Topic(path="staffing/round"),
    PersonMoved: Topic(path="people/{person_id}/moved"),
    PersonLeft: Topic(path="people/{person_id}/left"),
    PersonRecalled: Topic(path="people/{person_id}/recalled"),
    RecallChanged: Topic(path="plans/recall", retain=True),
    HotlineTested: Topic(path="service/test_call", retain=True),
}
_JSON: TypeAdapter[dict[str, Any]] = TypeAdapter(dict[str, Any])
EVENTS = tuple(kind for kind in TOPICS if kind not in (ServiceStatus, QueueStatus))
"""What is heard on the bus."""


def status_message(status: str, *, prefix: str, run: str) -> Message:
    """Tell whether the service is there."""
    payload = _JSON.dump_json({"run": run, "status": status})
    return Message(topic=f"{prefix}/{STATUS.path}", payload=payload, retain=True)


def queue_gone(name: str, *, prefix: str) -> Message:
    """Take back what a broker keeps of a queue: a retained message without a payload."""
    path = TOPICS[QueueStatus].path.format(name=name)
    return Message(topic=f"{prefix}/{path}", payload=b"", retain=True)


def message_of(event: Any, *, prefix: str, run: str, sequence: int) -> Message:
    """The message that tells an event; `KeyError` for what has no topic."""
    topic = TOPICS[type(event)]
    fields = fields_of(event)
    payload = {"run": run, "sequence": sequence, **fields}
    return Message(
        topic=f"{prefix}/{topic.path.format(**fields)}",
        payload=_JSON.dump_json(payload),
        retain=topic.retain,
    )


def schema_of(kind: type[Any]) -> dict[str, Any]:
    """The JSON Schema (2020-12) of the payload that tells events of a kind."""
    schema = adapter_of(kind).json_schema(mode="serialization")
    marks = {} if kind is ServiceStatus else MARKS
    for name in MASKED.get(kind, ()):
        schema["properties"][name]["description"] = "Masked, like 138****5678."
    return schema | {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "properties": marks | schema["properties"],
        "required": [*marks, *schema["properties"]],
    }


def agent_state(agent: AgentView) -> e.AgentStateChanged:
    """An agent's state told without a change: `old` equals `new`."""
    return e.AgentStateChanged(
        at=agent.since,
        agent_id=agent.id,
        old=agent.state,
        new=agent.state,
        reason=agent.reason,
        call_id=agent.call_id,
    )


def queue_status(queue: QueueView, at: datetime) -> QueueStatus:
    """A queue as it is now."""
    return QueueStatus(
        at=at,
        name=queue.name,
        waiting=queue.waiting,
        talking=queue.talking,
        longest_wait_seconds=round(queue.longest_wait_seconds, 3),
        agents=queue.agents,
    )
