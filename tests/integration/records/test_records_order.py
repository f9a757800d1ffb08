"""The same story leaves the same rows: in any order, told twice, in any groups."""

import asyncio
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from acd.events import Event
from acd.people.store import seed
from acd.records.codec import decode, encode
from acd.records.writer import write_events
from config.agent_settings import AgentSection
from config.database import Database
from tests.fakes import call_events as told
from tests.fakes.call_events import START, after
from tests.fakes.migrated import migrated
from tests.integration.records.reading import TABLES, all_rows

pytestmark = pytest.mark.integration

STORIES = (
    told.answered_call,
    told.abandoned_call,
    told.requeued_call,
    told.blocked_call,
)
AGENT = AgentSection(id="1001", contact="sip:1001@127.0.0.1")


class Records:
    """A database that is emptied before each telling."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.runner = asyncio.Runner()
        self.database = Database(migrated(file))
        self.runner.run(self.database.__aenter__())

    def rows_after(self, groups: Sequence[Sequence[Event]]) -> object:
        """All rows, once these groups were written into an empty database."""
        self._empty()
        self.runner.run(self._write(groups))
        return all_rows(self.file)

    async def _write(self, groups: Sequence[Sequence[Event]]) -> None:
        await seed(self.database, [AGENT], [], START)
        for group in groups:
            await write_events(self.database, group)

    def _empty(self) -> None:
        with sqlite3.connect(self.file) as connection:
            for table in TABLES:
                connection.execute(f"DELETE FROM {table}")
        connection.close()

    def close(self) -> None:
        """Give the files back."""
        self.runner.run(self.database.__aexit__(None, None, None))
        self.runner.close()


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Records]:
    records = Records(tmp_path_factory.mktemp("order") / "hotline.sqlite")
    yield records
    records.close()


@st.composite
def days(draw: st.DrawFn) -> list[Event]:
    """What is told of a day of up to four calls, in the order in which it happened.

    Some of it may never be told, so that nothing may lean on what came before.
    """
    stories = draw(st.lists(st.sampled_from(STORIES), min_size=1, max_size=4))
    events = [
        event
        for number, story in enumerate(stories)
        for event in story(f"call-{number}", start=after(100.0 * number))
    ]
    untold = draw(st.sets(st.integers(0, len(events) - 1), max_size=len(events) - 1))
    return [event for place, event in enumerate(events) if place not in untold]


def grouped(events: Sequence[Event], size: int) -> list[Sequence[Event]]:
    """The events in groups of one size."""
    return [events[at : at + size] for at in range(0, len(events), size)]


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(day=days(), data=st.data())
def test_rows_do_not_depend_on_order_repetition_or_grouping(
    records: Records, day: list[Event], data: st.DataObject
) -> None:
    expected = records.rows_after([day])
    again = data.draw(st.lists(st.sampled_from(day), max_size=10), label="again")
    shuffled = data.draw(st.permutations([*day, *again]), label="order")
    size = data.draw(st.integers(5, len(shuffled) + 5), label="size of groups")
    assert records.rows_after(grouped(shuffled, size)) == expected


@settings(max_examples=25, deadline=None)
@given(day=days(), data=st.data())
def test_journal_told_again_after_any_part_of_it_was_committed_changes_nothing(
    records: Records, day: list[Event], data: st.DataObject
) -> None:
    expected = records.rows_after([day])
    committed = data.draw(st.integers(0, len(day)), label="committed")
    kept_from = data.draw(st.integers(0, committed), label="journal begins at")
    replayed = [decode(encode(event)) for event in day[kept_from:]]
    assert records.rows_after([day[:committed], replayed]) == expected


@pytest.mark.parametrize("first", ["arrival", "step"])
def test_arrival_is_what_the_invite_says_even_when_something_seems_earlier(
    records: Records, first: str
) -> None:
    arrival = [told.arrived("call")]
    step = [told.step("call", "menu", after(-1), seconds=0.0)]
    groups = [arrival, step] if first == "arrival" else [step, arrival]
    records.rows_after(groups)
    (call,) = all_rows(records.file)["calls"]
    assert call[5] == "2026-07-20 01:00:00.000000"


def test_telling_leaves_rows_at_all(records: Records) -> None:
    records.rows_after([told.answered_call("call")])
    rows = all_rows(records.file)
    counts = {table: len(rows[table]) for table in TABLES}
    assert counts == {
        "calls": 1,
        "legs": 3,
        "ivr_steps": 1,
        "queue_events": 6,
        "missed_calls": 0,
        "agent_states": 4,
        "people": 1,
    }
