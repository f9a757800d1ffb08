"""The trunks and the placer of calls, put together from the settings."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from config.bus import EventBus
from config.clock import LoopClock
from config.settings import Settings
from config.trunk_settings import password_of
from telephony.numbers import NumberPlan
from telephony.trunk_watch import TrunkEndpoint, TrunkWatch
from telephony.trunks import Trunks


@asynccontextmanager
async def open_trunks(
    settings: Settings,
    endpoint: TrunkEndpoint,
    numbers: NumberPlan,
    bus: EventBus,
    clock: LoopClock,
) -> AsyncIterator[Trunks]:
    """The trunks, looked after inside the block; none is waited for.

    `SettingsError` when a password cannot be read.
    """
    sections = settings.trunks
    passwords = {trunk.name: password_of(trunk) for trunk in sections}
    trunks = Trunks(sections, numbers, clock.now())
    async with TrunkWatch(sections, passwords, trunks, endpoint, bus, clock):
        yield trunks
