"""What the loop tells over the bus; decisions themselves are in the database."""

from dataclasses import dataclass
from datetime import date

from acd.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonMoved(Event):
    """A person's shift is another, or he is lent to another queue: he is to be told.

    `change` says what he does instead, by the city's clock: "09:00-10:00 phones", or
    "09:00-10:00 general instead of tax". `state` is accepted, undone when all is as it was
    before, `given_back` when a loan is over, `plan_1` or `plan_1_over`.
    """

    person_id: str
    kind: str
    state: str
    day: date
    change: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundMade(Event):
    """The loop has looked: so many agents are missing in the next hour, and so many moves
    are proposed. `missing` counts quarters of an hour of an agent."""

    round_id: str
    missing: int
    proposed: int
