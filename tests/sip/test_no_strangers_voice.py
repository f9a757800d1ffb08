"""Nobody ever hears another call: the hunt through hold, hang-up and reused slots.

Pairs of phones talk, each phone in a tone of its own, while calls come and go, are held
and taken back, hear prompts and music, leave their bridge and come back, all at random.
Everything that every phone heard is then searched for tones of strangers.
"""

import asyncio
import random
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from telephony.calls import Leg, LegGone
from tests.sip.conftest import Desk
from tests.sip.phone import Phone, PhoneCall
from tests.sip.tones import FRAME, RATE, Samples

pytestmark = pytest.mark.sip

PAIRS = 10
WINDOW = 5 * FRAME
FIRST_HZ, STEP_HZ = 700, 100
"""The sounds of our own side, prompts and music, lie at 660 Hz and below."""

AUDIBLE = 0.03


@dataclass
class Pair:
    """A caller and an agent who only ever talk with each other."""

    number: int
    caller: Phone
    agent: Phone
    talks: int = 0
    heard_caller: list[Samples] = field(default_factory=list)
    heard_agent: list[Samples] = field(default_factory=list)

    @property
    def caller_hz(self) -> int:
        return FIRST_HZ + 2 * STEP_HZ * self.number

    @property
    def agent_hz(self) -> int:
        return self.caller_hz + STEP_HZ


class Hunt:
    """The desk with its pairs, until the time is over."""

    def __init__(self, desk: Desk, sounds: dict[str, Path], seconds: float) -> None:
        self.desk = desk
        self.sounds = sounds
        self.chance = random.Random(20)
        self._end = asyncio.get_running_loop().time() + seconds
        self._waiting: dict[str, asyncio.Queue[Leg]] = {}
        desk.endpoint.on_call = self._sort

    @property
    def over(self) -> bool:
        """Whether no new call is to be begun."""
        return asyncio.get_running_loop().time() > self._end

    def _sort(self, leg: Leg) -> None:
        assert leg.invitation
        user = leg.invitation.from_uri.partition(":")[2].partition("@")[0]
        self._waiting[user].put_nowait(leg)

    async def pair(self, number: int) -> Pair:
        """Two phones with neighbouring tones."""
        caller, agent = await self.desk.phone(), await self.desk.phone("127.0.0.3")
        self._waiting[f"c{number}"] = asyncio.Queue()
        pair = Pair(number, caller, agent)
        agent.hz = pair.agent_hz
        return pair

    async def talk_on_and_on(self, pair: Pair) -> None:
        """One call after the other."""
        while not self.over:
            call = await pair.caller.dial(hz=pair.caller_hz, user=f"c{pair.number}")
            leg = await self._waiting[f"c{pair.number}"].get()
            try:
                await self._serve(pair, leg, call)
            except LegGone:
                pass
            finally:
                await leg.hang_up()
                await asyncio.sleep(self.chance.uniform(0, 0.05))
                pair.heard_caller.append(call.voice.heard())
                call.voice.close()

    async def _serve(self, pair: Pair, leg: Leg, call: PhoneCall) -> None:
        await leg.answer()
        await call.got_response("INVITE", 200)
        await leg.start_music(self.sounds["music"])
        if self.chance.random() < 0.5:
            playing = asyncio.create_task(leg.play([self.sounds["short"]]))
            await asyncio.wait({playing}, timeout=self.chance.uniform(0, 0.3))
            playing.cancel()
            await asyncio.wait({playing})
        other = await self.desk.endpoint.originate(pair.agent.uri, from_user="1")
        agent = await pair.agent.expect_call()
        try:
            agent.answer()
            await other.answered
            await self._bridge(leg, call, other, agent)
            pair.talks += 1
        finally:
            await other.hang_up()
            pair.heard_agent.append(agent.voice.heard())
            agent.voice.close()

    async def _bridge(
        self, leg: Leg, call: PhoneCall, other: Leg, agent: PhoneCall
    ) -> None:
        music = self.sounds["music"]
        async with self.desk.endpoint.bridge(leg, other, music=music) as bridge:
            for _ in range(self.chance.randint(1, 5)):
                await asyncio.sleep(self.chance.uniform(0, 0.15))
                match self.chance.randrange(6):
                    case 0:
                        await agent.hold(self.chance.choice(("sendonly", "inactive")))
                    case 1:
                        await call.hold(self.chance.choice(("sendonly", "inactive")))
                    case 2:
                        await agent.hold("sendrecv")
                        await call.hold("sendrecv")
                    case 3:
                        await bridge.remove(other)
                        await bridge.add(other)
                    case 4 if (
                        not leg.held
                    ):  # else it would wait for the end of the hold
                        await leg.play([self.sounds["short"]])
                    case _:
                        await asyncio.sleep(0.1)
            if self.chance.random() < 0.5:
                self.chance.choice((call, agent)).hang_up()
                await asyncio.sleep(self.chance.uniform(0, 0.05))


def _strangers(heard: list[Samples], own: int, tones: list[int]) -> set[int]:
    """The tones, other than `own`, that sounded in any 0.1 s of what was heard."""
    found = set()
    n = np.arange(WINDOW)
    shape = np.hanning(WINDOW)
    waves = np.array([shape * np.exp(-2j * np.pi * hz * n / RATE) for hz in tones])
    for samples in heard:
        for start in range(0, len(samples) - WINDOW, WINDOW // 2):
            part = samples[start : start + WINDOW].astype(np.float64) / 32767
            levels = 2 * abs(waves @ part) / shape.sum()
            found |= {
                hz
                for hz, level in zip(tones, levels, strict=True)
                if level > AUDIBLE and hz != own
            }
    return found


def _together(heard: list[Samples]) -> list[Samples]:
    return [samples for samples in heard if len(samples) > WINDOW]


async def _hunt(desk: Desk, sounds: dict[str, Path], seconds: float) -> list[Pair]:
    hunt = Hunt(desk, sounds, seconds)
    pairs = [await hunt.pair(number) for number in range(PAIRS)]
    async with asyncio.TaskGroup() as group:
        for pair in pairs:
            group.create_task(hunt.talk_on_and_on(pair), name=f"pair {pair.number}")
    return pairs


def _judge(pairs: list[Pair]) -> None:
    tones = [hz for pair in pairs for hz in (pair.caller_hz, pair.agent_hz)]
    for pair in pairs:
        assert pair.talks, "the pair never talked"
        heard_by_caller = _strangers(_together(pair.heard_caller), pair.agent_hz, tones)
        heard_by_agent = _strangers(_together(pair.heard_agent), pair.caller_hz, tones)
        assert heard_by_caller == heard_by_agent == set()
    for pair in pairs:  # the search itself can hear
        everything = _strangers(_together(pair.heard_caller), 0, tones)
        assert everything == {pair.agent_hz}


async def test_nobody_hears_a_strangers_voice(
    tuned_desk: Desk, sounds: dict[str, Path]
) -> None:
    _judge(await _hunt(tuned_desk, sounds, seconds=8))


@pytest.mark.soak
async def test_nobody_hears_a_strangers_voice_for_minutes(
    tuned_desk: Desk, sounds: dict[str, Path]
) -> None:
    _judge(await _hunt(tuned_desk, sounds, seconds=150))
