"""The steps that ask the caller for keys: menu and collect; survey is another."""

from collections.abc import Mapping
from typing import ClassVar, Literal

from pydantic import Field, model_validator

from ivr_flows.sentences import Speech
from ivr_flows.step import (
    INVALID,
    THEN,
    TIMEOUT,
    Key,
    Seconds,
    Speaking,
    StepName,
)
from ivr_flows.told import Unfit, told


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
            raise Unfit(told("min_digits must not be more than max_digits"))
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
