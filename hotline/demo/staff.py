"""The demo's roster: who is on the phones, at other posts, comes later, is off duty."""

from collections.abc import Sequence
from datetime import date

from acd.adjustments.posts import AT_ANOTHER_POST
from acd.staffing.roster import CELLS
from config.settings import Settings
from hotline.api_client import ApiClient
from hotline.demo.outside import recall_number
from hotline.demo.past import City
from hotline.demo.places import Places
from hotline.demo.script import (
    AGENTS,
    COLLEAGUES,
    EVENING,
    RESTING,
    SEAT,
    SEAT_NAME,
)

DAY_SHIFT, EVENING_SHIFT = ("08:00", "16:00"), ("15:30", "23:30")
_DAY_CELLS, _EVENING_CELLS = range(32, 64), range(62, 94)
"""The same in quarters of an hour."""
BREAKS = "11:00-11:30", "11:30-12:00", "12:00-12:30", "12:30-13:00"
NEAREST_MINUTES = 5
Line = dict[str, str]


def rostered(agents: int) -> list[int]:
    """How many are on the phones in each quarter of an hour, breaks left out."""
    evening = len(EVENING) if agents == len(AGENTS) else 0
    return [
        agents * (cell in _DAY_CELLS) + evening * (cell in _EVENING_CELLS)
        for cell in range(CELLS)
    ]


def colleagues_of(agents: Sequence[str]) -> list[tuple[str, str, str]]:
    """Who is at another post and may be moved to the phones, if everybody is here."""
    return list(COLLEAGUES) if len(agents) == len(AGENTS) else []


def people(places: Places, agents: Sequence[str]) -> list[Line]:
    """Everybody, as lines of a file."""
    phones = [(id_, name, "phones") for id_, name in AGENTS if id_ in agents]
    evening = [(id_, name, "phones") for id_, name in _evening(agents)]
    others = [(i, n, f"{post};phones") for i, n, post in colleagues_of(agents)]
    known = [
        {"id": id_, "name": name, "posts": posts, "contact": places.phone_of(id_)}
        for id_, name, posts in (*phones, *others, *evening)
    ]
    if len(agents) == len(AGENTS):
        known.append(_seat(places))
    return known + [_resting(place, places) for place in range(len(_rested(agents)))]


def shifts(day: date, agents: Sequence[str]) -> list[Line]:
    """A shift for everybody who is on duty today, as lines of a file."""
    posts = [(agent, "phones") for agent in agents]
    posts += [(id_, post) for id_, _, post in colleagues_of(agents)]
    return [
        *(
            _shift(who, day, DAY_SHIFT, post) | {"breaks": BREAKS[n % len(BREAKS)]}
            for n, (who, post) in enumerate(posts)
        ),
        *(_shift(who, day, EVENING_SHIFT, "phones") for who, _ in _evening(agents)),
    ]


def employ(
    settings: Settings, places: Places, city: City, agents: Sequence[str]
) -> None:
    """Tell the hotline of everybody; who is at another post starts work there."""
    today = city.now.astimezone(city.zone).date()
    with ApiClient(settings) as api:
        api.post("/people", {"people": people(places, agents)})
        api.post("/roster/shifts", {"shifts": shifts(today, agents)})
        for id_, _, _ in colleagues_of(agents):
            api.post(f"/agents/{id_}/state", {"state": "logged_in"})
            elsewhere = {"state": "paused", "reason": AT_ANOTHER_POST}
            api.post(f"/agents/{id_}/state", elsewhere)


def _rested(agents: Sequence[str]) -> list[tuple[str, str]]:
    return list(RESTING) if len(agents) == len(AGENTS) else []


def _seat(places: Places) -> Line:
    contact = places.phone_of(SEAT)
    return {"id": SEAT, "name": SEAT_NAME, "posts": "phones", "contact": contact}


def _resting(place: int, places: Places) -> Line:
    """Somebody who is off duty today; the later in the list, the farther away."""
    id_, name = RESTING[place]
    return {
        "id": id_,
        "name": name,
        "posts": "phones",
        "contact": places.phone_of(id_),
        "recall_number": recall_number(id_),
        "home_minutes": str(NEAREST_MINUTES + place),
    }


def _evening(agents: Sequence[str]) -> list[tuple[str, str]]:
    return list(EVENING) if len(agents) == len(AGENTS) else []


def _shift(who: str, day: date, hours: tuple[str, str], post: str) -> Line:
    start, end = hours
    return {
        "person": who,
        "day": str(day),
        "start": start,
        "end": end,
        "post": post,
    }
