"""One agent's talk: a coroutine that takes what happens in the order in which it does."""

import asyncio
from datetime import datetime

from acd.call_control import TalkView, ThirdState
from acd.colleague import Colleague
from acd.holding import Holding, HoldingCommand
from acd.messages import TalkEnd, TalkEnds
from acd.placing import PlacedCall
from acd.scene import Scene, TalkResult, hang_up_agent
from acd.supervision import Supervision
from acd.talk_commands import (
    AgentHasLeft,
    CallNotTalking,
    Consult,
    HandOver,
    Join,
    PauseRecording,
    QueueUnstaffed,
    ResumeRecording,
    StopSupervision,
    Supervise,
    TakeBack,
    TalkCommand,
    TalkRefusal,
    TargetUnknown,
    ThirdParty,
    TransferToAgent,
    TransferToQueue,
    TransferToThirdParty,
)
from acd.talk_events import CallHandedOver, HandedTo
from acd.talk_inbox import Asked, Keyed, LegOver, Placed, Referred
from acd.talk_rules import KEY_SECONDS, KeySequences
from acd.third_party import ThirdPartyCall
from telephony.calls import Leg, LegGone
from telephony.events import EndCause, LegEnded

HOUR = 3600.0
_DIED = frozenset(
    {
        EndCause.DEAD_PEER,
        EndCause.MEDIA_FAILED,
        EndCause.UNREACHABLE,
        EndCause.ENDPOINT_STOPPED,
    }
)


