"""Trunks, their watch and the placer on the real endpoint; SIPp is the company."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from acd.placing import CallRequest, TrafficClass
from acd.plain_placer import PlainPlacer
from config.bus import EventBus
from config.clock import LoopClock
from config.trunk_settings import TrunkSection
from telephony.numbers import NumberPlan
from telephony.trunk_state import TrunkChanged, TrunkView
from telephony.trunk_watch import TrunkWatch
from telephony.trunks import Trunks
from tests.sip.conftest import Desk

PLAN = NumberPlan(country_code="86", area_code="0531")
MOBILE = "+8613812345678"


def trunk(port: int, name: str = "telecom", **more: Any) -> TrunkSection:
    """A trunk on loopback that is asked once, at the start."""
    values = {
        "name": name,
        "host": "127.0.0.2",
        "port": port,
        "caller_numbers": ("053112345",),
        "options_seconds": 60,
    }
    return TrunkSection.model_validate(values | more)


def to(number: str = MOBILE, **more: Any) -> CallRequest:
    """A call to place."""
    values: dict[str, Any] = {"traffic": TrafficClass.CALL_BACK, "purpose": "test"}
    return CallRequest(number=number, **(values | more))


class LinesOut:
    """Trunks at a desk."""

    def __init__(self, desk: Desk, password: str, *sections: TrunkSection) -> None:
        bus, clock = EventBus(), LoopClock()
        self.trunks = Trunks(sections, PLAN, clock.now())
        self.placer = PlainPlacer(desk.endpoint, self.trunks, PLAN, bus, clock)
        passwords = {section.name: SecretStr(password) for section in sections}
        self.watch = TrunkWatch(
            sections, passwords, self.trunks, desk.endpoint, bus, clock
        )
        self.told: asyncio.Queue[TrunkChanged] = asyncio.Queue()
        bus.subscribe(TrunkChanged, self.told.put_nowait)

    async def until(self, name: str, *, up: bool, seconds: float = 60) -> TrunkChanged:
        """Wait for a trunk's going up or down."""
        async with asyncio.timeout(seconds):
            while True:
                change = await self.told.get()
                if (change.trunk, change.up) == (name, up):
                    return change

    def view(self, name: str) -> TrunkView:
        """A trunk as it is now."""
        (view,) = [view for view in self.trunks.views() if view.name == name]
        return view


@asynccontextmanager
async def lines_out(
    desk: Desk, *sections: TrunkSection, password: str = "s3cret"
) -> AsyncIterator[LinesOut]:
    """Trunks that are watched; those that only need an address are up."""
    lines = LinesOut(desk, password, *sections)
    async with lines.watch:
        for _ in sections:
            await lines.told.get()  # the state at the start
        for section in sections:
            if not (section.options_seconds or section.register_here):
                await lines.until(section.name, up=True)
        yield lines


async def count_of(folder: Path, method: str) -> int:
    """How many requests of a method SIPp, told to trace, has received so far."""
    texts = [file.read_text("utf-8") for file in folder.glob("*_messages.log")]
    return sum(text.count(f"\n{method} sip:") for text in texts)
