"""Agents as they are now, and the setting of their states."""

import difflib
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, ConfigDict, Field

from acd import messages as m
from acd.distributor import AgentView
from acd.events import AgentState
from acd.rule_changes.changes import Written
from config.agent_settings import AgentSection, WrittenProfile
from console.errors import ApiError
from console.routes.edits import By, Given, Removed, edit
from console.routes.parts import View
from console.view import ConsoleView

router = APIRouter(prefix="/agents", tags=["agents"])
AgentId = Annotated[str, Path(max_length=40)]
Wish = Literal["logged_in", "ready", "paused", "logged_out"]

REACHED: dict[Wish, frozenset[AgentState]] = {
    "logged_in": frozenset(AgentState) - {AgentState.LOGGED_OUT},
    "ready": frozenset(AgentState) - {AgentState.LOGGED_OUT, AgentState.PAUSED},
    "paused": frozenset({AgentState.PAUSED}),
    "logged_out": frozenset({AgentState.LOGGED_OUT}),
}


class StateWish(BaseModel):
    """What an agent shall do from now on. `reason` says why he pauses."""

    model_config = ConfigDict(extra="forbid")

    state: Wish
    reason: str = Field("", max_length=80)


@router.get("", operation_id="list_agents")
async def list_agents(view: View) -> list[AgentView]:
    """All agents, by id."""
    return view.distributor.agents()


@router.post("", operation_id="add_agent", status_code=201)
async def add_agent(view: View, agent: AgentSection, author: By) -> AgentView:
    """Add an agent, or take one back who was removed; his phone is rung at once if ready."""
    await view.rule_changes.add_agent(agent, author)
    if agent.state == "ready":
        view.distributor.send(m.AgentLogsIn(agent_id=agent.id))
    return known_agent(view, agent.id)


@router.delete(
    "/{agent_id}",
    operation_id="remove_agent",
    responses={202: {"model": Removed, "description": "After the talk he is in"}},
)
async def remove_agent(
    view: View, agent_id: AgentId, author: By, response: Response
) -> Removed:
    """Remove an agent: he is offered nothing more, and logged out after his talk.

    The person counts no more, as by `DELETE /people/...`; what is recorded of him stays.
    """
    await view.rule_changes.profile(agent_id)
    await view.people.remove(agent_id, author)
    if any(agent.id == agent_id for agent in view.distributor.agents()):
        response.status_code = 202
    return Removed(name=agent_id)


@router.get("/{agent_id}", operation_id="get_agent")
async def getknown_agent(view: View, agent_id: AgentId) -> AgentView:
    """One agent."""
    return known_agent(view, agent_id)


@router.post(
    "/{agent_id}/state",
    operation_id="set_agent_state",
    responses={202: {"model": AgentView, "description": "After the talk he is in"}},
)
async def set_agent_state(
    view: View, agent_id: AgentId, wish: StateWish, response: Response
) -> AgentView:
    """Log an agent in or out, pause him, or make him ready.

    200: it is so. 202: it will be so after the talk that he is in.
    """
    known_agent(view, agent_id)
    if wish.state == "paused":
        _require_known_reason(view, wish.reason)
    view.distributor.send(_message(agent_id, wish))
    agent = known_agent(view, agent_id)
    if agent.state not in REACHED[wish.state]:
        response.status_code = 202
    return agent


@router.get("/{agent_id}/profile", operation_id="get_agent_profile")
async def get_profile(view: View, agent_id: AgentId) -> Written[WrittenProfile]:
    """An agent's contact, queues, skills, penalties and weight, and what is doubtful."""
    return await view.rule_changes.profile(agent_id)


@router.put("/{agent_id}/profile", operation_id="replace_agent_profile")
async def replace_profile(
    view: View, agent_id: AgentId, profile: WrittenProfile, author: By
) -> Written[WrittenProfile]:
    """Set all of it; what is not given has its default, but the contact stays."""
    return await view.rule_changes.change_profile(agent_id, lambda _: profile, author)


@router.patch("/{agent_id}/profile", operation_id="change_agent_profile")
async def change_profile(
    view: View, agent_id: AgentId, given: Given, author: By
) -> Written[WrittenProfile]:
    """Set what is given, and leave the rest. It counts at once, also for his next call."""
    return await view.rule_changes.change_profile(agent_id, edit(given), author)


def _require_known_reason(view: ConsoleView, reason: str) -> None:
    known = [known.id for known in view.pause_reasons]
    if reason and known and reason not in known:
        raise ApiError(
            422,
            "pause_reason_unknown",
            f"There is no pause reason {reason!r}; known: {', '.join(known)}",
            field="reason",
        )


def _message(agent_id: str, wish: StateWish) -> m.Message:
    match wish.state:
        case "logged_in":
            return m.AgentLogsIn(agent_id=agent_id)
        case "ready":
            return m.AgentGetsReady(agent_id=agent_id)
        case "paused":
            return m.AgentPauses(agent_id=agent_id, reason=wish.reason)
        case "logged_out":
            return m.AgentLogsOut(agent_id=agent_id)


def known_agent(view: ConsoleView, agent_id: str) -> AgentView:
    """The agent; a refusal that names the nearest one when there is none."""
    agents = {agent.id: agent for agent in view.distributor.agents()}
    if agent_id in agents:
        return agents[agent_id]
    near = difflib.get_close_matches(agent_id, agents, n=1, cutoff=0.5)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    raise ApiError(404, "agent_unknown", f"There is no agent {agent_id!r}{hint}")
