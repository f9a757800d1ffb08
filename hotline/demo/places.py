"""Where everybody of the demo listens, and the settings that follow from it."""

import fcntl
import json
import os
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from hotline.demo.folder import DemoError, DemoFolder
from hotline.demo.outside import SHOWN_NUMBER, TRUNK
from hotline.demo.phone_line import PhoneSettings
from hotline.demo.script import AGENTS

HOST = "127.0.0.1"
DEMOS_AT_ONCE = 20
FIRST_SIP_PORT, FIRST_CONSOLE_PORT = 23000, 23080
HOTLINE_RTP, TELECOM_RTP = (46000, 47999), (45000, 45999)
AGENTS_RTP, CITIZENS_RTP = (48000, 48999), (49000, 49999)
SIP_PORTS = 4

RING_SECONDS = 4
_SETTINGS = """\
# Made by `hotline demo`, anew at each start.
[hotline]
data_dir = {data}
drain_seconds = 30
{zone}[sip]
address = "{host}"
port = {sip_port}
rtp_ports = "{rtp_first}-{rtp_last}"
codecs = ["PCMA"]
dead_peer_seconds = 8
[console]
address = "{host}"
port = {console_port}
[recordings]
min_free_megabytes = 50
[[queues]]
name = "general"
ring_seconds = {ring_seconds}
wrap_up_seconds = 2
announce_position_seconds = 10
"""
OUTSIDE_RING_SECONDS, FOLLOW_UP_LINES = 8, 4
_OUTSIDE = """\
[ivr]
prompts_dir = {prompts}
[outbound]
lines = {lines}
ring_seconds = {ring_seconds}
windows = ["08:00-21:00"]
workdays_only = false
[recall]
ring_seconds = {ring_seconds}
retry_seconds = 30
tries = 2
[[trunks]]
name = "{trunk}"
host = "{host}"
port = {port}
caller_numbers = ["{shown}"]
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Ports on loopback. RTP ports are tried one after the other by the library."""

    hotline: int
    agents: int
    citizens: int
    telecom: int
    console: int

    @classmethod
    def of(cls, number: int) -> Self:
        """The ports of the demo with this number, counted from 0."""
        first = FIRST_SIP_PORT + SIP_PORTS * number
        return cls(
            hotline=first,
            agents=first + 1,
            citizens=first + 2,
            telecom=first + 3,
            console=FIRST_CONSOLE_PORT + number,
        )

    @property
    def free(self) -> bool:
        """Whether nobody listens on any of them."""
        phones = (self.agents, self.citizens, self.telecom)
        return all(map(_is_free, (self.hotline, *phones, self.console)))

    @property
    def console_url(self) -> str:
        """The hotline's HTTP side."""
        return f"http://{HOST}:{self.console}"

    @property
    def sip_uri(self) -> str:
        """What a citizen dials."""
        return f"sip:12345@{HOST}:{self.hotline}"

    def phone_of(self, agent_id: str) -> str:
        """Where an agent is rung."""
        return f"sip:{agent_id}@{HOST}:{self.agents}"

    def agents_phones(self, folder: DemoFolder) -> PhoneSettings:
        """For the agents' process."""
        return self._phones(folder, self.agents, AGENTS_RTP)

    def citizens_phones(self, folder: DemoFolder) -> PhoneSettings:
        """For the citizens' process."""
        return self._phones(folder, self.citizens, CITIZENS_RTP)

    def telecom_phones(self, folder: DemoFolder) -> PhoneSettings:
        """For the telephone company's process."""
        return self._phones(folder, self.telecom, TELECOM_RTP)

    def _phones(
        self, folder: DemoFolder, port: int, rtp: tuple[int, int]
    ) -> PhoneSettings:
        return PhoneSettings(
            sip_port=port,
            rtp_ports=rtp,
            hotline_port=self.hotline,
            speech_dir=folder.speech,
            heard_dir=folder.heard,
        )

    def settings(self, folder: DemoFolder, agents: int, zone: str = "") -> str:
        """The hotline's settings with the first so many agents, none of them logged in.

        `zone` is the city's, "" for the usual one. With all of them there is a line out.
        """
        general = _SETTINGS.format(
            data=json.dumps(str(folder.data), ensure_ascii=False),
            host=HOST,
            sip_port=self.hotline,
            rtp_first=HOTLINE_RTP[0],
            rtp_last=HOTLINE_RTP[1],
            console_port=self.console,
            zone=f"timezone = {json.dumps(zone)}\n" if zone else "",
            ring_seconds=RING_SECONDS,
        )
        if agents == len(AGENTS):
            general += _OUTSIDE.format(
                prompts=json.dumps(str(folder.questions), ensure_ascii=False),
                trunk=TRUNK,
                host=HOST,
                port=self.telecom,
                shown=SHOWN_NUMBER,
                lines=FOLLOW_UP_LINES,
                ring_seconds=OUTSIDE_RING_SECONDS,
            )
        return general + "".join(map(self._agent, AGENTS[:agents]))

    def _agent(self, agent: tuple[str, str]) -> str:
        id_, name = agent
        contact = self.phone_of(id_)
        return f'[[agents]]\nid = "{id_}"\nname = "{name}"\ncontact = "{contact}"\n'


@contextmanager
def free_places() -> Iterator[Places]:
    """Ports that are free now, and that no other demo of this user takes meanwhile.

    `DemoError` when there are none.
    """
    for number in range(DEMOS_AT_ONCE):
        with _reserved(number) as reserved:
            places = Places.of(number)
            if reserved and places.free:
                yield places
                return
    last = FIRST_CONSOLE_PORT + DEMOS_AT_ONCE - 1
    raise DemoError(
        f"the ports {FIRST_SIP_PORT} to {last} are taken: end what uses them"
    )


@contextmanager
def _reserved(number: int) -> Iterator[bool]:
    """Whether no other demo has this number; none gets it inside the block."""
    name = f"hotline-demo-{os.getuid()}-{number}.lock"
    file = Path(tempfile.gettempdir()) / name
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        yield _is_locked(descriptor)
    finally:
        os.close(descriptor)


def _is_locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_free(port: int) -> bool:
    return all(map(_can_bind, (socket.SOCK_STREAM, socket.SOCK_DGRAM), (port, port)))


def _can_bind(kind: socket.SocketKind, port: int) -> bool:
    with socket.socket(socket.AF_INET, kind) as probe:
        if kind is socket.SOCK_STREAM:
            # As servers do: a port whose last connection has just ended is free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True
