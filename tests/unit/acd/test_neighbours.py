"""The shares of neighbour hotlines come out as they are set."""

from collections import Counter
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as some

from acd.events import PlanLevelChanged
from acd.neighbours import Neighbour, Neighbours
from config.bus import EventBus

NOW = datetime(2026, 7, 20, 9, tzinfo=UTC)


def neighbours(*shares: float) -> Neighbours:
    made, bus = (
        Neighbours([one(n, share) for n, share in enumerate(shares)]),
        EventBus(),
    )
    made.listen(bus)
    bus.publish(PlanLevelChanged(at=NOW, level=3, old_level=2))
    return made


def one(n: int, share: float) -> Neighbour:
    return Neighbour(name=f"n{n}", target="sip:a@192.0.2.1", share=share)


def test_fifth_of_the_calls_is_every_fifth_call() -> None:
    made = neighbours(0.2)
    gone = [n for n in range(1, 21) if made.next()]
    assert gone == [5, 10, 15, 20]


@given(some.lists(some.integers(1, 33), min_size=1, max_size=3))
def test_each_neighbour_has_its_share_and_never_much_more(parts: list[int]) -> None:
    made, went = neighbours(*(part / 100 for part in parts)), Counter[str]()
    for n in range(1, 301):
        if neighbour := made.next():
            went[neighbour.name] += 1
        for place, part in enumerate(parts):
            assert abs(went[f"n{place}"] - n * part / 100) <= len(parts)


def test_nobody_is_asked_before_plan_3() -> None:
    made = Neighbours([one(0, 1)])
    assert made.next() is None
