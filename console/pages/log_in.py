"""The way in: name and password, the code, and the way out; what a browser prefers."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse

from console.access import Asking
from console.accounts.account import AccountError
from console.accounts.entrance import LogInRefused, Opened
from console.accounts.locks import LockedOut
from console.accounts.log_in_links import sits_here
from console.accounts.passwords import TooBusy
from console.asked import identity_of
from console.caller import peer_of
from console.cookies import (
    Preferences,
    give_session,
    keep_preferences,
    session_cookie,
    take_session,
)
from console.pages.rendering import page
from console.routes.parts import View
from console.words import N_

router = APIRouter(include_in_schema=False)
Text = Annotated[str, Form(max_length=400)]
Key = Annotated[str, Query(max_length=100)]
STATUS: dict[type[AccountError], int] = {
    LogInRefused: 403,
    LockedOut: 429,
    TooBusy: 503,
}


@router.get("/log-in", operation_id="page_log_in")
async def log_in_page(request: Request, next: str = "/") -> Response:
    """The form for name and password; who is in already goes on."""
    if identity_of(request):
        return RedirectResponse(local_path(next), 303)
    return page(request, "log_in.html", following=local_path(next), refused=None)


@router.post("/log-in", operation_id="log_in")
async def log_in(
    request: Request, view: View, name: Text, password: Text, following: Text = "/"
) -> Response:
    """A session, or the question for the code, or the form again."""
    place = local_path(following)
    try:
        opened = await view.entrance.log_in(name, password, peer_of(request.scope))
    except (LogInRefused, LockedOut, TooBusy) as error:
        shown = {"following": place, "refused": error}
        return page(request, "log_in.html", STATUS[type(error)], **shown)
    if opened.code_wanted:
        return _let_in(request, opened, f"/log-in/code?next={quote(place, safe='')}")
    return _let_in(request, opened, place)


@router.get("/log-in/code", operation_id="page_code")
async def code_page(request: Request, next: str = "/") -> Response:
    """The form for the code of the second factor."""
    if not session_cookie(request):
        return RedirectResponse("/log-in", 303)
    return page(request, "code.html", following=local_path(next), refused=None)


@router.post("/log-in/code", operation_id="give_code")
async def give_code(
    request: Request, view: View, code: Text, following: Text = "/"
) -> Response:
    """A whole session with a new id, or the form again."""
    place = local_path(following)
    try:
        opened = await view.entrance.give_code(
            session_cookie(request), code, peer_of(request.scope)
        )
    except (LogInRefused, LockedOut) as error:
        shown = {"following": place, "refused": error}
        return page(request, "code.html", STATUS[type(error)], **shown)
    return _let_in(request, opened, place)


@router.get("/log-in/link", operation_id="follow_log_in_link")
async def follow_link(request: Request, view: View, key: Key = "") -> Response:
    """A session for who sits at this machine, or the form for name and password."""
    peer = peer_of(request.scope)
    if not sits_here(peer, request.headers):
        words = N_("This link is good on the hotline's machine only.")
        elsewhere = LogInRefused(words)
        return page(request, "log_in.html", 403, following="/", refused=elsewhere)
    try:
        opened = await view.entrance.follow_link(key, peer)
    except LogInRefused as error:
        return page(request, "log_in.html", 403, following="/", refused=error)
    return _let_in(request, opened, "/log-in/code" if opened.code_wanted else "/")


@router.post("/log-out", operation_id="log_out")
async def log_out(request: Request, view: View, identity: Asking) -> Response:
    """End the session."""
    await view.entrance.log_out(
        session_cookie(request), identity, peer_of(request.scope)
    )
    response = RedirectResponse("/log-in", 303)
    take_session(request, response)
    return response


@router.post("/preferences", operation_id="set_preferences")
async def set_preferences(
    request: Request,
    language: Text = "zh",
    theme: Text = "auto",
    print: Text = "normal",
    back: Text = "/",
) -> Response:
    """Remember the language, colours and size of print in this browser."""
    response = RedirectResponse(local_path(back), 303)
    chosen = Preferences(language=language, theme=theme, print=print)
    keep_preferences(request, response, chosen)
    return response


def _let_in(request: Request, opened: Opened, place: str) -> Response:
    response = RedirectResponse(place, 303)
    give_session(request, response, opened.cookie)
    return response


def local_path(wanted: str) -> str:
    """A place on this host; whatever leads elsewhere becomes the first page."""
    leads_here = wanted.startswith("/") and not wanted.startswith(("//", "/\\"))
    return wanted if leads_here and wanted.isprintable() else "/"
