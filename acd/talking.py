"""Citizen and agent speak, until one of them hangs up or hands over."""

import asyncio
from datetime import datetime

from acd.call import ServedCall
from acd.equipment import Equipment
from acd.events import CallRouted, NeighbourAsked, Outcome, Role
from acd.messages import TalkEnd, TalkEnds
from acd.neighbours import Neighbour
from acd.placing import (
    RING_SECONDS,
    CallRequest,
    NotAnswered,
    TrafficClass,
    WhyNot,
)
from acd.routing_words import TRANSFERRED, RoutingRule
from acd.scene import Scene, TalkResult, hang_up_agent
from acd.talk import Talk, end_by
from acd.talk_inbox import TalkInbox
from telephony.calls import Bridge, Leg, LegGone, end_of
from telephony.numbers import is_sip_uri

HUNG_UP = "hung_up"
"""What is told of a transfer whose citizen was gone before it was decided."""


class Talking:
    """The talks of one call: with an agent, and with a third party after him."""

    def __init__(self, call: ServedCall, equipment: Equipment, queue: str) -> None:
        self._call, self._equipment, self._queue = call, equipment, queue
        self._music = equipment.music[queue]

    async def with_agent(self, agent: Leg, agent_id: str) -> TalkResult:
        """Bridge the citizen with an agent's answered leg; returns how it ended.

        The engine is told of the end, and the agent's leg is hung up.
        """
        self._call.outcome = Outcome.ANSWERED
        result = TalkResult(end=TalkEnd.CALLER)
        try:
            result = await self._bridged(agent, agent_id)
        finally:
            self._tell(result.end)
            await hang_up_agent(agent)
        return result

    async def with_third_party(self, target: str) -> bool:
        """Call a number or a SIP URI and let the citizen speak with it; false when none answers."""
        return await self._put_through(self._third_party(target))

    async def with_neighbour(self, neighbour: Neighbour) -> bool:
        """The same with a neighbour hotline; how it went is told by its name."""
        request = self._third_party(neighbour.target, neighbour.ring_seconds)
        return await self._put_through(request, neighbour.name)

    async def _put_through(self, request: CallRequest, neighbour: str = "") -> bool:
        async with self._equipment.endpoint.bridge(
            self._call.leg, music=self._music
        ) as bridge:
            third = await self._reached(bridge, request, neighbour)
            if third is None:
                return False
            try:
                await self._third_party_talks(third)
            finally:
                await third.hang_up()
        return True

    async def _reached(
        self, bridge: Bridge, request: CallRequest, neighbour: str
    ) -> Leg | None:
        """Who answered, on the bridge; how it went is told also when the citizen hangs up."""
        went, since = HUNG_UP, self._equipment.now()
        try:
            placed = await self._equipment.placer.place(
                request, on_leg=self._log_third_party
            )
            if isinstance(placed, NotAnswered):
                went = placed.why
                return None
            is_there = await self._joins(bridge, placed.leg)
            went = TRANSFERRED if is_there else WhyNot.REJECTED
            return placed.leg if is_there else None
        finally:
            self._tell_transfer(went)
            if neighbour:
                self._tell_neighbour(neighbour, went, since)

    async def _joins(self, bridge: Bridge, third: Leg) -> bool:
        """False when he hung up as he picked up."""
        try:
            await bridge.add(third)
        except LegGone:
            await third.hang_up()
            if self._call.leg.ended.done():
                raise
            return False
        except BaseException:
            await third.hang_up()
            raise
        return True

    def _tell_transfer(self, went: str) -> None:
        """The decision record of a step that asks no queue, so that no agent is counted."""
        self._equipment.bus.publish(
            CallRouted(
                at=self._equipment.now(),
                call_id=self._call.id,
                queue=self._call.queue,
                record=0,
                rule=RoutingRule.TRANSFER,
                position=0,
                eligible=0,
                skipped={},
                candidates=(),
                agent_id="",
                detail=went,
            )
        )

    def _tell_neighbour(self, name: str, went: str, since: datetime) -> None:
        now = self._equipment.now()
        self._equipment.bus.publish(
            NeighbourAsked(
                at=now,
                call_id=self._call.id,
                queue=self._queue,
                neighbour=name,
                result=went,
                ring_seconds=(now - since).total_seconds(),
            )
        )

    def _third_party(
        self, target: str, ring_seconds: float = RING_SECONDS
    ) -> CallRequest:
        return CallRequest(
            number=target,
            traffic=TrafficClass.CONSULTATION,
            purpose=f"call {self._call.id}: third party",
            caller_number=self._shown_to(target),
            ring_seconds=ring_seconds,
        )

    def _shown_to(self, target: str) -> str:
        """The citizen's number to a phone of the house; to others the trunk's own.

        A confidential one is shown to nobody.
        """
        if not is_sip_uri(target) or self._call.confidential:
            return ""
        return self._equipment.numbers.dialled(self._call.caller)

    def _log_third_party(self, third: Leg) -> None:
        self._call.legs.opened(third, Role.THIRD_PARTY)

    async def _bridged(self, agent: Leg, agent_id: str) -> TalkResult:
        try:
            async with self._equipment.endpoint.bridge(
                self._call.leg, agent, music=self._music
            ) as bridge:
                return await self._talk(bridge, agent, agent_id)
        except LegGone:
            if self._call.leg.ended.done():
                raise
        return TalkResult(end=end_by(await end_of(agent)))

    async def _talk(self, bridge: Bridge, agent: Leg, agent_id: str) -> TalkResult:
        if self._call.recording:
            await self._call.recording.add(agent, role="agent", name=agent_id)
        async with asyncio.TaskGroup() as tasks:
            talk = Talk(self._scene(bridge, agent, agent_id, tasks))
            with self._equipment.control.talking(self._call.id, talk):
                try:
                    return await talk.until_over()
                finally:
                    await talk.close()

    def _scene(
        self, bridge: Bridge, agent: Leg, agent_id: str, tasks: asyncio.TaskGroup
    ) -> Scene:
        return Scene(
            call=self._call,
            equipment=self._equipment,
            queue=self._queue,
            agent=agent,
            agent_id=agent_id,
            bridge=bridge,
            inbox=TalkInbox(),
            tasks=tasks,
        )

    async def _third_party_talks(self, third: Leg) -> None:
        self._call.outcome = Outcome.ANSWERED
        if self._call.recording:
            await self._call.recording.add(third, role="third_party")
        await end_of(third)

    def _tell(self, end: TalkEnd) -> None:
        self._equipment.link.send(TalkEnds(call_id=self._call.id, end=end))
