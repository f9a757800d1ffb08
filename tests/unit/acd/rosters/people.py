"""People and shifts of tests."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from acd.people.person import Person, Post
from acd.rosters.rules import RosterRules
from acd.staffing.roster import Shift

CITY = ZoneInfo("Asia/Shanghai")
MONDAY = date(2026, 11, 30)
RULES = RosterRules(zone=CITY)
WANG = Person(id="1001", name="王芳", posts=(Post.PHONES, Post.TRAINING))
LI = Person(id="1002", name="李强", posts=(Post.PHONES,))


def shift(
    day: int = 0, start: int = 8, hours: float = 8, *, person: str = "1001"
) -> Shift:
    """A shift on the phones; `day` counts from the Monday, `start` is an hour."""
    return Shift(
        person_id=person,
        day=MONDAY + timedelta(days=day),
        start=start * 4,
        cells=(Post.PHONES,) * round(hours * 4),
    )
