"""Intervals equal the sum of the calls, and what was counted live, on made days."""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from acd import events as e
from acd.people.store import seed
from acd.queue_rules import OverflowWhen
from acd.records.writer import write_events
from acd.statistics import store
from acd.statistics.agent_intervals import AgentDay
from acd.statistics.edges import Span, interval_of
from acd.statistics.exclusions import Exclusion, ExclusionError, ExclusionReason
from acd.statistics.live import LiveStatistics
from acd.statistics.queue_intervals import Handling, IntervalCounter, QueueInterval
from acd.statistics.report import (
    agent_days,
    count_calls,
    exclude,
    read_clock,
    warm_up,
)
from config.bus import EventBus
from config.database import Database
from config.settings import AgentSection
from tests.fakes import call_events as told
from tests.fakes.call_events import after
from tests.integration.records.reading import TABLES
from tests.unit.acd.statistics.days import START, MadeCall, events_of, made_calls
from tests.unit.acd.statistics.test_live import Told, facts_of

pytestmark = pytest.mark.integration

T = TypeVar("T")
DAY = Span(since=START, until=START + timedelta(hours=12))
LATER = DAY.until
FEW = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


class Kept:
    """Records that are emptied before each day."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.runner = asyncio.Runner()
        self.database = Database(f"sqlite+aiosqlite:///{file}")
        self.runner.run(self.database.__aenter__())

    def day(self, calls: Sequence[MadeCall]) -> None:
        """Only these calls are in the records, written in groups of a few events."""
        with sqlite3.connect(self.file) as connection:
            for table in (*TABLES, "call_exclusions"):
                connection.execute(f"DELETE FROM {table}")
        connection.close()
        self.write(events_of(list(calls)))
        people = [
            AgentSection(id=f"agent-{call.id}", contact="sip:a@127.0.0.1")
            for call in calls
        ]
        self.run(lambda database: seed(database, people, [], START))

    def write(self, events: Sequence[e.Event]) -> None:
        """Add events."""
        for place in range(0, len(events), 7):
            group = events[place : place + 7]
            self.run(lambda database, group=group: write_events(database, group))

    def run(self, read: Callable[[Database], Awaitable[T]]) -> T:
        """Do something with the database."""

        async def reading() -> T:
            return await read(self.database)

        return self.runner.run(reading())

    def lines(self) -> list[QueueInterval]:
        """The day's intervals."""
        counter = self.run(lambda database: count_calls(database, DAY, LATER))
        return counter.intervals()

    def sums(self, query: str) -> tuple[float, ...]:
        """What plain SQL adds up."""
        with sqlite3.connect(self.file) as connection:
            (row,) = connection.execute(query).fetchall()
        connection.close()
        return tuple(value or 0 for value in row)

    def close(self) -> None:
        """Give the files back."""
        self.runner.run(self.database.__aexit__(None, None, None))
        self.runner.close()


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    kept = Kept(tmp_path_factory.mktemp("statistics") / "hotline.sqlite")
    yield kept
    kept.close()


async def all_counted(database: Database) -> list[store.Counted]:
    """Every call of the day."""
    parts = store.counted_calls(database, DAY, LATER)
    return [each async for part in parts for each in part]


async def all_agents(database: Database, agent_id: str = "") -> list[AgentDay]:
    """Every agent's day."""
    return [day async for day in agent_days(database, DAY, LATER, agent_id)]


@FEW
@given(made_calls())
def test_records_tell_of_each_call_what_happened(
    kept: Kept, calls: list[MadeCall]
) -> None:
    kept.day(calls)
    found = kept.run(all_counted)
    assert sorted((facts for facts, _ in found), key=lambda f: f.id) == [
        replace(
            facts,
            called_again_at=facts.called_again_at
            if facts.caller and not facts.connected_at
            else None,
        )
        for facts in facts_of(calls)
    ]
    wrap_ups = {facts.id: handling.wrap_up_seconds for facts, handling in found}
    assert wrap_ups == {
        call.id: pytest.approx(max(0.0, call.wrap_up), abs=1e-5) for call in calls
    }


