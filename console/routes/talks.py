"""Live talks and what can be asked of them: hold, third parties, supervisors."""

from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from acd import talk_commands as c
from acd.call_control import TalkView
from acd.talk_events import SupervisionMode
from config.talk_settings import MOST_DISPOSITIONS, DispositionSection
from console.errors import ApiError
from console.routes.edits import By
from console.routes.parts import CallId, View
from console.view import ConsoleView

router = APIRouter(prefix="/talks", tags=["talks"])
Plain = Literal[
    "hold",
    "unhold",
    "mute",
    "unmute",
    "pause_recording",
    "resume_recording",
    "join",
    "take_back",
    "hand_over",
    "stop_supervision",
]
PLAIN: dict[Plain, c.TalkCommand] = {
    "hold": c.Hold(),
    "unhold": c.Unhold(),
    "mute": c.Mute(),
    "unmute": c.Unmute(),
    "pause_recording": c.PauseRecording(),
    "resume_recording": c.ResumeRecording(),
    "join": c.Join(),
    "take_back": c.TakeBack(),
    "hand_over": c.HandOver(),
    "stop_supervision": c.StopSupervision(),
}
Number = Annotated[str, Field(pattern=r"^(|\+?[0-9*#]{2,20})$")]


class ThirdPartyWish(BaseModel):
    """Whom to call: a configured third party or an agent by his id, or any number."""

    model_config = ConfigDict(extra="forbid")

    third_party: str = Field("", max_length=40)
    number: Number = ""
    agent: str = Field("", max_length=40)


class TransferWish(ThirdPartyWish):
    """To whom the citizen is to go: a third party, a number, an agent, or a queue."""

    queue: str = Field("", max_length=40)


class SupervisionWish(BaseModel):
    """Who takes part, by the id that `[[supervisors]]` gives him, and how."""

    model_config = ConfigDict(extra="forbid")

    supervisor: str = Field(max_length=40)
    mode: SupervisionMode


class ThirdPartyView(BaseModel):
    """A configured third party; `key` is pressed on the agent's phone."""

    id: str
    title: str
    key: str


class SupervisorView(BaseModel):
    """Who may take part in talks."""

    id: str
    title: str


class Dispositions(BaseModel):
    """All of them, in the order in which agents see them."""

    model_config = ConfigDict(extra="forbid")

    dispositions: list[DispositionSection] = Field(
        min_length=1, max_length=MOST_DISPOSITIONS
    )


@router.get("", operation_id="list_talks")
async def list_talks(view: View) -> list[TalkView]:
    """The talks that go on now, the oldest first."""
    return view.control.talks()


@router.get("/third-parties", operation_id="list_third_parties")
async def list_third_parties(view: View) -> list[ThirdPartyView]:
    """Whom an agent can call into a talk by one key."""
    return [
        ThirdPartyView(id=third.id, title=third.title, key=third.key)
        for third in view.talk.third_parties
    ]


@router.get("/supervisors", operation_id="list_supervisors")
async def list_supervisors(view: View) -> list[SupervisorView]:
    """Who may listen to talks, and speak in them."""
    return [SupervisorView(id=s.id, title=s.title) for s in view.talk.supervisors]


@router.get("/dispositions", operation_id="list_dispositions")
async def list_dispositions(view: View) -> list[DispositionSection]:
    """The codes that a call can be given."""
    return list(view.run_time.dispositions.now)


@router.put("/dispositions", operation_id="replace_dispositions")
async def replace_dispositions(
    view: View, body: Dispositions, author: By
) -> list[DispositionSection]:
    """Calls can be given these from now on; those that were given stay as they are."""
    await view.run_time.dispositions.replace(tuple(body.dispositions), author)
    return list(view.run_time.dispositions.now)


@router.get("/{call_id}", operation_id="get_talk")
async def get_talk(view: View, call_id: CallId) -> TalkView:
    """The talk of one call."""
    return view.control.talk(call_id)


@router.post("/{call_id}/consult", operation_id="consult")
async def consult(view: View, call_id: CallId, wish: ThirdPartyWish) -> TalkView:
    """Call a third party for the agent; the citizen is on hold meanwhile."""
    third = _third_party(view, wish)
    return await view.control.ask(call_id, c.Consult(third_party=third))


@router.post("/{call_id}/transfer", operation_id="transfer")
async def transfer(view: View, call_id: CallId, wish: TransferWish) -> TalkView:
    """Hand the citizen to a queue or an agent's line at once, to others when they answer."""
    return await view.control.ask(call_id, _transfer(view, wish))


@router.post("/{call_id}/supervision", operation_id="supervise")
async def supervise(view: View, call_id: CallId, wish: SupervisionWish) -> TalkView:
    """Ring a supervisor, or change how he who is there takes part."""
    supervisor = view.talk.supervisor(wish.supervisor)
    return await view.control.ask(
        call_id, c.Supervise(supervisor=supervisor, mode=wish.mode)
    )


@router.post("/{call_id}/{command}", operation_id="command_talk")
async def command_talk(view: View, call_id: CallId, command: Plain) -> TalkView:
    """Hold, mute, pause the recording, make it three, take back, hand over."""
    return await view.control.ask(call_id, PLAIN[command])


def _transfer(view: ConsoleView, wish: TransferWish) -> c.TalkCommand:
    if not (wish.queue or wish.agent):
        return c.TransferToThirdParty(third_party=_third_party(view, wish))
    if wish.third_party or wish.number or (wish.queue and wish.agent):
        raise ApiError(422, "invalid_request", "Name one target, not several.")
    if wish.agent:
        return c.TransferToAgent(agent_id=wish.agent)
    return c.TransferToQueue(queue=wish.queue)


def _third_party(view: ConsoleView, wish: ThirdPartyWish) -> c.ThirdParty:
    if [wish.third_party, wish.number, wish.agent].count("") != 2:
        raise ApiError(
            422,
            "invalid_request",
            "Name one target: the id of a third party or an agent, or a number.",
        )
    if wish.agent:
        return c.ThirdParty(id=wish.agent, colleague=True)
    if wish.third_party:
        return view.talk.third_party(wish.third_party)
    return c.ThirdParty(number=view.numbers.normalise(wish.number))
