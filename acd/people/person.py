"""A person (人员) of the hotline: what he may do, when he cannot, how far he lives.

A person with the phones post and a SIP contact is an agent. His number for recall is
no part of the value: it is kept sealed, and opened for the call alone.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Post(StrEnum):
    """What somebody on duty does (岗位)."""

    PHONES = "phones"
    DISPATCH = "dispatch"
    CALL_BACK = "call_back"
    QUALITY = "quality"
    TRAINING = "training"


class Wish(StrEnum):
    """What a person may like or dislike: shifts that begin at a time of day, weekdays."""

    EARLY = "early"
    DAY = "day"
    LATE = "late"
    NIGHT = "night"
    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


WEEKDAYS = tuple(Wish)[4:]
"""By `date.weekday()`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Qualification:
    """What a person has shown that he can do; `last_day` None: it does not expire."""

    name: str
    last_day: date | None = None

    def holds(self, day: date) -> bool:
        """Whether it counts on a day."""
        return self.last_day is None or day <= self.last_day


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave:
    """Days on which a person does not work, the first and the last of them too."""

    first: date
    last: date

    def covers(self, day: date) -> bool:
        """Whether the day is one of them."""
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who works here. `posts` are all that he may hold, the usual one first.

    `home_minutes` and `home_km` tell how far he lives, None when nobody knows. Without
    `week_hours` of his own he works as long as the rules allow.
    """

    id: str
    name: str
    posts: tuple[Post, ...]
    contact: str = ""
    qualifications: tuple[Qualification, ...] = ()
    leave: tuple[Leave, ...] = ()
    home_minutes: int | None = None
    home_km: float | None = None
    week_hours: float | None = None
    prefers: tuple[Wish, ...] = ()
    avoids: tuple[Wish, ...] = ()
    has_recall_number: bool = False

    @property
    def is_agent(self) -> bool:
        """Whether calls can be offered to him."""
        return bool(self.contact) and Post.PHONES in self.posts

    def is_on_leave(self, day: date) -> bool:
        """Whether he is away on that day of the city."""
        return any(leave.covers(day) for leave in self.leave)

    def is_qualified(self, name: str, day: date) -> bool:
        """Whether he has a qualification that counts on that day."""
        return any(q.name == name and q.holds(day) for q in self.qualifications)
