"""The shift desk: the day, the people, the proposals and the plans of a shift manager."""

import asyncio
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, Query, Request, Response

from acd.people.archive import read_people
from acd.people.person import Post
from acd.recalls.store import KeptRecall, last_recalls
from acd.rosters.store import day_roster
from acd.staffing.roster import CELLS, cell_of, clock
from acd.statistics.reporter import ReportError
from console.pages.rendering import page, translated
from console.routes import plans as plan_routes
from console.routes import staffing as staffing_routes
from console.routes.edits import By
from console.routes.parts import View
from console.shift_desk import words
from console.shift_desk.crew import Crew, crew_of
from console.shift_desk.doubts import doubt_of
from console.shift_desk.effects import outcomes_of
from console.shift_desk.figures import plotted, quarters_of, short_of
from console.shift_desk.moves import steps_of
from console.view import ConsoleView
from console.words import N_

router = APIRouter(prefix="/shift-desk", include_in_schema=False)
CHANGED = {"HX-Trigger": "shift-desk-changed"}
"""Tells the other parts of the page to look anew."""
HISTORY = 15
LABELS: Mapping[str, str] = {
    "came": N_("Calls"),
    "forecast": N_("Forecast"),
    "band": N_("8 of 10 lie here"),
    "required": N_("Required"),
    "rostered": N_("Rostered"),
    "present": N_("Present"),
    "gap": N_("Gap"),
    "agents": N_("Agents"),
    "now": N_("Now"),
}
"""What the plot says."""

Ids = Annotated[list[str], Form(max_length=50)]
Level = Annotated[int, Form(ge=0, le=3)]


@router.get("", operation_id="page_shift_desk")
async def shift_desk_page(request: Request, view: View) -> Response:
    """All parts; the day's figures are made in a process of their own and come after."""
    parts = await _crew(view) | await _proposals(view) | await _plans(view)
    return await _in_a_thread(request, "shift_desk.html", parts)


@router.get("/day", operation_id="page_show_shift_day")
async def day_part(request: Request, view: View) -> Response:
    """Forecast, required, rostered, there, by quarters of an hour."""
    _, cell = cell_of(view.statistics.now(), view.statistics.zone)
    try:
        curve = json.loads(await view.screens.curve())
    except ReportError as error:
        return page(request, "shift_desk/no_day.html", refused=error)
    quarters = quarters_of(curve)
    return page(
        request,
        "shift_desk/day.html",
        quarters=quarters,
        short=short_of(quarters, cell),
        plotted=plotted(quarters),
        cell=cell,
        translated_labels={
            name: translated(request, sentence) for name, sentence in LABELS.items()
        },
    )


@router.get("/crew", operation_id="page_show_crew")
async def crew_part(request: Request, view: View) -> Response:
    """Who is where."""
    return await _in_a_thread(request, "shift_desk/crew.html", await _crew(view))


@router.get("/proposals", operation_id="page_show_proposals")
async def proposals_part(request: Request, view: View) -> Response:
    """The newest round's proposals, and what was decided today."""
    return page(request, "shift_desk/proposals.html", **await _proposals(view))


@router.get("/plans", operation_id="page_show_plans")
async def plans_part(request: Request, view: View) -> Response:
    """The level, what is foreseen, the recall."""
    return page(request, "shift_desk/plans.html", **await _plans(view))


@router.get("/plans/dry-run", operation_id="page_dry_run_plan")
async def dry_run_part(
    request: Request, view: View, level: Annotated[int, Query(ge=0, le=3)]
) -> Response:
    """A level armed: what it would do now in figures, and the button that starts it."""
    return page(
        request,
        "shift_desk/armed.html",
        level=level,
        run=await plan_routes.dry_run_plans(view),
        plans=view.plans.view(),
        now=view.statistics.now(),
        names=await _names(view),
        passed_over=words.PASSED_OVER,
        **_words(),
    )


@router.post("/look", operation_id="page_make_round")
async def look(request: Request, view: View) -> Response:
    """Look now, and propose."""
    await staffing_routes.make_staffing_round(view)
    return _changed(
        page(request, "shift_desk/proposals.html", **await _proposals(view))
    )


