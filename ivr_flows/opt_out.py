"""The key that ends follow-up calls for good: their flows may use it for nothing else."""

from collections.abc import Iterator
from typing import Final

from ivr_flows.finding import FaultId, Finding
from ivr_flows.language import Flow
from ivr_flows.questions import CollectStep, MenuStep
from ivr_flows.step import Step
from ivr_flows.steps import EnqueueStep, RecordMessageStep
from ivr_flows.survey import OPTED_OUT, SurveyStep
from ivr_flows.told import Told, told

OPT_OUT_KEY: Final = "9"


def check_follow_up(flow: Flow) -> Iterator[Finding]:
    """A finding for each step of a follow-up's flow that wants the key for itself."""
    for name, step in flow.steps.items():
        for field in _taken_by(step):
            words = told(
                "%(field)s: %(key)s ends follow-up calls for good at any moment",
                field=field,
                key=OPT_OUT_KEY,
            )
            yield flow.finding(
                FaultId.OPT_OUT_KEY_TAKEN,
                ("steps", name, field),
                words,
                _advice(field),
            )


def _advice(field: str) -> Told:
    if field in ("into", "call_back_key"):
        return told("no number can be typed in them")
    return told("take another key")


def _taken_by(step: Step) -> Iterator[str]:
    """The fields of the step that give the key another meaning."""
    match step:
        case SurveyStep():
            if step.answers.get(OPT_OUT_KEY, OPTED_OUT) != OPTED_OUT:
                yield "answers"
        case MenuStep():
            if OPT_OUT_KEY in step.keys:
                yield "keys"
        case CollectStep():
            yield "into"
        case RecordMessageStep():
            if step.end_key == OPT_OUT_KEY:
                yield "end_key"
        case EnqueueStep():
            yield from _taken_in_queue(step)


def _taken_in_queue(step: EnqueueStep) -> Iterator[str]:
    if step.leave_key == OPT_OUT_KEY:
        yield "leave_key"
    if step.call_back_key:
        yield "call_back_key"
    if OPT_OUT_KEY in step.move_keys:
        yield "move_keys"
