"""What goes to the broker: topics, masked numbers, and the published schemas."""

import json
from dataclasses import is_dataclass, replace
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any, get_args, get_type_hints

import jsonschema
import pytest

import acd.adjustments.events
import acd.event
import acd.events
import acd.people.events
import acd.queue_events
import acd.recalls.events
import acd.talk_events
import recordings.events
from acd import events as e
from acd import talk_events as t
from acd.distributor import AgentView, QueueView
from acd.messages import TalkEnd
from acd.placing import WhyNot
from acd.queue_rules import OverflowWhen
from acd.recalls.events import RecallChanged
from acd.routing_words import Skipped
from acd.test_calls import HotlineTested
from console.documents import DOCS, documents
from console.mqtt_topics import (
    EVENTS,
    TOPICS,
    QueueStatus,
    ServiceStatus,
    agent_state,
    message_of,
    queue_status,
    schema_of,
    status_message,
)
from console.told import name_of
from outbound.answer import GivenBy
from outbound.detected import AnswerDetected
from outbound.events import FollowUpResult, ToldAnswer
from recordings import events as r
from telephony.trunk_state import TrunkChanged

AT = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
SAMPLES: dict[str, Any] = {
    "at": AT,
    "caller": "+8613812345678",
    "called": "12345",
    "agent_id": "1001",
    "name": "general",
    "call_id": "01JCALL",
    "role": e.Role.AGENT,
    "failure": WhyNot.BUSY,
    "end": TalkEnd.CALLER,
    "old": e.AgentState.READY,
    "new": e.AgentState.PAUSED,
    "number": "+8613812345678",
    "third_party": "110",
    "handed_to": t.HandedTo.QUEUE,
    "mode": t.SupervisionMode.LISTEN,
    "confidential": False,
    "agents": dict.fromkeys(e.AgentState, 1),
    "left_dbfs": -20.5,
    "right_dbfs": None,
    "silent": ("agent",),
    "skipped": {Skipped.TALKING: 3},
    "candidates": ("1001",),
    "answers": (
        ToldAnswer(
            question="solved",
            answer="yes",
            given_by=GivenBy.KEY,
            confidence=1,
            reviewed=False,
        ),
    ),
}
WRITTEN = dict(documents())
OTHERS = {datetime: AT, date: AT.date(), str: "text", int: 3, float: 1.5, bool: True}


def sample(kind: type[Any]) -> Any:
    """An event of a kind with every field set."""
    hints = get_type_hints(kind)
    return kind(**{name: value_of(name, hint) for name, hint in hints.items()})


def value_of(name: str, hint: Any) -> Any:
    """What a field holds: the sample of its name, or any value of its type."""
    known = SAMPLES.get(name)
    hint = next((one for one in get_args(hint) if one is OverflowWhen), hint)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return known if isinstance(known, hint) else next(iter(hint))
    return OTHERS.get(hint) if known is None and name not in SAMPLES else known


def published(event: Any) -> tuple[str, dict[str, Any]]:
    message = message_of(event, prefix="hotline/v1", run="RUN", sequence=7)
    return message.topic, json.loads(message.payload)


MODULES = (
    acd.recalls.events,
    acd.adjustments.events,
    acd.people.events,
    acd.event,
    acd.events,
    acd.queue_events,
    acd.talk_events,
    recordings.events,
)


def test_every_event_has_a_topic() -> None:
    kinds = {
        kind
        for module in MODULES
        for kind in vars(module).values()
        if is_dataclass(kind) and kind.__module__ == module.__name__
    }
    bases = {e.Event, e.CallEvent, t.TalkEvent, t.ThirdPartyEvent, t.SupervisionEvent}
    told = {TrunkChanged, FollowUpResult, AnswerDetected, HotlineTested}
    assert kinds - bases | told == set(EVENTS)


@pytest.mark.parametrize("kind", [*EVENTS, QueueStatus], ids=name_of)
def test_payload_keeps_to_its_schema(kind: type[Any]) -> None:
    schema = schema_of(kind)
    topic, payload = published(sample(kind))
    jsonschema.validate(
        payload, schema, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )
    assert set(payload) == set(schema["properties"]) == set(schema["required"])
    assert topic.startswith("hotline/v1/")
    assert "{" not in topic


