"""Citizen and agent speak, until one of them hangs up or hands over."""

import asyncio
import logging
from typing import Any

from acd.call import ServedCall
from acd.equipment import Equipment
from acd.events import Outcome, Role
from acd.messages import TalkEnd, TalkEnds
from acd.placing import RING_SECONDS, CallRequest, NotAnswered, TrafficClass
from recordings.manifest import Role as RecordedRole
from telephony.calls import Bridge, Leg, LegGone, end_of
from telephony.events import EndCause, LegEnded
from telephony.numbers import is_sip_uri

logger = logging.getLogger(__name__)

_DIED = frozenset(
    {
        EndCause.DEAD_PEER,
        EndCause.MEDIA_FAILED,
        EndCause.UNREACHABLE,
        EndCause.ENDPOINT_STOPPED,
    }
)


class Talking:
    """The talks of one call: with an agent, and with a third party after him."""

    def __init__(self, call: ServedCall, equipment: Equipment, queue: str) -> None:
        self._call, self._equipment = call, equipment
        self._music = equipment.music[queue]

    async def with_agent(self, agent: Leg, agent_id: str) -> TalkEnd:
        """Bridge the citizen with an agent's answered leg; returns how it ended.

        The engine is told of the end, and the agent's leg is hung up.
        """
        self._call.outcome = Outcome.ANSWERED
        end = TalkEnd.CALLER
        try:
            end = await self._bridged(agent, agent_id)
        finally:
            self._tell(end)
            await agent.hang_up()
            if agent.transferred.done():  # perhaps in this moment: nobody else ends it
                await agent.transferred.result().hang_up(EndCause.CANCELLED)
        return end

    async def with_third_party(self, target: str) -> bool:
        """Call a number or a SIP URI and let the citizen speak with it; false when none answers."""
        async with self._equipment.endpoint.bridge(
            self._call.leg, music=self._music
        ) as bridge:
            placed = await self._equipment.placer.place(
                self._third_party(target), on_leg=self._log_third_party
            )
            if isinstance(placed, NotAnswered):
                return False
            try:
                return await self._third_party_talks(bridge, placed.leg)
            finally:
                await placed.leg.hang_up()

    def _third_party(self, target: str) -> CallRequest:
        return CallRequest(
            number=target,
            traffic=TrafficClass.CONSULTATION,
            purpose=f"call {self._call.id}: third party",
            caller_number=self._shown_to(target),
        )

    def _shown_to(self, target: str) -> str:
        """The citizen's number to a phone of the house; to others the trunk's own."""
        if not is_sip_uri(target):
            return ""
        return self._equipment.numbers.dialled(self._call.caller)

    def _log_third_party(self, third: Leg) -> None:
        self._call.legs.opened(third, Role.THIRD_PARTY)

    async def _bridged(self, agent: Leg, agent_id: str) -> TalkEnd:
        try:
            async with self._equipment.endpoint.bridge(
                self._call.leg, agent, music=self._music
            ) as bridge:
                await self._record(agent, "agent", agent_id)
                await _first_of(agent.ended, agent.transferred)
                if agent.transferred.done():
                    return await self._hand_over(bridge, agent)
        except LegGone:
            if self._call.leg.ended.done():
                raise
        return _end_by(await end_of(agent))

    async def _hand_over(self, bridge: Bridge, agent: Leg) -> TalkEnd:
        """The agent's REFER was granted: the third party takes his place."""
        third = agent.transferred.result()
        self._call.legs.opened(third, Role.THIRD_PARTY)
        try:
            if not await _answers(third):
                await third.hang_up(EndCause.CANCELLED)
                return await self._take_back(agent)
            self._tell(TalkEnd.TRANSFERRED)
            await agent.hang_up()
            await self._third_party_talks(bridge, third)
            return TalkEnd.TRANSFERRED
        finally:
            await third.hang_up()

    async def _take_back(self, agent: Leg) -> TalkEnd:
        """Who received the citizen first keeps him; if he is gone, another must."""
        if agent.ended.done():
            return TalkEnd.TRANSFER_FAILED
        return _end_by(await end_of(agent))

    async def _third_party_talks(self, bridge: Bridge, third: Leg) -> bool:
        try:
            await bridge.add(third)
        except LegGone:  # he hung up as he picked up
            if self._call.leg.ended.done():
                raise
            return False
        self._call.outcome = Outcome.ANSWERED
        await self._record(third, "third_party")
        await end_of(third)
        return True

    async def _record(self, leg: Leg, role: RecordedRole, name: str = "") -> None:
        if self._call.recording:
            await self._call.recording.add(leg, role=role, name=name)

    def _tell(self, end: TalkEnd) -> None:
        self._equipment.link.send(TalkEnds(call_id=self._call.id, end=end))


def _end_by(ended: LegEnded) -> TalkEnd:
    return TalkEnd.AGENT_LEG_DIED if ended.cause in _DIED else TalkEnd.AGENT


async def _answers(third: Leg) -> bool:
    try:
        async with asyncio.timeout(RING_SECONDS):
            await _first_of(third.answered, third.ended)
    except TimeoutError:
        return False
    return not third.ended.done()


async def _first_of(*futures: asyncio.Future[Any]) -> None:
    await asyncio.wait(futures, return_when=asyncio.FIRST_COMPLETED)