@FEW
@given(made_calls())
def test_intervals_equal_the_sum_of_the_calls(
    kept: Kept, calls: list[MadeCall]
) -> None:
    kept.day(calls)
    lines = kept.lines()

    def total(name: str) -> int:
        return sum(getattr(line.counts, name) for line in lines)

    asked = "entered_at IS NOT NULL OR outcome IN ('blocked', 'abandoned_in_ivr', 'failed', 'cut_off')"
    assert (total("offered"),) == kept.sums(f"SELECT count(*) FROM calls WHERE {asked}")
    assert (total("answered"),) == kept.sums("SELECT count(connected_at) FROM calls")
    assert (total("answered_in_15_seconds_from_queue_entry"),) == kept.sums(
        "SELECT sum(wait_seconds <= 15) FROM calls WHERE connected_at IS NOT NULL"
    )
    assert (total("answered_in_15_seconds_from_sip_answer"),) == kept.sums(
        "SELECT sum(wait_from_answer_seconds <= 15) FROM calls WHERE connected_at IS NOT NULL"
    )
    for stage in (
        "blocked",
        "abandoned_in_ivr",
        "abandoned_in_queue",
        "abandoned_while_ringing",
    ):
        query = f"SELECT count(*) FROM calls WHERE outcome = '{stage}'"
        assert (total(stage),) == kept.sums(query)
    waits = "SELECT sum(wait_seconds), max(wait_seconds), count(*) FROM calls WHERE connected_at IS NOT NULL"
    assert kept.sums(waits) == (
        pytest.approx(sum(line.waits_answered.sum_seconds for line in lines)),
        max((line.waits_answered.max_seconds for line in lines), default=0),
        total("answered"),
    )
    (talk,) = kept.sums("SELECT sum(talk_seconds) FROM calls")
    assert talk == pytest.approx(sum(line.handling.talk_seconds for line in lines))


@FEW
@given(made_calls())
def test_each_interval_holds_the_calls_that_came_in_it(
    kept: Kept, calls: list[MadeCall]
) -> None:
    kept.day(calls)
    offered = [facts for facts in facts_of(calls) if facts.asked_for_a_person]
    for line in kept.lines():
        mine = [
            facts
            for facts in offered
            if (interval_of(facts.arrived_at), facts.queue) == (line.start, line.queue)
        ]
        assert line.counts.offered == len(mine) > 0
        assert line.counts.redialled == sum(facts.redialled for facts in mine)
    assert len(kept.lines()) == len(
        {(interval_of(facts.arrived_at), facts.queue) for facts in offered}
    )


@FEW
@given(made_calls(), st.integers(0, 12))
def test_clock_counted_live_equals_the_clock_made_from_records(
    kept: Kept, calls: list[MadeCall], known: int
) -> None:
    """Also that of a service which was started anew in the middle of the day."""
    kept.day(calls)
    live = Told()
    live.tell(events_of(calls))
    read = kept.run(lambda database: read_clock(database, live.now))
    # A call that came in the very last moment is not among those before it.
    if all(call.arrived_at < live.now for call in facts_of(calls)):
        assert read == live.live.read()
    anew = LiveStatistics(EventBus(), lambda: LATER, ZoneInfo("Asia/Shanghai"))
    kept.run(lambda database: warm_up(anew, database, LATER))
    assert anew.read() == kept.run(lambda database: read_clock(database, LATER))
    live.now = LATER
    assert anew.read() == live.live.read()


@FEW
@given(made_calls())
def test_agents_time_equals_the_sum_of_talks_and_wrap_ups(
    kept: Kept, calls: list[MadeCall]
) -> None:
    kept.day(calls)
    days = kept.run(all_agents)
    talked = [call for call in calls if call.talk >= 0]
    for day in days:
        (call,) = (call for call in calls if day.whole.agent_id == f"agent-{call.id}")
        assert day.whole.seconds.talking == pytest.approx(max(0.0, call.talk), abs=1e-4)
        assert day.whole.seconds.wrap_up == pytest.approx(
            max(0.0, call.wrap_up), abs=1e-4
        )
        parts = sum(interval.seconds.talking for interval in day.intervals)
        assert parts == pytest.approx(day.whole.seconds.talking)
    assert sum(day.whole.calls.answered for day in days) == len(talked)
    assert sum(day.whole.calls.offered for day in days) == len(talked)


def test_only_the_queue_or_agent_asked_for_is_counted(kept: Kept) -> None:
    kept.day([])
    kept.write([*told.answered_call("A"), *told.blocked_call("B")])
    people = [AgentSection(id=i, contact="sip:a@127.0.0.1") for i in ("1000", "1001")]
    kept.run(lambda database: seed(database, people, [], START))
    for queue, offered in (("general", 1), ("", 1), ("tax", 0)):
        counter = kept.run(
            lambda database, queue=queue: count_calls(database, DAY, LATER, queue)
        )
        assert sum(line.counts.offered for line in counter.intervals()) == offered
    (silent,) = kept.run(lambda database: all_agents(database, "1000"))
    calls = silent.whole.calls
    assert (calls.offered, calls.no_answer, calls.answered) == (1, 1, 0)


