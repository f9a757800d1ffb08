"""An entry of the do-not-call list, and a change of it."""

from dataclasses import dataclass, field
from datetime import datetime

OPT_OUT, CITIZEN = "opt_out", "citizen"
"""The reason, and who did it, when a citizen said so in a follow-up call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DoNotCallEntry:
    """A number (E.164) that gets no follow-up calls, since when, why, and by whom."""

    id: str
    number: str = field(repr=False)
    at: datetime
    reason: str
    added_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """What came of a list: new numbers, known ones, contacts who are barred by it."""

    new: int
    known: int
    barred: int


class NotListed(Exception):
    """The number is not on the do-not-call list."""

    error_id = "number_not_listed"
