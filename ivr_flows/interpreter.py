"""The flow interpreter: pure. A state and what happened in, a state and a wish out.

It reads no clock, plays nothing and knows no call, so the same flow runs on a line, on
a terminal and in tests.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, tzinfo

from config.calendar import Calendar
from ivr_flows.actions import (
    Action,
    DigitsRead,
    EnterQueue,
    HangUp,
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
from ivr_flows.language import Flow
from ivr_flows.questions import Asking, CollectStep, SurveyStep
from ivr_flows.sentences import LANGUAGES, Language, Sentence, Speech
from ivr_flows.step import (
    CLOSED,
    FAILED,
    INVALID,
    KEYS,
    NO_QUEUE,
    OPEN,
    THEN,
    TIMEOUT,
    Step,
)
from ivr_flows.steps import (
    EnqueueStep,
    HangUpStep,
    OpeningHoursStep,
    PlayStep,
    RecordMessageStep,
    SayStep,
    SetStep,
    TransferStep,
)


class FlowDefect(Exception):
    """The flow leads nowhere or in a circle; `check_flow` would have said so."""


class UnexpectedResult(Exception):
    """The result does not answer the last action."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowContext:
    """What the flow may know of the call and of the city.

    `language` is spoken unless the flow has its own; `variables` are values for the
    {names} of sentences, and a `language` among them wins over both. `queues` are those
    that the hotline has; None when nobody knows.
    """

    language: Language = LANGUAGES[0]
    timezone: tzinfo = UTC
    calendar: Calendar = field(default_factory=Calendar)
    variables: Mapping[str, str] = field(default_factory=dict)
    queues: frozenset[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StepLeft:
    """A step that is over: what came of it, never the digits."""

    step: str
    kind: str
    result: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowState:
    """Where the call is in its flow.

    `left` are the steps that the last `begin` or `advance` finished, in order;
    `answers` the survey steps answered so far and the names of the answers.
    """

    step: str
    context: FlowContext
    variables: Mapping[str, str] = field(repr=False)
    answers: Mapping[str, str] = field(default_factory=dict)
    awaited: type[Result] | None = None
    tries: int = 0
    left: tuple[StepLeft, ...] = ()

    @property
    def language(self) -> Language:
        """The language spoken with the caller."""
        wanted = self.variables.get("language")
        return next(name for name in (*LANGUAGES, LANGUAGES[0]) if name == wanted)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Exit:
    """A step is over: the exit taken, the result to tell, what it changes."""

    on: str = THEN
    result: str
    variables: Mapping[str, str] = field(default_factory=dict, repr=False)
    answers: Mapping[str, str] = field(default_factory=dict)


_ANSWER_TO: Mapping[type[Action], type[Result]] = {
    Play: Played,
    ReadDigits: DigitsRead,
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
    if isinstance(result, DigitsRead) and (again := _asked_again(step, state, result)):
        return _awaiting(replace(state, tries=state.tries + 1), again)
    wish = _after(step, state, result, now)
    if isinstance(wish, _Exit):
        return _enter(flow, _leave(flow, state, wish), now)
    return _awaiting(state, wish)


def _enter(flow: Flow, state: FlowState, now: datetime) -> tuple[FlowState, Action]:
    """Go through the steps that need nobody, up to one that wants something."""
    for _ in range(len(flow.steps) + 1):
        step = flow.steps[state.step]
        wish = _spoken(step, state, step.speech) or _act(step, state, now)
        if not isinstance(wish, _Exit):
            return _awaiting(state, wish)
        state = _leave(flow, state, wish)
    raise FlowDefect(f"{flow.name}: the steps go round at {state.step!r}")


def _leave(flow: Flow, state: FlowState, taken: _Exit) -> FlowState:
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
        left=(*state.left, over),
        variables={**state.variables, **taken.variables},
        answers={**state.answers, **taken.answers},
    )


def _awaiting(state: FlowState, action: Action) -> tuple[FlowState, Action]:
    return replace(state, awaited=_ANSWER_TO.get(type(action))), action


def _spoken(step: Step, state: FlowState, speech: Speech) -> Play | None:
    sentences = _sentences(state, speech)
    if not sentences:
        return None
    return Play(sentences=sentences, interrupt_by=_interrupting_keys(step))


def _sentences(state: FlowState, speech: Speech) -> tuple[Sentence, ...]:
    return tuple(
        Sentence(words=words, language=language, values=state.variables)
        for words, language in (
            wording.in_language(state.language) for wording in speech
        )
    )


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


def _act(step: Step, state: FlowState, now: datetime) -> Action | _Exit:
    match step:
        case Asking():
            return _reading(step)
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
        case SetStep():
            return _Exit(result="set", variables=step.values)
        case _:
            return _Exit(result="passed")


def _reading(step: Asking) -> ReadDigits:
    return ReadDigits(
        max_digits=step.longest,
        first_timeout_seconds=step.timeout_seconds,
        next_timeout_seconds=step.next_timeout_seconds,
        terminator=step.terminator,
    )


def _entering(step: EnqueueStep, state: FlowState) -> EnterQueue | _Exit:
    queues = state.context.queues
    if step.no_queue and queues is not None and step.queue not in queues:
        return _Exit(on=NO_QUEUE, result=NO_QUEUE)
    return EnterQueue(
        queue=step.queue,
        language=state.language,
        priority=step.priority,
        skills=step.skills,
        announce=_sentences(state, step.say),
        announce_position=step.announce_position,
        max_wait_seconds=step.max_wait_seconds,
        leave_key=step.leave_key or "",
        leave_when_nobody=step.nobody is not None,
        call_back_key=step.call_back_key or "",
        remind=_sentences(state, step.remind),
        remind_every_seconds=step.remind_every_seconds,
        exits=frozenset(step.early_exits),
        variables=state.variables,
    )


def _hours(step: OpeningHoursStep, state: FlowState, now: datetime) -> _Exit:
    local = now.astimezone(state.context.timezone)
    is_open = step.hours.open_at(local, state.context.calendar)
    on = OPEN if is_open else CLOSED
    return _Exit(on=on, result=on)


def _after(
    step: Step, state: FlowState, result: Result, now: datetime
) -> Action | _Exit:
    match result:
        case Played() if isinstance(step, SayStep | PlayStep):
            return _Exit(result="interrupted" if result.interrupted else "played")
        case Played():
            return _act(step, state, now)
        case DigitsRead():
            return _answered(step, state, result.digits)
        case MessageRecorded():
            return _Exit(result="recorded")
        case QueueLeft():
            return _out_of_queue(result.outcome)
        case TransferEnded():
            return _transferred(connected=result.connected)


def _asked_again(step: Step, state: FlowState, result: DigitsRead) -> Action | None:
    """The question once more, while it has no answer and tries are left."""
    assert isinstance(step, Asking), "only a question waits for digits"
    on = step.exit_for(result.digits)
    if on not in (TIMEOUT, INVALID) or state.tries + 1 >= step.tries:
        return None
    excuse = step.say_timeout if on == TIMEOUT else step.say_invalid
    play = _spoken(step, state, (*excuse, *step.say))
    return replace(play, clear_digits=True) if play else _reading(step)


def _answered(step: Step, state: FlowState, digits: str) -> _Exit:
    assert isinstance(step, Asking), "only a question waits for digits"
    on = step.exit_for(digits)
    if on in (TIMEOUT, INVALID):
        return _Exit(on=on, result=on)
    kept = {step.into: digits} if isinstance(step, CollectStep) else {}
    if isinstance(step, SurveyStep):
        answer = step.answers[digits]
        return _Exit(on=on, result=answer, answers={state.step: answer})
    return _Exit(on=on, result="key", variables=kept)


def _out_of_queue(outcome: QueueOutcome) -> _Exit:
    on = THEN if outcome is QueueOutcome.TALKED else outcome.value
    return _Exit(on=on, result=outcome.value)


def _transferred(*, connected: bool) -> _Exit:
    if connected:
        return _Exit(result="connected")
    return _Exit(on=FAILED, result=FAILED)
