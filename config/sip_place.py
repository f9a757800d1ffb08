"""Where a SIP URI leads: the address and port that its phone listens at."""

import re
from ipaddress import IPv4Address, IPv6Address, ip_address

_PLACE = re.compile(
    r"(?P<scheme>sips?):[^@]+@(\[(?P<six>[^\]]+)\]|(?P<host>[^:;?]+))(:(?P<port>\d+))?",
    re.IGNORECASE,
)


def place_of(uri: str) -> tuple[str, int] | None:
    """Host and port, 5060 or 5061 where none is written; None for what is no SIP URI."""
    found = _PLACE.match(uri)
    if not found:
        return None
    default = 5061 if found["scheme"].lower() == "sips" else 5060
    host = (found["six"] or found["host"]).lower()
    return "127.0.0.1" if host == "localhost" else host, int(found["port"] or default)


def leads_to(uri: str, address: IPv4Address | IPv6Address, ports: set[int]) -> bool:
    """Whether a call to the URI arrives at this address and one of these ports.

    Who listens at every address is met at those of this machine alone.
    """
    place = place_of(uri)
    if place is None or place[1] not in ports:
        return False
    try:
        host = ip_address(place[0])
    except ValueError:
        return False
    return host == address or (address.is_unspecified and host.is_loopback)
