"""A test phone: a small SIP user agent of its own, in no way made with our endpoint.

It speaks just enough of RFC 3261 over UDP, and says what a test wants it to say, right
or wrong. Audio is `tests.sip.voice`.
"""

import asyncio
import contextlib
import random
import re
from collections.abc import Callable
from typing import Self

from tests.sip.voice import EVENTS, PCMA, Voice

CRLF = "\r\n"


class Message:
    """A SIP message as it came."""

    def __init__(self, text: str) -> None:
        head, _, self.body = text.partition("\r\n\r\n")
        self.first, *lines = head.split(CRLF)
        self.headers = [
            (name.strip().lower(), value.strip())
            for name, _, value in (line.partition(":") for line in lines)
        ]

    def get(self, name: str) -> str:
        """The first value of a header."""
        return next((value for key, value in self.headers if key == name), "")

    def all(self, name: str) -> list[str]:
        """All values of a header."""
        return [value for key, value in self.headers if key == name]

    @property
    def code(self) -> int:
        """The status code of a response, 0 for a request."""
        return int(self.first.split()[1]) if self.first.startswith("SIP/2.0") else 0

    @property
    def method(self) -> str:
        """The method, also of the request that a response answers."""
        return self.get("cseq").split()[-1]


class PhoneCall:
    """One dialog of a phone."""

    def __init__(self, phone: "Phone", call_id: str, voice: Voice) -> None:
        self.phone = phone
        self.call_id = call_id
        self.voice = voice
        self.received: list[Message] = []
        self.invite: Message | None = None
        self.answers_options = True
        self.forgets_the_dialog = False
        self.direction = "sendrecv"
        self.connection = phone.address
        self.local = self.remote = self.target = ""
        self.reinvites = 0
        self._offered = True
        self._cseq = 1
        self._version = 1
        self._arrived = asyncio.Event()
        self.branch = ""
        self._invite_cseq = 1

    def sdp(self) -> str:
        """Our offer or answer."""
        self._version += 1
        lines = (
            "v=0",
            f"o=- 1 {self._version} IN IP4 {self.connection}",
            "s=-",
            f"c=IN IP4 {self.connection}",
            "t=0 0",
            f"m=audio {self.voice.port} RTP/AVP {PCMA} {EVENTS}",
            f"a=rtpmap:{PCMA} PCMA/8000",
            f"a=rtpmap:{EVENTS} telephone-event/8000",
            f"a=fmtp:{EVENTS} 0-16",
            f"a={self.direction}",
        )
        return CRLF.join(lines) + CRLF

    # --- what the phone sends -----------------------------------------------------

    def send_request(
        self,
        method: str,
        *headers: str,
        body: str = "",
        kind: str = "application/sdp",
        cseq: int | None = None,
        branch: str = "",
        via_line: str = "",
    ) -> str:
        """Send a request of this dialog; returns its branch."""
        if cseq is None:
            self._cseq += 1
            cseq = self._cseq
        branch = branch or f"z9hG4bK{random.randrange(1 << 60):x}"
        lines = [
            f"{method} {self.target} SIP/2.0",
            via_line or f"Via: SIP/2.0/UDP {self.phone.host};rport;branch={branch}",
            "Max-Forwards: 70",
            f"From: {self.local}",
            f"To: {self.remote}",
            f"Call-ID: {self.call_id}",
            f"CSeq: {cseq} {method}",
            f"Contact: <sip:phone@{self.phone.host}>",
            *headers,
        ]
        if body:
            lines.append(f"Content-Type: {kind}")
        self.phone.send(lines, body)
        return branch

    def respond(self, code: int, *headers: str, to: Message, body: str = "") -> None:
        """Answer a request."""
        target = to.get("to")
        if ";tag=" not in target and code > 100:
            target += f";tag={self.call_id[:8]}"
        lines = [
            f"SIP/2.0 {code} Test",
            *(f"Via: {via}" for via in to.all("via")),
            f"From: {to.get('from')}",
            f"To: {target}",
            f"Call-ID: {self.call_id}",
            f"CSeq: {to.get('cseq')}",
            f"Contact: <sip:phone@{self.phone.host}>",
            *headers,
        ]
        if body:
            lines.append("Content-Type: application/sdp")
        self.phone.send(lines, body)

    def call(self, target: str, *headers: str, sdp: str | None = None) -> None:
        """Send the INVITE."""
        self.target = target
        self.remote = f"<{target}>"
        self._invite_cseq = self._cseq
        self._offered = sdp != ""
        self.branch = self.send_request(
            "INVITE", *headers, body=self.sdp() if sdp is None else sdp, cseq=self._cseq
        )

    def ring(self) -> None:
        """Answer the INVITE that came with 180."""
        assert self.invite
        self.respond(180, to=self.invite)

    def progress(self) -> None:
        """Answer the INVITE that came with 183: our voice is heard before the answer."""
        assert self.invite
        self.respond(183, to=self.invite, body=self.sdp())

    def answer(self) -> None:
        """Answer the INVITE that came with 200."""
        assert self.invite
        self.respond(200, to=self.invite, body=self.sdp())

    def refuse(self, code: int, *headers: str) -> None:
        """Answer the INVITE that came with a final code."""
        assert self.invite
        self.respond(code, *headers, to=self.invite)

    def hang_up(self) -> None:
        """Send BYE."""
        self.send_request("BYE")

    def cancel(self) -> None:
        """Send CANCEL for our INVITE."""
        self.send_request("CANCEL", cseq=self._invite_cseq, branch=self.branch)

    def info(self, key: str) -> None:
        """Send a key by SIP INFO."""
        body = f"Signal={key}\r\nDuration=160\r\n"
        self.send_request("INFO", body=body, kind="application/dtmf-relay")

    async def hold(self, direction: str = "sendonly", connection: str = "") -> None:
        """Put the other side on hold by re-INVITE; `sendrecv` takes it back."""
        self.direction = direction
        self.connection = connection or self.phone.address
        self.send_request("INVITE", body=self.sdp())
        await self.got_response("INVITE", 200, fresh=True)

    # --- what the phone receives --------------------------------------------------

    def handle(self, message: Message) -> None:
        """React as a phone must; the test sees it in `received`."""
        self.received.append(message)
        if message.code:
            self._response(message)
        else:
            self._request(message)
        self._arrived.set()

    def _response(self, message: Message) -> None:
        if message.method != "INVITE" or message.code < 200:
            return
        if ";tag=" in message.get("to"):
            self.remote = message.get("to")
        cseq = int(message.get("cseq").split()[0])
        if message.code < 300:
            contact = re.search(r"<([^>]+)>", message.get("contact"))
            self.target = contact[1] if contact else self.target
            self._hear(message.body)
            body = "" if self._offered else self.sdp()
            self._offered = True
            self.send_request("ACK", cseq=cseq, body=body)
        else:
            via = re.search(r"branch=([^;\s]+)", message.get("via"))
            self.send_request("ACK", cseq=cseq, branch=via[1] if via else "")

    def _request(self, message: Message) -> None:
        method = message.first.split()[0]
        if method == "INVITE" and not self.invite and not self.remote:
            self._invited(message)
        elif method == "INVITE" and self._is_again(message):
            return  # it comes again until we answer
        elif method == "INVITE":
            self.reinvites += 1
            self._hear(message.body)
            self.respond(200, to=message, body=self.sdp())
        elif method == "CANCEL":
            self.respond(200, to=message)
            assert self.invite
            self.respond(487, to=self.invite)
        elif method == "OPTIONS" and not self.answers_options:
            return
        elif self.forgets_the_dialog:
            self.respond(481, to=message)
        elif method != "ACK":
            self.respond(200, to=message)

    def _is_again(self, invite: Message) -> bool:
        first = self.invite
        return first is not None and invite.get("cseq") == first.get("cseq")

    def _invited(self, message: Message) -> None:
        self.invite = message
        self.remote = message.get("from")
        self.local = f"{message.get('to')};tag={self.call_id[:8]}"
        contact = re.search(r"<([^>]+)>", message.get("contact"))
        self.target = contact[1] if contact else ""
        self._hear(message.body)
        self.phone.invited(self)

    def _hear(self, sdp: str) -> None:
        address = re.search(r"^c=IN IP4 (\S+)", sdp, re.M)
        port = re.search(r"^m=audio (\d+)", sdp, re.M)
        keys = re.search(r"^a=rtpmap:(\d+) telephone-event/8000", sdp, re.M)
        if keys:
            self.voice.keys_kind = int(keys[1])
        if address and port and address[1] != "0.0.0.0":
            self.voice.talk_to((address[1], int(port[1])))

    async def got(
        self, wanted: Callable[[Message], bool], seconds: float = 60
    ) -> Message:
        """Wait for a message that the test is after, old ones included."""
        async with asyncio.timeout(seconds):
            while True:
                for message in self.received:
                    if wanted(message):
                        return message
                self._arrived.clear()
                await self._arrived.wait()

    async def got_response(
        self, method: str, code: int = 0, *, fresh: bool = False
    ) -> Message:
        """Wait for a final response to this method, or for this code."""
        if fresh:
            self.received.clear()
        return await self.got(
            lambda m: m.method == method and (m.code == code if code else m.code >= 200)
        )

    async def got_request(self, method: str, seconds: float = 60) -> Message:
        """Wait for a request of the other side."""
        return await self.got(lambda m: m.first.startswith(method + " "), seconds)


