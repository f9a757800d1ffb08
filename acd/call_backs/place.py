"""A call-back's place in the queue: agents are rung for it as for a citizen who waits."""

import asyncio
from typing import Any

from acd.agent_offer import AgentOffer
from acd.comfort import Comfort
from acd.distributor import Mailbox
from acd.messages import (
    CancelCallBack,
    ChangeQueue,
    Command,
    Connect,
    Decline,
    LeaveQueue,
    Offer,
    TellPosition,
    Withdraw,
)
from acd.ringing import Ringing


class PlaceLost(Exception):
    """There is no place any more; `cancelled` when the citizen called again himself."""

    def __init__(self, *, cancelled: bool) -> None:
        super().__init__("the call-back has no place in the queue")
        self.cancelled = cancelled


class Place:
    """Carries out the engine's commands until an agent has picked up.

    `answered` is the agent's offer, to be taken. `near` is set when at most `near_head`
    are before the call-back, or an agent's phone rings for it.
    """

    def __init__(
        self, queue: str, mailbox: Mailbox, ringing: Ringing, *, near_head: int
    ) -> None:
        self.queue = queue
        self._mailbox, self._ringing, self._near_head = mailbox, ringing, near_head
        self.near = asyncio.Event()
        self.answered: asyncio.Future[AgentOffer] = (
            asyncio.get_running_loop().create_future()
        )
        self._comfort: Comfort | None = None
        self._tasks: asyncio.TaskGroup | None = None

    def accompany(self, comfort: Comfort) -> None:
        """The citizen is there and waits: he hears music and his position."""
        if self._tasks and not self.answered.done():
            self._comfort = comfort
            comfort.begin(self._tasks)

    async def keep(self, tasks: asyncio.TaskGroup) -> None:
        """Until an agent answers; `PlaceLost` when the engine or the citizen says so."""
        self._tasks = tasks
        while not isinstance(command := await self._mailbox.get(), Connect):
            self._carry_out(command, tasks)
        self.answered.set_result(self._ringing.take(command))
        self._end_comfort()

    async def until_near(self) -> None:
        """Until it is the call-back's turn soon, or now."""
        near: asyncio.Future[Any] = asyncio.ensure_future(self.near.wait())
        try:
            either: set[asyncio.Future[Any]] = {near, self.answered}
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        finally:
            near.cancel()

    async def agent(self) -> AgentOffer:
        """The agent who has picked up, once one has; who waits may be cancelled."""
        await asyncio.wait({self.answered})
        return self.answered.result()

    async def leave(self) -> None:
        """Silence the phones, and hang up on an agent whom nobody has taken."""
        self._ringing.silence()
        self._end_comfort()
        if self.answered.done():
            await self.answered.result().take().hang_up()

    def _carry_out(self, command: Command, tasks: asyncio.TaskGroup) -> None:
        match command:
            case Offer():
                self.near.set()
                self._ringing.ring(command, tasks)
            case Withdraw():
                self._ringing.withdraw(command.offer_id)
            case TellPosition():
                self._tell(command)
            case ChangeQueue():
                self.queue = command.queue
                if self._comfort:
                    self._comfort.change_queue(command.queue)
            case CancelCallBack():
                raise PlaceLost(cancelled=True)
            case LeaveQueue() | Decline():
                raise PlaceLost(cancelled=False)

    def _tell(self, command: TellPosition) -> None:
        if command.position <= self._near_head + 1:
            self.near.set()
        if self._comfort:
            self._comfort.tell(command)

    def _end_comfort(self) -> None:
        if self._comfort:
            self._comfort.end()
