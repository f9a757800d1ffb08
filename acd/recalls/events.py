"""What a recall tells over the bus; the whole of it is in the database."""

from dataclasses import dataclass
from datetime import datetime

from acd.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRecalled(Event):
    """Somebody is called to work, or called off: whoever sends messages may tell him.

    `standing` is that of `acd.staffing.recall`, or "called_off". `due_at` is when he said
    he would be there.
    """

    recall_id: str
    person_id: str
    standing: str
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecallChanged(Event):
    """How a recall stands: so many needed, rung, confirmed, there, late; until `ends_at`."""

    recall_id: str
    needed: int
    ringing: int
    confirmed: int
    arrived: int
    declined: int
    late: int
    ends_at: datetime
    is_over: bool
