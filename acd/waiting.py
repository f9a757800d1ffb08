"""A citizen in the queue: music, position, the agents who are rung, the talk."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

from acd.agent import AgentProfile
from acd.agent_offer import AgentOffer
from acd.call import ServedCall
from acd.distributor import Mailbox
from acd.equipment import Equipment
from acd.events import Outcome
from acd.messages import (
    NOT_SERVED,
    CallerEnters,
    CallerLeaves,
    ChangeQueue,
    Command,
    Connect,
    Decline,
    Declined,
    LeaveQueue,
    Offer,
    TalkEnd,
    TellPosition,
    Withdraw,
)
from acd.queue_rules import levels
from acd.talking import Talking
from ivr_flows.actions import EnterQueue, QueueOutcome
from ivr_flows.prompts import PromptError
from telephony.calls import TelephonyError
from telephony.numbers import mask

logger = logging.getLogger(__name__)

_TOLD = {
    Declined.CALL_BACK: QueueOutcome.CALL_BACK,
    Declined.MESSAGE: QueueOutcome.FULL,
}
"""How a caller leaves the queue for whom there was no place."""

Files = Callable[[], Awaitable[list[Path]]]
"""What is to be said; made into files only when its turn comes."""


class Waiting:
    """Carries out the engine's commands for one waiting call."""

    def __init__(
        self, call: ServedCall, request: EnterQueue, equipment: Equipment
    ) -> None:
        self._call, self._request, self._equipment = call, request, equipment
        self._offers: dict[str, tuple[AgentOffer, asyncio.Task[None]]] = {}
        self._listening: asyncio.Task[None] | None = None
        self._announcement: asyncio.Task[None] | None = None
        self._talking = Talking(call, equipment, request.queue)
        self._answered: AgentOffer | None = None
        self._outcome = QueueOutcome.TOO_LONG

    async def until_served(self) -> QueueOutcome:
        """Wait, talk, and come back when the talk is over or the citizen had enough.

        A citizen whose agent's leg died waits again, before all others.
        """
        self._call.queue = self._request.queue
        if self._request.leave_when_nobody and not self._is_staffed():
            return QueueOutcome.NOBODY
        with self._equipment.link.mailbox(self._call.id) as mailbox:
            try:
                return await self._served(mailbox)
            finally:
                self._equipment.link.send(CallerLeaves(call_id=self._call.id))
                await self._close_last_moment(mailbox)

    async def _served(self, mailbox: Mailbox) -> QueueOutcome:
        queue = self._request.queue
        last_agent = await self._equipment.last_agent(self._call.caller, queue)
        self._enter(at_head=False, last_agent=last_agent)
        while await self._connected(mailbox):
            if await self._talk() not in NOT_SERVED:
                return QueueOutcome.TALKED
            self._enter(at_head=True)
        return self._outcome

    async def _close_last_moment(self, mailbox: Mailbox) -> None:
        """An agent may have picked up as the citizen hung up: it counts as answered."""
        if _unread_connect(mailbox):
            self._call.outcome = Outcome.ANSWERED
        if self._answered:
            await self._answered.take().hang_up()

    def _is_staffed(self) -> bool:
        return self._equipment.link.is_staffed(self._request.queue)

    def _enter(self, *, at_head: bool, last_agent: str = "") -> None:
        self._call.outcome = Outcome.ABANDONED_IN_QUEUE
        self._equipment.link.send(
            CallerEnters(
                call_id=self._call.id,
                queue=self._request.queue,
                priority=self._request.priority,
                at_head=at_head,
                caller=self._call.caller,
                skills=levels(self._request.skills),
                last_agent=last_agent,
            )
        )

    async def _talk(self) -> TalkEnd:
        answered, self._answered = self._answered, None
        assert answered is not None, "a talk begins with an answer"
        return await self._talking.with_agent(answered.take(), answered.profile.id)

    async def _connected(self, mailbox: Mailbox) -> bool:
        """Wait with music for the agent who answers; false when the citizen leaves."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._play_music(), name=f"music {self._call.id}")
            if connect := await self._until_connect(mailbox, tasks):
                self._take(connect)
            self._fall_silent()
        return self._answered is not None

    async def _play_music(self) -> None:
        # Each order to the endpoint takes time: an agent who is free is rung first.
        await asyncio.sleep(0)
        await self._call.leg.start_music(self._equipment.music[self._request.queue])

    async def _until_connect(
        self, mailbox: Mailbox, tasks: asyncio.TaskGroup
    ) -> Connect | None:
        """None when the citizen had enough, unless somebody picked up just then."""
        try:
            async with asyncio.timeout(self._request.max_wait_seconds) as limit:
                self._accompany(limit, tasks)
                while not self._ends_the_wait(command := await mailbox.get()):
                    self._carry_out(command, tasks)
                return command if isinstance(command, Connect) else None
        except TimeoutError:
            return _unread_connect(mailbox)

    def _ends_the_wait(self, command: Command) -> bool:
        """Somebody answers, or the engine has no place for him any more."""
        match command:
            case Connect():
                return True
            case LeaveQueue():
                self._outcome = QueueOutcome.OVERFLOW
                return True
            case Decline():
                self._call.outcome = Outcome.DECLINED
                self._outcome = _TOLD[command.kind]
                return True
        return False

    def _accompany(self, limit: asyncio.Timeout, tasks: asyncio.TaskGroup) -> None:
        self._listening = tasks.create_task(
            self._listen_for_leave_key(limit), name=f"keys {self._call.id}"
        )
        if self._request.announce:
            self._announce(self._greeting, tasks)

    def _take(self, connect: Connect) -> None:
        self._answered, _ = self._offers.pop(connect.offer_id)
        self._answered.take()
        self._call.outcome = Outcome.ANSWERED

    def _fall_silent(self) -> None:
        """Stop the announcement, and the phones that still ring."""
        ringing = (task for _, task in self._offers.values())
        for task in (self._listening, self._announcement, *ringing):
            if task:
                task.cancel()

    async def _listen_for_leave_key(self, limit: asyncio.Timeout) -> None:
        """The flow's key that leaves the queue ends the wait like its time limit."""
        while self._request.leave_key:
            digit = await self._call.leg.read_digit(timeout_seconds=3600)
            if digit == self._request.leave_key:
                self._outcome = QueueOutcome.LEFT
                with suppress(RuntimeError):  # its own time is just over
                    limit.reschedule(asyncio.get_running_loop().time())
                return

    def _carry_out(self, command: Command, tasks: asyncio.TaskGroup) -> None:
        match command:
            case Offer():
                self._ring(command, tasks)
            case Withdraw():
                self._withdraw(command.offer_id)
            case ChangeQueue():
                self._change_queue(command.queue, tasks)
            case TellPosition() if self._request.announce_position:
                self._announce(partial(self._position, command.position), tasks)

    def _change_queue(self, queue: str, tasks: asyncio.TaskGroup) -> None:
        """From now on he waits there, to that queue's music."""
        self._request = replace(self._request, queue=queue)
        self._call.queue = queue
        self._talking = Talking(self._call, self._equipment, queue)
        tasks.create_task(self._play_music(), name=f"music {self._call.id}")

    def _ring(self, command: Offer, tasks: asyncio.TaskGroup) -> None:
        profile = self._equipment.agents[command.agent_id]
        offer = AgentOffer(
            command,
            profile,
            self._equipment.endpoint,
            self._equipment.link,
            self._call.legs,
        )
        ringing = tasks.create_task(
            offer.ring(self._shown(profile)), name=f"offer {command.offer_id}"
        )
        self._offers[command.offer_id] = offer, ringing
        ringing.add_done_callback(partial(self._not_taken, command.offer_id))
        self._call.outcome = Outcome.ABANDONED_WHILE_RINGING

    def _not_taken(self, offer_id: str, ringing: asyncio.Task[None]) -> None:
        """A phone refused: unless another rings, the citizen only waits again.

        Ringing that was cancelled has its own end: withdrawn, or the citizen hung up.
        """
        if ringing.cancelled() or not self._offers.pop(offer_id, None):
            return
        if not self._offers:
            self._call.outcome = Outcome.ABANDONED_IN_QUEUE

    def _shown(self, profile: AgentProfile) -> str:
        number = self._equipment.numbers.dialled(self._call.caller)
        shown = mask(number) if profile.show_number == "masked" else number
        return shown or "anonymous"

    def _withdraw(self, offer_id: str) -> None:
        if withdrawn := self._offers.pop(offer_id, None):
            withdrawn[1].cancel()
        if not self._offers:
            self._call.outcome = Outcome.ABANDONED_IN_QUEUE

    async def _greeting(self) -> list[Path]:
        return await self._equipment.prompts.speech(self._request.announce)

    async def _position(self, position: int) -> list[Path]:
        return await self._equipment.prompts.queue_position(
            position, language=self._request.language
        )

    def _announce(self, files: Files, tasks: asyncio.TaskGroup) -> None:
        if self._announcement and not self._announcement.done():
            return
        self._announcement = tasks.create_task(
            self._say(files), name=f"announcement {self._call.id}"
        )

    async def _say(self, files: Files) -> None:
        try:
            await self._call.leg.play(await files())
        except (PromptError, TelephonyError) as error:
            logger.warning("call %s: no announcement: %s", self._call.id, error)


def _unread_connect(mailbox: Mailbox) -> Connect | None:
    """The answer that came too late to be read; what else is unread is forgotten."""
    while not mailbox.empty():
        if isinstance(command := mailbox.get_nowait(), Connect):
            return command
    return None
