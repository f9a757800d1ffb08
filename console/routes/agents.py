"""Agents as they are now, and the setting of their states."""

import difflib
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, ConfigDict, Field

from acd import messages as m
from acd.distributor import AgentView
from acd.events import AgentState
from console.errors import ApiError
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
    view.distributor.send(_message(agent_id, wish))
    agent = known_agent(view, agent_id)
    if agent.state not in REACHED[wish.state]:
        response.status_code = 202
    return agent


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
