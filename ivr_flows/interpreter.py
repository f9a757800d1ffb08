"""The flow interpreter: pure. A state and what happened in, a state and a wish out.

It reads no clock, plays nothing and knows no call, so the same flow runs on a line, on
a terminal and in tests.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

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
    Transfer,
    TransferEnded,
)
from ivr_flows.asking import answered, asked_again, listening, reading
from ivr_flows.language import Flow
from ivr_flows.open_question import RECORDED, OpenQuestionStep
from ivr_flows.questions import Asking
from ivr_flows.sentences import Speech
from ivr_flows.state import Exit, FlowContext, FlowState, StepLeft, sentences_of
from ivr_flows.step import (
    CLOSED,
    FAILED,
    KEYS,
    NO_QUEUE,
    OPEN,
    OTHERWISE,
    THEN,
    Step,
)
from ivr_flows.steps import (
    AnsweredStep,
    EnqueueStep,
    HangUpStep,
    OpeningHoursStep,
    PlayStep,
    RecordMessageStep,
    SayStep,
    SetStep,
    TransferStep,
)

__all__ = [
    "FlowContext",
    "FlowDefect",
    "FlowState",
    "StepLeft",
    "UnexpectedResult",
    "advance",
    "begin",
]


class FlowDefect(Exception):
    """The flow leads nowhere or in a circle; `check_flow` would have said so."""


class UnexpectedResult(Exception):
    """The result does not answer the last action."""


_ANSWER_TO: Mapping[type[Action], type[Result]] = {
    Play: Played,
    ReadDigits: DigitsRead,
    Listen: AnswerHeard,
    HearOut: HeardOut,
    RecordMessage: MessageRecorded,
    EnterQueue: QueueLeft,
    Transfer: TransferEnded,
}


def begin(flow: Flow, context: FlowContext, now: datetime) -> tuple[FlowState, Action]:
    """Enter the flow's first step at `now` (aware) and say what to do first."""
    language = flow.language or context.language
    variables = {"language": language, **context.variables}
    state = FlowState(step=flow.first, context=context, variables=variables)
    return _enter(flow, state, now)


def advance(
    flow: Flow, state: FlowState, result: Result, now: datetime
) -> tuple[FlowState, Action]:
    """Go on with what came of the last action, at `now` (aware).

    Raises `UnexpectedResult` when the result does not answer the last action.
    """
    if type(result) is not state.awaited:
        raise UnexpectedResult(
            f"step {state.step!r} does not wait for {type(result).__name__}"
        )
    state = replace(state, left=(), awaited=None)
    step = flow.steps[state.step]
    if again := _asked_again(step, state, result):
        return _awaiting(*again)
    wish = _after(step, state, result, now)
    if isinstance(wish, Exit):
        return _enter(flow, _leave(flow, state, wish), now)
    return _awaiting(state, wish)


def _asked_again(
    step: Step, state: FlowState, result: Result
) -> tuple[FlowState, Action] | None:
    if not isinstance(result, DigitsRead | AnswerHeard):
        return None
    return asked_again(step, state, result)


def _enter(flow: Flow, state: FlowState, now: datetime) -> tuple[FlowState, Action]:
    """Go through the steps that need nobody, up to one that wants something."""
    for _ in range(len(flow.steps) + 1):
        step = flow.steps[state.step]
        wish = _begun(step, state, now)
        if not isinstance(wish, Exit):
            return _awaiting(state, wish)
        state = _leave(flow, state, wish)
    raise FlowDefect(f"{flow.name}: the steps go round at {state.step!r}")


def _leave(flow: Flow, state: FlowState, taken: Exit) -> FlowState:
    exits = flow.exits(state.step)
    target = exits.get(taken.on, exits.get(THEN))
    if target is None:
        raise FlowDefect(f"{flow.name}: nothing follows step {state.step!r}")
    kind = flow.steps[state.step].do
    over = StepLeft(step=state.step, kind=kind, result=taken.result)
    return replace(
        state,
        step=target,
        tries=0,
        by_keys=False,
        left=(*state.left, over),
        variables={**state.variables, **taken.variables},
        answers={**state.answers, **taken.answers},
    )


def _awaiting(state: FlowState, action: Action) -> tuple[FlowState, Action]:
    return replace(state, awaited=_ANSWER_TO.get(type(action))), action


