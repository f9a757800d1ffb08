"""The agent desk: state, call, third parties, disposition and notes, by keyboard."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from acd.events import AgentState
from console.access import Asking
from console.agent_desk.reading import AgentDesk, agent_desk, desk_call
from console.errors import ApiError
from console.pages.agent_desk_words import MARKS, ORDER_STATES, OUTCOMES, STATES
from console.pages.rendering import page
from console.routes.agents import StateWish, Wish, known_agent, set_agent_state
from console.routes.calls import DispositionWish, dispose_call, make_confidential
from console.routes.edits import By
from console.routes.notes import NOTE_LENGTH, NoteText, NoteWish, add_call_note
from console.routes.parts import CallId, View
from console.routes.talks import (
    Number,
    ThirdPartyWish,
    TransferWish,
    command_talk,
    consult,
    transfer,
)
from console.sight import DESK
from console.told import name_of
from console.view import ConsoleView
from console.words import N_

router = APIRouter(include_in_schema=False)
PATH = "/agent-desk"
Code = Annotated[str, Form(max_length=40)]
OwnCommand = Literal[
    "hold",
    "unhold",
    "mute",
    "unmute",
    "pause_recording",
    "resume_recording",
    "join",
    "take_back",
    "hand_over",
]
LIVE = (*sorted(name_of(kind) for kind in DESK), "gap", "dropped")
"""The events after which the desk is read again."""


@router.get(PATH, operation_id="page_agent_desk")
async def agent_desk_page(request: Request, view: View, identity: Asking) -> Response:
    """The whole desk; words for an account that stands for no agent."""
    known = {agent.id for agent in view.distributor.agents()}
    if identity.person_id not in known:
        return page(request, "agent_desk_none.html")
    desk = await _desk(view, identity.person_id)
    return page(request, "agent_desk.html", live=LIVE, **_shown(view, desk))


@router.get(f"{PATH}/now", operation_id="page_see_agent_desk")
async def desk_now(request: Request, view: View, identity: Asking) -> Response:
    """The part that changes with the agent's state and call."""
    desk = await _desk(view, identity.person_id)
    return page(request, "agent_desk_now.html", **_shown(view, desk))


@router.get(f"{PATH}/calls/{{call_id}}", operation_id="page_see_agent_work")
async def desk_work(
    request: Request, view: View, identity: Asking, call_id: CallId
) -> Response:
    """The forms for one call's disposition and notes."""
    return await _work(request, view, identity.person_id, call_id)


@router.post(f"{PATH}/state", operation_id="page_set_own_state")
async def set_own_state(
    request: Request,
    view: View,
    identity: Asking,
    state: Annotated[Wish, Form()],
    reason: Annotated[str, Form(max_length=80)] = "",
) -> Response:
    """Log in or out, pause with a reason, get ready, end the wrap-up."""
    wish = StateWish(state=state, reason=reason)
    await set_agent_state(view, _own(identity.person_id), wish, Response())
    return _done(request)


@router.post(f"{PATH}/calls/{{call_id}}/talk", operation_id="page_command_own_talk")
async def command_own_talk(
    request: Request,
    view: View,
    call_id: CallId,
    command: Annotated[OwnCommand, Form()],
) -> Response:
    """Hold, mute, three-party, take back, hand over."""
    await command_talk(view, call_id, command)
    return _done(request)


@router.post(
    f"{PATH}/calls/{{call_id}}/third-party", operation_id="page_call_into_own_talk"
)
async def call_into_own_talk(
    request: Request,
    view: View,
    call_id: CallId,
    way: Annotated[Literal["consult", "transfer"], Form()],
    target: Annotated[str, Form(max_length=60)] = "",
    number: Annotated[Number, Form()] = "",
) -> Response:
    """Ask somebody first, or transfer at once: a third party, agent, queue or number."""
    chosen = _target(target, number)
    if way == "transfer":
        await transfer(view, call_id, TransferWish(**chosen))
    elif "queue" in chosen:
        words = N_("A queue cannot be asked first; transfer to it.")
        raise ApiError(422, "invalid_request", words, field="target")
    else:
        await consult(view, call_id, ThirdPartyWish(**chosen))
    return _done(request)