@router.post("/proposals", operation_id="page_decide_proposals")
async def decide(
    request: Request,
    view: View,
    author: By,
    ids: Ids,
    turn: Annotated[Literal["accept", "decline", "undo"], Form()],
) -> Response:
    """Accept, decline or take back those that are chosen, all or none."""
    chosen = staffing_routes.Chosen(ids=ids)
    match turn:
        case "accept":
            await staffing_routes.accept_staffing_proposals(view, chosen, author)
        case "decline":
            await staffing_routes.decline_staffing_proposals(view, chosen, author)
        case "undo":
            await staffing_routes.undo_staffing_proposals(view, chosen, author)
    return _changed(
        page(request, "shift_desk/proposals.html", **await _proposals(view))
    )


@router.post("/moves", operation_id="page_move_person")
async def move(
    request: Request,
    view: View,
    author: By,
    person_id: Annotated[str, Form(max_length=40)],
    post: Annotated[Post, Form()],
    until: Annotated[str, Form(pattern=f"{staffing_routes.CLOCK}|^$")] = "",
) -> Response:
    """Somebody comes to another post; `until` "": until his shift ends."""
    wanted = staffing_routes.WantedMove(
        person_id=person_id, post=post, until=until or None
    )
    await staffing_routes.move_person(view, wanted, author)
    crew = await _crew(view)
    return _changed(await _in_a_thread(request, "shift_desk/crew.html", crew))


@router.post("/plans", operation_id="page_order_plan")
async def order_plan(
    request: Request,
    view: View,
    author: By,
    level: Level,
    note: Annotated[str, Form(max_length=200)] = "",
    people: Annotated[str, Form(pattern="^([1-9][0-9]{0,2})?$")] = "",
) -> Response:
    """Go to a level, up or down."""
    order = plan_routes.Order(
        level=level, note=note, people=int(people) if people else None
    )
    await plan_routes.order_plan(view, order, author)
    return _changed(page(request, "shift_desk/plans.html", **await _plans(view)))


async def _in_a_thread(
    request: Request, template: str, shown: dict[str, Any]
) -> Response:
    """Some hundred people take tens of milliseconds: the calls must not wait for them."""
    return await asyncio.to_thread(page, request, template, **shown)


def _changed(response: Response) -> Response:
    response.headers.update(CHANGED)
    return response


def _words() -> dict[str, Any]:
    return {
        "place_words": words.PLACES,
        "state_words": words.STATES,
        "kinds": words.KINDS,
        "decisions": words.DECISIONS,
        "levels": words.LEVELS,
        "does": words.DOES,
        "clock": clock,
        "cells": CELLS,
        "steps_of": steps_of,
    }


async def _names(view: ConsoleView) -> dict[str, str]:
    """What people are called, by id."""
    async with view.database.read() as connection:
        people = await read_people(connection)
    return {person.id: person.name or person.id for person in people}


async def _crew(view: ConsoleView) -> dict[str, Any]:
    now, zone = view.statistics.now(), view.statistics.zone
    day, cell = cell_of(now, zone)
    roster = await day_roster(view.database, day, zone)
    crew: Crew = crew_of(roster, cell, view.distributor.agents())
    return {
        "crew": crew,
        "untils": [clock(n) for n in range(cell + 1, cell + 33)],
        **_words(),
    }


async def _proposals(view: ConsoleView) -> dict[str, Any]:
    day, cell = cell_of(view.statistics.now(), view.statistics.zone)
    decided = await view.adjustments.decided(day)
    accepted = await view.adjustments.last_accepted()
    return {
        "kept": await view.adjustments.last(),
        "decided": list(reversed(decided)),
        "accepted": accepted,
        "outcomes": outcomes_of(accepted) if accepted else [],
        "day": day,
        "cell": cell,
        "names": await _names(view),
        "doubt_of": doubt_of,
        **_words(),
    }


def _late_of(recall: KeptRecall, now: datetime) -> set[str]:
    return {person.person_id for person in recall.people if person.is_late(now)}


async def _plans(view: ConsoleView) -> dict[str, Any]:
    recalls = await last_recalls(view.database, 1)
    return {
        "plans": view.plans.view(),
        "recall": recalls[0] if recalls else None,
        "history": await view.plans.history(HISTORY),
        "now": view.statistics.now(),
        "names": await _names(view),
        "turns": words.TURNS,
        "reasons": words.REASONS,
        "standings": words.STANDINGS,
        "late_of": _late_of,
        **_words(),
    }
