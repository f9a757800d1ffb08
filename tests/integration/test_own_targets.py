"""Queues with a target of their own, in the rounds of the loop."""

from pathlib import Path

import pytest

from acd.adjustments.round import QueueRound
from acd.staffing.requirement import Target
from config.queue_settings import WrittenRules
from tests.integration.staffed_city import CELL, MANAGER, City, city

pytestmark = pytest.mark.integration

MODEST = Target(share=0.5, within_seconds=60)


async def general_wants_less(here: City) -> None:
    wish = {"target_share": 0.5, "target_within_seconds": 60.0}

    def edit(rules: WrittenRules) -> WrittenRules:
        return rules.model_copy(update=wish)

    await here.rule_changes().change_rules("general", edit, MANAGER)


def required(queue: QueueRound | None) -> int:
    assert queue
    return next(line.required for line in queue.lines if line.cell == CELL)


async def test_next_round_requires_agents_for_the_queues_own_target(
    tmp_path: Path,
) -> None:
    async with city(tmp_path) as here, here.desk() as desk:
        before = (await desk.look()).round
        await general_wants_less(here)
        after = (await desk.look()).round
        was, now = (
            next(q for q in made.queues if q.queue == "general")
            for made in (before, after)
        )
        assert (was.target, now.target) == (Target(), MODEST)
        assert required(now) < required(was)
        assert after.whole and after.whole.target == Target()
        assert required(after.whole) == required(before.whole)
