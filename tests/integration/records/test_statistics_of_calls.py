"""Single calls in the statistics: across midnight, held, overflowed, left out."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from acd import events as e
from acd.people.store import seed
from acd.queue_rules import BY_KEY, OverflowReason, OverflowWhen
from acd.statistics import store
from acd.statistics.exclusions import Exclusion, ExclusionError, ExclusionReason
from acd.statistics.live import LiveStatistics
from acd.statistics.queue_intervals import Handling, IntervalCounter
from acd.statistics.report import (
    count_calls,
    exclude,
    read_clock,
    warm_up,
)
from acd.talk_events import CallHeld, CallUnheld
from config.bus import EventBus
from config.settings import AgentSection
from tests.fakes import call_events as told
from tests.fakes.call_events import after
from tests.integration.records.kept_days import (
    DAY,
    LATER,
    Kept,
    all_agents,
    all_counted,
)
from tests.unit.acd.statistics.days import START
from tests.unit.acd.statistics.test_live import Told

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    kept = Kept(tmp_path_factory.mktemp("statistics") / "hotline.sqlite")
    yield kept
    kept.close()


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


def test_overflow_by_rule_or_key_is_read_once_for_each_queue_that_a_call_left(
    kept: Kept,
) -> None:
    kept.day([])

    def overflowed(
        queue: str, to: str, seconds: float, reason: OverflowReason = BY_KEY
    ) -> e.CallOverflowed:
        return e.CallOverflowed(
            at=after(seconds),
            call_id="A",
            queue=queue,
            to=to,
            reason=reason,
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
            overflowed("general", "", 30, OverflowWhen.WAIT),
            told.ended("A", after(40), e.Outcome.ABANDONED_IN_QUEUE),
        ]
    )
    general, tax = kept.lines()
    assert (general.overflowed, general.counts.abandoned_in_queue) == (1, 1)
    assert (tax.overflowed, tax.counts.offered) == (1, 0)


def test_holds_of_a_call_are_added_up(kept: Kept) -> None:
    kept.day([])
    holds = [
        CallUnheld(at=after(s), call_id="A", agent_id="1001", hold_seconds=seconds)
        for s, seconds in ((20, 4.0), (40, 6.5))
    ]
    held = CallHeld(at=after(50), call_id="A", agent_id="1001")
    kept.write([*told.answered_call("A"), *holds, held])
    (line,) = kept.lines()
    assert (line.handling.talk_seconds, line.handling.hold_seconds) == (39.5, 10.5)


def test_call_back_is_offered_to_nobody_live_and_in_the_records(kept: Kept) -> None:
    kept.day([])
    begun = e.CallBackBegun(
        at=START,
        call_id="A",
        caller=told.CALLER,
        called="12345",
        call_back_id="owed",
    )
    story = [begun, *told.answered_call("A")[2:]]
    kept.write(story)
    assert kept.lines() == []
    live = Told()
    live.tell(story)
    read = kept.run(lambda database: read_clock(database, live.now))
    assert read == live.live.read()
    assert read.counts.offered == 0


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
