"""Any flow that the checks let through, with any caller."""

from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr_flows.actions import (
    Action,
    AnswerHeard,
    DigitsRead,
    EnterQueue,
    HangUp,
    HeardOut,
    HearOut,
    Listen,
    MessageRecorded,
    Play,
    Played,
    QueueLeft,
    QueueOutcome,
    ReadDigits,
    RecordMessage,
    Result,
    Said,
    Transfer,
    TransferEnded,
)
from ivr_flows.checks import check_structure
from ivr_flows.interpreter import FlowContext, advance, begin
from ivr_flows.language import Flow
from ivr_flows.understanding.answers import Answer
from tests.unit.ivr_flows.flows import NOW

NAMES = ["a", "b", "c", "d", "e", "f"]
Words = dict[str, Any]
anywhere = st.sampled_from(NAMES)
said = st.sampled_from([None, "greeting", ["closed", "您好{x}"], {"en": "Hello"}])
key = st.sampled_from("0123456789*#")
SPARE_ACTIONS = 2
CONTEXT = FlowContext(hears=frozenset({"zh"}))


def a_step(kind: str, **words: st.SearchStrategy[Any]) -> st.SearchStrategy[Words]:
    """A step of the kind, without the words that came out as None."""
    drawn = st.fixed_dictionaries({"do": st.just(kind), **words})
    return drawn.map(lambda step: {k: v for k, v in step.items() if v is not None})


def spoken_survey(ask: dict[str, Any]) -> st.SearchStrategy[Words]:
    """A question that is answered by voice, too."""
    return a_step(
        "survey",
        spoken=st.just("solved"),
        answers=st.just({"1": "yes", "2": "no", "0": "person"}),
        person=anywhere,
        refuses=anywhere,
        **ask,
    )


@cache
def steps_leading(first: int) -> st.SearchStrategy[Words]:
    """Any step; who does nothing goes to a step from `first` on, keys lead anywhere."""
    onward = st.sampled_from(NAMES[first:])
    go = {"then": st.none() | onward}
    ask = {
        **go,
        "say": said,
        "tries": st.integers(1, 3),
        "timeout": st.none() | onward,
        "invalid": st.none() | anywhere,
        "say_invalid": said,
    }
    hours = st.just({"workday": "9:00-17:00"})
    return st.one_of(
        a_step("say", say=said.filter(bool), interrupt_by=st.just("1"), **go),
        a_step("play", files=st.just("x.wav"), **go),
        a_step("menu", keys=st.dictionaries(key, anywhere, min_size=1), **ask),
        a_step("collect", into=st.just("x"), min_digits=st.integers(1, 3), **ask),
        a_step("survey", answers=st.just({"1": "good", "2": "bad"}), **ask),
        spoken_survey(ask),
        a_step(
            "enqueue", queue=st.just("q"), nobody=st.none() | onward, say=said, **go
        ),
        a_step(
            "transfer",
            target=st.just("sip:110@127.0.0.3"),
            failed=st.none() | onward,
            **go,
        ),
        a_step("opening_hours", hours=hours, open=onward, closed=onward),
        a_step("set", values=st.just({"language": "en", "x": "1"}), **go),
        a_step("go_to", then=onward),
        a_step("record_message", say=said, **go),
        a_step("open_question", say=said, **go),
        a_step("hang_up", say=said),
    )


@st.composite
def flows(draw: st.DrawFn, *, orderly: bool) -> Flow:
    """A flow of six steps; in an orderly one nobody who does nothing is led back."""
    steps: dict[str, Words] = {}
    for place, name in enumerate(NAMES[:-1]):
        steps[name] = draw(steps_leading(place + 1 if orderly else 0))
    steps[NAMES[-1]] = {"do": "hang_up"}
    return Flow.model_validate({"steps": steps})


def is_sound(flow: Flow) -> bool:
    """Whether the checks find nothing that could harm a call."""
    return all("never reached" in found.message for found in check_structure(flow))


digits = st.text("0123456789*#", max_size=4)


def result_for(action: Action, typed: str, chosen: int) -> Result:
    """What comes of an action with a caller who types this, and with this luck."""
    match action:
        case Play():
            return Played(interrupted=bool(typed and action.interrupt_by))
        case ReadDigits():
            return DigitsRead(digits=typed[: action.max_digits])
        case Listen():
            return heard(typed, chosen)
        case HearOut():
            return HeardOut(spoke=bool(chosen))
        case RecordMessage():
            return MessageRecorded()
        case EnterQueue():
            outcomes = list(QueueOutcome)
            return QueueLeft(outcome=outcomes[chosen % len(outcomes)])
        case _:
            return TransferEnded(connected=bool(chosen % 2))


def heard(typed: str, chosen: int) -> AnswerHeard:
    """A key, something said, or silence where nobody can listen any more."""
    if typed:
        return AnswerHeard(digits=typed[:1])
    if not chosen:
        return AnswerHeard()
    answer = (Answer.UNCLEAR, Answer.NO, Answer.OPT_OUT)[chosen - 1]
    return AnswerHeard(
        said=Said(answer=answer, confidence=1, transcript="…"), deaf=chosen == 1
    )


callers = st.lists(st.tuples(digits, st.integers(0, 3)), max_size=20)


def follow(flow: Flow, caller: list[tuple[str, int]]) -> None:
    """Nothing raises; and a caller who falls silent is brought to a request soon."""
    state, action = begin(flow, CONTEXT, NOW)
    for typed, chosen in caller:
        if isinstance(action, HangUp):
            return
        state, action = advance(flow, state, result_for(action, typed, chosen), NOW)
    for _ in range(len(flow.steps) * 3 * SPARE_ACTIONS):
        if isinstance(action, Play | ReadDigits | Listen | HearOut | RecordMessage):
            state, action = advance(flow, state, result_for(action, "", 0), NOW)
    assert isinstance(action, EnterQueue | Transfer | HangUp)


@settings(max_examples=20, deadline=None)
@given(flow=flows(orderly=True), caller=callers)
def test_orderly_flow_takes_every_caller_to_a_request(
    flow: Flow, caller: list[tuple[str, int]]
) -> None:
    assert is_sound(flow)
    follow(flow, caller)


@settings(max_examples=20, deadline=None)
@given(flow=flows(orderly=False), caller=callers)
def test_whatever_the_checks_let_through_is_safe(
    flow: Flow, caller: list[tuple[str, int]]
) -> None:
    if is_sound(flow):
        follow(flow, caller)


@pytest.mark.soak
@pytest.mark.timeout(900)
@settings(max_examples=2000, deadline=None)
@given(
    flow=st.booleans().flatmap(lambda orderly: flows(orderly=orderly)), caller=callers
)
def test_thousands_of_flows_are_judged_right(
    flow: Flow, caller: list[tuple[str, int]]
) -> None:
    if is_sound(flow):
        follow(flow, caller)
