"""How many are required on a day and how many are rostered, by quarters of an hour."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from acd.people.person import Post
from acd.rosters.store import Requirement, day_roster, requirements_of
from acd.staffing.roster import CELLS, DayRoster
from config.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class PostStaff:
    """A post's day in 96 cells; `required` None: nobody said how many."""

    post: Post
    rostered: tuple[int, ...]
    required: tuple[int, ...] | None

    @property
    def missing(self) -> tuple[int, ...]:
        """How many are missing in each cell."""
        required = self.required or (0,) * CELLS
        pairs = zip(required, self.rostered, strict=True)
        return tuple(max(0, needed - there) for needed, there in pairs)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayStaff:
    """A day's posts: those that are held or required in it."""

    day: date
    posts: tuple[PostStaff, ...]


def staff_of(roster: DayRoster, required: Mapping[Post, Requirement]) -> DayStaff:
    """The day's posts, phones first."""
    posts = []
    for post in Post:
        needed = required[post].needed if post in required else None
        rostered = roster.count(post)
        if any(rostered) or needed:
            posts.append(PostStaff(post=post, rostered=rostered, required=needed))
    return DayStaff(day=roster.day, posts=tuple(posts))


async def read_day_staff(database: Database, day: date, zone: ZoneInfo) -> DayStaff:
    """The day's posts, read from the database."""
    roster = await day_roster(database, day, zone)
    return staff_of(roster, await requirements_of(database, day))
