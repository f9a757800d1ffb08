"""While an emergency plan is on, citizens who come are told so, if the city wants it."""

import asyncio

import pytest

from acd.events import PlanLevelChanged
from acd.plan_words import PlanWords
from tests.fakes.telephony import files_heard
from tests.story.hotline import StoryHotline, open_hotline

pytestmark = pytest.mark.looptime


async def heard_at(level: int, from_level: int | None) -> list[str]:
    """What a citizen hears who comes to wait while the plans are at this level."""
    async with open_hotline("a", plan_words=PlanWords(from_level)) as hotline:
        go_to(hotline, 3)
        go_to(hotline, level)
        citizen = hotline.endpoint.dial()
        await asyncio.sleep(0.1)
        citizen.press("1")
        await asyncio.sleep(30)
        return files_heard(citizen)


def go_to(hotline: StoryHotline, level: int) -> None:
    now = hotline.clock.now()
    hotline.bus.publish(PlanLevelChanged(at=now, level=level, old_level=0))


async def test_who_comes_during_the_plan_is_told_before_his_welcome() -> None:
    heard = await heard_at(level=1, from_level=1)
    assert heard[1:3] == ["plan_is_on.wav", "welcome.wav"]


@pytest.mark.parametrize("level, from_level", [(0, 1), (1, 2), (3, None)])
async def test_nothing_is_told_below_that_level_or_where_none_is_announced(
    level: int, from_level: int | None
) -> None:
    heard = await heard_at(level, from_level)
    assert "welcome.wav" in heard and "plan_is_on.wav" not in heard
