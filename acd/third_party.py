"""The third party of a talk: called, consulted, joined; or he does not answer."""

import asyncio
import logging
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from acd.call_control import ThirdState
from acd.colleague import Colleague
from acd.events import Role
from acd.holding import Holding
from acd.messages import TalkMoves
from acd.placing import Answered, NotAnswered, PlacedCall, WhyNot
from acd.scene import Scene, let_go
from acd.talk_commands import AlreadyConsulting, NoThirdParty, ThirdParty
from acd.talk_events import (
    ThirdPartyAnswered,
    ThirdPartyCalled,
    ThirdPartyEvent,
    ThirdPartyFailed,
    ThirdPartyJoined,
    ThirdPartyLeft,
)
from acd.talk_inbox import Placed
from recordings.manifest import Role as RecordedRole
from telephony.calls import Leg, LegGone, TelephonyError
from telephony.events import EndCause

logger = logging.getLogger(__name__)

ALLOWED: dict[ThirdState, frozenset[ThirdState]] = {
    ThirdState.ABSENT: frozenset({ThirdState.CALLED}),
    ThirdState.CALLED: frozenset(
        {ThirdState.CONSULTED, ThirdState.JOINED, ThirdState.ABSENT}
    ),
    ThirdState.CONSULTED: frozenset({ThirdState.JOINED, ThirdState.ABSENT}),
    ThirdState.JOINED: frozenset({ThirdState.ABSENT}),
}


class IllegalThirdMove(Exception):
    """A move that the table does not allow: a fault in the talk itself."""


@dataclass(slots=True)
class ThirdMoves:
    """Where the third party is. Only `move_to` changes `state`."""

    call_id: str
    state: ThirdState = ThirdState.ABSENT

    def move_to(self, new: ThirdState) -> None:
        """Change the state; `IllegalThirdMove` when the table does not allow it."""
        if new not in ALLOWED[self.state]:
            raise IllegalThirdMove(f"call {self.call_id}: {self.state} -> {new}")
        logger.info(
            "call %s: the third party is %s, was %s", self.call_id, new, self.state
        )
        self.state = new


