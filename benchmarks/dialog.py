"""One call as a peer has it: its dialog (RFC 3261 section 12) and its voice."""

import asyncio
import random
from typing import Any, Final, TypeVar

from benchmarks.media import MediaLeg
from benchmarks.sip_socket import SipSocket
from benchmarks.sip_text import Message, description, write_message

ANSWER_SECONDS: Final = 10.0
"""How long anything that must come may take; later is a failure."""

T = TypeVar("T")
Time = asyncio.Future[int]
"""Done with the kernel's time of a message, in ns."""


class Dialog:
    """What callers' and agents' calls have in common."""

    def __init__(self, socket: SipSocket, call_id: str, leg: MediaLeg) -> None:
        loop = asyncio.get_running_loop()
        self.call_id, self.leg = call_id, leg
        self.ended: Time = loop.create_future()
        self.local = self.remote = self.target = ""
        self._socket = socket
        self._cseq = 1

    def request(
        self, method: str, body: str = "", *, cseq: int = 0, branch: str = ""
    ) -> int:
        """Send a request of this dialog; when, in ns."""
        if not cseq:
            self._cseq += 1
        branch = branch or f"z9hG4bK{random.getrandbits(60):x}"
        lines = [
            f"{method} {self.target} SIP/2.0",
            f"Via: SIP/2.0/UDP {self._socket.host};rport;branch={branch}",
            "Max-Forwards: 70",
            f"From: {self.local}",
            f"To: {self.remote}",
            f"Call-ID: {self.call_id}",
            f"CSeq: {cseq or self._cseq} {method}",
            f"Contact: <sip:peer@{self._socket.host}>",
        ]
        return self._socket.send(write_message(lines, body))

    def respond(self, to: Message, code: int, body: str = "") -> int:
        """Answer a request; when, in ns."""
        target = to.get("to")
        if ";tag=" not in target and code > 100:
            target += f";tag={self.call_id[:8]}"
        lines = [
            f"SIP/2.0 {code} Bench",
            *(f"Via: {via}" for via in to.vias),
            f"From: {to.get('from')}",
            f"To: {target}",
            f"Call-ID: {self.call_id}",
            f"CSeq: {to.get('cseq')}",
            f"Contact: <sip:peer@{self._socket.host}>",
        ]
        return self._socket.send(write_message(lines, body))

    def sdp(self) -> str:
        """Our offer or answer."""
        return description(self._socket.address, self.leg.port)

    def hang_up(self) -> int:
        """Send BYE; when, in ns."""
        return self.request("BYE")

    def talk_with(self, message: Message) -> None:
        """Send our voice to where the other side's SDP says."""
        if message.media:
            self.leg.talk_to(*message.media)

    def hear_request(self, message: Message) -> None:
        """Requests inside the dialog: all are answered with 200."""
        if message.start.startswith("ACK "):
            return
        self.respond(message, 200)
        if message.start.startswith("BYE "):
            done(self.ended, message.at)


def done(future: asyncio.Future[Any], value: Any) -> None:
    """Set a result once; repeated messages change nothing."""
    if not future.done():
        future.set_result(value)


async def within(future: asyncio.Future[T]) -> T:
    """Wait for what must come; `TimeoutError` when it does not."""
    async with asyncio.timeout(ANSWER_SECONDS):
        return await asyncio.shield(future)
