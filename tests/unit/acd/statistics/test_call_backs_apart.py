"""A call that we placed asked for nobody: it is in no rate."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from acd import events as e
from acd.statistics.counted_call import CallFacts, measures_of
from acd.statistics.live import LiveStatistics
from config.bus import EventBus

AT = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)


def test_call_back_counts_in_no_measure() -> None:
    later = AT + timedelta(seconds=20)
    call = CallFacts(
        id="back",
        caller="+8613812345678",
        arrived_at=AT,
        entered_at=AT,
        connected_at=later,
        ended_at=later,
        outcome="answered",
        placed=True,
    )
    assert list(measures_of(call)) == []


def test_clock_does_not_move_when_a_citizen_is_called_back() -> None:
    bus = EventBus()
    statistics = LiveStatistics(bus, lambda: AT, ZoneInfo("Asia/Shanghai"))
    before = statistics.read()
    bus.publish(
        e.CallBackBegun(
            at=AT,
            call_id="back",
            caller="+8613812345678",
            called="12345",
            call_back_id="debt",
        )
    )
    bus.publish(e.CallerEntered(at=AT, call_id="back", queue="general", position=1))
    bus.publish(
        e.CallConnected(
            at=AT,
            call_id="back",
            queue="general",
            agent_id="1001",
            wait_seconds=1,
            ring_seconds=1,
        )
    )
    bus.publish(
        e.CallEnded(at=AT, call_id="back", outcome=e.Outcome.ANSWERED, cause="x")
    )
    assert statistics.read() == before
