"""SIP messages as text: just as much of RFC 3261 as the measuring peers need."""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from benchmarks.rtp import EVENTS, PCMA

CRLF: Final = "\r\n"
_USER: Final = re.compile(r"sips?:([^@>]+)@")
_CONTACT: Final = re.compile(r"<([^>]+)>")
_MEDIA: Final = re.compile(r"^m=audio (\d+)", re.M)
_CONNECTION: Final = re.compile(r"^c=IN IP4 (\S+)", re.M)


@dataclass(frozen=True, kw_only=True)
class Message:
    """A message as it came; `at` is when the kernel received it, in ns."""

    start: str
    headers: tuple[tuple[str, str], ...]
    body: str
    at: int

    def get(self, name: str) -> str:
        """The first value of a header."""
        return next((value for key, value in self.headers if key == name), "")

    @property
    def vias(self) -> list[str]:
        """All Via headers, which a response repeats."""
        return [value for key, value in self.headers if key == "via"]

    @property
    def code(self) -> int:
        """The status code; 0 for a request."""
        return int(self.start.split()[1]) if self.start.startswith("SIP/2.0") else 0

    @property
    def method(self) -> str:
        """The method, also of the request that a response answers."""
        return self.get("cseq").rpartition(" ")[2]

    @property
    def call_id(self) -> str:
        """Which dialog it belongs to."""
        return self.get("call-id")

    @cached_property
    def caller(self) -> str:
        """The user of the From header."""
        return _user_of(self.get("from"))

    @cached_property
    def called(self) -> str:
        """The user of the request's URI."""
        return _user_of(self.start)

    @property
    def contact(self) -> str:
        """The URI that further requests go to, or ""."""
        found = _CONTACT.search(self.get("contact"))
        return found[1] if found else ""

    @property
    def media(self) -> tuple[str, int] | None:
        """Where the other side wants its audio."""
        address, port = _CONNECTION.search(self.body), _MEDIA.search(self.body)
        return (address[1], int(port[1])) if address and port else None


def _user_of(text: str) -> str:
    found = _USER.search(text)
    return found[1] if found else ""


def read_message(text: str, at: int) -> Message:
    """Read a datagram."""
    head, _, body = text.partition(CRLF * 2)
    start, *lines = head.split(CRLF)
    headers = (line.partition(":") for line in lines)
    return Message(
        start=start,
        headers=tuple((name.strip().lower(), value.strip()) for name, _, value in headers),
        body=body,
        at=at,
    )  # fmt: skip


def write_message(lines: list[str], body: str = "") -> bytes:
    """A message from its start line, headers and body."""
    if body:
        kind = "sdp" if body.startswith("v=") else "dtmf-relay"
        lines = [*lines, f"Content-Type: application/{kind}"]
    return CRLF.join([*lines, f"Content-Length: {len(body)}", "", body]).encode()


def description(address: str, port: int) -> str:
    """An SDP that offers or takes G.711 A-law and keys."""
    lines = (
        "v=0",
        f"o=- 1 1 IN IP4 {address}",
        "s=-",
        f"c=IN IP4 {address}",
        "t=0 0",
        f"m=audio {port} RTP/AVP {PCMA} {EVENTS}",
        f"a=rtpmap:{PCMA} PCMA/8000",
        f"a=rtpmap:{EVENTS} telephone-event/8000",
        f"a=fmtp:{EVENTS} 0-16",
        "a=ptime:20",
        "",
    )
    return CRLF.join(lines)
