"""A walk through a flow on a terminal: what is said, keys typed, no telephone."""

import sys
from datetime import datetime

import typer

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
from ivr_flows.interpreter import FlowContext, FlowState, advance, begin
from ivr_flows.language import Flow
from ivr_flows.prompts.catalogue import Catalogue
from ivr_flows.sentences import Sentence
from ivr_flows.step import KEYS
from ivr_flows.trial import text_of
from ivr_flows.understanding.meaning import understand


class Walk:
    """Goes through the flow once; reads the keys from standard input."""

    def __init__(
        self, flow: Flow, texts: Catalogue, context: FlowContext, now: datetime
    ) -> None:
        self._flow, self._texts, self._context, self._now = flow, texts, context, now
        self._told = ""

    def go(self) -> None:
        """From the first step until the flow hangs up."""
        state, action = begin(self._flow, self._context, self._now)
        self._tell(state)
        while not isinstance(action, HangUp):
            result = self._do(action)
            state, action = advance(self._flow, state, result, self._now)
            self._tell(state)
        typer.echo("  hangs up")

    def _tell(self, state: FlowState) -> None:
        for left in state.left:
            typer.echo(f"  -> {left.step}: {left.result}")
        if state.step != self._told:
            self._told = state.step
            typer.echo(f"[{state.step}] {self._flow.steps[state.step].do}")

    def _do(self, action: Action) -> Result:
        match action:
            case Play():
                self._say(action.sentences)
                return Played()
            case ReadDigits():
                return DigitsRead(digits=_keys(action))
            case Listen():
                self._say(action.sentences)
                return _heard(action)
            case HearOut():
                self._say(action.sentences)
                said = _ask("  what he says, in words of his own (Enter: nothing)")
                return HeardOut(spoke=bool(said))
            case RecordMessage():
                _ask("  the caller speaks a message; Enter when he is done")
                return MessageRecorded()
            case EnterQueue():
                return self._wait(action)
            case Transfer():
                return _transfer(action)
            case HangUp():
                raise AssertionError("nothing comes after the end")

    def _say(self, sentences: tuple[Sentence, ...]) -> None:
        for sentence in sentences:
            typer.echo(f"  says: {text_of(sentence, self._texts)}")

    def _wait(self, request: EnterQueue) -> QueueLeft:
        self._say(request.announce)
        for key, queue in request.move_keys.items():
            typer.echo(f"  may press {key}, to wait for an agent of {queue!r} instead")
        ways = [outcome.value for outcome in _ways(request)]
        told = (
            f"  waits for an agent of {request.queue!r}; what happens? {'/'.join(ways)}"
        )
        answer = _choice(told, ways)
        return QueueLeft(outcome=QueueOutcome(answer))


def _ways(request: EnterQueue) -> list[QueueOutcome]:
    ways = [QueueOutcome.TALKED]
    if request.max_wait_seconds is not None:
        ways.append(QueueOutcome.TOO_LONG)
    if request.leave_key:
        ways.append(QueueOutcome.LEFT)
    if request.leave_when_nobody:
        ways.append(QueueOutcome.NOBODY)
    return ways


def _transfer(request: Transfer) -> TransferEnded:
    ways = ["talked", "failed"]
    answer = _choice(
        f"  is put through to {request.target}; what happens? talked/failed", ways
    )
    return TransferEnded(connected=answer == "talked")


def _heard(wanted: Listen) -> AnswerHeard:
    """A key, or else words, which are understood as a caller's are."""
    typed = _ask("  a key, or what he says (Enter: nothing)")
    if len(typed) == 1 and typed in KEYS:
        return AnswerHeard(digits=typed)
    if not typed:
        return AnswerHeard()
    found = understand(typed, wanted.question, wanted.language)
    return AnswerHeard(
        said=Said(answer=found.answer, confidence=found.confidence, transcript=typed)
    )


def _keys(wanted: ReadDigits) -> str:
    while True:
        typed = _ask("  keys (Enter: none)")
        if wrong := [key for key in typed if key not in KEYS]:
            typer.echo(
                f"  {wrong[0]!r} is no key of a telephone; keys are 0-9, * and #"
            )
            continue
        end = next((i for i, key in enumerate(typed) if key in wanted.terminator), None)
        digits = typed if end is None else typed[: end or 1]
        return digits[: wanted.max_digits]


def _choice(question: str, ways: list[str]) -> str:
    """One of the ways, by its first letters; Enter takes the first."""
    while True:
        typed = _ask(question)
        for way in ways:
            if way.startswith(typed):
                return way
        typer.echo(f"  write one of {', '.join(ways)}")


def _ask(question: str) -> str:
    """A line of standard input; nothing more there is like Enter."""
    typer.echo(f"{question}: ", nl=False)
    line = sys.stdin.readline()
    if not sys.stdin.isatty():
        typer.echo(line.rstrip("\n"))
    return line.strip()
