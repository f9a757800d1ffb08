"""Test calls in the metrics."""

from datetime import UTC, datetime

from prometheus_client import CollectorRegistry

from acd.test_calls import HotlineTested
from config.bus import EventBus
from console.metrics import Metrics

AT = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)


def told(*faults: str) -> CollectorRegistry:
    """The metrics after test calls that ended so."""
    bus = EventBus()
    registry = CollectorRegistry()
    registry.register(Metrics(bus))
    for fault in faults:
        bus.publish(
            HotlineTested(
                at=AT,
                heard=not fault,
                fault=fault,
                sip_code=200,
                answer_seconds=0.25,
                sound_seconds=2.0,
            )
        )
    return registry


def test_before_the_first_test_call_nothing_is_said_to_be_well() -> None:
    assert told().get_sample_value("hotline_test_call_ok") is None
    none = told().get_sample_value("hotline_test_calls_total", {"result": "heard"})
    assert none == 0


def test_the_last_one_counts() -> None:
    good = told("silent", "")
    assert good.get_sample_value("hotline_test_call_ok") == 1
    assert good.get_sample_value("hotline_test_call_answer_seconds") == 0.25
    moment = good.get_sample_value("hotline_test_call_timestamp_seconds")
    assert moment == AT.timestamp()
    bad = told("", "silent")
    assert bad.get_sample_value("hotline_test_call_ok") == 0
    for result in ("heard", "silent"):
        labels = {"result": result}
        assert bad.get_sample_value("hotline_test_calls_total", labels) == 1