def test_talk_and_wrap_up_after_midnight_belong_to_the_call_that_came_before(
    kept: Kept,
) -> None:
    kept.day([])
    kept.write(told.answered_call("A", start=DAY.until - timedelta(seconds=5)))
    kept.write([told.arrived("B", DAY.until), told.entered("B", after(1, DAY.until))])
    (line,) = kept.lines()
    assert line.handling.talk_seconds == 50
    assert line.counts.offered == 1


def test_overflow_is_read_once_for_each_queue_that_a_call_was_taken_out_of(
    kept: Kept,
) -> None:
    kept.day([])

    def overflowed(queue: str, to: str, seconds: float) -> e.CallOverflowed:
        return e.CallOverflowed(
            at=after(seconds),
            call_id="A",
            queue=queue,
            to=to,
            reason=OverflowWhen.WAIT,
            wait_seconds=seconds,
        )

    kept.write(
        [
            told.arrived("A"),
            told.entered("A", START),
            overflowed("general", "tax", 10),
            e.CallerEntered(at=after(10), call_id="A", queue="tax", position=1),
            overflowed("tax", "general", 20),
            told.entered("A", after(20)),
            overflowed("general", "", 30),
            told.ended("A", after(40), e.Outcome.ABANDONED_IN_QUEUE),
        ]
    )
    general, tax = kept.lines()
    assert (general.overflowed, general.counts.abandoned_in_queue) == (1, 1)
    assert (tax.overflowed, tax.counts.offered) == (1, 0)


def test_wrap_up_that_is_not_over_counts_up_to_now(kept: Kept) -> None:
    kept.day([])
    kept.write(told.answered_call("A")[:-1])
    now = after(60.1 + 30)
    counter = kept.run(lambda database: count_calls(database, DAY, now))
    (line,) = counter.intervals()
    assert line.handling.wrap_up_seconds == pytest.approx(30)


def exclusion(
    call_id: str, *, excluded: bool = True, at: datetime = LATER
) -> Exclusion:
    """A line of the audit."""
    return Exclusion(
        call_id=call_id,
        at=at,
        excluded=excluded,
        reason=ExclusionReason.TEST_CALL,
        name="Zhang Wei",
    )


def test_excluded_call_leaves_the_adjusted_rate_and_both_steps_are_logged(
    kept: Kept,
) -> None:
    kept.day([])
    kept.write([*told.answered_call("A"), *told.abandoned_call("B", caller="")])
    live = LiveStatistics(EventBus(), lambda: LATER, ZoneInfo("Asia/Shanghai"))
    kept.run(lambda database: warm_up(live, database, LATER))

    def tell(line: Exclusion) -> tuple[int, int]:
        kept.run(lambda database: exclude(database, line, live))
        shown = live.read()
        assert shown == kept.run(lambda database: read_clock(database, LATER))
        assert shown.rates.connect_raw.whole == 2
        return shown.rates.connect_adjusted.part, shown.rates.connect_adjusted.whole

    assert tell(exclusion("B")) == (1, 1)
    assert tell(exclusion("A")) == (0, 0)
    assert tell(exclusion("B", excluded=False, at=after(1, LATER))) == (0, 1)
    log = kept.run(lambda database: store.exclusion_log(database, limit=9))
    assert [(line.call_id, line.excluded) for line in log] == [
        ("B", False),
        ("B", True),
        ("A", True),
    ]
    assert log[0].name == "Zhang Wei"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (exclusion("nobody"), "no call has the id nobody"),
        (exclusion("here"), "is not over"),
        (exclusion("A", excluded=False), "is not excluded"),
    ],
)
def test_exclusion_that_fits_no_call_is_refused_and_not_logged(
    kept: Kept, line: Exclusion, words: str
) -> None:
    kept.day([])
    kept.write([*told.answered_call("A"), told.arrived("here")])
    with pytest.raises(ExclusionError, match=words):
        kept.run(lambda database: exclude(database, line))
    assert kept.run(lambda database: store.exclusion_log(database, limit=9)) == []


def test_facts_of_a_whole_count_like_those_of_its_parts(kept: Kept) -> None:
    """A day read in many parts."""
    kept.day([])
    kept.write([event for n in range(600) for event in told.blocked_call(f"B{n}")])
    (line,) = kept.lines()
    assert line.counts.blocked == 600
    whole = IntervalCounter()
    whole.add((facts, Handling()) for facts, _ in kept.run(all_counted))
    assert whole.intervals() == [line]
