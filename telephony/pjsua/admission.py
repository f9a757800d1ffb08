"""Whom the endpoint talks to: trusted peers, harmless SDP, granted transfers.

Pure. A peer's REFER or Replaces would let it place calls at our cost (toll fraud), and
a host name in SDP would stall all calls while the SIP thread asks the DNS.
"""

import re
from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import Final

from telephony.events import Refusal
from telephony.pjsua.sip_message import SipMessage, is_address

Networks = Sequence[IPv4Network | IPv6Network]

REFUSAL_CODES: Final = {
    Refusal.UNTRUSTED_PEER: 403,
    Refusal.REPLACES: 403,
    Refusal.HOST_NAME_IN_SDP: 488,
}
_SDP_LINES: Final = {
    "c=": re.compile(r"c=IN IP[46] ([^/\s]+)(?:/\d+)*[ \t]*"),
    "o=": re.compile(r"o=\S+ \d+ \d+ IN IP[46] (\S+)[ \t]*"),
    "a=rtcp:": re.compile(r"a=rtcp:\d+(?: IN IP[46] (\S+))?[ \t]*"),
}
"""The lines that carry addresses (RFC 4566, RFC 3605), written as they must be: the
library reads others differently, and takes what it finds for a host."""
_REFER_TARGET: Final = re.compile(
    r"<?sips?:[\w.!~*'()%&=+$,/-]*@(?:\[(?P<six>[\d:a-f.]+)\]|(?P<four>[\d.]+))(?::\d+)?"
    r"(?:;(?:transport=(?:udp|tcp|tls)|user=\w+))*(?:\?Replaces=[\w.%~!*'()+-]*)?>?",
    re.I | re.A,
)


def is_trusted(address: str, networks: Networks) -> bool:
    """Whether an address lies in one of the trusted networks; names never do."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    mapped = getattr(parsed, "ipv4_mapped", None)
    return any((mapped or parsed) in network for network in networks)


def refusal_of_invite(
    message: SipMessage, peer: str, trusted: Networks
) -> Refusal | None:
    """Why this INVITE must not become a call, or None."""
    if not is_trusted(peer, trusted):
        return Refusal.UNTRUSTED_PEER
    if message.header("replaces"):
        return Refusal.REPLACES
    return Refusal.HOST_NAME_IN_SDP if names_a_host(message.body) else None


def refusal_by_library(
    code: int, message: SipMessage, peer: str, trusted: Networks
) -> Refusal:
    """Why the library refused an INVITE by itself."""
    if not is_trusted(peer, trusted):
        return Refusal.UNTRUSTED_PEER
    if message.header("replaces"):
        return Refusal.REPLACES
    ours = code == 486 or code >= 500  # no free leg, no free RTP port
    return Refusal.NO_FREE_LEG if ours else Refusal.UNACCEPTABLE


def names_a_host(sdp: str) -> bool:
    """Whether an SDP carries anything but IP addresses where addresses belong."""
    lines = re.split(r"[\r\n]+", sdp)
    return any(
        line.startswith(start) and not _carries_address(line, form)
        for line in lines
        for start, form in _SDP_LINES.items()
    )


def _carries_address(line: str, form: re.Pattern[str]) -> bool:
    found = form.fullmatch(line)
    return found is not None and (found[1] is None or is_address(found[1]))


def may_refer_to(target: str, trusted: Networks) -> bool:
    """Whether a granted leg's REFER may send us to this Refer-To.

    Only a plain URI with a trusted address: `maddr`, or a Route header inside the URI,
    would lead the INVITE somewhere else.
    """
    found = _REFER_TARGET.fullmatch(target.strip())
    return found is not None and is_trusted(found["six"] or found["four"], trusted)
