"""A flow on a line: plays, listens and records until the flow wants more than that."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from config.clock import LoopClock
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
    ReadDigits,
    RecordMessage,
    Request,
    Result,
    Transfer,
    TransferEnded,
)
from ivr_flows.given import Given, Replies
from ivr_flows.interpreter import FlowContext, FlowState, StepLeft, advance, begin
from ivr_flows.language import Flow
from ivr_flows.listener import Listener, until_key
from ivr_flows.prompts import PromptError, Prompts
from ivr_flows.sentences import Language, Sentence
from telephony.calls import Leg, TelephonyError

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class StepTaken:
    """A step that is over, with its seconds; `result` never holds the digits.

    `requested` is the result of a step that handed the caller on, `unfinished` of one
    that the end of the call cut.
    """

    step: str
    kind: str
    started_at: datetime
    seconds: float
    result: str


OnHeard = Callable[[str, AnswerHeard, datetime], Awaitable[AnswerHeard]]
"""What was heard at a step, asked at that time, and what shall count in its stead."""


async def _as_heard(_: str, heard: AnswerHeard, __: datetime) -> AnswerHeard:
    return heard


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message that the caller left; `file` is None when it stands only in the
    recording of the whole call."""

    step: str
    started_at: datetime
    seconds: float
    file: Path | None


