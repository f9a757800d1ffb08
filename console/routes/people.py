"""People with their posts, qualifications and leave; agents are those on the phones."""

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field

from acd.people.desk import TakenIn
from acd.people.reading import PersonRecord, written
from console.routes.edits import By, Removed
from console.routes.parts import PAGE, Before, Limit, Page, View

router = APIRouter(prefix="/people", tags=["people"])
PersonId = Annotated[str, Path(max_length=40)]


class PeopleList(BaseModel):
    """People as lines of a file: text by column; lists with `;` between.

    `id` is needed, and `posts` of who is new. What is not named stays as it is, what is
    empty is cleared. One that is wrong is reported, and does not keep the others out.
    """

    model_config = ConfigDict(extra="forbid")

    people: list[dict[str, str]] = Field(max_length=500)


class PersonLine(BaseModel):
    """A person as a line of a file; `recall_number` is masked."""

    id: str
    name: str
    posts: str
    contact: str
    queues: str
    skills: str
    qualifications: str
    recall_number: str
    home_minutes: str
    home_km: str
    week_hours: str
    prefers: str
    avoids: str
    leave: str


@router.get("", operation_id="list_people")
async def list_people(
    view: View, limit: Limit = PAGE, before: Before = ""
) -> Page[PersonLine]:
    """Everybody, by id; `before` goes on after that id."""
    found = await view.people.page(limit, before)
    following = found[-1].person.id if len(found) == limit else None
    return Page(items=[_line(record) for record in found], next=following)


@router.post("", operation_id="add_people")
async def add_people(view: View, body: PeopleList, author: By) -> TakenIn:
    """Take people in; the same list twice changes nothing.

    Who has the phones post and a contact is an agent at once, and rung when he is ready.
    """
    return await view.people.take(body.people, author)


@router.get("/{person_id}", operation_id="get_person")
async def get_person(view: View, person_id: PersonId) -> PersonLine:
    """One person."""
    return _line(await view.people.person(person_id))


@router.delete("/{person_id}", operation_id="remove_person")
async def remove_person(view: View, person_id: PersonId, author: By) -> Removed:
    """A person counts no more, and his recall number is wiped.

    An agent is offered nothing more, and logged out after his talk.
    """
    await view.people.remove(person_id, author)
    return Removed(name=person_id)


def _line(record: PersonRecord) -> PersonLine:
    return PersonLine(**written(record))
