"""Follow-up calls yield to citizens who call."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from acd import events as e
from config.bus import EventBus
from outbound.lines import Load, Waiting, lines_free

AT = datetime(2026, 11, 2, 1, 30, tzinfo=UTC)
LINES = {
    "all lines": ((0, 0, 100), 5),
    "less those in use": ((0, 3, 100), 2),
    "less one for each who waits": ((2, 1, 100), 2),
    "none when many wait": ((9, 0, 100), 0),
    "legs are kept for others": ((0, 0, 12), 2),
    "none when legs are short": ((0, 0, 10), 0),
}


@pytest.mark.parametrize(("load", "free"), LINES.values(), ids=LINES)
def test_lines_are_bounded_and_yield(load: tuple[int, int, int], free: int) -> None:
    waiting, under_way, free_legs = load
    now = Load(waiting=waiting, under_way=under_way, free_legs=free_legs)
    assert lines_free(5, 10, now) == free


@pytest.fixture
def bus() -> EventBus:
    return EventBus()


@pytest.fixture
async def waiting(bus: EventBus) -> AsyncIterator[Waiting]:
    waiting = Waiting(bus)
    yield waiting
    waiting.close()


def enters(bus: EventBus, call_id: str) -> None:
    """A call waits in the queue."""
    bus.publish(e.CallerEntered(at=AT, call_id=call_id, queue="general", position=1))


async def test_citizens_on_the_line_count_until_they_are_served(
    bus: EventBus, waiting: Waiting
) -> None:
    for call_id in ("a", "b"):
        bus.publish(
            e.CallArrived(
                at=AT, call_id=call_id, caller="", called="", peer="", sip_call_id=""
            )
        )
        enters(bus, call_id)
    enters(bus, "call-back")
    assert waiting.count == 2
    bus.publish(
        e.CallConnected(
            at=AT,
            call_id="a",
            queue="general",
            agent_id="1001",
            wait_seconds=1,
            ring_seconds=1,
        )
    )
    assert waiting.count == 1
    bus.publish(
        e.CallEnded(at=AT, call_id="b", outcome=e.Outcome.ANSWERED, cause="peer")
    )
    assert waiting.count == 0
