"""The service with its citizens, agents and their voices: what most measures act on."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from benchmarks.callers import CallerCall, Callers
from benchmarks.desk import AgentCall, Desk
from benchmarks.dialog import within
from benchmarks.hotline import Hotline, Wanted
from benchmarks.media import Media
from benchmarks.places import CALLERS, DESK


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """All of them, running."""

    hotline: Hotline
    media: Media
    callers: Callers
    desk: Desk

    async def press_one(self, caller: CallerCall) -> tuple[int, AgentCall]:
        """The citizen asks for a person: when, in ns, and the call that rings one."""
        offered = self.desk.offer_to(caller.number)
        pressed_at = await caller.leg.press("1")
        return pressed_at, await within(offered)


@asynccontextmanager
async def stage(wanted: Wanted, *, callers: int) -> AsyncIterator[Stage]:
    """Start everything; `callers` citizens may call at once."""
    async with (
        Hotline(wanted) as hotline,
        Media() as media,
        Callers(media) as citizens,
        Desk(media) as desk,
    ):
        await media.open(CALLERS[0], callers)
        await media.open(DESK[0], callers)
        yield Stage(hotline=hotline, media=media, callers=citizens, desk=desk)
