"""Live events: heartbeats, slow readers, the end."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import UTC, datetime

import pytest

from acd import events as e
from config.bus import EventBus
from console import live as live_module
from console.live import LiveEvents, TooManyReaders
from console.sight import ALL

pytestmark = pytest.mark.looptime
AT = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
Texts = AsyncGenerator[bytes, None]


def answered(call_id: str = "1") -> e.CallAnswered:
    """An event."""
    return e.CallAnswered(at=AT, call_id=call_id)


async def skip_retry(texts: Texts) -> None:
    """Read what every reader gets first."""
    assert (await anext(texts)).startswith(b"retry: ")


async def test_reader_hears_what_happens_after_he_came() -> None:
    bus = EventBus()
    with LiveEvents(bus) as live:
        bus.publish(answered("before"))
        async with aclosing(live.read(ALL)) as texts:
            await skip_retry(texts)
            next_one = asyncio.create_task(anext(texts))  # type: ignore[arg-type]
            await asyncio.sleep(0)
            bus.publish(answered("after"))
            assert b'"call_id":"after"' in await next_one


async def test_quiet_time_has_heartbeats_with_the_newest_id() -> None:
    bus = EventBus()
    with LiveEvents(bus) as live:
        bus.publish(answered())
        async with aclosing(live.read(ALL)) as texts:
            await skip_retry(texts)
            heartbeat = await anext(texts)
    assert heartbeat.startswith(b": heartbeat\nid: ")
    assert heartbeat.endswith(b"-1\n\n")


async def test_reader_whom_the_ring_has_overtaken_is_dropped_with_the_reason() -> None:
    bus = EventBus()
    with LiveEvents(bus, kept_most=3) as live:
        async with aclosing(live.read(ALL)) as texts:
            await skip_retry(texts)
            for _ in range(5):
                bus.publish(answered())
            last = await anext(texts)
            assert b'"kind":"dropped","reason":"too_slow","missed":2' in last
            assert [text async for text in texts] == []
        assert (live.dropped, live.readers) == (1, 0)


async def test_dropped_reader_goes_on_by_his_id_and_is_told_the_gap() -> None:
    bus = EventBus()
    with LiveEvents(bus, kept_most=3) as live:
        async with aclosing(live.read(ALL)) as texts:
            await skip_retry(texts)
            for _ in range(5):
                bus.publish(answered())
            dropped = await anext(texts)
        last_id = dropped.split(b"\n")[0].removeprefix(b"id: ").decode()
        async with aclosing(live.read(ALL, last_id)) as texts:
            await skip_retry(texts)
            assert b'"reason":"too_old"' in await anext(texts)
            assert (await anext(texts)).count(b"event: call_answered") == 3


async def test_every_reader_goes_when_the_service_ends() -> None:
    with LiveEvents(EventBus()) as live:
        async with aclosing(live.read(ALL)) as texts:
            await skip_retry(texts)
            waiting = asyncio.create_task(anext(texts))  # type: ignore[arg-type]
            await asyncio.sleep(0)
            live.close()
            with pytest.raises(StopAsyncIteration):
                await waiting


async def test_one_reader_too_many_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_module, "READERS_MOST", 1)
    with LiveEvents(EventBus()) as live:
        live.check_room()
        async with aclosing(live.read(ALL)) as texts:
            await skip_retry(texts)
            with pytest.raises(TooManyReaders, match="1 readers"):
                live.check_room()
        live.check_room()


async def test_what_nobody_outside_is_told_is_not_kept() -> None:
    bus = EventBus()
    with LiveEvents(bus, heartbeat_seconds=1) as live:
        async with aclosing(live.read(ALL)) as texts:
            await skip_retry(texts)
            bus.publish("not for outside")
            assert (await anext(texts)).endswith(b"-0\n\n")
