"""The rolling 24 hours for Prometheus: each rate with its numerator and denominator."""

from collections.abc import Iterable, Mapping

from prometheus_client.metrics_core import GaugeMetricFamily, Metric

from acd.statistics.breach import Forecast
from acd.statistics.connect_clock import ClockReading
from acd.statistics.counted_call import Rates, Share


def clock_metrics(shown: ClockReading) -> Iterable[Metric]:
    """What the clock shows; a rate of no calls is left out."""
    yield from _shares(
        "connect",
        "Calls that a person answered",
        ("form",),
        {(form,): each for form, each in _forms(shown.rates).items()},
    )
    yield from _shares(
        "queue_connect",
        "Calls of each queue that a person answered, redials folded",
        ("queue",),
        {(each.queue,): each.rates.connect for each in shown.queues},
    )
    yield from _shares(
        "answered_in_15_seconds",
        "Calls answered within 15 s of the clock's start",
        ("clock", "of"),
        _in_15_seconds(shown.rates),
    )
    yield _gauge("connect_target", "What the norm asks of the rate.", shown.target)
    yield _gauge(
        "connect_below_target",
        "1 while the rate, redials folded, is below what the norm asks.",
        shown.forecast.below_target,
    )
    yield _crossing(shown.forecast)


def _forms(rates: Rates) -> Mapping[str, Share]:
    return {
        "folded": rates.connect,
        "raw": rates.connect_raw,
        "adjusted": rates.connect_adjusted,
    }


def _in_15_seconds(rates: Rates) -> Mapping[tuple[str, ...], Share]:
    return {
        ("queue_entry", "offered"): rates.in_15_seconds_from_queue_entry_of_offered,
        ("queue_entry", "answered"): rates.in_15_seconds_from_queue_entry_of_answered,
        ("sip_answer", "offered"): rates.in_15_seconds_from_sip_answer_of_offered,
        ("sip_answer", "answered"): rates.in_15_seconds_from_sip_answer_of_answered,
    }


def _shares(
    name: str,
    text: str,
    labels: tuple[str, ...],
    shares: Mapping[tuple[str, ...], Share],
) -> Iterable[Metric]:
    rate = _family(f"{name}_rate_24h", f"{text}: the share of 24 hours.", labels)
    part = _family(f"{name}_part_24h", f"{text}: the rate's numerator.", labels)
    whole = _family(f"{name}_whole_24h", f"{text}: the rate's denominator.", labels)
    for values, each in shares.items():
        part.add_metric(values, each.part)
        whole.add_metric(values, each.whole)
        if each.rate is not None:
            rate.add_metric(values, each.rate)
    return rate, part, whole


def _crossing(forecast: Forecast) -> Metric:
    family = _family(
        "connect_crossing_timestamp_seconds",
        "When the rate is foretold to fall below the target, or to rise above it again.",
        ("bound",),
    )
    bounds = {
        "earliest": forecast.earliest,
        "expected": forecast.expected,
        "latest": forecast.latest,
    }
    for bound, moment in bounds.items():
        if moment:
            family.add_metric((bound,), moment.timestamp())
    return family


def _family(name: str, text: str, labels: tuple[str, ...]) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"hotline_{name}", text, labels=labels)


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(f"hotline_{name}", text, value)
