"""A change of rules as a value: what was, what is, who and when."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class Changed(StrEnum):
    """Of what the rules were changed."""

    QUEUE = "queue"
    AGENT = "agent"
    PERSON = "person"
    ROSTER = "roster"
    PAUSES = "pauses"
    DISPOSITIONS = "dispositions"
    OUTBOUND = "outbound"
    TEXTS = "texts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Who changes something: the name he gives himself, and where he asks from."""

    name: str
    peer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewChange:
    """A change before it is kept.

    `old` and `new` are whole documents; empty for what was not there, or is no more.
    """

    at: datetime
    kind: Changed
    name: str
    changed_by: str
    peer: str
    old: dict[str, Any]
    new: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleChange(NewChange):
    """A line of the table that is only added to."""

    id: int
