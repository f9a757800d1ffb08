"""Ports of loopback that a test run has for itself: no two runs on a machine meet.

A run holds a block of them, by a socket with a name that only one process may have.
"""

import atexit
import random
import socket
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from ipaddress import IPv4Address
from itertools import cycle, islice
from pathlib import Path

BLOCK, ROOM = 400, 4
"""Who gets a port may take the three after it, too: SIPp does so for RTP of its own."""
AFTER_THE_DEMO = 23200
"""`hotline demo` looks for ports of its own below."""
KINDS = (socket.SOCK_DGRAM, socket.SOCK_STREAM)


def free_port(address: str = "127.0.0.1") -> int:
    """The next port of our block with room, where nobody listens by UDP or TCP."""
    for port in islice(_ports(), BLOCK // ROOM):
        if all(_is_free(each, address) for each in range(port, port + ROOM)):
            return port
    raise RuntimeError(f"none of {BLOCK} ports is free")


def is_taken(port: int, address: str = "127.0.0.1") -> bool:
    """Whether somebody has this port of IPv4; only looks, so it takes it from nobody."""
    octets = IPv4Address(address).packed
    place = f"{int.from_bytes(octets, sys.byteorder):08X}:{port:04X}"
    tables = (Path(f"/proc/net/{kind}").read_text("ascii") for kind in ("udp", "tcp"))
    return any(
        place in line.split()[1:2] for table in tables for line in table.splitlines()
    )


@cache
def own(what: str, *starts: int) -> int:
    """One of these numbers, the same each time, and no other run's unless all are taken."""
    for start in random.sample(starts, len(starts)):
        if _held(f"{what}-{start}"):
            return start
    return random.choice(starts)


@cache
def _ports() -> Iterator[int]:
    """Those of our block again and again, in an order that no other run has."""
    start = own("ports", *range(AFTER_THE_DEMO, 28000, BLOCK))
    ports: Sequence[int] = range(start, start + BLOCK, ROOM)
    return cycle(random.sample(ports, len(ports)))


def _is_free(port: int, address: str) -> bool:
    return all(_can_be_bound(kind, (address, port)) for kind in KINDS)


def _held(name: str) -> bool:
    """Hold a name until this process ends; False when another one holds it."""
    holder = socket.socket(socket.AF_UNIX)
    try:
        holder.bind(f"\0hotline-tests-{name}")
    except OSError:
        holder.close()
        return False
    atexit.register(holder.close)
    return True


def _can_be_bound(kind: socket.SocketKind, place: tuple[str, int]) -> bool:
    family = socket.AF_INET6 if ":" in place[0] else socket.AF_INET
    with socket.socket(family, kind) as probe:
        try:
            probe.bind(place)
        except OSError:
            return False
    return True
