"""The steps of the flow language, one class a kind, checked by pydantic."""

import re
from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import Field, field_validator, model_validator

from ivr_flows.open_question import OpenQuestionStep
from ivr_flows.opening import OpeningTimes
from ivr_flows.questions import CollectStep, MenuStep
from ivr_flows.sentences import LANGUAGES, Speech
from ivr_flows.step import (
    CALL_BACK,
    CLOSED,
    FAILED,
    FULL,
    LEFT,
    NO_QUEUE,
    NOBODY,
    OPEN,
    OTHERWISE,
    OVERFLOW,
    THEN,
    TOO_LONG,
    Key,
    Keys,
    Level,
    Priority,
    Speaking,
    Step,
    StepName,
    Text,
)
from ivr_flows.survey import SurveyStep
from ivr_flows.told import Unfit, told

_TARGET = re.compile(r"sips?:[^@\s<>]+@[^@\s<>]+|\+?[0-9*#]{2,20}", re.ASCII)


class SayStep(Speaking):
    """Says one or more sentences; a key of `interrupt_by` ends them."""

    do: Literal["say"]
    say: Speech
    interrupt_by: Keys = ""


class PlayStep(Step):
    """Plays recorded WAV files of the prompts directory."""

    do: Literal["play"]
    files: Speech
    interrupt_by: Keys = ""

    @property
    def speech(self) -> Speech:
        """The files to play."""
        return self.files

    @property
    def wordings(self) -> Speech:
        """No words: these are files."""
        return ()


class EnqueueStep(Speaking):
    """Lets the caller wait for an agent of `queue`; `say` is said while he waits.

    No queue means the first one of the hotline. `no_queue` follows where the hotline has
    no queue of that name. `priority` is up to 100, or
    `emergency`: before all others. `skills` are asked for besides the queue's own.

    `then` follows when the agent has hung up and the caller is still there. The others
    take him out of the queue before: after `max_wait_seconds`, by his `leave_key`, when
    no agent is logged in, or by the queue's own rules of overflow. `call_back_key` lets
    him ask for a call-back at his place (`call_back`). Each of `move_keys` takes him to another
    queue, with the time that he has waited; the step, its ways out and its keys stay. Its hint
    is said after `remind`; where the hotline has no such queue there is neither. In a flood he may be promised one
    at once, or hear that it is `full`. Ways that are not written end with a good-bye in words.
    """

    passive: ClassVar[frozenset[str]] = frozenset({NO_QUEUE, NOBODY, OVERFLOW, FULL})

    do: Literal["enqueue"]
    queue: Text = ""
    no_queue: StepName | None = None
    priority: Priority = 0
    skills: Mapping[Text, Level] = {}
    announce_position: bool = True
    max_wait_seconds: float | None = Field(None, ge=1)
    too_long: StepName | None = None
    leave_key: Key | None = None
    left: StepName | None = None
    nobody: StepName | None = None
    overflow: StepName | None = None
    call_back: StepName | None = None
    full: StepName | None = None
    call_back_key: Key | None = None
    move_keys: Mapping[Key, Text] = {}
    move_hints: Mapping[Key, Speech] = {}
    remind: Speech = ()
    remind_every_seconds: float = Field(60, ge=10, le=3600)

    @model_validator(mode="after")
    def _paired(self) -> "EnqueueStep":
        if self.call_back_key and self.call_back_key == self.leave_key:
            raise Unfit(told("call_back_key and leave_key must be two keys"))
        if {self.call_back_key, self.leave_key} & set(self.move_keys):
            raise Unfit(
                told("move_keys must be other keys than call_back_key and leave_key")
            )
        if "" in self.move_keys.values():
            raise Unfit(told("each of move_keys names a queue: {3: expert}"))
        if unknown := sorted(set(self.move_hints) - set(self.move_keys)):
            raise Unfit(
                told(
                    "move_hints speak of %(key)s, which is no move key", key=unknown[0]
                )
            )
        if self.no_queue and not self.queue:
            raise Unfit(told("no_queue needs a queue: every hotline has a first one"))
        if (self.max_wait_seconds is None) != (self.too_long is None):
            raise Unfit(told("max_wait_seconds and too_long are written together"))
        if (self.leave_key is None) != (self.left is None):
            raise Unfit(told("leave_key and left are written together"))
        return self

    @property
    def speech(self) -> Speech:
        """Nothing is said before: the caller is queued at once and hears it there."""
        return ()

    @property
    def wordings(self) -> Speech:
        """What is said while he waits."""
        hints = (wording for hint in self.move_hints.values() for wording in hint)
        return (*self.say, *self.remind, *hints)

    @property
    def named_queues(self) -> frozenset[str]:
        """The queues that it leads to, at first and by key; "" is the first one."""
        return frozenset({self.queue, *self.move_keys.values()})

    @property
    def early_exits(self) -> Mapping[str, str]:
        """The written ways out of the queue before a talk."""
        early = {
            TOO_LONG: self.too_long,
            LEFT: self.left,
            NOBODY: self.nobody,
            OVERFLOW: self.overflow,
            CALL_BACK: self.call_back,
            FULL: self.full,
        }
        return {on: target for on, target in early.items() if target}

    def exits(self) -> Mapping[str, str | None]:
        """After the talk, the written ways out of the queue, and past it."""
        past = {NO_QUEUE: self.no_queue} if self.no_queue else {}
        return {THEN: self.then, **self.early_exits, **past}


