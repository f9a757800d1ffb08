"""An agent's desk for programs: what lies before him, and what changes it."""

from fastapi import APIRouter
from fastapi.responses import Response

from console.access import Asking
from console.agent_desk.reading import AgentDesk, agent_desk
from console.errors import ApiError
from console.live import TooManyReaders
from console.routes.agents import AgentId, known_agent
from console.routes.events import After, LastId
from console.routes.parts import View
from console.routes.streams import stream
from console.sight import sight_of_desk
from console.sse import ANSWER

router = APIRouter(prefix="/agents", tags=["agents"])


@router.get("/{agent_id}/desk", operation_id="get_agent_desk")
async def get_agent_desk(view: View, agent_id: AgentId) -> AgentDesk:
    """An agent's state, his call, and the citizen's earlier calls and orders."""
    return await agent_desk(view, known_agent(view, agent_id))


@router.get(
    "/{agent_id}/events",
    operation_id="follow_agent_desk",
    response_class=Response,
    responses=ANSWER,
)
async def follow_agent_desk(
    view: View,
    identity: Asking,
    agent_id: AgentId,
    last_id: LastId = None,
    after: After = "",
) -> Response:
    """What changes the agent's desk, as it happens; resumed like `/events`."""
    known_agent(view, agent_id)
    try:
        view.live.check_room()
    except TooManyReaders as error:
        raise ApiError(503, error.error_id, str(error)) from None
    texts = view.live.read(sight_of_desk(agent_id), last_id or after)
    return stream(view, identity, texts)