def _begun(step: Step, state: FlowState, now: datetime) -> Action | Exit:
    if isinstance(step, OpenQuestionStep):
        return _hearing_out(step, state)
    asking = listening(step, state) or _spoken(step, state, step.speech)
    return asking or _act(step, state, now)


def _hearing_out(step: OpenQuestionStep, state: FlowState) -> HearOut:
    return HearOut(
        language=state.language,
        sentences=sentences_of(state, step.say),
        max_seconds=step.max_seconds,
        silence_seconds=step.silence_seconds,
    )


def _spoken(step: Step, state: FlowState, speech: Speech) -> Play | None:
    sentences = sentences_of(state, speech)
    if not sentences:
        return None
    return Play(sentences=sentences, interrupt_by=_interrupting_keys(step))


def _interrupting_keys(step: Step) -> str:
    match step:
        case SayStep() | PlayStep():
            return step.interrupt_by
        case Asking():
            return KEYS if step.barge_in else ""
        case RecordMessageStep():
            return step.end_key
        case _:
            return ""


def _act(step: Step, state: FlowState, now: datetime) -> Action | Exit:
    match step:
        case Asking():
            return reading(step)
        case EnqueueStep():
            return _entering(step, state)
        case TransferStep():
            return Transfer(target=step.target)
        case RecordMessageStep():
            return RecordMessage(max_seconds=step.max_seconds, end_by=step.end_key)
        case HangUpStep():
            return HangUp()
        case OpeningHoursStep():
            return _hours(step, state, now)
        case AnsweredStep():
            on = THEN if step.is_so(state.answers) else OTHERWISE
            return Exit(on=on, result=on)
        case SetStep():
            return Exit(result="set", variables=step.values)
        case _:
            return Exit(result="passed")


def _entering(step: EnqueueStep, state: FlowState) -> EnterQueue | Exit:
    queues = state.context.queues
    if step.no_queue and queues is not None and step.queue not in queues:
        return Exit(on=NO_QUEUE, result=NO_QUEUE)
    moves = {
        key: to for key, to in step.move_keys.items() if queues is None or to in queues
    }
    hints = [wording for key in moves for wording in step.move_hints.get(key, ())]
    return EnterQueue(
        queue=step.queue,
        language=state.language,
        priority=step.priority,
        skills=step.skills,
        announce=sentences_of(state, step.say),
        announce_position=step.announce_position,
        max_wait_seconds=step.max_wait_seconds,
        leave_key=step.leave_key or "",
        leave_when_nobody=step.nobody is not None,
        call_back_key=step.call_back_key or "",
        move_keys=moves,
        remind=sentences_of(state, (*step.remind, *hints)),
        remind_every_seconds=step.remind_every_seconds,
        exits=frozenset(step.early_exits),
        variables=state.variables,
    )


def _hours(step: OpeningHoursStep, state: FlowState, now: datetime) -> Exit:
    local = now.astimezone(state.context.timezone)
    is_open = step.hours.open_at(local, state.context.calendar)
    on = OPEN if is_open else CLOSED
    return Exit(on=on, result=on)


def _after(
    step: Step, state: FlowState, result: Result, now: datetime
) -> Action | Exit:
    match result:
        case Played() if isinstance(step, SayStep | PlayStep):
            return Exit(result="interrupted" if result.interrupted else "played")
        case Played():
            return _act(step, state, now)
        case DigitsRead() | AnswerHeard():
            return answered(step, state, result)
        case HeardOut():
            return _heard_out(state, spoke=result.spoke)
        case MessageRecorded():
            return Exit(result="recorded")
        case QueueLeft():
            return _out_of_queue(result.outcome)
        case TransferEnded():
            return _transferred(connected=result.connected)


def _heard_out(state: FlowState, *, spoke: bool) -> Exit:
    if not spoke:
        return Exit(result="silent")
    return Exit(result=RECORDED, answers={state.step: RECORDED})


def _out_of_queue(outcome: QueueOutcome) -> Exit:
    on = THEN if outcome is QueueOutcome.TALKED else outcome.value
    return Exit(on=on, result=outcome.value)


def _transferred(*, connected: bool) -> Exit:
    if connected:
        return Exit(result="connected")
    return Exit(on=FAILED, result=FAILED)
