"""Citizens who call: the side that dials, presses a key and hangs up."""

import asyncio
import random
import re
from types import TracebackType
from typing import Final, Self

from benchmarks.dialog import Dialog, Time, done, within
from benchmarks.media import Media, MediaLeg
from benchmarks.places import CALLERS, HOTLINE, SERVICE
from benchmarks.sip_socket import SipSocket
from benchmarks.sip_text import Message

FIRST_NUMBER: Final = 13_900_000_000
_BRANCH: Final = re.compile(r"branch=([^;\s]+)")


class Refused(Exception):
    """The service answered the INVITE with an error."""


class CallerCall(Dialog):
    """A citizen's call; `answered` is done with the time of its 200."""

    def __init__(self, socket: SipSocket, number: str, leg: MediaLeg) -> None:
        super().__init__(socket, f"{random.getrandbits(60):x}@{socket.address}", leg)
        self.number = number
        self.local = f"<sip:{number}@{socket.host}>;tag={random.getrandbits(30):x}"
        self.answered: Time = asyncio.get_running_loop().create_future()
        self.dialled_at = 0

    def dial(self, called: str) -> None:
        """Send the INVITE."""
        self.target = f"sip:{called}@{SERVICE[0]}:{SERVICE[1]}"
        self.remote = f"<{self.target}>"
        self.dialled_at = self.request("INVITE", self.sdp(), cseq=1)

    def hear(self, message: Message) -> None:
        """React as a phone must."""
        if not message.code:
            self.hear_request(message)
        elif message.method == "INVITE" and message.code >= 200:
            self._final(message)
        elif message.method == "BYE":
            done(self.ended, message.at)

    def _final(self, message: Message) -> None:
        self.remote = message.get("to")
        if message.code >= 300:
            found = _BRANCH.search(message.get("via"))
            self.request("ACK", cseq=1, branch=found[1] if found else "")
            if not self.answered.done():
                refusal = Refused(f"INVITE was answered with {message.code}")
                self.answered.set_exception(refusal)
            return
        self.target = message.contact
        self.request("ACK", cseq=1)
        if not self.answered.done():
            self.answered.set_result(message.at)
            self.talk_with(message)


class Callers:
    """All citizens, behind one address; an async context manager."""

    def __init__(self, media: Media) -> None:
        self._media = media
        self._socket = SipSocket(CALLERS, self._hear)
        self._calls: dict[str, CallerCall] = {}
        self._next_number = FIRST_NUMBER

    async def __aenter__(self) -> Self:
        await self._socket.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._socket.__aexit__(kind, error, trace)

    def new(self) -> CallerCall:
        """A citizen with a number of his own, who has not dialled yet."""
        self._next_number += 1
        leg = self._media.take(self._socket.address)
        call = CallerCall(self._socket, str(self._next_number), leg)
        self._calls[call.call_id] = call
        return call

    async def answered(self, called: str = HOTLINE) -> CallerCall:
        """A citizen who dials and is answered; `Refused`, `TimeoutError`."""
        call = self.new()
        call.dial(called)
        try:
            await within(call.answered)
        except (Refused, TimeoutError):
            self.forget(call)
            raise
        return call

    async def hang_up(self, call: CallerCall) -> int:
        """End a call and wait for the answer; when BYE was sent, in ns."""
        at = call.hang_up()
        try:
            await within(call.ended)
        finally:
            self.forget(call)
        return at

    def forget(self, call: CallerCall) -> None:
        """A call is over: its voice may be used again."""
        if self._calls.pop(call.call_id, None):
            call.leg.give_back()

    def _hear(self, message: Message) -> None:
        if call := self._calls.get(message.call_id):
            call.hear(message)
