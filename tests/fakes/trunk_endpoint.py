"""An endpoint whose trunks answer as the test wants, in virtual time."""

import asyncio
from collections.abc import Callable

from pydantic import SecretStr

from config.trunk_settings import TrunkSection
from telephony.calls import TelephonyError


class FakeTrunkEndpoint:
    """Keeps the contract of `telephony.trunk_watch.TrunkEndpoint`.

    `registers_with` and `answers_with` are the codes of the next answers; 0 is silence.
    `lost` names hosts that no name server knows.
    """

    def __init__(self) -> None:
        self.on_registration: Callable[[str, int], None] = lambda trunk, code: None
        self.registers_with = 200
        self.answers_with = 200
        self.lost: set[str] = set()
        self.opened: list[str] = []
        self.registered: list[float] = []
        self.asked: list[float] = []

    async def open_trunk(self, trunk: TrunkSection, password: SecretStr) -> None:
        """Find the address, or not."""
        if trunk.host in self.lost:
            raise TelephonyError(f"the host {trunk.host} cannot be found: no answer")
        self.opened.append(trunk.name)

    async def register_trunk(self, trunk: str) -> None:
        """Note the moment; the answer comes at once."""
        loop = asyncio.get_running_loop()
        self.registered.append(loop.time())
        loop.call_soon(self.on_registration, trunk, self.registers_with)

    async def ask_trunk(self, trunk: str) -> int:
        """Note the moment; answer, or stay silent."""
        self.asked.append(asyncio.get_running_loop().time())
        if not self.answers_with:
            await asyncio.Event().wait()
        return self.answers_with
