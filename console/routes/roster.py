"""Who is to work when: shifts in and out, and each day against what is required."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from acd.people.desk import TakenIn
from acd.rosters.day_staff import DayStaff, read_day_staff
from acd.rosters.lines import written
from acd.rosters.store import shifts_between
from acd.staffing.roster import Shift
from console.errors import ApiError
from console.routes.edits import By
from console.routes.parts import CityDay, View

router = APIRouter(prefix="/roster", tags=["roster"])
LONGEST_DAYS = 62

Day = Annotated[CityDay, Path(description="A day of the city.")]
First = Annotated[CityDay, Query(description="The first day.")]
Last = Annotated[CityDay, Query(description="The last day, 62 days later at most.")]
Person = Annotated[str, Query(max_length=40, description="Only this one's.")]


class ShiftList(BaseModel):
    """Shifts as lines of a file: `person`, `day`, `start`, `end` and `post` are needed.

    With `replace` the days of the people who are named become what the list says, each
    wholly or not at all. One that breaks a rule is reported.
    """

    model_config = ConfigDict(extra="forbid")

    shifts: list[dict[str, str]] = Field(max_length=500)
    replace: bool = False


class ShiftLine(BaseModel):
    """A shift as a line of a file; an `end` that is not after `start` is on the next day."""

    person: str
    day: str
    start: str
    end: str
    post: str
    breaks: str
    other_posts: str
    backs: str


@router.get("/shifts", operation_id="list_shifts")
async def list_shifts(
    view: View, first: First, last: Last, person: Person = ""
) -> list[ShiftLine]:
    """The shifts that begin on these days, in order."""
    if not 0 <= (last - first).days <= LONGEST_DAYS:
        words = f"last: the day of first, or up to {LONGEST_DAYS} days later"
        raise ApiError(422, "invalid_request", words, field="last")
    shifts = await shifts_between(view.database, first, last)
    return [_line(s) for s in shifts if person in ("", s.person_id)]


@router.post("/shifts", operation_id="add_shifts")
async def add_shifts(view: View, body: ShiftList, author: By) -> TakenIn:
    """Take shifts in; the same list twice changes nothing."""
    return await view.roster.take(body.shifts, author, replace=body.replace)


@router.delete("/shifts/{person_id}/{day}", operation_id="remove_shifts")
async def remove_shifts(
    view: View, person_id: str, day: Day, author: By
) -> list[ShiftLine]:
    """A person is off on a day; returns the shifts that were taken out."""
    return [_line(s) for s in await view.roster.clear(person_id, day, author)]


@router.get("/days/{day}", operation_id="get_roster_day")
async def get_roster_day(view: View, day: Day) -> DayStaff:
    """How many are required and rostered at each post in the day's 96 quarters of an hour."""
    return await read_day_staff(view.database, day, view.roster.rules.zone)


def _line(shift: Shift) -> ShiftLine:
    return ShiftLine(**written(shift))
