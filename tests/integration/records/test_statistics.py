"""Intervals equal the sum of the calls, and what was counted live, on made days."""

from collections.abc import Iterator
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from acd.statistics.edges import interval_of
from acd.statistics.live import LiveStatistics
from acd.statistics.report import (
    read_clock,
    warm_up,
)
from config.bus import EventBus
from tests.integration.records.kept_days import LATER, Kept, all_agents, all_counted
from tests.unit.acd.statistics.days import MadeCall, events_of, made_calls
from tests.unit.acd.statistics.test_live import Told, facts_of

pytestmark = pytest.mark.integration

FEW = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    kept = Kept(tmp_path_factory.mktemp("statistics") / "hotline.sqlite")
    yield kept
    kept.close()


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
