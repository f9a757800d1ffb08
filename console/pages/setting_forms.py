"""Rules and profiles as forms: their values as text, and the text back as values."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from console.words import N_


class Kind(StrEnum):
    """How a value is written."""

    TEXT = "text"
    NUMBER = "number"
    LEVELS = "levels"
    NAMES = "names"
    DOCUMENT = "document"
    FLAG = "flag"


class FormFault(Exception):
    """What was written is no value of its kind; `sentence`, to be translated, says how
    it is written, with `values` in it."""

    def __init__(self, sentence: str, **values: str) -> None:
        super().__init__(sentence % values)
        self.sentence, self.values = sentence, values


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One value of a form. `LEVELS` are written like `tax=3, housing=2`, `NAMES` like
    `general, tax`, a `DOCUMENT` in JSON, a `FLAG` as yes or no."""

    name: str
    title: str
    kind: Kind = Kind.NUMBER

    def shown(self, value: Any) -> str:
        """The value as text; "" for none."""
        if value is None:
            return ""
        match self.kind:
            case Kind.LEVELS:
                return ", ".join(f"{name}={level}" for name, level in value.items())
            case Kind.NAMES:
                return ", ".join(value)
            case Kind.DOCUMENT:
                return json.dumps(value, ensure_ascii=False, indent=1) if value else ""
            case Kind.NUMBER:
                return f"{value:g}"
            case Kind.FLAG:
                return "yes" if value else "no"
            case Kind.TEXT:
                return str(value)

    def read(self, text: str) -> Any:
        """The value that is written; what it may be the rules decide."""
        text = text.strip()
        match self.kind:
            case Kind.LEVELS:
                return _levels(text)
            case Kind.NAMES:
                return [name for name in re.split(r"[,，\s]+", text) if name]
            case Kind.DOCUMENT:
                return _document(text, self.name)
            case Kind.NUMBER:
                return _number(text) if text else None
            case Kind.FLAG:
                return text == "yes"
            case Kind.TEXT:
                return text


QUEUE: Mapping[str, tuple[Field, ...]] = {
    N_("Who is asked"): (
        Field(name="title", title=N_("Title"), kind=Kind.TEXT),
        Field(name="strategy", title=N_("Strategy"), kind=Kind.TEXT),
        Field(name="priority", title=N_("Priority")),
        Field(name="weight", title=N_("Weight")),
        Field(name="skills", title=N_("Skills wanted"), kind=Kind.LEVELS),
        Field(name="max_penalty", title=N_("Highest penalty")),
        Field(name="last_agent_seconds", title=N_("Wait for the last agent, s")),
        Field(name="last_agent_hours", title=N_("... of the last hours")),
    ),
    N_("Ringing and rest"): (
        Field(name="ring_seconds", title=N_("Ring, s")),
        Field(name="wrap_up_seconds", title=N_("Wrap-up, s")),
        Field(name="auto_pause_after", title=N_("Pause after unanswered calls")),
        Field(name="reject_delay_seconds", title=N_("Rest after a refusal, s")),
        Field(name="busy_delay_seconds", title=N_("Rest after busy, s")),
        Field(name="no_answer_delay_seconds", title=N_("Rest after no answer, s")),
    ),
    N_("Waiting"): (
        Field(name="announce_position_seconds", title=N_("Position told every, s")),
        Field(name="redial_seconds", title=N_("Place kept for redials, s")),
        Field(name="admission", title=N_("Admission"), kind=Kind.DOCUMENT),
        Field(name="relax", title=N_("Asking less in time"), kind=Kind.DOCUMENT),
        Field(name="overflow", title=N_("Ways out"), kind=Kind.DOCUMENT),
        Field(name="hours", title=N_("Hours"), kind=Kind.DOCUMENT),
    ),
    N_("Staffing"): (
        Field(name="target_share", title=N_("Target: share in time, 0 to 1")),
        Field(name="target_within_seconds", title=N_("Target: in time, s")),
    ),
}
AGENT: Mapping[str, tuple[Field, ...]] = {
    N_("Profile"): (
        Field(name="contact", title=N_("Phone"), kind=Kind.TEXT),
        Field(name="queues", title=N_("Queues; none: all"), kind=Kind.NAMES),
        Field(name="skills", title=N_("Skills"), kind=Kind.LEVELS),
        Field(name="penalties", title=N_("Penalties"), kind=Kind.LEVELS),
        Field(name="weight", title=N_("Weight")),
    ),
}
OUTBOUND: Mapping[str, tuple[Field, ...]] = {
    N_("When"): (
        Field(name="windows", title=N_("Calling hours"), kind=Kind.NAMES),
        Field(name="workdays_only", title=N_("Workdays only"), kind=Kind.FLAG),
        Field(name="lines", title=N_("Lines at once, at most; 0: nobody is called")),
    ),
    N_("How often"): (
        Field(name="tries", title=N_("Tries of a contact")),
        Field(name="tries_a_day", title=N_("... in a day")),
        Field(name="gap_hours", title=N_("Hours between two calls to a number")),
        Field(name="number_calls_a_day", title=N_("Calls to a number in a day")),
        Field(name="number_calls_a_month", title=N_("... in 30 days")),
    ),
}
EMPTY: Mapping[str, Any] = {"admission": {}, "relax": [], "overflow": []}
"""What an empty document stands for; `hours` has none."""


def texts(
    groups: Mapping[str, tuple[Field, ...]], values: Mapping[str, Any]
) -> dict[str, str]:
    """All values as text, by name."""
    return {
        field.name: field.shown(values.get(field.name))
        for fields in groups.values()
        for field in fields
    }


def given(
    groups: Mapping[str, tuple[Field, ...]], written: Mapping[str, str]
) -> dict[str, Any]:
    """The values of a form that was sent; `FormFault` when one cannot be read."""
    return {
        field.name: field.read(written[field.name])
        for fields in groups.values()
        for field in fields
        if field.name in written
    }


def _number(text: str) -> int | float:
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return float(text)
    except ValueError:
        raise FormFault(N_("%(text)s is no number."), text=text) from None


def _levels(text: str) -> dict[str, int]:
    levels = {}
    for part in filter(None, re.split(r"[,，]\s*", text)):
        name, found, level = part.partition("=")
        if not found or not level.strip().isdigit():
            wanted = N_("%(text)s: write levels like tax=3, housing=2.")
            raise FormFault(wanted, text=part)
        levels[name.strip()] = int(level)
    return levels


def _document(text: str, name: str) -> Any:
    if not text:
        return EMPTY.get(name)
    try:
        return json.loads(text)
    except ValueError as error:
        wanted = N_("%(name)s is no JSON: %(fault)s")
        raise FormFault(wanted, name=name, fault=str(error)) from None
