"""Keeps the trunks open, registered and asked after, and tells when one goes down or up.

Each trunk has tasks of its own. A registration tells of itself; an OPTIONS request is
sent now and then. What is down is tried again in peace: see `telephony.trunk_state`.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Final, Protocol, Self

from pydantic import SecretStr

from config.bus import EventBus
from config.clock import LoopClock
from config.trunk_settings import TrunkSection
from telephony.calls import TelephonyError
from telephony.trunk_state import (
    Sign,
    fault_of_options,
    fault_of_registration,
    seconds_until_next_registration,
)
from telephony.trunks import Trunks

logger = logging.getLogger(__name__)

ANSWER_SECONDS: Final = 4.0
"""How long a trunk has to answer OPTIONS: four sends of the request by UDP."""

ASK_DOWN_SECONDS: Final = 10.0
"""How often a trunk is asked that does not answer."""

OPEN_AGAIN_SECONDS: Final = 30.0
"""How soon an address that was not found is looked for again."""


class TrunkEndpoint(Protocol):
    """The endpoint as the watch needs it."""

    on_registration: Callable[[str, int], None]
    """Called on the loop with a trunk's name and its answer to a REGISTER."""

    async def open_trunk(self, trunk: TrunkSection, password: SecretStr) -> None:
        """Find the trunk's address; `TelephonyError` when there is none."""

    async def register_trunk(self, trunk: str) -> None:
        """Send a REGISTER; `on_registration` follows, now and at each refresh."""

    async def ask_trunk(self, trunk: str) -> int:
        """Send an OPTIONS and wait for the code of its answer, without limit."""


class TrunkWatch:
    """Looks after all trunks while it is entered; an async context manager."""

    def __init__(
        self,
        sections: Sequence[TrunkSection],
        passwords: Mapping[str, SecretStr],
        trunks: Trunks,
        endpoint: TrunkEndpoint,
        bus: EventBus,
        clock: LoopClock,
    ) -> None:
        self._sections, self._passwords = sections, passwords
        self._trunks, self._endpoint = trunks, endpoint
        self._bus, self._clock = bus, clock
        self._answers: dict[str, asyncio.Queue[int]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._endpoint.on_registration = self._registered
        for section in self._sections:
            self._answers[section.name] = asyncio.Queue()
            self._bus.publish(self._trunks.changed(section.name, self._clock.now()))
            task = asyncio.create_task(
                self._look_after(section), name=f"trunk {section.name}"
            )
            self._tasks.add(task)
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)
        self._tasks.clear()

    async def _look_after(self, section: TrunkSection) -> None:
        try:
            await self._keep_up(section)
        except Exception:
            logger.exception("trunk %s is no longer looked after", section.name)

    async def _keep_up(self, section: TrunkSection) -> None:
        await self._open_at_last(section)
        async with asyncio.TaskGroup() as tasks:
            if section.register_here:
                tasks.create_task(
                    self._keep_registered(section), name=f"register {section.name}"
                )
            if section.options_seconds:
                tasks.create_task(
                    self._keep_asking(section), name=f"ask {section.name}"
                )

    async def _open_at_last(self, section: TrunkSection) -> None:
        opened = await self._open(section)
        while not opened:
            await asyncio.sleep(OPEN_AGAIN_SECONDS)
            opened = await self._open(section)

    async def _open(self, section: TrunkSection) -> bool:
        """Find the address, which may have changed; false when there is none."""
        try:
            await self._endpoint.open_trunk(section, self._passwords[section.name])
        except TelephonyError as error:
            self._note(section.name, Sign.ADDRESS, str(error))
            return False
        self._note(section.name, Sign.ADDRESS, "")
        return True

    async def _keep_registered(self, section: TrunkSection) -> None:
        """Register; again, after a rest, when an answer or a refresh was a failure."""
        answers = self._answers[section.name]
        while True:
            while not answers.empty():
                answers.get_nowait()  # of an earlier try
            await self._endpoint.register_trunk(section.name)
            code = await answers.get()
            while 200 <= code < 300:
                code = await answers.get()
            await asyncio.sleep(seconds_until_next_registration(code))
            await self._open_at_last(section)

    def _registered(self, trunk: str, code: int) -> None:
        self._note(trunk, Sign.REGISTRATION, fault_of_registration(code))
        self._answers[trunk].put_nowait(code)

    async def _keep_asking(self, section: TrunkSection) -> None:
        """Send OPTIONS, more often while there is no good answer."""
        while True:
            fault = fault_of_options(await self._ask(section.name))
            self._note(section.name, Sign.OPTIONS, fault)
            if fault:
                await asyncio.sleep(min(section.options_seconds, ASK_DOWN_SECONDS))
                await self._open(section)
            else:
                await asyncio.sleep(section.options_seconds)

    async def _ask(self, trunk: str) -> int:
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                return await self._endpoint.ask_trunk(trunk)
        except (TimeoutError, TelephonyError):
            return 0

    def _note(self, trunk: str, sign: Sign, fault: str) -> None:
        changed = self._trunks.note(trunk, sign, fault, self._clock.now())
        if not changed:
            return
        if changed.up:
            logger.warning("trunk %s is up", trunk)
        else:
            logger.warning("trunk %s is down: %s", trunk, changed.reason)
        self._bus.publish(changed)
