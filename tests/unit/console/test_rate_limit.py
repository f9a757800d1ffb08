"""The bucket of each caller."""

import pytest

from console import rate_limit
from console.rate_limit import Buckets


class Clock:
    """A monotonic clock that the test turns."""

    seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


def test_burst_passes_and_the_next_one_waits_for_a_refill() -> None:
    clock = Clock()
    buckets = Buckets(4, 3, clock)
    assert [buckets.take("a") for _ in range(4)] == [0, 0, 0, 0.25]
    clock.seconds += 0.25
    assert [buckets.take("a"), buckets.take("a")] == [0, 0.25]


def test_each_caller_has_his_own() -> None:
    buckets = Buckets(1, 1, Clock())
    assert [buckets.take("a"), buckets.take("b"), buckets.take("a")] == [0, 0, 1]


def test_rest_fills_the_bucket_to_its_brim_only() -> None:
    clock = Clock()
    buckets = Buckets(10, 2, clock)
    buckets.take("a")
    clock.seconds += 3600
    assert [buckets.take("a") for _ in range(3)] == [0, 0, 0.1]


def test_who_only_asks_is_not_kept_waiting_longer() -> None:
    clock = Clock()
    buckets = Buckets(1, 1, clock)
    buckets.take("a")
    clock.seconds += 0.5
    assert buckets.take("a") == buckets.take("a") == 0.5


def test_number_of_callers_remembered_is_bounded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rate_limit, "CALLERS_REMEMBERED", 2)
    buckets = Buckets(1, 1, Clock())
    for caller in ("a", "b", "b", "c"):
        buckets.take(caller)
    assert [buckets.take("c"), buckets.take("a")] == [1, 0]
