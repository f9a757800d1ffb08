"""Nothing that can wait comes between the citizen's key and the agent's phone."""

import asyncio
from pathlib import Path

import pytest

from tests.fakes.leg import FakeLeg
from tests.story.hotline import MUSIC, open_hotline
from tests.story.test_calls import in_queue

pytestmark = pytest.mark.looptime


async def test_agent_is_rung_before_the_music_has_started(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    start_music = FakeLeg.start_music

    async def slowly(leg: FakeLeg, file: Path) -> None:
        await asyncio.sleep(1)
        await start_music(leg, file)

    monkeypatch.setattr(FakeLeg, "start_music", slowly)
    async with open_hotline("a") as hotline:
        hotline.log_in("a")
        citizen = await in_queue(hotline)
        assert len(hotline.phones_of("a")) == 1
        assert citizen.ear.music is None
        await asyncio.sleep(1)
        assert citizen.ear.music == MUSIC
