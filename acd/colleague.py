"""Another agent who is asked about a citizen: the engine rings him, as for a call.

The question has an id of its own, so that the engine keeps him free of other calls; it
is no citizen's call, and only the moves of the agent are told of it.
"""

import asyncio
from itertools import count

from acd.messages import (
    CallerEnters,
    CallerLeaves,
    Connect,
    Decline,
    LeaveQueue,
    Offer,
    Withdraw,
    question_of,
)
from acd.placing import RING_SECONDS, Answered, NotAnswered, PlacedCall, WhyNot
from acd.ringing import Ringing
from acd.scene import Scene
from telephony.calls import Leg
from telephony.events import EndCause

_NUMBERS = count(1)


class Colleague:
    """Rung once, when he is free; `leave` ends the question."""

    def __init__(self, scene: Scene, agent_id: str) -> None:
        self.agent_id = agent_id
        self._scene = scene
        self._id = question_of(scene.call.id, next(_NUMBERS))
        self._leg: Leg | None = None

    async def answer(self) -> PlacedCall:
        """His answered leg, or why he cannot be asked; cancelling ends the ringing."""
        answered = False
        try:
            async with asyncio.timeout(RING_SECONDS) as limit:
                await self._ring(limit)
            answered = self._leg is not None
        except TimeoutError:
            return NotAnswered(why=WhyNot.NO_ANSWER, words="the agent did not answer")
        finally:
            if not answered:
                self.leave()
                if self._leg:
                    await self._leg.hang_up(EndCause.CANCELLED)
        if self._leg:
            return Answered(leg=self._leg)
        return NotAnswered(why=WhyNot.UNREACHABLE, words="the agent is not there")

    def leave(self) -> None:
        """The question is over; harmless when it is so already."""
        self._scene.equipment.link.send(CallerLeaves(call_id=self._id))

    async def _ring(self, limit: asyncio.Timeout) -> None:
        scene, loop = self._scene, asyncio.get_running_loop()

        def phone_rings(some: bool) -> None:
            if not some and not limit.expired():
                limit.reschedule(loop.time())  # he refused: he is not asked again

        ringing = Ringing(
            scene.call.caller,
            scene.call.legs,
            scene.equipment,
            is_confidential=lambda: scene.call.confidential,
            on_change=phone_rings,
        )
        with scene.equipment.link.mailbox(self._id) as mailbox:
            async with asyncio.TaskGroup() as tasks:
                scene.equipment.link.send(self._question())
                while self._leg is None:
                    match command := await mailbox.get():
                        case Offer():
                            ringing.ring(command, tasks)
                        case Withdraw():
                            ringing.withdraw(command.offer_id)
                        case Connect():
                            self._leg = ringing.take(command).take()
                        case LeaveQueue() | Decline():
                            return

    def _question(self) -> CallerEnters:
        return CallerEnters(
            call_id=self._id,
            queue=self._scene.queue,
            at_head=True,
            only_agent=self.agent_id,
        )