class FlowRun:
    """One run of a flow on one leg.

    `next_request` plays and collects until the flow wants something of its caller, who
    carries it out and goes on with `resume`; after `HangUp` there is nothing to resume.
    Both let `LegGone` through. A sentence that cannot be said is logged and left out:
    the caller is led on in silence rather than lost. Without `listener` all questions
    are answered by keys; with it `on_heard` may ask once more what an answer means.
    """

    def __init__(
        self,
        flow: Flow,
        leg: Leg,
        prompts: Prompts,
        *,
        clock: LoopClock,
        on_step: Callable[[StepTaken], None],
        messages_dir: Path,
        context: FlowContext | None = None,
        listener: Listener | None = None,
        on_heard: OnHeard = _as_heard,
    ) -> None:
        self._flow = flow
        self._leg = leg
        self._prompts = prompts
        self._clock = clock
        self._on_step = on_step
        self._messages_dir = messages_dir
        self._listener, self._on_heard = listener, on_heard
        self._context = replace(
            context or FlowContext(),
            language=prompts.language,
            hears=listener.languages if listener else frozenset(),
        )
        self._state: FlowState | None = None
        self._handed_on = False
        self._since = clock.now()
        self._replies = Replies()
        self.messages: list[Message] = []

    @property
    def answers(self) -> Mapping[str, str]:
        """Survey step -> the name of the caller's answer; silence is no answer."""
        return self._state.answers if self._state else {}

    @property
    def given(self) -> Mapping[str, Given]:
        """Survey step -> how its answer was given, or what could not be understood."""
        return self._replies.given

    @property
    def language(self) -> Language:
        """The language that the caller is spoken to in."""
        if self._state:
            return self._state.language
        return self._flow.language or self._prompts.language

    async def next_request(self) -> Request:
        """Begin the flow and run it up to its first request."""
        self._since = self._clock.now()
        return await self._run(*begin(self._flow, self._context, self._since))

    async def resume(self, result: QueueLeft | TransferEnded) -> Request:
        """Go on after a request that was carried out, up to the next."""
        assert self._state, "a flow is resumed before it has begun"
        self._leg.clear_digits()
        self._since = self._clock.now()
        return await self._run(*self._advanced(self._state, result))

    async def _run(self, state: FlowState, action: Action) -> Request:
        self._note(state)
        while not isinstance(action, (EnterQueue, Transfer, HangUp)):
            result = await self._unless_cut(state, action)
            state, action = self._advanced(state, result)
            self._note(state)
        self._on_step(self._step_now(state, "requested"))
        self._handed_on = True
        return action

    def _advanced(self, state: FlowState, result: Result) -> tuple[FlowState, Action]:
        return advance(self._flow, state, result, self._clock.now())

    async def _unless_cut(self, state: FlowState, action: Action) -> Result:
        done = False
        try:
            result = await self._do(state.step, action)
            done = True
        finally:
            if not done:
                self._on_step(self._step_now(state, "unfinished"))
        return result

    async def _do(self, step: str, action: Action) -> Result:
        match action:
            case Play():
                return Played(interrupted=not await self._play(action))
            case ReadDigits():
                return DigitsRead(digits=await self._read(action))
            case Listen():
                return await self._hear(step, action)
            case HearOut():
                return HeardOut(spoke=await self._hear_out(action))
            case RecordMessage():
                await self._record(step, action)
                return MessageRecorded()
            case _:
                raise AssertionError(f"{action} is for the caller of the run")

    async def _play(self, play: Play) -> bool:
        if play.clear_digits:
            self._leg.clear_digits()
        files = await self._files(play.sentences)
        return not files or await self._heard(files, play.interrupt_by)

    async def _files(self, sentences: Sequence[Sentence]) -> list[Path]:
        files: list[Path] = []
        for sentence in sentences:
            files += await self._or_silence(self._prompts.speech([sentence]))
        return files

    async def _hear(self, step: str, wanted: Listen) -> AnswerHeard:
        assert self._listener, "a flow listens only where somebody can hear"
        asked_at, files = self._clock.now(), await self._files(wanted.sentences)
        heard = await self._listener.answer(self._leg, files, wanted)
        heard = await self._on_heard(step, heard, asked_at)
        self._replies.heard(heard, asked_at)
        return heard

    async def _hear_out(self, wanted: HearOut) -> bool:
        self._leg.clear_digits()
        files = await self._files(wanted.sentences)
        if self._listener and wanted.language in self._listener.languages:
            return await self._listener.hear_out(self._leg, files, wanted)
        return await until_key(self._leg, files, wanted.max_seconds)

    async def _heard(self, files: Sequence[Path], interrupt_by: str = "") -> bool:
        try:
            return await self._leg.play(files, interrupt_by=interrupt_by)
        except TelephonyError as error:
            logger.warning("call %s: a file is not played: %s", self._leg.id, error)
            return True

    async def _or_silence(self, files: Awaitable[list[Path]]) -> list[Path]:
        try:
            return await files
        except PromptError as error:
            logger.warning("call %s: a sentence is left out: %s", self._leg.id, error)
            return []

    async def _read(self, wanted: ReadDigits) -> str:
        digits = ""
        limit = wanted.first_timeout_seconds
        while len(digits) < wanted.max_digits:
            digit = await self._leg.read_digit(timeout_seconds=limit)
            if digit is None:
                break
            if digit in wanted.terminator:
                return digits or digit
            digits += digit
            limit = wanted.next_timeout_seconds
        return digits

    async def _record(self, step: str, wanted: RecordMessage) -> None:
        if tone := await self._or_silence(self._prompts.tone()):
            await self._heard(tone)
        self._leg.clear_digits()
        began = self._clock.now()
        file = await self._own_recording()
        try:
            await self._wait_for_key(wanted)
        finally:
            if file:
                await self._leg.stop_recording()
            self._keep_message(step, began, file)

    async def _own_recording(self) -> Path | None:
        """A file of the message's own, unless the whole call is being recorded."""
        file = self._messages_dir / f"{self._leg.id}-{len(self.messages) + 1}.wav"
        try:
            await asyncio.to_thread(
                self._messages_dir.mkdir, parents=True, exist_ok=True
            )
            await self._leg.start_recording(file)
        except (TelephonyError, OSError) as error:
            logger.info(
                "call %s: the message has no file of its own: %s", self._leg.id, error
            )
            return None
        return file

    def _keep_message(self, step: str, began: datetime, file: Path | None) -> None:
        seconds = (self._clock.now() - began).total_seconds()
        self.messages.append(
            Message(step=step, started_at=began, seconds=seconds, file=file)
        )

    async def _wait_for_key(self, wanted: RecordMessage) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(wanted.max_seconds):
                while await self._another_key(wanted):
                    pass

    async def _another_key(self, wanted: RecordMessage) -> bool:
        digit = await self._leg.read_digit(timeout_seconds=wanted.max_seconds)
        return digit is not None and digit not in wanted.end_by

    def _note(self, state: FlowState) -> None:
        """Report the steps that are over and remember when the new one began."""
        self._state = state
        over: Sequence[StepLeft] = state.left
        if self._handed_on:
            over, self._handed_on = over[1:], False
        for left in over:
            self._replies.over(left.step, state.answers.get(left.step), self._since)
            self._on_step(self._taken(left.step, left.kind, left.result))

    def _step_now(self, state: FlowState, result: str) -> StepTaken:
        return self._taken(state.step, self._flow.steps[state.step].do, result)

    def _taken(self, step: str, kind: str, result: str) -> StepTaken:
        started_at, self._since = self._since, self._clock.now()
        seconds = (self._since - started_at).total_seconds()
        return StepTaken(
            step=step, kind=kind, started_at=started_at, seconds=seconds, result=result
        )
