"""A supervisor who listens, whispers to the agent, or speaks to all."""

import asyncio
import logging

from acd.events import Role
from acd.placing import RING_SECONDS, Answered, PlacedCall
from acd.scene import Scene, let_go
from acd.talk_commands import (
    AlreadySupervised,
    NotSupervised,
    Supervise,
    Supervisor,
)
from acd.talk_events import (
    SupervisionEnded,
    SupervisionEvent,
    SupervisionFailed,
    SupervisionMode,
    SupervisionModeChanged,
    SupervisionStarted,
)
from acd.talk_inbox import Placed
from telephony.calls import Leg, LegGone

logger = logging.getLogger(__name__)

_WORDS: dict[type[SupervisionEvent], str] = {
    SupervisionStarted: "a supervisor is with the talk",
    SupervisionModeChanged: "the supervisor takes part in another mode",
    SupervisionFailed: "the supervisor's phone did not answer",
    SupervisionEnded: "the supervisor is gone",
}


class Supervision:
    """At most one supervisor at a time. What he says is recorded only in `BARGE`."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._placing: asyncio.Task[PlacedCall] | None = None
        self._supervisor: Supervisor | None = None
        self._wanted = SupervisionMode.LISTEN
        self._since = 0.0
        self.leg: Leg | None = None

    @property
    def mode(self) -> SupervisionMode | None:
        """How he takes part; None while nobody does."""
        return self._wanted if self.leg else None

    async def supervise(self, command: Supervise) -> None:
        """Ring him, or let him who is here (or rung) take part in another mode."""
        if not self._placing and not self.leg:
            self._ring(command)
        elif command.supervisor != self._supervisor:
            raise AlreadySupervised("Another supervisor is with this talk.")
        elif self.leg and command.mode is not self._wanted:
            await self._change(self.leg, command.mode)
        else:
            self._wanted = command.mode

    async def stop(self) -> None:
        """Let him go; `NotSupervised` when there is none."""
        if not self._placing and not self.leg:
            raise NotSupervised("No supervisor is with this talk.")
        await self.close()

    def is_mine(self, placing: asyncio.Task[PlacedCall]) -> bool:
        """Whether this call was placed to him."""
        return placing is self._placing

    async def came(self, placed: PlacedCall) -> None:
        """He answered, or not."""
        self._placing = None
        if not isinstance(placed, Answered):
            self._tell(SupervisionFailed, failure=placed.why)
            return
        self.leg = placed.leg
        self._since = self._scene.now()
        self._scene.inbox.watch(placed.leg)
        try:
            await self._take_part(placed.leg, self._wanted)
        except LegGone:
            if self._scene.call.leg.ended.done():
                raise
        self._tell(SupervisionStarted, mode=self._wanted)
        if self._scene.equipment.talk.tell_supervision:
            self._scene.sound(self._scene.equipment.talk.tones.supervised)

    async def close(self) -> None:
        """He goes, whether he is rung or here."""
        placing, self._placing = self._placing, None
        if placing:
            placing.cancel()
            await asyncio.wait({placing})
            if not placing.cancelled():
                await let_go(placing.result())
        leg, self.leg = self.leg, None
        if leg:
            await leg.hang_up()
            self._tell(SupervisionEnded, seconds=self._scene.now() - self._since)

    def _ring(self, command: Supervise) -> None:
        scene = self._scene
        self._supervisor, self._wanted = command.supervisor, command.mode
        request = scene.request(command.supervisor.contact, "supervisor", RING_SECONDS)
        placing = scene.equipment.placer.place(
            request, on_leg=lambda leg: scene.call.legs.opened(leg, Role.SUPERVISOR)
        )
        self._placing = scene.tasks.create_task(
            placing, name=f"supervisor {scene.call.id}"
        )
        self._placing.add_done_callback(self._placed)

    def _placed(self, placing: asyncio.Task[PlacedCall]) -> None:
        if not placing.cancelled():
            self._scene.inbox.put(Placed(placing))

    async def _change(self, leg: Leg, mode: SupervisionMode) -> None:
        old, self._wanted = self._wanted, mode
        await self._take_part(leg, mode)
        self._tell(SupervisionModeChanged, old=old, mode=mode)

    async def _take_part(self, leg: Leg, mode: SupervisionMode) -> None:
        bridge, recording = self._scene.bridge, self._scene.call.recording
        if recording and mode is not SupervisionMode.BARGE:
            await recording.leave_out(leg)
        match mode:
            case SupervisionMode.LISTEN:
                await bridge.listen(leg)
            case SupervisionMode.WHISPER:
                await bridge.whisper(leg, to=self._scene.agent)
            case SupervisionMode.BARGE:
                await self._scene.record(leg, "supervisor")
                await bridge.barge(leg)

    def _tell(self, kind: type[SupervisionEvent], **fields: object) -> None:
        logger.info("call %s: %s", self._scene.call.id, _WORDS[kind])
        assert self._supervisor, "somebody was rung"
        self._scene.tell(kind, supervisor=self._supervisor.id, **fields)
