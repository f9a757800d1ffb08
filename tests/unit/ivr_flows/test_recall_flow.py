"""The shipped flow of a recall: by voice, by keys, and by both."""

from pathlib import Path

import pytest

from ivr_flows.actions import (
    AnswerHeard,
    DigitsRead,
    HangUp,
    Listen,
    Played,
    Result,
    Said,
)
from ivr_flows.interpreter import FlowContext, advance, begin
from ivr_flows.understanding.answers import Answer, Question
from tests.unit.ivr_flows.flows import NOW, flow_of

SHIPPED = Path("ivr_flows/flows/recall.yaml").read_text(encoding="utf-8")
SILENCE = AnswerHeard()


def said(answer: Answer) -> AnswerHeard:
    return AnswerHeard(said=Said(answer=answer, confidence=0.9, transcript="…"))


def key(digit: str) -> AnswerHeard:
    return AnswerHeard(digits=digit)


def answers(folder: Path, *results: Result) -> dict[str, str]:
    """What stands at the end of the call after these results."""
    context = FlowContext(hears=frozenset({"zh"}))
    state, action = begin(flow_of(folder, SHIPPED), context, NOW)
    flow = flow_of(folder, SHIPPED)
    for result in results:
        if isinstance(action, Listen):
            assert action.question is Question.COMES
        state, action = advance(flow, state, result, NOW)
    while not isinstance(action, HangUp):
        state, action = advance(flow, state, Played(), NOW)
    return dict(state.answers)


@pytest.mark.parametrize(
    ("results", "kept"),
    [
        ([said(Answer.YES), said(Answer.IN_20)], {"comes": "yes", "soon": "in_20"}),
        ([said(Answer.IN_30)], {"comes": "in_30"}),
        ([said(Answer.NO)], {"comes": "no"}),
        ([key("1"), key("2")], {"comes": "yes", "soon": "in_20"}),
        ([key("2")], {"comes": "no"}),
        (
            [said(Answer.UNCLEAR), said(Answer.YES), key("3")],
            {"comes": "yes", "soon": "in_30"},
        ),
        (
            [SILENCE, SILENCE, Played(), DigitsRead(digits="1"), key("1")],
            {"comes": "yes", "soon": "in_10"},
        ),
    ],
)
def test_voice_and_keys_lead_to_the_same_answers(
    tmp_path: Path, results: list[Result], kept: dict[str, str]
) -> None:
    assert answers(tmp_path, *results) == kept
