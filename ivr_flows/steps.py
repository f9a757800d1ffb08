"""The steps of the flow language, one class a kind, checked by pydantic.

Every kind says where the call can go from it (`exits`): a name for what happened and
the step that follows, or None for the step's `then` or, without one, for the next step
in the file.
"""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    field_validator,
    model_validator,
)

from ivr_flows.opening import OpeningTimes
from ivr_flows.sentences import LANGUAGES, Speech

KEYS = "0123456789*#"
THEN, TIMEOUT, INVALID = "then", "timeout", "invalid"
OPEN, CLOSED = "open", "closed"
TOO_LONG, LEFT, NOBODY, FAILED = "too_long", "left", "nobody", "failed"

NAME = r"^[a-z][a-z0-9_]{0,39}$"


def _as_text(value: object) -> object:
    plain = isinstance(value, (int, float)) and not isinstance(value, bool)
    return str(value) if plain else value


def _one_key(value: object) -> object:
    text = _as_text(value)
    if not isinstance(text, str) or len(text) != 1 or text not in KEYS:
        raise ValueError(
            f"{text!r} is no key of a telephone; keys are 0-9, '*' and '#'"
        )
    return text


def _known_keys(value: object) -> object:
    text = _as_text(value)
    for key in str(text):
        _one_key(key)
    return text


StepName = Annotated[str, Field(pattern=NAME)]
Text = Annotated[str, BeforeValidator(_as_text)]
Key = Annotated[str, BeforeValidator(_one_key)]
Keys = Annotated[str, BeforeValidator(_known_keys)]
Seconds = Annotated[float, Field(ge=0, le=3600)]


