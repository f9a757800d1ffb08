"""The clock for Prometheus: every rate with numerator and denominator, or not at all."""

from datetime import UTC, datetime, timedelta

from prometheus_client.metrics_core import Metric

from acd.events import Outcome
from acd.statistics.connect_clock import ConnectClock
from acd.statistics.counted_call import CallFacts
from console.clock_metrics import clock_metrics

NOON = datetime(2026, 7, 20, 12, 0, tzinfo=UTC)


def answered(number: int, *, minutes_ago: float, lost: bool = False) -> CallFacts:
    """A call of the general queue, answered after 20 s, or given up."""
    arrived = NOON - timedelta(minutes=minutes_ago)
    return CallFacts(
        id=f"C{number}",
        caller="",
        arrived_at=arrived,
        answered_at=arrived,
        queue="general",
        entered_at=arrived + timedelta(seconds=6),
        connected_at=None if lost else arrived + timedelta(seconds=20),
        ended_at=arrived + timedelta(seconds=50),
        outcome=Outcome.ABANDONED_IN_QUEUE if lost else Outcome.ANSWERED,
    )


def samples(*calls: CallFacts) -> dict[tuple[str, ...], float]:
    """What a scrape finds, by name and label values."""
    clock = ConnectClock(NOON)
    for call in calls:
        clock.change(None, call, NOON)
    metrics: list[Metric] = list(clock_metrics(clock.read(NOON)))
    return {
        (sample.name.removeprefix("hotline_"), *sample.labels.values()): sample.value
        for metric in metrics
        for sample in metric.samples
    }


def test_rate_comes_with_numerator_and_denominator() -> None:
    found = samples(answered(1, minutes_ago=5), answered(2, minutes_ago=5, lost=True))
    for form in ("raw", "folded", "adjusted"):
        assert found["connect_rate_24h", form] == 0.5
        assert found["connect_part_24h", form] == 1
        assert found["connect_whole_24h", form] == 2
    assert found["queue_connect_rate_24h", "general"] == 0.5


def test_fifteen_seconds_have_two_clocks_and_two_forms() -> None:
    found = samples(answered(1, minutes_ago=5), answered(2, minutes_ago=5, lost=True))
    rates = {
        labels: value
        for (name, *labels), value in (
            ((key[0], "/".join(key[1:])), value) for key, value in found.items()
        )
        if name == "answered_in_15_seconds_rate_24h"
        for labels in labels
    }
    assert rates == {
        "queue_entry/offered": 0.5,
        "queue_entry/answered": 1.0,
        "sip_answer/offered": 0.0,
        "sip_answer/answered": 0.0,
    }


def test_rate_of_no_calls_and_a_breach_not_foreseen_are_left_out() -> None:
    found = samples()
    assert found["connect_whole_24h", "raw"] == 0
    assert not [key for key in found if "rate_24h" in key[0]]
    assert not [key for key in found if "crossing" in key[0]]
    assert found["connect_below_target",] == 0
    assert found["connect_target",] == 0.95


def test_foreseen_breach_is_a_moment_to_come() -> None:
    good = [answered(n, minutes_ago=90) for n in range(1000)]
    bad = [answered(n, minutes_ago=5, lost=n % 2 == 0) for n in range(80)]
    found = samples(*good, *bad)
    moments = [
        found["connect_crossing_timestamp_seconds", bound]
        for bound in ("earliest", "expected", "latest")
    ]
    assert moments == sorted(moments)
    assert NOON.timestamp() < moments[0] <= NOON.timestamp() + 6 * 3600
