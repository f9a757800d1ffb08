"""Agents at their phones: the side that is rung, answers and hangs up."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Coroutine
from types import TracebackType
from typing import Any, Final, Self

from benchmarks.dialog import Dialog, Time, done
from benchmarks.media import Media, MediaLeg, NoSpareLeg
from benchmarks.places import DESK
from benchmarks.sip_socket import SipSocket
from benchmarks.sip_text import Message

KEPT_SECONDS: Final = 2.0
"""How long a call that is over still answers repeated messages."""


class AgentCall(Dialog):
    """A call that rings an agent; `invited_at` is the time of its INVITE, in ns."""

    def __init__(self, socket: SipSocket, invite: Message, leg: MediaLeg) -> None:
        super().__init__(socket, invite.call_id, leg)
        loop = asyncio.get_running_loop()
        self.caller, self.agent = invite.caller, invite.called
        self.invited_at = invite.at
        self.cancelled: Time = loop.create_future()
        self.confirmed: Time = loop.create_future()
        self.remote = invite.get("from")
        self.local = f"{invite.get('to')};tag={self.call_id[:8]}"
        self.target = invite.contact
        self._invite = invite
        self._said = 100

    def ring(self) -> None:
        """Answer 180."""
        self._say(180)

    def answer(self) -> int:
        """Answer 200, and talk; when it was sent, in ns."""
        at = self._say(200)
        self.talk_with(self._invite)
        return at

    def refuse(self, code: int) -> None:
        """Answer that it is not to be."""
        self._say(code)

    def _say(self, code: int) -> int:
        self._said = code
        return self.respond(self._invite, code, self.sdp() if code == 200 else "")

    @property
    def over(self) -> bool:
        """Whether nothing more is to be said."""
        return self.ended.done() or self.cancelled.done()

    def hear(self, message: Message) -> None:
        """React as a phone must."""
        if message.code:
            if message.method == "BYE":
                done(self.ended, message.at)
        elif message.start.startswith("INVITE "):
            self._say(self._said)
        elif message.start.startswith("ACK "):
            if self._said == 200:
                done(self.confirmed, message.at)
        elif message.start.startswith("CANCEL "):
            self._cancel(message)
        else:
            self.hear_request(message)

    def _cancel(self, message: Message) -> None:
        self.respond(message, 200)
        if self._said < 200:
            self._say(487)
            done(self.cancelled, message.at)


Policy = Callable[[AgentCall], Coroutine[Any, Any, None]]
"""What an agent does with a call that rings him."""


class Desk:
    """All agents, behind one address; an async context manager.

    Each call is treated by `policy` in a task of its own; when that ends the call's
    voice is given back.
    """

    def __init__(self, media: Media) -> None:
        self.policy: Policy = ring_and_answer
        self._media = media
        self._socket = SipSocket(DESK, self._hear)
        self._calls: dict[str, AgentCall] = {}
        self._expected: dict[str, asyncio.Future[AgentCall]] = defaultdict(
            asyncio.get_running_loop().create_future
        )
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        await self._socket.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)
        await self._socket.__aexit__(kind, error, trace)

    def offer_to(self, caller: str) -> asyncio.Future[AgentCall]:
        """The call that rings some agent for this caller."""
        return self._expected[caller]

    def _hear(self, message: Message) -> None:
        call = self._calls.get(message.call_id)
        if call:
            call.hear(message)
        elif message.start.startswith("INVITE "):
            self._ring(message)

    def _ring(self, invite: Message) -> None:
        try:
            leg = self._media.take(self._socket.address)
        except NoSpareLeg:  # the service will hear nothing, and its caller fails
            return
        call = self._calls[invite.call_id] = AgentCall(self._socket, invite, leg)
        task = asyncio.create_task(self._treat(call), name=f"agent {call.agent}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        done(self._expected[call.caller], call)

    async def _treat(self, call: AgentCall) -> None:
        try:
            await self.policy(call)
        finally:
            call.leg.give_back()
            self._expected.pop(call.caller, None)
            loop = asyncio.get_running_loop()
            loop.call_later(KEPT_SECONDS, self._calls.pop, call.call_id, None)


async def over(call: AgentCall) -> None:
    """Wait until the caller or the service ends a call."""
    await asyncio.wait(
        {call.ended, call.cancelled}, return_when=asyncio.FIRST_COMPLETED
    )


async def ring_and_answer(call: AgentCall) -> None:
    """Pick up at once and talk until the caller has hung up."""
    call.ring()
    call.answer()
    await over(call)
