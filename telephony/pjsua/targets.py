"""Where a call goes: a SIP URI checked, resolved and written as an order."""

import asyncio
import re
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final
from urllib.parse import quote

from config.settings import SipSection
from telephony.calls import TelephonyError
from telephony.pjsua.opening import uri_host
from telephony.pjsua.sip_message import is_address

RESOLVE_SECONDS: Final = 5.0
"""How long the DNS may take; never on the SIP thread, which it would stall."""

_URI: Final = re.compile(
    r"(?P<scheme>sips?):(?P<user>[^@\s<>\"]+)@"
    r"(?:\[(?P<six>[^\]\s]+)\]|(?P<host>[\w.-]+))(?P<port>:\d+)?(?P<parameters>;[^?\s<>\"]*)?",
    re.I,
)
_HEADER_NAME: Final = re.compile(r"[A-Za-z0-9!%*_+`'~.-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A call to place: `to_uri` is what the INVITE says, `target_uri` where it goes."""

    to_uri: str
    target_uri: str
    from_uri: str
    family: int
    headers: tuple[tuple[str, str], ...]
    trunk: str = ""


async def write_order(
    target: str,
    sip: SipSection,
    *,
    from_user: str,
    from_name: str,
    headers: Mapping[str, str],
) -> Order:
    """Check and resolve; `TelephonyError` says what is wrong with the target."""
    found = _URI.fullmatch(target)
    if not found:
        raise TelephonyError(
            f"{target!r} is no SIP URI; write one like sip:1001@192.0.2.10:5060"
        )
    name = found["six"] or found["host"]
    address = name if is_address(name) else await _resolve(name, sip)
    family = _checked_family(address, sip)
    host = uri_host(ip_address(address))
    uri = f"{found['scheme']}:{found['user']}@{host}{found['port'] or ''}"
    local = uri_host(ip_address(_local_address(address, sip)))
    return Order(
        to_uri=target,
        target_uri=uri + _parameters(found, sip),
        from_uri=f"{_quoted(from_name)}<sip:{_escaped(from_user)}@{local}>",
        family=family,
        headers=tuple(_checked(name, value) for name, value in headers.items()),
    )


def order_over_trunk(
    target: str,
    trunk: str,
    *,
    from_user: str,
    from_name: str,
    headers: Mapping[str, str],
) -> Order:
    """An order over a trunk, whose account knows the way: From names its host."""
    found = _URI.fullmatch(target)
    if not found:
        raise TelephonyError(f"trunk {trunk} cannot dial this number")
    host = f"[{found['six']}]" if found["six"] else found["host"]
    return Order(
        to_uri=target,
        target_uri=target,
        from_uri=f"{_quoted(from_name)}<sip:{_escaped(from_user)}@{host}>",
        family=0,
        headers=tuple(_checked(name, value) for name, value in headers.items()),
        trunk=trunk,
    )


async def resolve_hop(host: str, sip: SipSection) -> IPv4Address | IPv6Address:
    """The address of a trunk's next hop; `TelephonyError` when it has none."""
    return ip_address(host if is_address(host) else await _resolve(host, sip))


def _checked_family(address: str, sip: SipSection) -> int:
    version = ip_address(address).version
    if version == sip.address.version or str(sip.address) == "::":
        return version
    raise TelephonyError(
        f"{address} cannot be called from sip.address {sip.address}: that is not IPv{version}"
    )


def _parameters(found: re.Match[str], sip: SipSection) -> str:
    """Without UDP a URI that names no transport must name one."""
    parameters = found["parameters"] or ""
    if "udp" in sip.transports or "transport=" in parameters.lower():
        return parameters
    return f"{parameters};transport={sip.transports[0]}"


async def _resolve(host: str, sip: SipSection) -> str:
    loop = asyncio.get_running_loop()
    family = socket.AF_UNSPEC if str(sip.address) == "::" else _family(sip)
    try:
        async with asyncio.timeout(RESOLVE_SECONDS):
            found = await loop.getaddrinfo(host, None, family=family)
    except (OSError, UnicodeError, TimeoutError) as error:
        raise TelephonyError(
            f"the host {host} cannot be found: {error or 'no answer'}"
        ) from None
    return str(found[0][4][0])


def _family(sip: SipSection) -> socket.AddressFamily:
    return socket.AF_INET if sip.address.version == 4 else socket.AF_INET6


def _local_address(peer: str, sip: SipSection) -> str:
    """The address that the peer sees us at; asks the routing table, sends nothing."""
    if not sip.address.is_unspecified:
        return str(sip.address)
    family = socket.AF_INET6 if ":" in peer else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((peer, 9))
        except OSError as error:
            raise TelephonyError(f"no way to {peer}: {error}") from None
        return str(probe.getsockname()[0])


def _quoted(name: str) -> str:
    clean = " ".join(name.split())
    if not clean:
        return ""
    escaped = clean.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}" '


def _escaped(user: str) -> str:
    """RFC 3261 section 25.1: what a user part may not carry as it is."""
    return quote(user, safe="+*!~'()&=$,-_.") or "anonymous"


def _checked(name: str, value: str) -> tuple[str, str]:
    if not _HEADER_NAME.fullmatch(name) or re.search(r"[\r\n\0]", value):
        raise TelephonyError(f"the SIP header {name!r} cannot be sent: it is malformed")
    return name, value