def test_service_status_keeps_to_its_schema() -> None:
    message = status_message("offline", prefix="hotline/v1", run="RUN")
    jsonschema.validate(json.loads(message.payload), schema_of(ServiceStatus))
    assert (message.topic, message.retain) == ("hotline/v1/service/status", True)


@pytest.mark.parametrize("kind", [e.CallArrived, e.CallMissed])
def test_numbers_are_masked(kind: type[Any]) -> None:
    _, payload = published(sample(kind))
    assert payload["caller"] == "138****5678"
    assert payload["called"] == "12345"


def test_no_event_carries_a_whole_number_to_the_broker() -> None:
    for kind in EVENTS:
        assert "13812345678" not in json.dumps(published(sample(kind)))


def test_confidential_number_and_the_note_of_a_disposition_stay_here() -> None:
    for kind in (e.CallMissed, e.CallBackBegun, e.CallBackMoved):
        confidential = replace(sample(kind), confidential=True)
        assert published(confidential)[1]["caller"] == ""
    assert published(sample(t.CallDisposed))[1]["note"] == ""


def test_withheld_number_stays_empty() -> None:
    event = e.CallArrived(
        at=AT, call_id="C", caller="", called="12345", peer="p", sip_call_id="s"
    )
    assert published(event)[1]["caller"] == ""


def test_states_are_retained_and_calls_are_not() -> None:
    retained = {kind for kind, topic in TOPICS.items() if topic.retain}
    states = {ServiceStatus, QueueStatus, e.AgentStateChanged, TrunkChanged}
    states |= {e.PlanLevelChanged, RecallChanged, HotlineTested}
    assert retained == states


def test_state_without_a_change_tells_the_same_state_twice() -> None:
    agent = AgentView(
        id="1001",
        name="Li",
        contact="sip:1001@127.0.0.1",
        queues=("general",),
        skills={"tax": 2},
        penalties={},
        state=e.AgentState.PAUSED,
        reason="lunch",
        call_id="",
        since=AT,
    )
    topic, payload = published(agent_state(agent))
    assert topic == "hotline/v1/agents/1001/state"
    assert payload == {
        "run": "RUN",
        "sequence": 7,
        "at": "2026-03-01T08:00:00Z",
        "agent_id": "1001",
        "old": "paused",
        "new": "paused",
        "reason": "lunch",
        "call_id": "",
    }


def test_queue_is_told_as_it_is() -> None:
    queue = QueueView(
        name="tax", waiting=2, talking=1, longest_wait_seconds=3.14159, agents={}
    )
    topic, payload = published(queue_status(queue, AT))
    assert topic == "hotline/v1/queues/tax/status"
    assert (payload["waiting"], payload["longest_wait_seconds"]) == (2, 3.142)


@pytest.mark.parametrize(("name", "text"), WRITTEN.items(), ids=lambda value: "")
def test_document_in_docs_is_the_one_that_the_code_makes(name: Any, text: str) -> None:
    written = (DOCS / name).read_text(encoding="utf-8")
    assert written == text, "run: python -m console.documents"


def test_docs_hold_no_schema_of_what_is_not_published() -> None:
    names = {DOCS / name for name in WRITTEN}
    assert set((DOCS / "mqtt").iterdir()) <= names


def test_docs_list_every_topic_with_its_schema() -> None:
    text = (DOCS / "mqtt.md").read_text(encoding="utf-8")
    for kind, topic in TOPICS.items():
        path = topic.path.replace("{", "<").replace("}", ">")
        schema = f"mqtt/{name_of(kind)}.schema.json"
        assert f"| `{path}` |" in text
        assert f"({schema})" in text


def test_recording_events_are_published_too() -> None:
    topic, payload = published(sample(r.RecordingClosed))
    assert topic == "hotline/v1/calls/01JCALL/recording_closed"
    assert payload["silent"] == ["agent"]
