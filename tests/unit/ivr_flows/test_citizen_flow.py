"""The default flow: one key to a person, and no key too (the zero-key hotline)."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from config.calendar import Calendar
from config.settings import Settings
from ivr_flows.actions import (
    DigitsRead,
    EnterQueue,
    HangUp,
    Play,
    Played,
    QueueLeft,
    QueueOutcome,
    ReadDigits,
)
from ivr_flows.flow import BUILT_IN, check_flow, load_flow, load_flows
from ivr_flows.interpreter import FlowContext, advance, begin
from tests.unit.ivr_flows.flows import CATALOGUE, NOW

FLOW = load_flow(BUILT_IN / "citizen.yaml")


SMALL = frozenset({"general"})
FULL = frozenset({"general", "enterprise", "expert"})


def after_greeting(digits: str, queues: frozenset[str] = SMALL) -> EnterQueue:
    state, action = begin(FLOW, FlowContext(queues=queues), NOW)
    assert isinstance(action, Play)
    state, action = advance(FLOW, state, Played(interrupted=bool(digits)), NOW)
    assert isinstance(action, ReadDigits)
    state, action = advance(FLOW, state, DigitsRead(digits=digits), NOW)
    assert isinstance(action, EnterQueue)
    return action


def test_default_flow_has_neither_fault_nor_warning() -> None:
    found = check_flow(
        FLOW,
        queues=["general"],
        prompts=CATALOGUE,
        calendar=Calendar(),
        today=date(2090, 1, 1),
    )
    assert found == []


def test_settings_without_a_word_on_flows_use_it() -> None:
    assert load_flows(Settings()) == {"citizen": FLOW}


@pytest.mark.parametrize("digits", ["", *"0123456789*#"])
def test_every_key_and_none_leads_to_a_person(digits: str) -> None:
    wish = after_greeting(digits)
    assert wish.queue == "", "the first queue of the hotline"
    assert wish.language == ("en" if digits == "9" else "zh")


@pytest.mark.parametrize("digits", ["", "3", "4"])
def test_no_key_of_the_greeting_leads_past_the_first_queue(digits: str) -> None:
    assert after_greeting(digits, FULL).queue == ""


@pytest.mark.parametrize(
    ("queues", "keys", "hints"),
    [
        (SMALL, {}, []),
        (
            FULL,
            {"3": "enterprise", "4": "expert"},
            ["enterprise_hint", "expert_hint"],
        ),
    ],
)
def test_keys_of_other_seats_are_said_to_those_who_wait_where_there_are_such_seats(
    queues: frozenset[str], keys: dict[str, str], hints: list[str]
) -> None:
    wish = after_greeting("", queues)
    assert wish.move_keys == keys
    usual = ["still_waiting", "call_back_hint", "leave_hint"]
    assert [sentence.words for sentence in wish.remind] == usual + hints
    assert not {wish.call_back_key, wish.leave_key} & set(wish.move_keys)


def test_every_key_that_is_said_to_those_who_wait_is_the_one_that_works() -> None:
    spoken = {"一": "1", "二": "2", "三": "3", "四": "4", "星": "*"}
    wish = after_greeting("", FULL)
    works = {wish.call_back_key, wish.leave_key, *wish.move_keys}
    texts = [CATALOGUE.text(s.words, "zh") or "" for s in wish.remind]
    said = {key for word, key in spoken.items() if any(f"按{word}" in t for t in texts)}
    assert said == works


@pytest.mark.parametrize("hour", range(0, 24, 6))
def test_person_is_there_day_and_night(hour: int) -> None:
    at = datetime(2026, 10, 1, hour, tzinfo=ZoneInfo("Asia/Shanghai"))
    state, _ = begin(FLOW, FlowContext(), at)
    state, _ = advance(FLOW, state, Played(), at)
    _, action = advance(FLOW, state, DigitsRead(digits=""), at + timedelta(seconds=5))
    assert isinstance(action, EnterQueue)


def test_only_his_own_key_takes_a_waiting_caller_out_of_the_queue() -> None:
    wish = after_greeting("")
    assert wish.max_wait_seconds is None
    assert wish.leave_key == "*"
    assert not wish.leave_when_nobody


def test_every_key_works_during_the_greeting() -> None:
    _, action = begin(FLOW, FlowContext(), NOW)
    assert isinstance(action, Play)
    assert set(action.interrupt_by) == set("0123456789*#")


def test_who_leaves_by_his_key_hears_that_his_call_is_noted() -> None:
    state, action = begin(FLOW, FlowContext(), NOW)
    left = QueueLeft(outcome=QueueOutcome.LEFT)
    for result in (Played(), DigitsRead(digits=""), left):
        state, action = advance(FLOW, state, result, NOW)
    assert isinstance(action, Play)
    assert [sentence.words for sentence in action.sentences] == ["left_queue"]
    state, action = advance(FLOW, state, Played(), NOW)
    assert isinstance(action, Play)
    _, action = advance(FLOW, state, Played(), NOW)
    assert action == HangUp()


@pytest.mark.parametrize("digits", ["", *"0123456789*#"])
def test_survey_ends_kindly_with_any_answer_and_none(digits: str) -> None:
    state, action = begin(FLOW, FlowContext(), NOW)
    talked = QueueLeft(outcome=QueueOutcome.TALKED)
    for result in (Played(), DigitsRead(digits=""), talked, Played()):
        state, action = advance(FLOW, state, result, NOW)
    state, action = advance(FLOW, state, DigitsRead(digits=digits), NOW)
    said = []
    while isinstance(action, Play):
        said += [sentence.words for sentence in action.sentences]
        state, action = advance(FLOW, state, Played(), NOW)
    assert action == HangUp()
    answered = digits in tuple("12345")
    assert said == (["survey_thanks", "goodbye"] if answered else ["goodbye"])
    assert bool(state.answers) is answered
