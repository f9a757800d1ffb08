"""What is wrong in roster or records is told in words, and the loop and the plans go on."""

from datetime import timedelta
from pathlib import Path

import pytest

from acd.plans.rules import PlansRules
from acd.records.writer import write_events
from acd.rosters.store import put_shifts
from acd.staffing.roster import Shift
from tests.fakes import call_events as told
from tests.integration.staffed_city import CELL, NOON, TODAY, City, P, city

pytestmark = pytest.mark.integration


async def keep(here: City, *shifts: Shift) -> None:
    async with here.database.begin() as connection:
        await put_shifts(connection, list(shifts))


async def test_shift_of_a_person_nobody_knows_is_told_and_left_out(
    tmp_path: Path,
) -> None:
    async with city(tmp_path) as here, here.desk() as desk:
        before = await desk.look()
        await keep(here, Shift(person_id="9999", day=TODAY, start=CELL, cells=(P,) * 8))
        kept = await desk.look()
        assert "the roster has 9999, whom nobody knows: left out" in kept.round.words
        assert kept.round.whole and before.round.whole
        assert kept.round.whole.lines[-1:] == before.round.whole.lines[-1:]
        async with here.plans(PlansRules()) as plans:
            assert (await plans.look()).sight


async def test_person_with_two_shifts_at_once_is_told_and_counted_once(
    tmp_path: Path,
) -> None:
    async with city(tmp_path) as here, here.desk() as desk:
        before = await desk.look()
        await keep(
            here, Shift(person_id="1001", day=TODAY, start=CELL - 4, cells=(P,) * 12)
        )
        kept = await desk.look()
        assert (
            "1001 has two shifts at once: the later one is left out" in kept.round.words
        )
        assert [e.before for e in kept.round.effects] == [
            e.before for e in before.round.effects
        ]


async def test_absurd_quarter_of_today_asks_for_no_absurd_number_of_agents(
    tmp_path: Path,
) -> None:
    async with city(tmp_path) as here, here.desk() as desk:
        storm = [
            event
            for n in range(3000)
            for event in told.answered_call(
                f"s{n}", start=NOON - timedelta(minutes=16, seconds=n / 5)
            )
        ]
        await write_events(here.database, storm)
        kept = await desk.look()
        assert max(e.required for e in kept.round.effects) < 100
        assert kept.proposals
