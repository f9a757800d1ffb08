"""What the citizens' and the agents' process have in common: SIP, orders in, reports out.

Orders come as lines on standard input; its end means that the demo is gone. Reports go
to standard output.
"""

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Self

from config.settings import SipSection
from hotline.demo.reports import (
    Heard,
    Message,
    Moment,
    Opened,
    Step,
    from_line,
    to_line,
)
from hotline.demo.script import all_tones_hz
from hotline.demo.voices import heard_on_leg
from telephony.calls import Leg
from telephony.pjsua.endpoint import PjsuaEndpoint


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneSettings:
    """Where a phone process listens, whom it calls, and where its sounds are.

    `speech_dir` holds the sentences that were synthesised, `heard_dir` takes what the
    legs hear for as long as they last.
    """

    sip_port: int
    rtp_ports: tuple[int, int]
    hotline_port: int
    speech_dir: Path
    heard_dir: Path

    def to_json(self) -> str:
        """As the one argument of the process."""
        return json.dumps(asdict(self), default=str)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The settings in that argument."""
        told = json.loads(text)
        folders = {name: Path(told[name]) for name in ("speech_dir", "heard_dir")}
        return cls(**told | folders | {"rtp_ports": tuple(told["rtp_ports"])})

    @property
    def sip(self) -> SipSection:
        """For the endpoint: loopback and G.711 only."""
        return SipSection(
            address=ip_address("127.0.0.1"),
            port=self.sip_port,
            rtp_ports=self.rtp_ports,
            transports=("udp",),
            codecs=("PCMA",),
        )


class PhoneLine:
    """The process's endpoint and its line to the demo."""

    def __init__(self, settings: PhoneSettings, endpoint: PjsuaEndpoint) -> None:
        self.settings, self.endpoint = settings, endpoint

    def tell(self, message: Message) -> None:
        """Report; when nobody listens any more, the orders' end says so as well."""
        with suppress(BrokenPipeError):
            sys.stdout.buffer.write(to_line(message))
            sys.stdout.buffer.flush()

    def note(
        self, leg: Leg, moment: Moment, number: str, *, agent: str = "", code: int = 0
    ) -> None:
        """Report what happened to a leg just now."""
        step = Step(
            leg=leg.id,
            agent=agent,
            number=number,
            moment=moment,
            at=time.monotonic(),
            sip_code=code,
        )
        self.tell(step)

    def note_end(self, leg: Leg, number: str, *, agent: str = "") -> None:
        """Report the leg's end when it comes."""

        def ended(_: object) -> None:
            code = leg.ended.result().sip_code
            self.note(leg, Moment.ENDED, number, agent=agent, code=code)

        leg.ended.add_done_callback(ended)

    async def listen(self, leg: Leg) -> None:
        """Keep what an answered leg hears from now on, until `measure`."""
        await leg.start_recording(self._heard(leg))

    async def measure(self, leg: Leg) -> None:
        """Report which tones a leg heard, if anybody listened; also after its end."""
        await leg.stop_recording()
        file = self._heard(leg)
        if file.exists():
            seconds = await asyncio.to_thread(heard_on_leg, file, all_tones_hz())
            self.tell(Heard(leg=leg.id, seconds=seconds))
            file.unlink()

    def _heard(self, leg: Leg) -> Path:
        return self.settings.heard_dir / f"{leg.id}.wav"

    async def orders(self) -> AsyncIterator[Message]:
        """What the demo says, until it falls silent."""
        loop, reader = asyncio.get_running_loop(), asyncio.StreamReader()
        transport, _ = await loop.connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), sys.stdin
        )
        try:
            while line := await reader.readline():
                yield from_line(line)
        finally:
            transport.close()


@asynccontextmanager
async def open_line(arguments: list[str]) -> AsyncIterator[PhoneLine]:
    """Open the endpoint of this process, and report that it is open."""
    settings = PhoneSettings.from_json(arguments[0])
    async with PjsuaEndpoint(settings.sip) as endpoint:
        line = PhoneLine(settings, endpoint)
        line.tell(Opened(legs_allowed=endpoint.legs_allowed))
        yield line
