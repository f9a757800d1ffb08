"""What a SIP message says, read from its text (RFC 3261 sections 7 and 25).

Pure, and safe on anything that a stranger sends: nothing here raises. The library has
parsed the message before us; this reads what its Python side does not hand over.
"""

import re
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final
from urllib.parse import unquote

from telephony.events import Invitation
from telephony.test_marks import HEADER

_COMPACT: Final = {
    "c": "content-type",
    "e": "content-encoding",
    "f": "from",
    "i": "call-id",
    "k": "supported",
    "l": "content-length",
    "m": "contact",
    "r": "refer-to",
    "s": "subject",
    "t": "to",
    "v": "via",
}
TEST_MARK: Final = HEADER.lower()
_FOLD: Final = re.compile(r"\r?\n[ \t]+")
_BLANK_LINE: Final = re.compile(r"\r?\n\r?\n")
_QUOTED: Final = re.compile(r'\s*"((?:[^"\\]|\\.)*)"')
_PRIVATE: Final = frozenset({"id", "user", "header"})
_HOST: Final = re.compile(r"^(?:\[(?P<six>[^\]]*)\]|(?P<host>[^:;?>\s]*))")


@dataclass(frozen=True, slots=True, kw_only=True)
class SipMessage:
    """One message: its first line, its headers in order (names in lower case), its body."""

    start_line: str
    headers: tuple[tuple[str, str], ...]
    body: str

    def header(self, name: str) -> str:
        """The first value of a header, or ""."""
        return next((value for key, value in self.headers if key == name), "")

    @property
    def request_uri(self) -> str:
        """The URI of a request's first line, or ""."""
        words = self.start_line.split()
        return words[1] if len(words) == 3 else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NameAddress:
    """A `name-addr` or `addr-spec`: the display name and the URI, either may be ""."""

    name: str
    uri: str


def parse_message(text: str) -> SipMessage:
    """Read a message; compact header names are written out, folded lines joined."""
    clean = text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    head, _, body = _split_once(_BLANK_LINE, clean.lstrip("\r\n"))
    start_line, *lines = _FOLD.sub(" ", head).splitlines() or [""]
    return SipMessage(
        start_line=start_line.strip(),
        headers=tuple(_header(line) for line in lines if ":" in line),
        body=body,
    )


def _split_once(pattern: re.Pattern[str], text: str) -> tuple[str, str, str]:
    found = pattern.search(text)
    if not found:
        return text, "", ""
    return text[: found.start()], found[0], text[found.end() :]


def _header(line: str) -> tuple[str, str]:
    name, _, value = line.partition(":")
    name = name.strip().lower()
    return _COMPACT.get(name, name), value.strip()


def parse_name_address(value: str) -> NameAddress:
    """Read From, To, Contact or P-Asserted-Identity; of a list the first address."""
    quoted = _QUOTED.match(value)
    if quoted:
        name = re.sub(r"\\(.)", r"\1", quoted[1])
        rest = value[quoted.end() :]
    else:
        before, bracket, _ = value.partition("<")
        name = before.strip() if bracket else ""
        rest = value
    _, bracket, inside = rest.partition("<")
    if bracket:
        return NameAddress(name=name, uri=inside.partition(">")[0].strip())
    return NameAddress(name=name, uri=re.split(r"[;,\s]", rest.strip(), maxsplit=1)[0])


def user_of(uri: str) -> str:
    """The user part of a sip:, sips: or tel: URI, unescaped, or ""."""
    scheme, _, rest = uri.partition(":")
    if scheme.lower() == "tel":
        return re.split(r"[;?]", rest, maxsplit=1)[0]
    user, at, _ = rest.partition("@")
    return unquote(user.partition(":")[0].partition(";")[0]) if at else ""


def host_of(uri: str) -> str:
    """The host of a sip: or sips: URI without port and brackets, or ""."""
    scheme, _, rest = uri.partition(":")
    if scheme.lower() not in ("sip", "sips"):
        return ""
    found = _HOST.match(rest.rpartition("@")[2])
    return (found["six"] or found["host"] or "") if found else ""


def peer_of(source: str) -> str:
    """The address of `1.2.3.4:5060` or `[::1]:5060`, without the port."""
    if source.startswith("["):
        return source[1:].partition("]")[0]
    return source.rpartition(":")[0] or source


def read_invitation(message: SipMessage, source: str) -> Invitation:
    """What an INVITE says of its caller; `source` is the address that sent it."""
    caller = parse_name_address(message.header("from"))
    asserted = parse_name_address(message.header("p-asserted-identity")).uri
    return Invitation(
        sip_call_id=message.header("call-id"),
        from_uri=caller.uri,
        from_name=caller.name,
        asserted_uri=asserted,
        withheld=_withheld(message, caller),
        request_uri=message.request_uri,
        peer=peer_of(source),
        test_mark=message.header(TEST_MARK),
    )


def _withheld(message: SipMessage, caller: NameAddress) -> bool:
    """RFC 3323 section 4: the caller asked for privacy, or hides behind anonymous."""
    wishes = {
        wish.strip().lower() for wish in re.split("[;,]", message.header("privacy"))
    }
    if wishes & _PRIVATE:
        return True
    user = user_of(caller.uri).lower()
    return user == "anonymous" or host_of(caller.uri).lower() == "anonymous.invalid"


def is_address(host: str) -> bool:
    """Whether a host is written as an IP address (without a scope), not as a name."""
    try:
        ip_address(host)
    except ValueError:
        return False
    return "%" not in host
