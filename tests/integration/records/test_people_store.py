"""Agents and queues in the database: seeded by files once, then the truth."""

from pathlib import Path

import pytest
from sqlalchemy import update

from acd.events import AgentState, PauseOverdue
from acd.people.store import (
    agent_rows,
    agent_state_log,
    differing,
    people,
    queue_rows,
    seed,
)
from acd.records.writer import write_events
from acd.rule_changes.store import keep_seeding, seeding
from acd.statistics.edges import Span
from acd.statistics.report import agent_days
from config.agent_settings import AgentSection
from config.database import Database
from config.queue_settings import (
    AdmissionSection,
    OverflowSection,
    QueueSection,
    RelaxSection,
)
from tests.fakes import call_events as told
from tests.fakes.call_events import START, after

pytestmark = pytest.mark.integration

WANG = AgentSection(
    id="1001",
    name="王芳",
    contact="sip:1001@127.0.0.1:5260",
    queues=("general", "tax"),
    skills={"tax": 3},
    penalties={"tax": 1},
    weight=2,
    order=5,
    state="ready",
    auto_answer=True,
    show_number="masked",
)
LI = AgentSection(id="1002", contact="sip:1002@127.0.0.1:5260")
GENERAL = QueueSection(name="general", ring_seconds=15)
TAX = QueueSection(
    name="tax",
    title="税务专席",
    strategy="linear",
    skills={"tax": 2},
    relax=[RelaxSection(after_seconds=30, lower_skills_by=1)],  # type: ignore[arg-type]
    overflow=[OverflowSection(when="closed", to="general")],  # type: ignore[arg-type]
    hours={"workday": ["8:30-12:00"], "dates": {"2026-10-01": []}},
    admission=AdmissionSection(places_per_agent=2),
    music=Path("music.wav"),
)


async def test_files_seed_agents_and_queues(database: Database) -> None:
    added = await seed(database, [LI, WANG], [TAX, GENERAL], START)
    assert (added.agents, added.queues) == (("1002", "1001"), ("tax", "general"))
    wang, li = await agent_rows(database)
    assert (wang.name, wang.contact) == ("王芳", "sip:1001@127.0.0.1:5260")
    assert (wang.queues, wang.skills) == (("general", "tax"), {"tax": 3})
    assert (wang.auto_answer, wang.show_number) == (True, "masked")
    assert (wang.state, wang.state_since) == (AgentState.READY, START)
    assert li.state is AgentState.LOGGED_OUT
    tax, general = await queue_rows(database)
    assert (tax.name, general.name, general.ring_seconds) == ("tax", "general", 15)
    assert (tax, general) == (TAX, GENERAL)
    assert (wang.penalties, wang.weight, wang.order) == ({"tax": 1}, 2, 5)


async def test_later_starts_add_what_is_new_and_change_nothing(
    database: Database,
) -> None:
    await seed(database, [WANG], [GENERAL], START)
    async with database.begin() as connection:
        await connection.execute(update(people).values(name="王芳芳"))
    other = WANG.model_copy(update={"contact": "sip:9@192.0.2.1"})
    added = await seed(database, [other, LI], [GENERAL, TAX], after(60))
    assert (added.agents, added.queues) == (("1002",), ("tax",))
    wang = (await agent_rows(database))[0]
    assert (wang.name, wang.contact) == ("王芳芳", "sip:1001@127.0.0.1:5260")
    assert wang.state_since == START


async def test_state_is_the_last_logged_move(database: Database) -> None:
    state = AgentState
    await seed(database, [WANG, LI], [], START)
    await write_events(
        database,
        [
            told.moved("1001", state.READY, state.PAUSED, after(9), reason="lunch"),
            told.moved("1002", state.LOGGED_OUT, state.READY, after(3)),
        ],
    )
    wang, li = await agent_rows(database)
    assert (wang.state, wang.state_reason) == (state.PAUSED, "lunch")
    assert wang.state_since == after(9)
    assert li.state is state.READY


async def test_pause_that_is_too_long_is_kept_once_and_stands_in_the_agents_day(
    database: Database,
) -> None:
    await seed(database, [WANG], [], START)
    overdue = PauseOverdue(
        at=after(900), agent_id="1001", reason="break", limit_seconds=900
    )
    await write_events(database, [overdue])
    await write_events(database, [overdue])
    span = Span(since=START, until=after(3600))
    (day,) = [day async for day in agent_days(database, span, after(3600), "1001")]
    assert day.whole.overdue_pauses == 1
    (wang,) = await agent_rows(database)
    assert wang.state is AgentState.READY


async def test_move_of_an_agent_who_is_not_in_the_database_is_logged_all_the_same(
    database: Database,
) -> None:
    state = AgentState
    await write_events(database, [told.moved("9", state.READY, state.PAUSED, START)])
    assert await agent_rows(database) == []
    (move,) = await agent_state_log(database, "9", START)
    assert (move.old, move.new) == (state.READY, state.PAUSED)


async def test_file_is_taken_over_when_asked_and_states_stay(
    database: Database,
) -> None:
    await seed(database, [LI, WANG], [TAX, GENERAL], START)
    moved = LI.model_copy(update={"contact": "sip:li@127.0.0.9", "state": "logged_out"})
    easier = (RelaxSection(after_seconds=20, lower_skills_by=1),)
    slower = TAX.model_copy(update={"relax": easier})
    found = await differing(database, [moved, WANG], [slower, GENERAL])
    assert (found.agents, found.queues) == ((LI.id,), (TAX.name,))
    before = {row.id: row.state for row in await agent_rows(database)}
    lines = await seeding(database, [moved, WANG], [slower, GENERAL], after(5))
    assert [line.name for line in lines] == [LI.id, TAX.name]
    await keep_seeding(database, [moved, WANG], [slower, GENERAL], lines)
    assert await queue_rows(database) == [slower, GENERAL]
    rows = {row.id: row for row in await agent_rows(database)}
    assert rows[LI.id].contact == "sip:li@127.0.0.9"
    assert {row.id: row.state for row in rows.values()} == before
    again = await differing(database, [moved, WANG], [slower, GENERAL])
    assert (again.agents, again.queues) == ((), ())
