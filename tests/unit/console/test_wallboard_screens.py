"""Screens: one picture for all, made once for a change, and none while nobody looks."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from acd import events as e
from acd.adjustments.events import RoundMade
from acd.statistics.reporter import ReportLate
from config.bus import EventBus
from console.live import TooManyReaders
from console.wallboard import screens as screens_module
from console.wallboard.board import Board, board_of
from console.wallboard.screens import CURVE_SECONDS, Screens
from tests.unit.console.test_wallboard_board import views

pytestmark = pytest.mark.looptime
AT = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
CHANGE = e.CallAnswered(at=AT, call_id="1")


class Floor:
    """What the screens look at, and how often they did."""

    def __init__(self) -> None:
        self.waiting, self.looks, self.curves = 0, 0, 0
        self.fails: Exception | None = None

    def look(self) -> Board:
        """The board now."""
        self.looks += 1
        return replace(board_of(views()), waiting=self.waiting)

    async def curve(self) -> bytes:
        """The curve now."""
        self.curves += 1
        if self.fails:
            raise self.fails
        return b'{"curve":%d}' % self.curves


class Screen:
    """Reads what is sent to one screen."""

    def __init__(self, texts: Any) -> None:
        self._texts = texts

    async def next(self, kind: str) -> dict[str, Any]:
        """The next event of a kind."""
        async for text in self._texts:
            if text.startswith(f"event: {kind}\n".encode()):
                found: dict[str, Any] = json.loads(text.split(b"data: ")[1])
                return found
        raise EOFError


@asynccontextmanager
async def screen(screens: Screens) -> AsyncIterator[Screen]:
    """One more screen."""
    async with aclosing(screens.read()) as texts:
        yield Screen(texts)


@asynccontextmanager
async def screens_of(floor: Floor, bus: EventBus) -> AsyncIterator[Screens]:
    """Screens at work."""
    async with Screens(bus, floor.look, floor.curve) as screens:
        yield screens


async def test_screen_has_board_and_curve_at_once() -> None:
    floor = Floor()
    async with screens_of(floor, EventBus()) as screens, screen(screens) as one:
        assert (await one.next("board"))["waiting"] == 0
        assert (await one.next("curve")) == {"curve": 1}


async def test_change_is_made_once_and_reaches_every_screen() -> None:
    floor, bus = Floor(), EventBus()
    async with (
        screens_of(floor, bus) as screens,
        screen(screens) as one,
        screen(screens) as two,
    ):
        await one.next("board")
        await two.next("board")
        looks, floor.waiting = floor.looks, 7
        bus.publish(CHANGE)
        boards = [await each.next("board") for each in (one, two)]
    assert [board["waiting"] for board in boards] == [7, 7]
    assert floor.looks == looks + 1


async def test_many_changes_make_five_pictures_a_second_at_most() -> None:
    floor, bus = Floor(), EventBus()
    async with screens_of(floor, bus) as screens, screen(screens) as one:
        await one.next("board")
        looks = floor.looks
        for number in range(100):
            floor.waiting = number
            bus.publish(CHANGE)
            await asyncio.sleep(0.01)
        assert floor.looks - looks <= 6


async def test_nothing_is_looked_at_while_nobody_reads() -> None:
    floor, bus = Floor(), EventBus()
    async with screens_of(floor, bus) as screens:
        async with screen(screens) as one:
            await one.next("board")
        await asyncio.sleep(10)
        looks, curves = floor.looks, floor.curves
        bus.publish(CHANGE)
        await asyncio.sleep(600)
        assert (floor.looks, floor.curves) == (looks, curves)


async def test_screen_that_comes_later_sees_the_floor_as_it_is_then() -> None:
    floor, bus = Floor(), EventBus()
    async with screens_of(floor, bus) as screens:
        async with screen(screens) as one:
            await one.next("board")
        await asyncio.sleep(600)
        floor.waiting = 3
        async with screen(screens) as two:
            while (await two.next("board"))["waiting"] != 3:
                pass


async def test_what_no_event_tells_is_seen_after_five_seconds() -> None:
    floor = Floor()
    async with screens_of(floor, EventBus()) as screens, screen(screens) as one:
        await one.next("board")
        floor.waiting = 2
        assert (await one.next("board"))["waiting"] == 2


async def test_curve_is_made_anew_with_each_round_and_each_minute() -> None:
    floor, bus = Floor(), EventBus()
    async with screens_of(floor, bus) as screens, screen(screens) as one:
        await one.next("curve")
        bus.publish(RoundMade(at=AT, round_id="1", missing=0, proposed=0))
        assert (await one.next("curve")) == {"curve": 2}
        before = asyncio.get_running_loop().time()
        assert (await one.next("curve")) == {"curve": 3}
        assert asyncio.get_running_loop().time() - before >= CURVE_SECONDS


async def test_curve_that_cannot_be_made_leaves_the_board_alive() -> None:
    floor, bus = Floor(), EventBus()
    floor.fails = ReportLate("it took too long")
    async with screens_of(floor, bus) as screens, screen(screens) as one:
        await one.next("board")
        floor.waiting, floor.fails = 4, None
        bus.publish(CHANGE)
        assert (await one.next("board"))["waiting"] == 4
        assert "curve" in await one.next("curve")


async def test_screens_go_when_the_service_ends() -> None:
    floor = Floor()
    async with screens_of(floor, EventBus()) as screens, screen(screens) as one:
        await one.next("board")
        screens.close()
        with pytest.raises(EOFError):
            await one.next("board")


async def test_one_screen_too_many_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screens_module, "READERS_MOST", 0)
    async with screens_of(Floor(), EventBus()) as screens:
        with pytest.raises(TooManyReaders):
            screens.check_room()


async def test_stop_twice() -> None:
    async with screens_of(Floor(), EventBus()) as screens:
        pass
    await screens.__aexit__(None, None, None)
