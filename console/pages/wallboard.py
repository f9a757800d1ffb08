"""The wallboard (大屏) as a page for large screens."""

from collections.abc import Mapping

from fastapi import APIRouter, Request, Response

from acd.people.store import queue_rows
from console.pages.rendering import page, translated
from console.routes.parts import View
from console.words import N_

router = APIRouter(include_in_schema=False)

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
    "band": N_("8 of 10 lie here"),
    "required": N_("Required"),
    "rostered": N_("Rostered"),
    "present": N_("Present"),
    "agents": N_("Agents"),
}
"""What the scripts say."""


@router.get("/wallboard", operation_id="page_wallboard")
async def wallboard_page(request: Request, view: View, bare: bool = False) -> Response:
    """The frame; its script follows the live events. `bare`: without the header."""
    words = {name: translated(request, sentence) for name, sentence in WORDS.items()}
    queues = await queue_rows(view.database)
    titles = {queue.name: queue.title for queue in queues if queue.title}
    return page(request, "wallboard.html", words=words, titles=titles, bare=bare)
