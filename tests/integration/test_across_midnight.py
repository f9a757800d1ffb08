"""The fifteen-minute loop just before midnight: the hour ahead goes on in the next day."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from acd.adjustments.decision import Proposal
from acd.adjustments.desk import AdjustmentDesk
from acd.adjustments.events import RoundMade
from acd.adjustments.rules import LoopRules
from acd.people.person import Post
from acd.rosters.store import put_shifts, shifts_between
from acd.staffing.moves import MoveKind
from acd.staffing.roster import Shift
from config.clock import LoopClock
from tests.integration.staffed_city import MANAGER, NOON, TODAY, City, city

pytestmark = pytest.mark.integration

QUARTER_TO = NOON + timedelta(hours=11, minutes=45)
LAST = 95
RULES = LoopRules(history_days=30, minimum_agents=3)


@asynccontextmanager
async def last_hour(directory: Path) -> AsyncIterator[City]:
    """At 23:47; 1001 works until midnight, 1002 is there as well without a shift."""
    async with city(directory, RULES) as here:
        evening = Shift(
            person_id="1001", day=TODAY, start=68, cells=(Post.PHONES,) * 28
        )
        async with here.database.begin() as connection:
            await put_shifts(connection, [evening])
        here.clock = LoopClock(QUARTER_TO)
        yield here


async def overtime(desk: AdjustmentDesk) -> Proposal:
    kept = await desk.look()
    [found] = [p for p in kept.proposals if p.proposed.move.kind is MoveKind.OVERTIME]
    return found


async def test_hour_of_the_effects_goes_on_after_midnight(tmp_path: Path) -> None:
    async with last_hour(tmp_path) as here, here.desk() as desk:
        made = (await desk.look()).round
        assert [e.cell for e in made.effects] == [LAST, LAST + 1, LAST + 2, LAST + 3]
        assert [e.before for e in made.effects] == [2, 1, 1, 1]
        assert [e.required for e in made.effects] == [3, 3, 3, 3]
        assert all(e.after > e.before for e in made.effects[1:])
        assert f"the roster has no shift on {TODAY + timedelta(days=1)}" in made.words


async def test_who_leaves_at_midnight_stays_and_it_is_measured(tmp_path: Path) -> None:
    async with last_hour(tmp_path) as here:
        async with here.desk() as desk:
            wanted = await overtime(desk)
            await desk.accept([wanted.id], MANAGER)
            [longer] = [
                s
                for s in await shifts_between(here.database, TODAY, TODAY)
                if (s.person_id, s.start) == ("1001", 68)
            ]
            assert longer.end == LAST + 4
            assert here.moved[-1].change == "00:00-00:45 phones"
        here.clock = LoopClock(QUARTER_TO + timedelta(minutes=58, seconds=4))
        looked = asyncio.Event()
        here.bus.subscribe(RoundMade, lambda _: looked.set())
        async with here.desk() as desk, asyncio.timeout(60):
            await looked.wait()
            why = await desk.why(wanted.id)
            assert [one.cell for one in why.measured] == [LAST + n for n in range(4)]


async def test_declined_before_midnight_is_not_proposed_after_it(
    tmp_path: Path,
) -> None:
    async with last_hour(tmp_path) as here:
        async with here.desk() as desk:
            await desk.decline([(await overtime(desk)).id], MANAGER)
        here.clock = LoopClock(QUARTER_TO + timedelta(minutes=15))
        async with here.desk() as desk:
            after = (await desk.look()).round
            assert after.day == TODAY + timedelta(days=1)
            told = "overtime of 1001 was declined: not proposed again in its hour"
            assert told in after.words
