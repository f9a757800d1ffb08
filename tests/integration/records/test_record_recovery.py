"""What the next start makes of what a killed service left."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import pytest

from acd.events import AgentState, Event, FollowUpBegun, Outcome
from acd.ledger.archive import missed_calls_page
from acd.ledger.debt import DebtState
from acd.people.rows import AgentMove
from acd.people.store import agent_rows, agent_state_log, seed
from acd.records import archive
from acd.records.recovery import recover
from acd.records.writer import write_events
from config.agent_settings import AgentSection
from config.database import Database
from tests.fakes import call_events as told
from tests.fakes.call_events import START, after

pytestmark = pytest.mark.integration

LATER = after(3600)
SOUND_ENDED = after(25)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """What a recording knows of a call that was cut off."""

    call_id: str
    caller: str = told.CALLER
    called: str = "12345"
    started_at: datetime = START
    ended_at: datetime = SOUND_ENDED


def until_second(seconds: float, events: Sequence[Event]) -> list[Event]:
    """What had happened when the kill came."""
    return [event for event in events if event.at <= after(seconds)]


async def test_talking_citizen_who_was_cut_off_is_closed_and_owed_a_call(
    database: Database,
) -> None:
    await write_events(database, until_second(20, told.answered_call("call")))
    found = await recover(database, LATER, [Cut(call_id="call")])
    assert found.calls_cut_off == ("call",)
    assert found.legs_closed == 2
    record = await archive.call(database, "call")
    assert record.call.outcome == Outcome.CUT_OFF
    assert record.call.cause == "service_killed"
    assert record.call.ended_at == after(25), "the recording proves it"
    assert record.call.talk_seconds == pytest.approx(14.9)
    assert {leg.closed_at for leg in record.legs} == {after(7.1), after(25)}
    (entry,) = await missed_calls_page(database)
    assert (entry.stage, entry.state) == ("cut_off", DebtState.OWED)
    assert entry.queue == "general"
    assert entry.missed_at == after(25)


@pytest.mark.parametrize(
    ("kill", "owed"), [(1, []), (5, ["follow-up"]), (20, ["follow-up"])]
)
async def test_follow_up_that_was_cut_off_is_owed_a_call_if_he_wanted_a_person(
    database: Database, kill: float, owed: list[str]
) -> None:
    _, *story = told.answered_call("follow-up")
    begun = FollowUpBegun(
        at=START,
        call_id="follow-up",
        caller=told.CALLER,
        called="053112345",
        contact_id="contact",
        confidential=True,
    )
    await write_events(database, until_second(kill, [begun, *story]))
    await recover(database, LATER)
    entries = await missed_calls_page(database)
    assert [entry.call_id for entry in entries] == owed
    assert all("*" in entry.caller for entry in entries), "masked: he is confidential"


async def test_without_a_recording_the_call_ends_at_the_last_sign_of_life(
    database: Database,
) -> None:
    await write_events(database, until_second(5, told.answered_call("waiting")))
    await write_events(database, [told.arrived("last", after(40))])
    await recover(database, LATER)
    call = (await archive.call(database, "waiting")).call
    assert call.ended_at == after(40)
    assert call.wait_seconds == pytest.approx(37.9)


async def test_end_is_never_before_what_is_known_of_the_call(
    database: Database,
) -> None:
    await write_events(database, until_second(20, told.answered_call("call")))
    await recover(database, LATER, [Cut(call_id="call", ended_at=after(3))])
    assert (await archive.call(database, "call")).call.ended_at == after(10.1)


async def test_withheld_number_that_was_cut_off_is_counted_without_a_number(
    database: Database,
) -> None:
    await write_events(database, [told.arrived("hidden", caller="")])
    await recover(database, LATER)
    (entry,) = await missed_calls_page(database)
    assert (entry.caller, entry.state) == ("", DebtState.WITHHELD)


async def test_call_that_only_its_recording_knows_of_gets_its_row(
    database: Database,
) -> None:
    found = await recover(database, LATER, [Cut(call_id="lost")])
    assert found.without_row == ("lost",)
    call = (await archive.call(database, "lost")).call
    assert (call.arrived_at, call.answered_at) == (START, START)
    assert (call.ended_at, call.outcome) == (after(25), "cut_off")
    (entry,) = await missed_calls_page(database)
    assert entry.caller == told.CALLER


async def test_recording_of_a_call_that_had_ended_changes_nothing(
    database: Database,
) -> None:
    await write_events(database, told.answered_call("over"))
    found = await recover(database, LATER, [Cut(call_id="over")])
    assert found.without_row == found.calls_cut_off == ()
    assert (await archive.call(database, "over")).call.outcome == "answered"
    assert await missed_calls_page(database) == []


async def test_leg_left_open_by_a_call_that_had_ended_is_closed(
    database: Database,
) -> None:
    story = told.answered_call("over")
    without_close = [event for event in story if type(event).__name__ != "LegClosed"]
    await write_events(database, without_close)
    found = await recover(database, LATER)
    assert found.calls_cut_off == ()
    legs = (await archive.call(database, "over")).legs
    assert {leg.cause for leg in legs} == {"service_killed"}
    assert {leg.closed_at for leg in legs} == {after(60.1)}


async def test_first_start_finds_nothing(database: Database) -> None:
    found = await recover(database, START)
    assert found.calls_cut_off == found.without_row == found.agents == ()
    assert found.legs_closed == 0


AGENTS = [
    AgentSection(id=name, contact=f"sip:{name}@127.0.0.1", state=state)
    for name, state in (
        ("ready", "ready"),
        ("talking", "ready"),
        ("paused", "ready"),
        ("home", "logged_out"),
    )
]


async def staffed(database: Database) -> None:
    """Four agents, each in another state when the kill comes."""
    state = AgentState
    await seed(database, AGENTS, [], START)
    await write_events(
        database,
        [
            told.moved("talking", state.READY, state.OFFERED, after(5)),
            told.moved("talking", state.OFFERED, state.TALKING, after(9)),
            told.moved("paused", state.READY, state.PAUSED, after(10), reason="lunch"),
        ],
    )


async def test_agents_on_duty_are_on_duty_again(database: Database) -> None:
    await staffed(database)
    found = await recover(database, LATER)
    assert found.agents == ("paused", "ready", "talking")
    states = {a.id: (a.state.value, a.state_reason) for a in await agent_rows(database)}
    assert states == {
        "home": ("logged_out", ""),
        "paused": ("paused", "lunch"),
        "ready": ("ready", "service_started"),
        "talking": ("ready", "service_started"),
    }


def told_short(moves: Sequence[AgentMove]) -> list[tuple[datetime, str, str]]:
    """The moves without what does not matter here."""
    return [(move.at, move.new.value, move.reason) for move in moves]


async def test_time_while_the_service_was_down_is_nobodys_talk(
    database: Database,
) -> None:
    await staffed(database)
    await recover(database, LATER)
    log = await agent_state_log(database, "talking", START)
    assert told_short(log) == [
        (START, "ready", "seeded"),
        (after(5), "offered", ""),
        (after(9), "talking", ""),
        (after(10), "logged_out", "service_down"),
        (LATER, "ready", "service_started"),
    ]
    assert await agent_state_log(database, "talking", LATER) == log[-1:]


async def test_agents_survive_one_start_after_the_other(database: Database) -> None:
    await staffed(database)
    for hour in range(1, 4):
        await recover(database, after(3600 * hour))
    states = {agent.id: agent.state for agent in await agent_rows(database)}
    assert states["paused"] is AgentState.PAUSED
    assert states["talking"] is AgentState.READY
    assert states["home"] is AgentState.LOGGED_OUT
