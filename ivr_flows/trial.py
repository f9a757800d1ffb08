"""A flow tried without a telephone: what is said after these acts, and what can come next.

Pure: the same acts at the same moment always lead to the same place.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

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
from ivr_flows.prompts.catalogue import Catalogue, names_in
from ivr_flows.sentences import Language, Sentence
from ivr_flows.step import KEYS
from ivr_flows.told import Told, told
from ivr_flows.understanding.answers import ANSWERS, Answer, Question

SILENCE, DONE, TALKED, FAILED = "silence", "done", "talked", "failed"
SAID = "said_"
"""An answer by voice is this and its name."""
MOST_ACTS = 100


class TryRefused(Exception):
    """An act cannot be done where the call stands then."""

    error_id = "flow_try_impossible"

    def __init__(self, words: Told, index: int) -> None:
        super().__init__(str(words))
        self.words, self.index = words, index


class Kind(StrEnum):
    """What a line of a trial tells."""

    STEP = "step"
    SAYS = "says"
    ACT = "act"
    RESULT = "result"


class Standing(StrEnum):
    """What the call waits for."""

    KEYS = "keys"
    ANSWER = "answer"
    WORDS = "words"
    MESSAGE = "message"
    QUEUE = "queue"
    TRANSFER = "transfer"
    OVER = "over"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialLine:
    """A step was entered, something was said, done, or came of a step."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NextAct:
    """Something that can happen next, and the step in which the call stands after it."""

    act: str
    leads_to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """Where a call stands after some acts.

    `lines` tell the way there, `passed` the steps on it; `entered` are the keys that were
    pressed of an entry that is not complete. `queue` is where he waits, or who is called.
    `question` is what he may answer by voice, in the `language` of the call.
    """

    lines: tuple[TrialLine, ...]
    passed: tuple[str, ...]
    step: str
    standing: Standing
    entered: str = ""
    queue: str = ""
    language: Language
    question: Question | None = None
    next: tuple[NextAct, ...] = ()


def try_flow(
    flow: Flow,
    context: FlowContext,
    now: datetime,
    texts: Catalogue,
    acts: Sequence[str],
) -> Trial:
    """The trial after the acts, which are keys, `silence`, or what came of a wait.

    The flow must be sound. `TryRefused` for an act that is not possible there.
    """
    walk = _Walk(flow, texts)
    reached = walk.go(context, now, acts)
    following = []
    for act in walk.possible():
        after = _Walk(flow, texts).go(context, now, [*acts, act])
        following.append(NextAct(act=act, leads_to=after.step))
    return replace(reached, next=tuple(following))


def text_of(sentence: Sentence, texts: Catalogue) -> str:
    """What is said, with its values; "…" for one that is not known yet."""
    text = texts.text(sentence.words, sentence.language) or sentence.words
    for name in names_in(text):
        text = text.replace(f"{{{name}}}", sentence.values.get(name, "…"))
    return text


