"""What the parts of a talk share: who speaks, in which bridge, and whom to tell."""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from acd.call import ServedCall
from acd.call_control import TalkView
from acd.equipment import Equipment
from acd.messages import TalkEnd
from acd.placing import Answered, CallRequest, PlacedCall, TrafficClass
from acd.talk_events import TalkEvent
from acd.talk_inbox import TalkInbox
from recordings.manifest import Role as RecordedRole
from telephony.calls import Bridge, Leg, LegGone, TelephonyError
from telephony.events import EndCause


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkResult:
    """How a talk ended; `queue` is where the citizen is to wait next, "" for none.

    There he waits for `agent` alone, if one is named.
    """

    end: TalkEnd
    queue: str = ""
    agent: str = ""


@dataclass(slots=True, kw_only=True)
class Scene:
    """One talk's people and means. `agent_here` is false once he has handed over."""

    call: ServedCall
    equipment: Equipment
    queue: str
    agent: Leg
    agent_id: str
    bridge: Bridge
    inbox: TalkInbox[TalkView]
    tasks: asyncio.TaskGroup
    agent_here: bool = True
    sign: asyncio.Task[None] | None = None

    @property
    def agent_reachable(self) -> bool:
        """Whether the agent is still part of the talk."""
        return self.agent_here and not self.agent.ended.done()

    def now(self) -> float:
        """The loop's time, in seconds."""
        return asyncio.get_running_loop().time()

    def tell(self, kind: type[TalkEvent], **fields: Any) -> None:
        """Publish an event of this talk."""
        event = kind(
            at=self.equipment.now(),
            call_id=self.call.id,
            agent_id=self.agent_id,
            **fields,
        )
        self.equipment.bus.publish(event)

    def request(self, number: str, purpose: str, ring_seconds: float) -> CallRequest:
        """A call to somebody who is to take part."""
        return CallRequest(
            number=number,
            traffic=TrafficClass.CONSULTATION,
            purpose=f"call {self.call.id}: {purpose}",
            ring_seconds=ring_seconds,
        )

    async def record(self, leg: Leg, role: RecordedRole, name: str = "") -> None:
        """Let a leg be in the recording, if there is one."""
        if self.call.recording:
            await self.call.recording.add(leg, role=role, name=name)

    def sound(self, file: Path) -> None:
        """Let the agent alone hear a short sign; the talk goes on meanwhile."""
        self.silence()
        if self.agent_reachable:
            self.sign = self.tasks.create_task(
                _unless_gone(self.agent.play([file])), name=f"sign {self.call.id}"
            )

    def silence(self) -> None:
        """Cut the sign that may sound."""
        if self.sign:
            self.sign.cancel()


async def _unless_gone(playing: Awaitable[bool]) -> None:
    try:
        await playing
    except (LegGone, TelephonyError):
        return  # a sign that cannot be heard is no harm


async def hang_up_agent(agent: Leg) -> None:
    """End an agent's leg, and what his phone may have dialled in this moment."""
    await agent.hang_up()
    if agent.transferred.done():  # nobody else ends it
        await agent.transferred.result().hang_up(EndCause.CANCELLED)


async def let_go(placed: PlacedCall) -> None:
    """Hang up on somebody who answered when he was no longer wanted."""
    if isinstance(placed, Answered):
        await placed.leg.hang_up(EndCause.CANCELLED)
