"""The wallboard (大屏) as a page for large screens."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from acd.people.store import queue_rows
from console.accounts.entrance import LogInRefused
from console.accounts.wall_screens import PATH, screen_of
from console.caller import peer_of
from console.cookies import give_screen
from console.pages.rendering import page, translated
from console.routes.parts import View
from console.words import N_

router = APIRouter(include_in_schema=False)
Key = Annotated[str, Query(max_length=100)]

WORDS: Mapping[str, str] = {
    "live": N_("Live"),
    "waits": N_("Connecting"),
    "lost": N_("No connection: these figures are old"),
    "normal": N_("Normal"),
    "plan": N_("Plan"),
    "proposed": N_("proposed"),
    "storm": N_("Storm"),
    "talking": N_("Talking"),
    "ready": N_("Ready"),
    "nobody": N_("Nobody waits"),
    "in_time": N_("Within 15 s"),
    "late": N_("Over 15 s"),
    "very_late": N_("Over 1 min"),
    "quarter": N_("This quarter of an hour"),
    "day": N_("24 h"),
    "of_offered": N_("of offered"),
    "of_answered": N_("of answered"),
    "target": N_("Target"),
    "falls": N_("Falls below at"),
    "rises": N_("Back on target at"),
    "holds": N_("Holds for the next 6 h"),
    "stays_below": N_("Below for the next 6 h"),
    "few": N_("Too few calls to foresee"),
    "overdue": N_("too long"),
    "calls": N_("Calls"),
    "forecast": N_("Forecast"),
    "unforeseen": N_("Nothing is foreseen yet"),
    "band": N_("8 of 10 lie here"),
    "required": N_("Required"),
    "rostered": N_("Rostered"),
    "present": N_("Present"),
    "agents": N_("Agents"),
}
"""What the scripts say."""


@router.get(PATH, operation_id="open_screen")
async def open_screen(request: Request, view: View, key: Key = "") -> Response:
    """Make this browser a wall screen, or show the way in."""
    screen, peer = await screen_of(view.entrance, key), peer_of(request.scope)
    if screen is None:
        words = N_("This wall screen was revoked, or its link is not whole.")
        refused = LogInRefused(words)
        return page(request, "log_in.html", 403, following="/", refused=refused)
    await view.audit.note(screen, peer=peer, operation="open_screen", result="opened")
    response = RedirectResponse("/wallboard?bare=1", 303)
    give_screen(request, response, key)
    return response


@router.get("/wallboard", operation_id="page_wallboard")
async def wallboard_page(request: Request, view: View, bare: bool = False) -> Response:
    """The frame; its script follows the live events. `bare`: without the header."""
    words = {name: translated(request, sentence) for name, sentence in WORDS.items()}
    queues = await queue_rows(view.database)
    titles = {queue.name: queue.title for queue in queues if queue.title}
    return page(request, "wallboard.html", words=words, titles=titles, bare=bare)