class Step(BaseModel):
    """What every kind has: `then`, the step that follows in the ordinary course."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)
    passive: ClassVar[frozenset[str]] = frozenset({THEN})
    """The exits that are taken without any act of the caller and without a wait."""

    do: str
    then: StepName | None = None

    @property
    def speech(self) -> Speech:
        """What is said first."""
        return ()

    @property
    def wordings(self) -> Speech:
        """All that the step may say."""
        return self.speech

    def exits(self) -> Mapping[str, str | None]:
        """Where the call can go: what happened -> step, None for the ordinary next."""
        return {THEN: self.then}


class Speaking(Step):
    """A step that may say something first."""

    say: Speech = ()

    @property
    def speech(self) -> Speech:
        """What is said first."""
        return self.say

    @property
    def wordings(self) -> Speech:
        """All that the step may say."""
        return self.say


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


class Asking(Speaking):
    """A step that asks the caller for keys, again when he presses none or a wrong one.

    `tries` counts the askings. After the last, `timeout` and `invalid` say where the
    call goes on.
    """

    passive: ClassVar[frozenset[str]] = frozenset({TIMEOUT})

    timeout_seconds: Seconds = 5
    tries: int = Field(2, ge=1, le=5)
    timeout: StepName | None = None
    invalid: StepName | None = None
    say_timeout: Speech = ()
    say_invalid: Speech = ()
    barge_in: bool = True

    @property
    def wordings(self) -> Speech:
        """The question and the excuses."""
        return (*self.say, *self.say_timeout, *self.say_invalid)

    @property
    def longest(self) -> int:
        """How many keys the caller may press."""
        return 1

    @property
    def terminator(self) -> str:
        """The key that ends the input, or ""."""
        return ""

    @property
    def next_timeout_seconds(self) -> float:
        """How long we wait for the second and every further key."""
        return self.timeout_seconds

    def exit_for(self, digits: str) -> str:
        """The exit that the keys lead to: `timeout`, `invalid` or one of the others."""
        if not digits:
            return TIMEOUT
        return THEN if self.accepts(digits) else INVALID

    def accepts(self, digits: str) -> bool:
        """Whether the keys are an answer to the question."""
        raise NotImplementedError

    def exits(self) -> Mapping[str, str | None]:
        """Keys, and what happens without a good one."""
        after_timeout = self.timeout or self.then
        after_invalid = self.invalid or self.then
        return {TIMEOUT: after_timeout, INVALID: after_invalid}


class MenuStep(Asking):
    """Asks for one key and goes where it leads."""

    do: Literal["menu"]
    keys: dict[Key, StepName] = Field(min_length=1)

    def accepts(self, digits: str) -> bool:
        """Whether the menu has this key."""
        return digits in self.keys

    def exit_for(self, digits: str) -> str:
        """A key of the menu is its own exit."""
        return digits if self.accepts(digits) else super().exit_for(digits)

    def exits(self) -> Mapping[str, str | None]:
        """The keys first."""
        return {**self.keys, **super().exits()}


class CollectStep(Asking):
    """Asks for several digits and keeps them in the variable `into`."""

    do: Literal["collect"]
    into: StepName
    min_digits: int = Field(1, ge=1, le=40)
    max_digits: int = Field(20, ge=1, le=40)
    end_key: Key = "#"
    between_seconds: Seconds = 3

    @model_validator(mode="after")
    def _ordered(self) -> "CollectStep":
        if self.min_digits > self.max_digits:
            raise ValueError("min_digits must not be more than max_digits")
        return self

    @property
    def longest(self) -> int:
        """How many digits at most."""
        return self.max_digits

    @property
    def terminator(self) -> str:
        """The key that says "that is all"."""
        return self.end_key

    @property
    def next_timeout_seconds(self) -> float:
        """The pause after which the digits count as complete."""
        return self.between_seconds

    def accepts(self, digits: str) -> bool:
        """Whether these are digits, and enough of them."""
        return digits.isdigit() and len(digits) >= self.min_digits

    def exits(self) -> Mapping[str, str | None]:
        """Digits lead on."""
        return {THEN: self.then, **super().exits()}


class SurveyStep(Asking):
    """Asks for an opinion: one key, kept under the name of its answer.

    Silence and wrong keys are no answer and are never counted as one.
    """

    do: Literal["survey"]
    answers: dict[Key, StepName] = Field(min_length=2)
    tries: int = Field(1, ge=1, le=5)

    def accepts(self, digits: str) -> bool:
        """Whether the key stands for an answer."""
        return digits in self.answers

    def exits(self) -> Mapping[str, str | None]:
        """An answer leads on."""
        return {THEN: self.then, **super().exits()}


class EnqueueStep(Speaking):
    """Lets the caller wait for an agent of `queue`; `say` is said while he waits.

    `then` follows when the agent has hung up and the caller is still there. The others
    take him out of the queue before: after `max_wait_seconds`, by his `leave_key`, or
    when no agent is logged in.
    """

    passive: ClassVar[frozenset[str]] = frozenset({NOBODY})

    do: Literal["enqueue"]
    queue: Text
    priority: int = Field(0, ge=0, le=100)
    announce_position: bool = True
    max_wait_seconds: float | None = Field(None, ge=1)
    too_long: StepName | None = None
    leave_key: Key | None = None
    left: StepName | None = None
    nobody: StepName | None = None

    @model_validator(mode="after")
    def _paired(self) -> "EnqueueStep":
        if (self.max_wait_seconds is None) != (self.too_long is None):
            raise ValueError("max_wait_seconds and too_long are written together")
        if (self.leave_key is None) != (self.left is None):
            raise ValueError("leave_key and left are written together")
        return self

    @property
    def speech(self) -> Speech:
        """Nothing is said before: the caller is queued at once and hears it there."""
        return ()

    def exits(self) -> Mapping[str, str | None]:
        """After the talk, and the written ways out of the queue."""
        early = {TOO_LONG: self.too_long, LEFT: self.left, NOBODY: self.nobody}
        written = {on: target for on, target in early.items() if target}
        return {THEN: self.then, **written}


class TransferStep(Speaking):
    """Connects the caller to a number or a SIP URI; `failed` when nobody answers."""

    passive: ClassVar[frozenset[str]] = frozenset({FAILED})

    do: Literal["transfer"]
    target: Annotated[
        Text, Field(pattern=r"^(sips?:[^@\s<>]+@[^@\s<>]+|\+?[0-9]{3,20})$")
    ]
    failed: StepName | None = None

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


class SetStep(Step):
    """Sets variables; `language` chooses the language from here on."""

    do: Literal["set"]
    values: dict[StepName, Text] = Field(min_length=1)

    @field_validator("values")
    @classmethod
    def _known_language(cls, values: dict[str, str]) -> dict[str, str]:
        if (language := values.get("language", LANGUAGES[0])) not in LANGUAGES:
            known = ", ".join(LANGUAGES)
            raise ValueError(f"{language!r} is no language here; known: {known}")
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
    then: None = Field(None, exclude=True)

    def exits(self) -> Mapping[str, str | None]:
        """None."""
        return {}


AnyStep = Annotated[
    SayStep
    | PlayStep
    | MenuStep
    | CollectStep
    | SurveyStep
    | EnqueueStep
    | TransferStep
    | OpeningHoursStep
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
    "enqueue": EnqueueStep,
    "transfer": TransferStep,
    "opening_hours": OpeningHoursStep,
    "set": SetStep,
    "go_to": GoToStep,
    "record_message": RecordMessageStep,
    "hang_up": HangUpStep,
}
