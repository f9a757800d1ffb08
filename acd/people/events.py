"""What the table of people tells over the bus."""

from dataclasses import dataclass

from acd.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLeft(Event):
    """Somebody works here no more: what else is his, such as an account, is to be closed."""

    person_id: str
