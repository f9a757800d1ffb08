"""What the routes have in common: the view, pages, ids."""

from datetime import date
from typing import Annotated, Generic, TypeVar, cast

from fastapi import Depends, Path, Query, Request
from pydantic import BaseModel, Field

from console.view import ConsoleView

T = TypeVar("T")

PAGE, LONGEST_PAGE = 50, 200
NO_CONTROLS = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f]*$"
"""Of a text that people read: lines, and no signs that nobody sees."""
GO_ON = "Go on after this one: the `next` of the page before."


class Page(BaseModel, Generic[T]):
    """A part of a list, newest first. `next` is `before` of the next page, or null."""

    items: list[T]
    next: str | None


def view_of(request: Request) -> ConsoleView:
    """The parts of the service that the app was made for."""
    return cast(ConsoleView, request.app.state.view)


View = Annotated[ConsoleView, Depends(view_of)]
Limit = Annotated[int, Query(ge=1, le=LONGEST_PAGE, description="How many at most.")]
Before = Annotated[
    str,
    Query(
        max_length=64,
        pattern="^[0-9A-Za-z_-]*$",
        description=GO_ON,
    ),
]
CityDay = Annotated[date, Field(ge=date(1970, 1, 1), le=date(2999, 12, 31))]
"""A day of the city; there are days before and after all those that are asked for."""
CallId = Annotated[str, Path(max_length=64, pattern="^[0-9A-Za-z_-]+$")]