class Phone(asyncio.DatagramProtocol):
    """A SIP address of its own with any number of calls."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.calls: dict[str, PhoneCall] = {}
        self.incoming: asyncio.Queue[PhoneCall] = asyncio.Queue()
        self.server = ("127.0.0.1", 5060)
        self.hz = 0.0
        self.spare: list[Voice] = []

    _transport: asyncio.DatagramTransport

    @classmethod
    async def open(cls, server: tuple[str, int], address: str = "127.0.0.2") -> Self:
        """Bind any free port of this address; requests go to `server`."""
        loop = asyncio.get_running_loop()
        transport, phone = await loop.create_datagram_endpoint(
            lambda: cls(address), local_addr=(address, 0)
        )
        phone._transport, phone.server = transport, server
        phone.spare.append(await Voice.open(address, 0))
        return phone

    @property
    def host(self) -> str:
        """Address and port, as in a URI."""
        return f"{self.address}:{self._transport.get_extra_info('sockname')[1]}"

    @property
    def uri(self) -> str:
        """How to call this phone."""
        return f"sip:1001@{self.host}"

    async def dial(
        self,
        *headers: str,
        hz: float = 0,
        user: str = "13800138000",
        called: str = "12345",
        sdp: str | None = None,
    ) -> PhoneCall:
        """Call the endpoint; returns as soon as the INVITE is sent."""
        voice = await Voice.open(self.address, hz)
        call_id = f"{random.randrange(1 << 60):x}@{self.address}"
        call = self.calls[call_id] = PhoneCall(self, call_id, voice)
        call.local = f"<sip:{user}@{self.host}>;tag={random.randrange(1 << 30):x}"
        server = f"{self.server[0]}:{self.server[1]}"
        call.call(f"sip:{called}@{server}", *headers, sdp=sdp)
        return call

    def send(self, lines: list[str], body: str = "") -> None:
        """Send a message to the endpoint."""
        size = len(body.encode())
        text = CRLF.join([*lines, f"Content-Length: {size}", "", body])
        self.send_raw(text.encode())

    def send_raw(self, data: bytes) -> None:
        """Send anything to the endpoint."""
        if not self._transport.is_closing():
            self._transport.sendto(data, self.server)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Hand a message to its call."""
        if len(data) <= 4:
            return
        message = Message(data.decode("utf-8", "replace"))
        call_id = message.get("call-id")
        if call_id not in self.calls and message.first.startswith("INVITE "):
            voice = self.spare.pop()
            voice.hz = self.hz
            self.calls[call_id] = PhoneCall(self, call_id, voice)
        if call_id in self.calls:
            self.calls[call_id].handle(message)

    def invited(self, call: PhoneCall) -> None:
        """A call came in: `incoming` has it."""
        self.incoming.put_nowait(call)

    async def expect_call(self, seconds: float = 60) -> PhoneCall:
        """The next call that comes in; one more voice is made ready."""
        async with asyncio.timeout(seconds):
            call = await self.incoming.get()
        self.spare.append(await Voice.open(self.address, 0))
        return call

    async def close(self) -> None:
        """Hang up nothing; the sockets go away."""
        for call in self.calls.values():
            call.voice.close()
        for voice in self.spare:
            voice.close()
        self._transport.close()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.sleep(0)