@dataclass(slots=True)
class _Walk:
    """One way through the flow."""

    flow: Flow
    texts: Catalogue
    lines: list[TrialLine] = field(default_factory=list)
    passed: list[str] = field(default_factory=list)
    waiting: Action | None = None
    entered: str = ""
    queue: str = ""

    def go(self, context: FlowContext, now: datetime, acts: Sequence[str]) -> Trial:
        """Through all acts, to what waits for the next one."""
        state, action = begin(self.flow, context, now)
        self._enter(state)
        left = list(enumerate(acts))
        while not isinstance(action, HangUp):
            result = self._result(action, left)
            if result is None:
                break
            state, action = advance(self.flow, state, result, now)
            self._enter(state)
        if isinstance(action, HangUp):
            self.waiting = None
        if left:
            index, act = left[0]
            words = told("%(act)s: the call is over before it", act=repr(act))
            raise TryRefused(words, index)
        return self._trial(state)

    def _trial(self, state: FlowState) -> Trial:
        return Trial(
            lines=tuple(self.lines),
            passed=tuple(dict.fromkeys(self.passed)),
            step=state.step,
            standing=_standing(self.waiting),
            entered=self.entered,
            queue=self.queue,
            language=state.language,
            question=self.waiting.question
            if isinstance(self.waiting, Listen)
            else None,
        )

    def possible(self) -> Iterator[str]:
        """What can happen where the call stands."""
        match self.waiting:
            case ReadDigits():
                yield from (*KEYS, SILENCE)
            case Listen(question=question):
                yield from (*KEYS, SILENCE)
                yield from (f"{SAID}{each}" for each in sorted(ANSWERS[question]))
            case HearOut():
                yield from (DONE, SILENCE)
            case RecordMessage():
                yield DONE
            case EnterQueue() as wanted:
                yield from _queue_keys(wanted)
                yield from _outcomes(wanted)
            case Transfer():
                yield from (TALKED, FAILED)

    def _enter(self, state: FlowState) -> None:
        for left in state.left:
            self.passed.append(left.step)
            self._tell(Kind.RESULT, f"{left.step}: {left.result}")
        if not self.passed or self.passed[-1] != state.step:
            self.passed.append(state.step)
            self._tell(Kind.STEP, state.step)

    def _tell(self, kind: Kind, text: str) -> None:
        self.lines.append(TrialLine(kind=kind, text=text))

    def _say(self, sentences: Sequence[Sentence]) -> None:
        for sentence in sentences:
            self._tell(Kind.SAYS, text_of(sentence, self.texts))

    def _result(self, action: Action, left: list[tuple[int, str]]) -> Result | None:
        """What came of it; None when no act is left, or the call is over."""
        if isinstance(action, Play):
            self._say(action.sentences)
            return Played()
        self.waiting = action
        match action:
            case Listen() | HearOut():
                self._say(action.sentences)
            case EnterQueue():
                self._say(action.announce)
                self.queue = action.queue
            case Transfer():
                self.queue = action.target
        while left:
            index, act = left.pop(0)
            if act not in self.possible():
                raise TryRefused(self._impossible(act), index)
            self._tell(Kind.ACT, act)
            if result := self._done(action, act):
                self.entered = self.queue = ""
                return result
            if self.waiting is None:
                return None
        return None

    def _impossible(self, act: str) -> Told:
        return told(
            "%(act)s cannot happen in step %(step)s",
            act=repr(act),
            step=self.passed[-1],
        )

    def _done(self, action: Action, act: str) -> Result | None:
        """What an act comes to; None while the call stays where it is."""
        match action:
            case ReadDigits():
                return self._key(action, act)
            case Listen():
                return _heard(act)
            case HearOut():
                return HeardOut(spoke=act == DONE)
            case RecordMessage():
                return MessageRecorded()
            case EnterQueue():
                return self._in_queue(action, act)
            case _:
                return TransferEnded(connected=act == TALKED)

    def _key(self, wanted: ReadDigits, act: str) -> DigitsRead | None:
        if act == SILENCE:
            return DigitsRead(digits=self.entered)
        if self.entered and act in wanted.terminator:
            return DigitsRead(digits=self.entered)
        self.entered += act
        is_whole = len(self.entered) >= wanted.max_digits or act in wanted.terminator
        return DigitsRead(digits=self.entered) if is_whole else None

    def _in_queue(self, wanted: EnterQueue, act: str) -> QueueLeft | None:
        if act in wanted.move_keys:
            self.queue = wanted.move_keys[act]
            return None
        outcome = QueueOutcome(_key_outcomes(wanted).get(act, act))
        if outcome is QueueOutcome.TALKED or outcome.value in wanted.exits:
            return QueueLeft(outcome=outcome)
        self.waiting = None  # he hears what happens, and is hung up on
        return None


def _key_outcomes(wanted: EnterQueue) -> dict[str, str]:
    return {
        key: outcome
        for key, outcome in (
            (wanted.leave_key, QueueOutcome.LEFT.value),
            (wanted.call_back_key, QueueOutcome.CALL_BACK.value),
        )
        if key
    }


def _queue_keys(wanted: EnterQueue) -> list[str]:
    return [*wanted.move_keys, *_key_outcomes(wanted)]


def _outcomes(wanted: EnterQueue) -> list[str]:
    """How he can leave the queue: by its rules always, by the flow's where it is written."""
    ways = [QueueOutcome.TALKED, QueueOutcome.OVERFLOW, QueueOutcome.FULL]
    if wanted.max_wait_seconds is not None:
        ways.append(QueueOutcome.TOO_LONG)
    if wanted.leave_when_nobody:
        ways.append(QueueOutcome.NOBODY)
    return [way.value for way in ways]


def _heard(act: str) -> AnswerHeard:
    if act == SILENCE:
        return AnswerHeard()
    if not act.startswith(SAID):
        return AnswerHeard(digits=act)
    answer = Answer(act.removeprefix(SAID))
    return AnswerHeard(said=Said(answer=answer, confidence=1.0, transcript=""))


def _standing(waiting: Action | None) -> Standing:
    match waiting:
        case ReadDigits():
            return Standing.KEYS
        case Listen():
            return Standing.ANSWER
        case HearOut():
            return Standing.WORDS
        case RecordMessage():
            return Standing.MESSAGE
        case EnterQueue():
            return Standing.QUEUE
        case Transfer():
            return Standing.TRANSFER
        case _:
            return Standing.OVER
