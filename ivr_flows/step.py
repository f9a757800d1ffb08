"""What all kinds of steps share, and the words that they are written with.

Every kind says where the call can go from it (`exits`): a name for what happened and
the step that follows, or None for the step's `then` or, without one, for the next step
in the file.
"""

from collections.abc import Mapping
from typing import Annotated, ClassVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from ivr_flows.actions import EMERGENCY
from ivr_flows.sentences import Speech
from ivr_flows.told import Unfit, told

KEYS = "0123456789*#"
THEN, TIMEOUT, INVALID = "then", "timeout", "invalid"
OPEN, CLOSED = "open", "closed"
TOO_LONG, LEFT, NOBODY, FAILED = "too_long", "left", "nobody", "failed"
OVERFLOW, CALL_BACK, FULL = "overflow", "call_back", "full"
NO_QUEUE, OTHERWISE = "no_queue", "otherwise"

NAME = r"^[a-z][a-z0-9_]{0,39}$"


def _as_text(value: object) -> object:
    plain = isinstance(value, (int, float)) and not isinstance(value, bool)
    return str(value) if plain else value


def _one_key(value: object) -> object:
    text = _as_text(value)
    if not isinstance(text, str) or len(text) != 1 or text not in KEYS:
        raise Unfit(
            told(
                "%(key)s is no key of a telephone; keys are 0-9, '*' and '#'",
                key=repr(text),
            )
        )
    return text


def _known_keys(value: object) -> object:
    text = _as_text(value)
    for key in str(text):
        _one_key(key)
    return text


def _priority(value: object) -> object:
    if value == "emergency":
        return EMERGENCY
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 100:
        raise Unfit(
            told(
                "%(value)s is no priority; write 0 to 100, or emergency",
                value=repr(value),
            )
        )
    return value


StepName = Annotated[str, Field(pattern=NAME)]
Text = Annotated[str, BeforeValidator(_as_text)]
Key = Annotated[str, BeforeValidator(_one_key)]
Keys = Annotated[str, BeforeValidator(_known_keys)]
Priority = Annotated[int, BeforeValidator(_priority)]
Level = Annotated[int, Field(ge=1, le=100)]
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
