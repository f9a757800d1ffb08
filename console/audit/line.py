"""A line of the audit trail as a value."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLine:
    """What was done, before it is kept: no name of a citizen, no number, no secret.

    `object` names what it was done to by its ids, `result` how it ended: an HTTP status,
    or a word for log-ins.
    """

    at: datetime
    who: str
    way: str
    peer: str
    operation: str
    object: str
    result: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditLine(NewLine):
    """A line of the table that is only added to."""

    id: int