class Talk:
    """The talk in a bridge, until it is over; `close` lets all others go."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._since: datetime = scene.equipment.now()
        self._holding = Holding(scene)
        self._third = ThirdPartyCall(scene, self._holding)
        self._supervision = Supervision(scene)
        self._left_ringing = False
        self._first = scene.agent
        self.inbox = scene.inbox

    def view(self) -> TalkView:
        """What it is like now."""
        scene, third = self._scene, self._third
        return TalkView(
            call_id=scene.call.id,
            agent_id=scene.agent_id,
            queue=scene.queue,
            since=self._since,
            agent_here=scene.agent_here,
            on_hold=self._holding.on_hold,
            muted=self._holding.muted,
            recording_paused=self._holding.recording_paused,
            third_state=third.state,
            third_party="" if third.state is ThirdState.ABSENT else third.party.id,
            supervision=self._supervision.mode,
        )

    async def until_over(self) -> TalkResult:
        """Take happening after happening."""
        self.inbox.watch(self._scene.agent)
        self._attend()
        result: TalkResult | None = None
        while result is None:
            happening = await self.inbox.get()
            try:
                match happening:
                    case LegOver(leg):
                        result = await self._leg_over(leg)
                    case Placed(task):
                        result = await self._came(task)
                    case Referred(leg):
                        await self._third.referred(leg)
                    case Keyed(command):
                        result = await self._keyed(command)
                    case Asked():
                        result = await self._asked(happening)
            except LegGone:
                # Its end is the next thing in the inbox; the citizen's ends the talk.
                continue
        return result

    async def close(self) -> None:
        """Third party and supervisor go, and what was held back is told to have ended."""
        self._scene.silence()
        self._keys.cancel()
        if self._scene.agent is not self._first:
            await hang_up_agent(self._scene.agent)
        await self._supervision.close()
        await self._third.close()
        await self._holding.end()

    def _attend(self) -> None:
        """Follow what the agent asks for by REFER and by keys."""
        self.inbox.watch_transfer(self._scene.agent)
        self._keys = self._scene.tasks.create_task(
            self._read_keys(), name=f"agent's keys {self._scene.call.id}"
        )

    # --- keys and commands --------------------------------------------------------

    async def _read_keys(self) -> None:
        agent = self._scene.agent
        keys = KeySequences(self._scene.equipment.talk.sequences())
        try:
            while True:
                wait = KEY_SECONDS if keys.unfinished else HOUR
                key = await agent.read_digit(timeout_seconds=wait)
                if key is None:
                    keys.forget()
                elif command := keys.press(key):
                    self.inbox.put(Keyed(command))
        except LegGone:
            return

    async def _keyed(self, command: TalkCommand) -> TalkResult | None:
        try:
            return await self._carry_out(command)
        except TalkRefusal:
            self._scene.sound(self._scene.equipment.talk.tones.busy)
            return None

    async def _asked(self, asked: Asked[TalkView]) -> TalkResult | None:
        try:
            result = await self._carry_out(asked.command)
        except TalkRefusal as refusal:
            asked.refuse(refusal)
            return None
        else:
            asked.grant(self.view())
            return result
        finally:  # a leg is gone, or the citizen hung up in this moment
            asked.refuse(CallNotTalking("Somebody hung up just now."))

    async def _carry_out(self, command: TalkCommand) -> TalkResult | None:
        if isinstance(command, PauseRecording | ResumeRecording):
            await self._holding.carry_out(command)
        elif not self._scene.agent_reachable:
            raise AgentHasLeft("The agent has handed this citizen over.")
        elif isinstance(command, Supervise):
            await self._supervision.supervise(command)
        elif isinstance(command, StopSupervision):
            await self._supervision.stop()
        elif isinstance(command, HoldingCommand):
            await self._holding.carry_out(command)
        else:
            return await self._move(command)
        return None

    async def _move(
        self,
        command: Consult
        | Join
        | TakeBack
        | HandOver
        | TransferToThirdParty
        | TransferToQueue
        | TransferToAgent,
    ) -> TalkResult | None:
        match command:
            case Consult():
                self._check_colleague(command.third_party)
                await self._third.consult(command.third_party)
            case Join():
                await self._third.join()
            case TakeBack():
                await self._third.take_back()
                await self._holding.unhold()
            case HandOver():
                await self._hand_over()
            case TransferToThirdParty():
                self._third.transfer(command.third_party)
            case TransferToQueue():
                return self._to_queue(command.queue)
            case TransferToAgent():
                return self._to_agent(command.agent_id)
        return None

    # --- who comes and goes -------------------------------------------------------

    async def _came(self, placing: asyncio.Task[PlacedCall]) -> TalkResult | None:
        if self._supervision.is_mine(placing):
            await self._supervision.came(placing.result())
        elif await self._third.came(placing):
            if self._third.for_transfer:
                await self._hand_over()
        elif self._left_ringing:
            return TalkResult(end=TalkEnd.TRANSFER_FAILED)
        return None

    async def _leg_over(self, leg: Leg) -> TalkResult | None:
        if leg is self._scene.agent:
            return await self._agent_over()
        if leg is self._supervision.leg:
            await self._supervision.close()
        elif leg is self._third.leg:
            return await self._third_over()
        return None

    async def _third_over(self) -> TalkResult | None:
        joined = self._third.state is ThirdState.JOINED
        await self._third.left()
        if self._scene.agent_here:
            return None
        end = TalkEnd.TRANSFERRED if joined else TalkEnd.TRANSFER_FAILED
        return TalkResult(end=end)

    async def _agent_over(self) -> TalkResult | None:
        if not self._scene.agent_here:
            return None  # he handed the citizen over, and we hung up on him
        state, ended = self._third.state, self._scene.agent.ended.result()
        if state is ThirdState.ABSENT or self._is_lost(ended):
            return TalkResult(end=end_by(ended))
        if state is ThirdState.CALLED:
            self._third.for_transfer = self._left_ringing = True
            await self._agent_leaves()
            await self._holding.hold()
        else:
            await self._hand_over()
        return None

    def _is_lost(self, ended: LegEnded) -> bool:
        """A phone that died in a consultation hands nobody over."""
        consults = self._third.state is not ThirdState.JOINED
        return ended.cause in _DIED and consults and not self._third.for_transfer

    async def _hand_over(self) -> None:
        """The agent leaves; citizen and third party go on."""
        scene = self._scene
        self._third.check_called()
        if self._third.state is ThirdState.CALLED and not self._third.leg:
            self._third.for_transfer = True
            return
        if self._third.colleague:
            await self._move_to(self._third.colleague)
            return
        await self._third.join()
        if scene.agent_here:
            await self._agent_leaves()
        scene.tell(
            CallHandedOver,
            handed_to=HandedTo.THIRD_PARTY,
            target=self._third.party.id,
        )
        await scene.agent.hang_up()

    async def _agent_leaves(self) -> None:
        """His part is over, and with it what he held back of the recording."""
        scene = self._scene
        scene.agent_here = False
        scene.equipment.link.send(
            TalkEnds(call_id=scene.call.id, end=TalkEnd.TRANSFERRED)
        )
        await self._supervision.close()
        await self._holding.resume_recording()

    async def _move_to(self, colleague: Colleague) -> None:
        """The colleague is the agent from now on; who asked him is free."""
        scene, asker = self._scene, self._scene.agent
        leg = await self._third.become_agent(colleague)
        scene.tell(CallHandedOver, handed_to=HandedTo.AGENT, target=colleague.agent_id)
        await self._supervision.close()
        await self._holding.resume_recording()
        self._keys.cancel()
        self._holding.muted = self._left_ringing = False
        scene.agent, scene.agent_id, scene.agent_here = leg, colleague.agent_id, True
        self._attend()
        await hang_up_agent(asker)

    def _to_queue(self, queue: str) -> TalkResult:
        self._third.check_absent()
        queues = self._scene.equipment.link.queue_names
        if queue not in queues:
            raise TargetUnknown(
                f"There is no queue {queue!r}; known: {', '.join(queues)}."
            )
        if not self._scene.equipment.link.is_staffed(queue):
            raise QueueUnstaffed(f"Nobody of the queue {queue!r} is logged in.")
        self._scene.tell(CallHandedOver, handed_to=HandedTo.QUEUE, target=queue)
        return TalkResult(end=TalkEnd.TRANSFERRED, queue=queue)

    def _check_colleague(self, third: ThirdParty) -> None:
        others = set(self._scene.equipment.agents) - {self._scene.agent_id}
        if third.colleague and third.id not in others:
            raise TargetUnknown(f"There is no other agent {third.id!r}.")

    def _to_agent(self, agent_id: str) -> TalkResult:
        self._third.check_absent()
        self._check_colleague(ThirdParty(id=agent_id, colleague=True))
        self._scene.tell(CallHandedOver, handed_to=HandedTo.AGENT, target=agent_id)
        return TalkResult(
            end=TalkEnd.TRANSFERRED, queue=self._scene.queue, agent=agent_id
        )


def end_by(ended: LegEnded) -> TalkEnd:
    """Whether he hung up, or his phone is lost."""
    return TalkEnd.AGENT_LEG_DIED if ended.cause in _DIED else TalkEnd.AGENT
