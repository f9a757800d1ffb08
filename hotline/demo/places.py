"""Where everybody of the demo listens, and the settings that follow from it."""

import json
import socket
from dataclasses import dataclass
from itertools import islice
from typing import Self

from hotline.demo.folder import DemoError, DemoFolder
from hotline.demo.phone_line import PhoneSettings
from hotline.demo.script import AGENTS

HOST = "127.0.0.1"
SIP_PORTS = range(23000, 23080)
CONSOLE_PORTS = range(23080, 24000)
HOTLINE_RTP, AGENTS_RTP, CITIZENS_RTP = (46000, 47299), (47300, 48599), (48600, 49899)

RING_SECONDS = 4
_SETTINGS = """\
# Made by `hotline demo`, anew at each start.
[hotline]
data_dir = {data}
drain_seconds = 30
[sip]
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Free ports on loopback, chosen when the demo starts."""

    hotline: int
    agents: int
    citizens: int
    console: int

    @classmethod
    def choose(cls) -> Self:
        """Take the first free ones; `DemoError` when there are none."""
        hotline, agents, citizens = _free(SIP_PORTS, 3)
        (console,) = _free(CONSOLE_PORTS, 1)
        return cls(hotline=hotline, agents=agents, citizens=citizens, console=console)

    @property
    def console_url(self) -> str:
        """The hotline's HTTP side."""
        return f"http://{HOST}:{self.console}"

    def agents_phones(self, folder: DemoFolder) -> PhoneSettings:
        """For the agents' process."""
        return self._phones(folder, self.agents, AGENTS_RTP)

    def citizens_phones(self, folder: DemoFolder) -> PhoneSettings:
        """For the citizens' process."""
        return self._phones(folder, self.citizens, CITIZENS_RTP)

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

    def settings(self, folder: DemoFolder, agents: int) -> str:
        """The hotline's settings with the first so many agents, none of them logged in."""
        general = _SETTINGS.format(
            data=json.dumps(str(folder.data), ensure_ascii=False),
            host=HOST,
            sip_port=self.hotline,
            rtp_first=HOTLINE_RTP[0],
            rtp_last=HOTLINE_RTP[1],
            console_port=self.console,
            ring_seconds=RING_SECONDS,
        )
        return general + "".join(map(self._agent, AGENTS[:agents]))

    def _agent(self, agent: tuple[str, str]) -> str:
        id_, name = agent
        contact = f"sip:{id_}@{HOST}:{self.agents}"
        return f'[[agents]]\nid = "{id_}"\nname = "{name}"\ncontact = "{contact}"\n'


def _free(ports: range, number: int) -> list[int]:
    free = list(islice((port for port in ports if _is_free(port)), number))
    if len(free) < number:
        raise DemoError(
            f"no {number} of the ports {ports.start} to {ports.stop - 1} are free: end "
            "what uses them, perhaps an earlier demo"
        )
    return free


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
