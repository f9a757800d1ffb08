"""A question and its answers: asked by voice, by keys, and again. Pure."""

from dataclasses import replace

from ivr_flows.actions import (
    Action,
    AnswerHeard,
    DigitsRead,
    Listen,
    Play,
    ReadDigits,
)
from ivr_flows.questions import Asking, CollectStep
from ivr_flows.sentences import Speech
from ivr_flows.state import Exit, FlowState, sentences_of
from ivr_flows.step import INVALID, KEYS, TIMEOUT, Step
from ivr_flows.survey import SurveyStep, name_of

Replied = DigitsRead | AnswerHeard


def listening(step: Step, state: FlowState, excuse: Speech = ()) -> Listen | None:
    """Ask by voice and key, where that can be done in the caller's language."""
    if not isinstance(step, SurveyStep) or not step.spoken or state.by_keys:
        return None
    if state.language not in state.context.hears:
        return None
    said = (*excuse, *(step.say_spoken or step.say))
    return Listen(
        question=step.spoken,
        language=state.language,
        sentences=sentences_of(state, said),
        timeout_seconds=step.timeout_seconds,
        barge_in=step.barge_in,
    )


def reading(step: Asking) -> ReadDigits:
    """Wait for the keys."""
    return ReadDigits(
        max_digits=step.longest,
        first_timeout_seconds=step.timeout_seconds,
        next_timeout_seconds=step.next_timeout_seconds,
        terminator=step.terminator,
    )


def asked_again(
    step: Step, state: FlowState, replied: Replied
) -> tuple[FlowState, Action] | None:
    """The question once more, while it has no answer and tries are left.

    Who could not be understood by voice is asked once more for keys alone; so is he
    whom nobody could hear any more.
    """
    assert isinstance(step, Asking), "only a question waits for an answer"
    on = _exit_for(step, replied)
    by_voice = isinstance(replied, AnswerHeard)
    deaf = isinstance(replied, AnswerHeard) and replied.deaf
    over = state.tries + 1
    most = step.tries + 1 if by_voice or state.by_keys else step.tries
    if on not in (TIMEOUT, INVALID) or over >= most:
        return None
    to_keys = deaf or (by_voice and over >= step.tries)
    state = replace(state, tries=over, by_keys=state.by_keys or to_keys)
    excuse = () if deaf else step.say_timeout if on == TIMEOUT else step.say_invalid
    again = listening(step, state, excuse)
    return state, again or _by_keys(step, state, excuse, clear_digits=not deaf)


def _by_keys(
    step: Asking, state: FlowState, excuse: Speech, *, clear_digits: bool
) -> Action:
    sentences = sentences_of(state, (*excuse, *step.say))
    if not sentences:
        return reading(step)
    keys = KEYS if step.barge_in else ""
    return Play(sentences=sentences, interrupt_by=keys, clear_digits=clear_digits)


def answered(step: Step, state: FlowState, replied: Replied) -> Exit:
    """The way on with what was answered, or without an answer."""
    assert isinstance(step, Asking), "only a question waits for an answer"
    on = _exit_for(step, replied)
    if on in (TIMEOUT, INVALID):
        return Exit(on=on, result=on)
    if isinstance(step, SurveyStep):
        answer = _answer(step, replied)
        return Exit(on=on, result=answer, answers={state.step: answer})
    kept = {step.into: replied.digits} if isinstance(step, CollectStep) else {}
    return Exit(on=on, result="key", variables=kept)


def _exit_for(step: Asking, replied: Replied) -> str:
    if isinstance(replied, DigitsRead) or replied.digits:
        return step.exit_for(replied.digits)
    assert isinstance(step, SurveyStep), "only a survey is answered by voice"
    return step.exit_for_spoken(replied.said.answer if replied.said else None)


def _answer(step: SurveyStep, replied: Replied) -> str:
    if isinstance(replied, AnswerHeard) and replied.said and not replied.digits:
        return name_of(replied.said.answer)
    return step.answers[replied.digits]
