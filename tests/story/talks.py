"""A talk in the story, and what is asked of it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from acd.call_control import TalkView
from acd.events import LegClosed, LegOpened
from acd.talk_commands import Consult, TalkCommand
from tests.fakes.leg import FakeLeg
from tests.story.hotline import POLICE, StoryHotline, open_hotline


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryTalk:
    """A citizen who speaks with agent "a"; "b" is there, too, and logged out."""

    hotline: StoryHotline
    citizen: FakeLeg
    agent: FakeLeg

    async def ask(self, command: TalkCommand) -> TalkView:
        """Let the talk do something."""
        view = await self.hotline.equipment.control.ask(self.citizen.id, command)
        await asyncio.sleep(0.01)
        return view

    def view(self) -> TalkView:
        """What it is like now."""
        return self.hotline.equipment.control.talk(self.citizen.id)

    async def consult(self) -> FakeLeg:
        """110 is called, and answers."""
        await self.ask(Consult(third_party=POLICE))
        third = self.hotline.placer.phones_of("110")[-1]
        third.peer_rings()
        third.peer_answers()
        await asyncio.sleep(0.1)
        return third

    def legs_left(self) -> list[str]:
        """Legs that were opened and have not been told to be closed."""
        opened = {leg.leg_id for leg in self.hotline.all(LegOpened)}
        closed = {leg.leg_id for leg in self.hotline.all(LegClosed)}
        return sorted(opened - closed)


@asynccontextmanager
async def open_talk(**rules: float) -> AsyncIterator[StoryTalk]:
    """A hotline with a talk that has begun; no wrap-up unless it is asked for."""
    async with open_hotline("a", "b", **{"wrap_up_seconds": 0} | rules) as hotline:
        hotline.log_in("a")
        citizen = hotline.endpoint.dial(from_user="13812345678")
        await asyncio.sleep(0.1)
        citizen.press("1")
        await asyncio.sleep(0.1)
        (agent,) = hotline.phones_of("a")
        agent.peer_answers()
        await asyncio.sleep(1)
        yield StoryTalk(hotline=hotline, citizen=citizen, agent=agent)