@router.post(
    f"{PATH}/calls/{{call_id}}/disposition", operation_id="page_dispose_own_call"
)
async def dispose_own_call(
    request: Request, view: View, identity: Asking, call_id: CallId, code: Code
) -> Response:
    """Note what the call was about."""
    own = identity.person_id
    await dispose_call(view, call_id, DispositionWish(code=code), own)
    return await _work(request, view, own, call_id, disposition=code)


@router.post(f"{PATH}/calls/{{call_id}}/notes", operation_id="page_note_own_call")
async def note_own_call(
    request: Request,
    view: View,
    identity: Asking,
    author: By,
    call_id: CallId,
    text: Annotated[NoteText, Form()],
    disposition: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """Write a note; `disposition` is the one that was kept just before, if any."""
    own = identity.person_id
    await add_call_note(view, call_id, NoteWish(text=text), author, own)
    return await _work(request, view, own, call_id, disposition)


@router.post(
    f"{PATH}/calls/{{call_id}}/confidential",
    operation_id="page_keep_own_call_confidential",
)
async def keep_confidential(request: Request, view: View, call_id: CallId) -> Response:
    """Mask the citizen's number from now on."""
    await make_confidential(view, call_id)
    return _done(request)


def _own(person_id: str) -> str:
    if not person_id:
        raise ApiError(409, "no_agent", N_("This account stands for no agent."))
    return person_id


async def _desk(view: ConsoleView, person_id: str) -> AgentDesk:
    return await agent_desk(view, known_agent(view, _own(person_id)))


def _target(target: str, number: str) -> dict[str, str]:
    """`third_party:110`, `agent:1002` or `queue:tax`; a number when nothing is chosen."""
    kind, _, name = target.partition(":")
    if kind in ("third_party", "agent", "queue") and name:
        return {kind: name}
    return {"number": number}


def _done(request: Request) -> Response:
    """A script reads the desk again, so that what is newest is shown last."""
    if "hx-request" in request.headers:
        return Response(status_code=204)
    return RedirectResponse(PATH, 303)


async def _work(
    request: Request,
    view: ConsoleView,
    person_id: str,
    call_id: str,
    disposition: str = "",
) -> Response:
    if request.method == "POST" and "hx-request" not in request.headers:
        return RedirectResponse(PATH, 303)
    agent = known_agent(view, _own(person_id))
    call = await desk_call(view, agent.id, call_id)
    shown = _work_shown(view) | {"disposition": disposition or call.disposition}
    return page(request, "agent_desk_work.html", call=call, **shown)


def _shown(view: ConsoleView, desk: AgentDesk) -> dict[str, Any]:
    """What the page needs to know beside the desk itself."""
    now = view.statistics.now()
    ends = desk.ahead.wrap_up_ends_at
    others = [agent for agent in view.distributor.agents() if agent.id != desk.agent.id]
    return {
        "desk": desk,
        "call": desk.call,
        "talk": desk.call.talk if desk.call else None,
        "states": STATES,
        "marks": MARKS,
        "outcomes": OUTCOMES,
        "order_states": ORDER_STATES,
        "state_seconds": max(0, (now - desk.agent.since).total_seconds()),
        "wrap_up_seconds": max(0, (ends - now).total_seconds()) if ends else None,
        "pause_reasons": view.pause_reasons,
        "third_parties": view.talk.third_parties,
        "queues": [queue.name for queue in view.distributor.queues()],
        "colleagues": [a for a in others if a.state is not AgentState.LOGGED_OUT],
        "disposition": desk.call.disposition if desk.call else "",
        **_work_shown(view),
    }


def _work_shown(view: ConsoleView) -> dict[str, Any]:
    return {
        "dispositions": view.run_time.disposition_titles,
        "note_length": NOTE_LENGTH,
    }
