"""A shift manager changes rules while citizens wait: they feel it at once."""

import asyncio
from dataclasses import replace

import pytest

from acd.messages import AgentProfileChanges, QueueRulesChange
from acd.queue_rules import levels
from tests.story.hotline import open_hotline

pytestmark = pytest.mark.looptime

TAX = levels({"tax": 2})


async def test_rule_that_asks_less_brings_a_waiting_citizen_to_an_agent() -> None:
    async with open_hotline("a", skills=TAX) as hotline:
        hotline.log_in("a")
        citizen = hotline.endpoint.dial()
        await asyncio.sleep(60)
        assert citizen.id in hotline.engine.waiting
        assert not hotline.phones_of("a")
        rules = hotline.distributor.rules_of("general")
        hotline.distributor.send(QueueRulesChange(rules=replace(rules, skills=())))
        await asyncio.sleep(1)
        (phone,) = hotline.phones_of("a")
        phone.peer_answers()
        await asyncio.sleep(1)
        assert citizen.hears_voice_of(phone)
        citizen.peer_hangs_up()


async def test_agent_who_learns_a_skill_is_rung_for_a_waiting_citizen() -> None:
    async with open_hotline("a", "b", skills=TAX) as hotline:
        hotline.log_in("a", "b")
        citizen = hotline.endpoint.dial()
        await asyncio.sleep(60)
        assert not hotline.endpoint.placed
        profile = replace(hotline.equipment.agents["b"], skills=TAX)
        hotline.distributor.send(AgentProfileChanges(profile=profile))
        await asyncio.sleep(1)
        assert hotline.phones_of("b")
        assert not hotline.phones_of("a")
        citizen.peer_hangs_up()
