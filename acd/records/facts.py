"""What each event adds to the records: pure, so that order and repetition do not matter.

A fact is a row with its own key, or the setting of columns that one kind of event
alone may set. Told twice, or in another order, it leaves the same records.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import singledispatch
from typing import Any

from acd import events as e
from acd import talk_events as t
from acd.messages import TalkEnd
from acd.records.queue_rows import QueueEvent, queue_row
from acd.records.talk_rows import talk_row

Row = dict[str, Any]

NO_TALK = "NOTALK"
COMPLETE_KINDS = {
    TalkEnd.CALLER: "COMPLETECALLER",
    TalkEnd.AGENT: "COMPLETEAGENT",
    TalkEnd.AGENT_LEG_DIED: "AGENTLEGDIED",
    TalkEnd.TRANSFERRED: "TRANSFER",
    TalkEnd.TRANSFER_FAILED: "TRANSFERFAILED",
    TalkEnd.NOT_BEGUN: NO_TALK,
}
KIND_ORDER = (
    *COMPLETE_KINDS.values(),
    "RINGNOANSWER",
    "REQUEUE",
    "OVERFLOW",
    "NEIGHBOUR",
    "ENTERQUEUE",
    "PLACEBACK",
    "PRIORITY",
    "DECLINE",
    "OFFER",
    "CONNECT",
    "MOVE",
    "ABANDON",
    "CALLBACK",
)
"""How queue events of one instant follow each other: endings before beginnings."""


@dataclass(slots=True)
class Facts:
    """Rows to write, by what they say. `touched` holds the first moment of each call."""

    touched: dict[str, datetime] = field(default_factory=dict)
    arrived: list[Row] = field(default_factory=list)
    answered: list[Row] = field(default_factory=list)
    ended: list[Row] = field(default_factory=list)
    legs_touched: dict[str, Row] = field(default_factory=dict)
    legs_opened: list[Row] = field(default_factory=list)
    legs_answered: list[Row] = field(default_factory=list)
    legs_closed: list[Row] = field(default_factory=list)
    steps: list[Row] = field(default_factory=list)
    survey_answers: list[Row] = field(default_factory=list)
    messages: list[Row] = field(default_factory=list)
    queue_events: list[Row] = field(default_factory=list)
    talk_events: list[Row] = field(default_factory=list)
    disposed: list[Row] = field(default_factory=list)
    confidential: list[Row] = field(default_factory=list)
    flows: list[Row] = field(default_factory=list)

    def touch(self, event: e.CallEvent) -> None:
        """The call exists, and did so at this moment."""
        known = self.touched.get(event.call_id, event.at)
        self.touched[event.call_id] = min(known, event.at)

    def touch_leg(self, event: e.LegOpened | e.LegAnswered | e.LegClosed) -> None:
        """The leg exists, and did so at this moment."""
        known = self.legs_touched.get(event.leg_id)
        if known is None or event.at < known["at"]:
            self.legs_touched[event.leg_id] = {
                "key": event.leg_id,
                "call_id": event.call_id,
                "at": event.at,
            }


def facts_of(events: Iterable[e.Event]) -> Facts:
    """Gather what a group of events adds; events of no interest add nothing."""
    facts = Facts()
    for event in events:
        _note(event, facts)
    return facts


@singledispatch
def _note(event: e.Event, facts: Facts) -> None:
    """Events without a place in a call's record are passed over."""


@_note.register
def _(event: e.CallArrived, facts: Facts) -> None:
    row = {"peer": event.peer, "sip_call_id": event.sip_call_id, "direction": "in"}
    _came(event, facts, {"caller": event.caller, "called": event.called} | row)


@_note.register
def _(event: e.CallBackBegun | e.FollowUpBegun, facts: Facts) -> None:
    row: Row = {"caller": event.caller, "called": event.called}
    if isinstance(event, e.CallBackBegun):
        row["call_back_id"] = event.call_back_id
    _came(event, facts, row)
    if event.confidential:
        facts.confidential.append({"key": event.call_id, "at": event.at})


@_note.register
def _(event: e.RecallBegun, facts: Facts) -> None:
    _came(event, facts, {"caller": "", "called": ""})


def _came(event: e.CallEvent, facts: Facts, row: Row) -> None:
    """A call's beginning; what is not told is that of a call that we place."""
    placed = {"peer": "", "sip_call_id": "", "direction": "out", "call_back_id": None}
    facts.touch(event)
    facts.arrived.append({"key": event.call_id, "at": event.at} | placed | row)


@_note.register
def _(event: e.MessageLeft, facts: Facts) -> None:
    facts.touch(event)
    facts.messages.append(
        {
            "file": event.file,
            "call_id": event.call_id,
            "step": event.step,
            "at": event.at,
            "seconds": event.seconds,
        }
    )


@_note.register
def _(event: e.SurveyAnswered, facts: Facts) -> None:
    facts.touch(event)
    facts.survey_answers.append(
        {
            "call_id": event.call_id,
            "step": event.step,
            "at": event.at,
            "answer": event.answer,
            "asked_in": event.asked_in,
        }
    )


@_note.register
def _(event: e.CallAnswered, facts: Facts) -> None:
    facts.touch(event)
    facts.answered.append({"key": event.call_id, "at": event.at})


@_note.register
def _(event: e.CallEnded, facts: Facts) -> None:
    facts.touch(event)
    facts.ended.append(
        {
            "key": event.call_id,
            "at": event.at,
            "outcome": event.outcome.value,
            "cause": str(event.cause),
        }
    )