class TransferStep(Speaking):
    """Connects the caller to a number, over a trunk, or a SIP URI.

    `failed` follows when nobody answers.
    """

    passive: ClassVar[frozenset[str]] = frozenset({FAILED})

    do: Literal["transfer"]
    target: Text
    failed: StepName | None = None

    @field_validator("target")
    @classmethod
    def _callable(cls, target: str) -> str:
        if not _TARGET.fullmatch(target):
            raise Unfit(
                told(
                    "%(target)s cannot be called; write a number, or sip:name@host",
                    target=repr(target),
                )
            )
        return target

    def exits(self) -> Mapping[str, str | None]:
        """After the talk, or when it did not come about."""
        return {THEN: self.then, FAILED: self.failed or self.then}


class OpeningHoursStep(Step):
    """Goes to `open` or `closed` by the city's clock and the holiday calendar."""

    passive: ClassVar[frozenset[str]] = frozenset({OPEN, CLOSED})

    do: Literal["opening_hours"]
    hours: OpeningTimes
    open: StepName | None = None
    closed: StepName

    def exits(self) -> Mapping[str, str | None]:
        """Open or closed."""
        return {OPEN: self.open or self.then, CLOSED: self.closed}


class AnsweredStep(Step):
    """Goes to `then` when a survey has one of these answers, else to `otherwise`."""

    passive: ClassVar[frozenset[str]] = frozenset({THEN, OTHERWISE})

    do: Literal["answered"]
    any_of: Mapping[StepName, tuple[StepName, ...]] = Field(min_length=1)
    otherwise: StepName

    def exits(self) -> Mapping[str, str | None]:
        """By what was answered before."""
        return {THEN: self.then, OTHERWISE: self.otherwise}

    def is_so(self, answers: Mapping[str, str]) -> bool:
        """Whether one of the answers was given."""
        return any(answers.get(step) in names for step, names in self.any_of.items())


class SetStep(Step):
    """Sets variables; `language` chooses the language from here on."""

    do: Literal["set"]
    values: dict[StepName, Text] = Field(min_length=1)

    @field_validator("values")
    @classmethod
    def _known_language(cls, values: dict[str, str]) -> dict[str, str]:
        if (language := values.get("language", LANGUAGES[0])) not in LANGUAGES:
            known = ", ".join(LANGUAGES)
            raise Unfit(
                told(
                    "%(language)s is no language here; known: %(known)s",
                    language=repr(language),
                    known=known,
                )
            )
        return values


class GoToStep(Step):
    """Goes on with another step."""

    do: Literal["go_to"]
    then: StepName


class RecordMessageStep(Speaking):
    """Records what the caller says after the tone, until `end_key` or `max_seconds`."""

    do: Literal["record_message"]
    max_seconds: float = Field(120, ge=1, le=600)
    end_key: Key = "#"


class HangUpStep(Speaking):
    """Ends the call, politely."""

    do: Literal["hang_up"]

    @field_validator("then")
    @classmethod
    def _is_the_end(cls, then: str | None) -> None:
        if then is not None:
            raise Unfit(told("nothing comes after hang_up; leave 'then' out"))

    def exits(self) -> Mapping[str, str | None]:
        """None."""
        return {}


AnyStep = Annotated[
    SayStep
    | PlayStep
    | MenuStep
    | CollectStep
    | SurveyStep
    | OpenQuestionStep
    | EnqueueStep
    | TransferStep
    | OpeningHoursStep
    | AnsweredStep
    | SetStep
    | GoToStep
    | RecordMessageStep
    | HangUpStep,
    Field(discriminator="do"),
]

KINDS: Mapping[str, type[Step]] = {
    "say": SayStep,
    "play": PlayStep,
    "menu": MenuStep,
    "collect": CollectStep,
    "survey": SurveyStep,
    "open_question": OpenQuestionStep,
    "enqueue": EnqueueStep,
    "transfer": TransferStep,
    "opening_hours": OpeningHoursStep,
    "answered": AnsweredStep,
    "set": SetStep,
    "go_to": GoToStep,
    "record_message": RecordMessageStep,
    "hang_up": HangUpStep,
}
