"""Shifts and requirements in the database."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from acd.people.archive import all_people
from acd.people.person import Person, Post
from acd.rosters.store import (
    Requirement,
    day_roster,
    drop_shifts,
    keep_requirements,
    put_shifts,
    requirements_of,
    shifts_between,
)
from acd.staffing.roster import Shift
from config.database import Database

pytestmark = pytest.mark.integration
CITY = ZoneInfo("Asia/Shanghai")
DAY = date(2026, 12, 1)
P = Post.PHONES
EARLY = Shift(person_id="1001", day=DAY, start=32, cells=(P, None, *Post), backs="1002")
NIGHT = Shift(person_id="1002", day=DAY, start=92, cells=(P,) * 32)


async def keep(database: Database, *shifts: Shift) -> None:
    async with database.begin() as connection:
        await put_shifts(connection, shifts)


async def test_agents_of_the_file_are_people_on_the_phones(database: Database) -> None:
    first, _ = await all_people(database)
    contact = "sip:1001@127.0.0.1"
    assert first == Person(id="1001", name="Agent 1", posts=(P,), contact=contact)
    assert first.is_agent


async def test_shifts_come_back_as_they_were_kept(database: Database) -> None:
    await keep(database, NIGHT, EARLY)
    assert await shifts_between(database, DAY, DAY) == [EARLY, NIGHT]
    assert await shifts_between(database, DAY + timedelta(days=1), date.max) == []
    made = await day_roster(database, DAY + timedelta(days=1), CITY)
    assert made.shifts == (NIGHT,)


async def test_shift_that_begins_at_the_same_time_is_replaced(
    database: Database,
) -> None:
    await keep(database, EARLY)
    other = replace(EARLY, cells=(P,) * 8, backs="")
    await keep(database, other, NIGHT)
    assert await shifts_between(database, DAY, DAY) == [other, NIGHT]
    async with database.begin() as connection:
        await drop_shifts(connection, [EARLY])
    assert await shifts_between(database, DAY, DAY) == [NIGHT]


async def test_latest_requirement_of_a_day_counts(database: Database) -> None:
    at = datetime(2026, 11, 20, tzinfo=UTC)
    old = Requirement(day=DAY, post=P, at=at, source="forecast", needed=(3,) * 96)
    new = replace(
        old, at=at + timedelta(hours=1), source="file", needed=(1, 2, *[4] * 94)
    )
    async with database.begin() as connection:
        await keep_requirements(connection, [new, old])
    assert await requirements_of(database, DAY) == {P: new}
    assert await requirements_of(database, DAY + timedelta(days=1)) == {}
