"""The first page: each role is sent to the one that it works with."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from console.access import Asking
from console.pages.navigation import first_place
from console.pages.rendering import page

router = APIRouter(include_in_schema=False)


@router.get("/", operation_id="page_home")
async def home(request: Request, identity: Asking) -> Response:
    """Go to the page of the role; say so when there is none."""
    if place := first_place(identity):
        return RedirectResponse(place.path, 303)
    return page(request, "home.html")
