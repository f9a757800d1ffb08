"""A call's story for people: every kind of event has its sentence, and why its reason."""

from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest

from acd.events import Outcome
from acd.records.facts import COMPLETE_KINDS
from acd.records.rows import CallRecord, CallRow, QueueEventRow, StepRow, TalkEventRow
from acd.records.talk_rows import TALK_KINDS
from acd.routing_records.store import RoutingDecision
from acd.routing_records.words import in_words
from acd.routing_words import RoutingRule, Skipped
from console.call_story.decisions import why
from console.call_story.line import Line
from console.call_story.sentences import OUTCOMES, QUEUE, TALK
from console.call_story.telling import told
from tests.fakes.call_events import after

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)


def english(line: Line) -> list[str]:
    """The sentences of a line as an English reader has them."""
    return [said.sentence % said.values for said in line.said]


def decision(rule: RoutingRule, **values: Any) -> RoutingDecision:
    known: dict[str, Any] = {
        "at": AT,
        "number": 1,
        "queue": "general",
        "rule": rule.value,
        "position": 2,
        "eligible": 0,
        "skipped": {},
        "candidates": [],
        "agent_id": "1001",
        "detail": "tax",
    }
    return RoutingDecision(**known | values)


@pytest.mark.parametrize("rule", RoutingRule)
def test_reason_of_each_rule_is_that_of_the_command_line(rule: RoutingRule) -> None:
    made = decision(rule)
    assert english(why(made))[-1] in in_words(made)


@pytest.mark.parametrize("reason", Skipped)
def test_each_who_was_not_asked_is_told_with_the_same_reason(reason: Skipped) -> None:
    made = decision(RoutingRule.NOBODY, skipped={reason.value: 3})
    assert english(why(made))[-1] in in_words(made)


def test_candidates_are_named_in_their_order() -> None:
    made = decision(RoutingRule.STRATEGY, eligible=12, candidates=["1001", "1002"])
    words = "12 could be asked, in this order: 1001, 1002, …"
    assert english(why(made))[-1] == words


def test_every_kind_of_event_and_every_outcome_has_its_sentence() -> None:
    assert set(TALK) == set(TALK_KINDS.values())
    assert set(COMPLETE_KINDS.values()) <= set(QUEUE)
    assert set(OUTCOMES) == set(Outcome)


def call_row(**values: Any) -> CallRow:
    names = CallRow.__dataclass_fields__
    empty: dict[str, Any] = dict.fromkeys(names)
    return CallRow(**empty | {"id": "A", "arrived_at": after(0)} | values)


def test_story_goes_from_arrival_to_end_and_names_no_number() -> None:
    queued: dict[str, Any] = dict.fromkeys(QueueEventRow.__dataclass_fields__)
    queued |= {"call_id": "A", "agent_id": "1001", "queue": "general"}
    talk: dict[str, Any] = {"call_id": "A", "agent_id": "1001", "detail": "busy"}
    number = "+8653188888888"
    record = CallRecord(
        call=call_row(ended_at=after(60), outcome="answered", cause="peer_hung_up"),
        legs=(),
        steps=(
            StepRow(
                call_id="A",
                at=after(3),
                step="menu",
                kind="Menu",
                result="1",
                seconds=2.5,
            ),
        ),
        queue_events=(
            QueueEventRow(**queued | {"at": after(60), "kind": "COMPLETECALLER"}),
            QueueEventRow(**queued | {"at": after(9), "kind": "OFFER"}),
        ),
        talk_events=(
            TalkEventRow(
                **talk, at=after(20), kind="NOTHIRDPARTY", who=number, seconds=4.0
            ),
        ),
    )
    lines = told(record, [decision(RoutingRule.STRATEGY, at=after(9))])
    assert all(one.at <= other.at for one, other in pairwise(lines))
    words = [" ".join(english(line)) for line in lines]
    assert words[0] == "the call arrived"
    assert words[1] == "menu (Menu) lasted 2.5 s, result: 1"
    assert words[2] == "the telephone of agent 1001 is called"
    assert words[-1] == "the call ended (peer hung up): answered by an agent"
    assert "053****8888" not in words
    assert not any(number in line for line in words)