class ThirdPartyCall:
    """At most one third party at a time. `for_transfer`: the agent means to leave."""

    def __init__(self, scene: Scene, holding: Holding) -> None:
        self._scene, self._holding = scene, holding
        self._moves = ThirdMoves(scene.call.id)
        self._placing: asyncio.Task[PlacedCall] | None = None
        self._was_on_hold = False
        self._since = 0.0
        self.party = ThirdParty()
        self.leg: Leg | None = None
        self.colleague: Colleague | None = None
        self.for_transfer = False

    @property
    def state(self) -> ThirdState:
        """Where he is."""
        return self._moves.state

    def check_absent(self) -> None:
        """`AlreadyConsulting` unless there is none."""
        if self.state is not ThirdState.ABSENT:
            raise AlreadyConsulting(
                "There is a third party already; take the citizen back first."
            )

    def check_answered(self) -> None:
        """`NoThirdParty` unless there is one who has answered."""
        if self.leg is None:
            raise NoThirdParty("No third party has answered; consult one first.")

    def check_called(self) -> None:
        """`NoThirdParty` unless one is at least rung."""
        if self.state is ThirdState.ABSENT:
            raise NoThirdParty("There is no third party; consult one first.")

    # --- he is called -------------------------------------------------------------

    async def consult(self, party: ThirdParty) -> None:
        """Ring him for the agent; the citizen is on hold meanwhile."""
        self.check_absent()
        self._was_on_hold = self._holding.on_hold
        await self._holding.hold()
        self._call(party, for_transfer=False)
        await self._let_it_ring()

    def transfer(self, party: ThirdParty) -> None:
        """Ring him; citizen and agent go on speaking until he answers."""
        self.check_absent()
        self._was_on_hold = self._holding.on_hold
        self._call(party, for_transfer=True)

    async def referred(self, leg: Leg) -> None:
        """The agent's phone sent REFER: this leg rings already."""
        self._scene.call.legs.opened(leg, Role.THIRD_PARTY)
        if self.state is not ThirdState.ABSENT:
            await leg.hang_up(EndCause.CANCELLED)
            return
        self._was_on_hold, self.colleague = self._holding.on_hold, None
        party = ThirdParty()
        self._begin(party, _rung(leg, party.ring_seconds), transfer=True)

    def _call(self, party: ThirdParty, *, for_transfer: bool) -> None:
        scene = self._scene
        if party.colleague:
            self.colleague = Colleague(scene, party.id)
            self._begin(party, self.colleague.answer(), transfer=for_transfer)
            return
        self.colleague = None
        request = scene.request(party.number, "third party", party.ring_seconds)
        placing = scene.equipment.placer.place(
            request, on_leg=lambda leg: scene.call.legs.opened(leg, Role.THIRD_PARTY)
        )
        self._begin(party, placing, transfer=for_transfer)

    def _begin(
        self,
        party: ThirdParty,
        answer: Coroutine[Any, Any, PlacedCall],
        *,
        transfer: bool,
    ) -> None:
        placing = self._scene.tasks.create_task(
            answer, name=f"third party {self._scene.call.id}"
        )
        placing.add_done_callback(self._placed)
        self.party, self._placing, self.for_transfer = party, placing, transfer
        self._since = self._scene.now()
        self._moves.move_to(ThirdState.CALLED)
        self._tell(ThirdPartyCalled, for_transfer=transfer)

    def _placed(self, placing: asyncio.Task[PlacedCall]) -> None:
        if not placing.cancelled():
            self._scene.inbox.put(Placed(placing))

    # --- he answers, or not -------------------------------------------------------

    async def came(self, placing: asyncio.Task[PlacedCall]) -> bool:
        """The answer to a call; false when nobody took it and the talk goes on as it was.

        An answer to a call that was given up meanwhile is hung up.
        """
        placed = placing.result()
        if placing is not self._placing:
            await let_go(placed)
            return False
        self._placing = None
        await self._silence_ringing()
        if isinstance(placed, NotAnswered):
            await self._failed(placed.why)
            return False
        return await self._answered(placed)

    async def _answered(self, placed: Answered) -> bool:
        leg = placed.leg
        try:
            await self._scene.bridge.add(leg)
        except LegGone:  # he hung up as he picked up
            if self._scene.call.leg.ended.done():
                await leg.hang_up()
                raise
            await self._failed(WhyNot.REJECTED)
            return False
        self.leg = leg
        self._scene.inbox.watch(leg)
        role: RecordedRole = "agent" if self.colleague else "third_party"
        await self._scene.record(leg, role, self.party.id)
        ring_seconds, self._since = self._scene.now() - self._since, self._scene.now()
        if not self.for_transfer:
            self._moves.move_to(ThirdState.CONSULTED)
            self._tell(ThirdPartyAnswered, ring_seconds=ring_seconds)
        return True

    async def _failed(self, why: WhyNot) -> None:
        self._moves.move_to(ThirdState.ABSENT)
        self._tell(
            ThirdPartyFailed,
            failure=why,
            ring_seconds=self._scene.now() - self._since,
        )
        await self._give_citizen_back()
        self._scene.sound(self._scene.equipment.talk.tones.busy)

    async def _let_it_ring(self) -> None:
        try:
            await self._scene.agent.start_music(
                self._scene.equipment.talk.tones.ringing
            )
        except TelephonyError as error:
            logger.warning("call %s: no ringing tone: %s", self._scene.call.id, error)

    async def _silence_ringing(self) -> None:
        with suppress(LegGone):  # its end is the next thing in the inbox
            await self._scene.agent.stop_music()

    async def _give_citizen_back(self) -> None:
        """The agent has him as before."""
        if self._scene.agent_reachable and not self._was_on_hold:
            await self._holding.unhold()

    # --- all three, or the two who stay -------------------------------------------

    async def join(self) -> None:
        """Citizen and third party speak; harmless when they do already."""
        self.check_answered()
        await self._holding.unhold()
        if self.state is not ThirdState.JOINED:
            self._moves.move_to(ThirdState.JOINED)
            self._tell(ThirdPartyJoined)

    async def take_back(self) -> None:
        """End his call; the citizen is the agent's alone again."""
        if self.state is ThirdState.ABSENT:
            return
        await self._silence_ringing()
        self._was_on_hold = False
        if self.leg:
            await self.left()
        else:
            self._give_up()
            self._moves.move_to(ThirdState.ABSENT)
            self._tell(
                ThirdPartyFailed,
                failure=WhyNot.NO_ANSWER,
                ring_seconds=self._scene.now() - self._since,
            )
            await self._give_citizen_back()

    async def left(self) -> None:
        """He is gone, or is to go; citizen and agent go on."""
        leg, self.leg = self.leg, None
        assert leg is not None
        by_himself = leg.ended.done()
        await leg.hang_up()
        if self.colleague:
            self.colleague.leave()
        self._moves.move_to(ThirdState.ABSENT)
        self._tell_left()
        await self._give_citizen_back()
        if by_himself:
            self._scene.sound(self._scene.equipment.talk.tones.busy)

    async def become_agent(self, colleague: Colleague) -> Leg:
        """The colleague is the citizen's agent from now on; returns his leg."""
        await self.join()
        leg, self.leg = self.leg, None
        assert leg is not None
        self._moves.move_to(ThirdState.ABSENT)
        self._scene.equipment.link.send(
            TalkMoves(call_id=self._scene.call.id, agent_id=colleague.agent_id)
        )
        return leg

    def _tell_left(self) -> None:
        self._tell(ThirdPartyLeft, talk_seconds=self._scene.now() - self._since)

    # --- the end of the talk ------------------------------------------------------

    def _give_up(self) -> None:
        placing, self._placing = self._placing, None
        if placing:
            placing.cancel()

    async def close(self) -> None:
        """Nobody who was called or is here stays."""
        placing = self._placing
        self._give_up()
        if placing:
            await asyncio.wait({placing})
            if not placing.cancelled():
                await let_go(placing.result())
        if self.leg:
            await self.leg.hang_up()
            if self.colleague:
                self.colleague.leave()
            self._tell_left()
            self.leg = None

    def _tell(self, kind: type[ThirdPartyEvent], **fields: object) -> None:
        self._scene.tell(
            kind, third_party=self.party.id, number=self.party.number, **fields
        )


async def _rung(leg: Leg, seconds: float) -> PlacedCall:
    """The answer to a call that the library has placed; cancelling ends the ringing."""
    answered = False
    try:
        both: set[asyncio.Future[Any]] = {leg.answered, leg.ended}
        await asyncio.wait(both, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        answered = leg.answered.done() and not leg.ended.done()
    finally:
        if not answered:
            await leg.hang_up(EndCause.CANCELLED)
    if answered:
        return Answered(leg=leg)
    return NotAnswered(why=WhyNot.NO_ANSWER, words="the transfer was not answered")
