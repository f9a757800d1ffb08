"""Prompts cut at every possible moment: players must die neither too early nor never.

The library calls a player back from another thread at the end of its file; one that is
destroyed just then ends the process.
"""

import asyncio
import random
from pathlib import Path

import pytest

from telephony.calls import Leg
from tests.sip.conftest import Desk
from tests.sip.tones import tone, write_wav

pytestmark = pytest.mark.sip

PROMPT_SECONDS = 0.06


async def _answered(desk: Desk, count: int) -> list[Leg]:
    phone = await desk.phone()
    legs = []
    for _ in range(count):
        await phone.dial()
        leg = await desk.call()
        await leg.answer()
        legs.append(leg)
    return legs


async def _cut_prompts(leg: Leg, files: list[Path], count: int, seed: int) -> int:
    """Play and cut at random, around the end above all; how many reached their end."""
    chance = random.Random(seed)
    complete = 0
    for _ in range(count):
        playing = asyncio.create_task(leg.play(files))
        await asyncio.wait({playing}, timeout=chance.uniform(0, 2 * PROMPT_SECONDS))
        if playing.done():
            complete += playing.result()
        else:
            playing.cancel()
            await asyncio.wait({playing})
    return complete


async def _torture(desk: Desk, folder: Path, *, legs: int, prompts: int) -> None:
    one = write_wav(folder / "one.wav", tone(500, PROMPT_SECONDS))
    two = write_wav(folder / "two.wav", tone(700, PROMPT_SECONDS / 2))
    done = await asyncio.gather(
        *(
            _cut_prompts(leg, [one] if number % 2 else [two, two], prompts, number)
            for number, leg in enumerate(await _answered(desk, legs))
        )
    )
    assert 0 < sum(done) < legs * prompts
    assert desk.endpoint.legs_in_use == legs


async def test_short_prompts_cut_at_random_moments(desk: Desk, tmp_path: Path) -> None:
    await _torture(desk, tmp_path, legs=4, prompts=40)


@pytest.mark.soak
@pytest.mark.timeout(900)
@pytest.mark.parametrize("turn", range(4))
async def test_thousands_of_short_prompts_cut_at_random_moments(
    tuned_desk: Desk, tmp_path: Path, turn: int
) -> None:
    await _torture(tuned_desk, tmp_path, legs=40, prompts=120)


async def test_legs_that_end_while_a_prompt_ends(desk: Desk, tmp_path: Path) -> None:
    file = write_wav(tmp_path / "one.wav", tone(500, PROMPT_SECONDS))
    chance = random.Random(1)
    for _ in range(10):
        for leg in await _answered(desk, 2):
            playing = asyncio.create_task(leg.play([file]))
            await asyncio.sleep(chance.uniform(0.5, 1.2) * PROMPT_SECONDS)
            await leg.hang_up()
            await asyncio.wait({playing})
            playing.exception()
    assert (await _answered(desk, 1))[0]


async def test_endpoint_that_stops_while_prompts_play(
    desk: Desk, sounds: dict[str, Path]
) -> None:
    playing = [
        asyncio.create_task(leg.play([sounds["short"]]))
        for leg in await _answered(desk, 4)
    ]
    await asyncio.sleep(0.19)
    await desk.endpoint.stop()
    await asyncio.wait(playing)
    for task in playing:
        task.exception()


async def test_music_of_many_legs_is_one_player(
    desk: Desk, sounds: dict[str, Path]
) -> None:
    legs = await _answered(desk, 4)
    for _ in range(5):
        for leg in legs:
            await leg.start_music(sounds["music"])
        await asyncio.sleep(0.03)
        for leg in legs:
            await leg.stop_music()
    exchange = desk.endpoint._exchange
    assert exchange
    await asyncio.sleep(0.3)
    assert exchange.players_in_use == 0