@_note.register
def _(event: e.LegOpened, facts: Facts) -> None:
    facts.touch_leg(event)
    facts.legs_opened.append(
        {
            "key": event.leg_id,
            "at": event.at,
            "role": event.role.value,
            "agent_id": event.agent_id or None,
            "shown": event.shown or None,
        }
    )


@_note.register
def _(event: e.LegAnswered, facts: Facts) -> None:
    facts.touch_leg(event)
    facts.legs_answered.append({"key": event.leg_id, "at": event.at})


@_note.register
def _(event: e.LegClosed, facts: Facts) -> None:
    facts.touch_leg(event)
    facts.legs_closed.append(
        {
            "key": event.leg_id,
            "at": event.at,
            "cause": str(event.cause),
            "sip_code": event.sip_code,
        }
    )


@_note.register
def _(event: e.FlowBegun, facts: Facts) -> None:
    facts.touch(event)
    row = {"key": event.call_id, "flow": event.flow, "flow_version": event.version}
    facts.flows.append(row)


@_note.register
def _(event: e.FlowStepTaken, facts: Facts) -> None:
    facts.touch(event)
    facts.steps.append(
        {
            "call_id": event.call_id,
            "at": event.at,
            "step": event.step,
            "kind": event.kind,
            "result": event.result,
            "seconds": event.seconds,
        }
    )


@_note.register
def _(event: e.CallerEntered, facts: Facts) -> None:
    _queue_event(facts, event, "ENTERQUEUE", position=event.position)


@_note.register
def _(event: e.CallOffered, facts: Facts) -> None:
    _queue_event(
        facts, event, "OFFER", agent_id=event.agent_id, offer_id=event.offer_id
    )


@_note.register
def _(event: e.OfferUnanswered, facts: Facts) -> None:
    _queue_event(
        facts,
        event,
        "RINGNOANSWER",
        agent_id=event.agent_id,
        offer_id=event.offer_id,
        ring_seconds=event.ring_seconds,
        detail=event.failure.value,
    )


@_note.register
def _(event: e.CallConnected, facts: Facts) -> None:
    _queue_event(
        facts,
        event,
        "CONNECT",
        agent_id=event.agent_id,
        wait_seconds=event.wait_seconds,
        ring_seconds=event.ring_seconds,
    )


@_note.register
def _(event: e.CallAbandoned, facts: Facts) -> None:
    _queue_event(
        facts,
        event,
        "ABANDON",
        position=event.position,
        wait_seconds=event.wait_seconds,
        detail="while_ringing" if event.while_ringing else None,
    )


@_note.register
def _(event: e.CallBackPromised, facts: Facts) -> None:
    _queue_event(
        facts,
        event,
        "CALLBACK",
        position=event.position,
        wait_seconds=event.wait_seconds,
    )


@_note.register
def _(event: e.CallOverflowed, facts: Facts) -> None:
    to = f" to {event.to}" if event.to else ""
    _queue_event(
        facts,
        event,
        "OVERFLOW",
        wait_seconds=event.wait_seconds,
        detail=f"{event.reason}{to}",
    )


@_note.register
def _(event: e.CallDeclined, facts: Facts) -> None:
    _queue_event(facts, event, "DECLINE", detail=event.kind.value)


@_note.register
def _(event: e.NeighbourAsked, facts: Facts) -> None:
    detail = f"{event.neighbour}: {event.result}"
    ring_seconds = event.ring_seconds
    _queue_event(facts, event, "NEIGHBOUR", ring_seconds=ring_seconds, detail=detail)


@_note.register
def _(event: e.TalkMoved, facts: Facts) -> None:
    detail = f"from {event.from_agent_id}"
    _queue_event(facts, event, "MOVE", agent_id=event.agent_id, detail=detail)


@_note.register
def _(event: e.PlaceTakenBack, facts: Facts) -> None:
    whose = "call-back" if event.call_back else "call"
    detail = f"of {whose} {event.from_call_id}"
    _queue_event(facts, event, "PLACEBACK", detail=detail)


@_note.register
def _(event: t.CallPriorityChanged, facts: Facts) -> None:
    by = event.asked_by or "somebody"
    detail = f"{event.priority} by {by} ({event.peer})"
    _queue_event(facts, event, "PRIORITY", position=event.position, detail=detail)


@_note.register
def _(event: e.TalkEnded, facts: Facts) -> None:
    _queue_event(
        facts,
        event,
        COMPLETE_KINDS[event.end],
        agent_id=event.agent_id,
        talk_seconds=event.talk_seconds,
    )


@_note.register
def _(event: e.CallRequeued, facts: Facts) -> None:
    _queue_event(facts, event, "REQUEUE", agent_id=event.agent_id)


@_note.register
def _(event: t.TalkEvent, facts: Facts) -> None:
    facts.touch(event)
    facts.talk_events.append(talk_row(event))


@_note.register
def _(event: t.CallDisposed, facts: Facts) -> None:
    facts.touch(event)
    facts.talk_events.append(talk_row(event))
    facts.disposed.append(
        {
            "key": event.call_id,
            "at": event.at,
            "disposition": event.code,
            "disposition_note": event.note or None,
        }
    )


@_note.register
def _(event: t.CallMadeConfidential, facts: Facts) -> None:
    facts.touch(event)
    facts.confidential.append({"key": event.call_id, "at": event.at})


def _queue_event(facts: Facts, event: QueueEvent, kind: str, **columns: Any) -> None:
    facts.touch(event)
    facts.queue_events.append(queue_row(event, kind, **columns))
