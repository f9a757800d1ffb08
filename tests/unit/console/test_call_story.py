"""A call's story for people: every kind of event has its sentence, and why its reason."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from enum import StrEnum
from itertools import pairwise
from typing import Any, get_args

import pytest

from acd.events import Outcome
from acd.messages import Declined, OfferFailure
from acd.placing import WhyNot
from acd.queue_rules import BY_KEY, OverflowWhen
from acd.records.facts import COMPLETE_KINDS
from acd.records.recovery import SERVICE_KILLED
from acd.records.rows import CallRecord, CallRow, QueueEventRow, StepRow, TalkEventRow
from acd.records.talk_rows import TALK_KINDS
from acd.routing_records.store import RoutingDecision
from acd.routing_records.words import in_words
from acd.routing_words import RoutingRule, Skipped
from acd.strategies import STRATEGIES
from acd.talk_events import HandedTo, SupervisionMode
from console.call_story import codes
from console.call_story.decisions import why
from console.call_story.line import Line
from console.call_story.queue_lines import queue_line
from console.call_story.sentences import OUTCOMES, QUEUE, TALK
from console.call_story.telling import told
from console.pages.translations import translate
from ivr_flows.actions import QueueOutcome
from ivr_flows.language import Flow
from ivr_flows.step import Step
from telephony.events import EndCause
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


def enumerated(*kinds: type[StrEnum]) -> set[str]:
    return {each.value for kind in kinds for each in kind}


def test_every_code_of_the_records_is_said_in_words() -> None:
    assert enumerated(OfferFailure, WhyNot) <= set(codes.REACHED)
    assert enumerated(OverflowWhen) | {BY_KEY} == set(codes.OVERFLOW)
    assert enumerated(Declined) == set(codes.DECLINED)
    assert enumerated(SupervisionMode, HandedTo) <= set(codes.TALK)
    assert enumerated(EndCause) | {SERVICE_KILLED} <= {*codes.REACHED, *codes.CAUSES}
    assert enumerated(QueueOutcome) <= set(codes.RESULTS)
    assert set(STRATEGIES) == set(codes.STRATEGIES)
    assert {name for kind in steps() for name in named(kind)} == set(codes.STEPS)


def named(kind: type[Step]) -> tuple[str, ...]:
    """As what a step is written in a flow; nothing for what several have in common."""
    return get_args(kind.model_fields["do"].annotation)


def steps() -> Iterator[type[Step]]:
    """Every kind of step that a flow may have."""
    assert "steps" in Flow.model_fields, "the language with all of them is there"
    waiting = Step.__subclasses__()
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        yield kind


def test_no_code_stays_latin_for_a_chinese_reader() -> None:
    said = [
        *codes.REACHED.values(),
        *codes.OVERFLOW.values(),
        *codes.DECLINED.values(),
        *codes.TALK.values(),
        *codes.CAUSES.values(),
        *codes.STEPS.values(),
        *codes.RESULTS.values(),
        *codes.STRATEGIES.values(),
    ]
    latin = [words for words in said if re.search("[A-Za-z]", translate("zh", words))]
    assert latin == []


@pytest.mark.parametrize(
    ("kind", "detail", "words"),
    [
        (
            "OVERFLOW",
            "no_agents to tax",
            "leaves the queue general by a rule: no agent is there goes on to the queue tax",
        ),
        ("OVERFLOW", "key", "leaves the queue general by a rule: by key"),
        ("PLACEBACK", "of call-back D1", "has the place back of the call-back D1"),
        ("PLACEBACK", "of call C1", "has the place back of the call C1"),
        ("PRIORITY", "7 by Li (127.0.0.1)", "another priority: 7, by Li"),
        ("MOVE", "from 1002", "the talk moved from agent 1002 to agent 1001"),
        (
            "NEIGHBOUR",
            "Jinan 12345: no_answer",
            "the neighbouring hotline Jinan 12345 was asked: no answer",
        ),
        (
            "DECLINE",
            "call_back",
            "there is no place in this flood: a call-back is promised",
        ),
    ],
)
def test_detail_of_a_queue_is_taken_apart_into_words(
    kind: str, detail: str, words: str
) -> None:
    empty: dict[str, Any] = dict.fromkeys(QueueEventRow.__dataclass_fields__)
    known = {"call_id": "A", "agent_id": "1001", "queue": "general", "at": AT}
    event = QueueEventRow(**empty | known | {"kind": kind, "detail": detail})
    assert " ".join(english(queue_line(event))) == words


def test_overflow_by_rule_says_where_it_leads() -> None:
    told = english(why(decision(RoutingRule.OVERFLOW, detail="wait to tax")))
    assert told[-2:] == [
        "a way out is taken: waited too long",
        "goes on to the queue tax",
    ]
    told = english(why(decision(RoutingRule.OVERFLOW, detail="closed to flow")))
    assert told[-1] == "the flow goes on"
    told = english(why(decision(RoutingRule.PLACE_TAKEN_BACK, detail="call-back D")))
    assert told[-1] == "it has the place back of the call-back D"
