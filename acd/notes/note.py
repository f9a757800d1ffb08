"""A note of a call: what somebody wrote of it, and when."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NewNote:
    """A note that is to be kept. The text is personal.

    `author` is the account or token, `agent_id` the agent whom it stands for, or "".
    """

    call_id: str
    at: datetime
    author: str
    agent_id: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Note(NewNote):
    """A note that is kept, under its number."""

    id: int
