"""One picture of the floor for all screens: made once for each change, sent to everybody.

While nobody looks nothing is made. A screen that is slow gets the newest picture when it
can take one again; what lay between nobody needs.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any, Self

from pydantic import TypeAdapter

from acd.adjustments.events import RoundMade
from acd.statistics.reporter import ReportError
from config.bus import EventBus
from config.database import DatabaseError
from console.live import READERS_MOST, RETRY_MILLISECONDS, TooManyReaders
from console.sight import EVERYTHING
from console.wallboard.board import Board

logger = logging.getLogger(__name__)

LEAST_SECONDS = 0.2
"""However much happens, there are no more than five pictures a second."""
LOOK_SECONDS = 5.0
"""What no event tells, such as a foresight, is seen after so long."""
CURVE_SECONDS = 60.0
HEARTBEAT_SECONDS = 15.0
_BOARD = TypeAdapter(Board)


class Screens:
    """Keeps screens supplied inside the `async with` block.

    `look` makes the board, `curve` the day's curve in JSON (`ReportError` and
    `DatabaseError` leave the one that is there).
    """

    def __init__(
        self,
        bus: EventBus,
        look: Callable[[], Board],
        curve: Callable[[], Awaitable[bytes]],
    ) -> None:
        self._bus, self._look, self._curve = bus, look, curve
        self._shown: dict[str, bytes] = {}
        self._board: Board | None = None
        self._news = asyncio.Event()
        self._watched, self._changed = asyncio.Event(), asyncio.Event()
        self._round = asyncio.Event()
        self._unsubscribe: list[Callable[[], None]] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._is_open = True
        self.readers = 0

    async def __aenter__(self) -> Self:
        self._unsubscribe = [
            self._bus.subscribe(object, self._hear),
            self._bus.subscribe(RoundMade, lambda _: self._round.set()),
        ]
        self._tasks = [
            asyncio.create_task(self._keep_board(), name="wallboard"),
            asyncio.create_task(self._keep_curve(), name="wallboard's curve"),
        ]
        return self

    async def __aexit__(self, *_: object) -> None:
        while self._unsubscribe:
            self._unsubscribe.pop()()
        self.close()
        tasks, self._tasks = self._tasks, []
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    def close(self) -> None:
        """Let every screen go, because the service ends."""
        self._is_open = False
        self._wake()

    def look(self) -> Board:
        """The board now."""
        return self._look()

    async def curve(self) -> bytes:
        """The day's curve now, in JSON; `ReportError`, `DatabaseError`."""
        return await self._curve()

    def check_room(self) -> None:
        """Raise `TooManyReaders` when one screen more is one too many."""
        if self.readers >= READERS_MOST:
            raise TooManyReaders(f"{READERS_MOST} screens are served already.")

    async def read(self) -> AsyncGenerator[bytes, None]:
        """Server-sent events `board` and `curve`: what there is, and then what is new."""
        self.readers += 1
        self._watched.set()
        try:
            yield b"retry: %d\n\n" % RETRY_MILLISECONDS
            async for text in self._newest():
                yield text
        finally:
            self.readers -= 1
            if not self.readers:
                self._watched.clear()

    async def _newest(self) -> AsyncGenerator[bytes, None]:
        seen: dict[str, bytes] = {}
        while self._is_open:
            news = self._news
            for kind, text in list(self._shown.items()):
                if seen.get(kind) is not text:
                    seen[kind] = text
                    yield text
            if news is self._news and not await _within(HEARTBEAT_SECONDS, news):
                yield b": heartbeat\n\n"

    async def _keep_board(self) -> None:
        while True:
            await self._watched.wait()
            self._changed.clear()
            self._show_board()
            await asyncio.sleep(LEAST_SECONDS)
            await _within(LOOK_SECONDS, self._changed)

    def _show_board(self) -> None:
        try:
            board = self._look()
        except Exception:  # the next look may go well
            logger.exception("the wallboard could not be made")
            return
        if board != self._board:
            self._board = board
            self._show("board", _BOARD.dump_json(board))

    async def _keep_curve(self) -> None:
        while True:
            await self._watched.wait()
            self._round.clear()
            await self._show_curve()
            await _within(CURVE_SECONDS, self._round)

    async def _show_curve(self) -> None:
        try:
            self._show("curve", await self._curve())
        except (ReportError, DatabaseError) as error:
            logger.warning("the wallboard's curve stays as it is: %s", error)

    def _show(self, kind: str, body: bytes) -> None:
        text = b"event: %s\ndata: %s\n\n" % (kind.encode(), body)
        if text != self._shown.get(kind):
            self._shown[kind] = text
            self._wake()

    def _hear(self, event: Any) -> None:
        if type(event) in EVERYTHING:
            self._changed.set()

    def _wake(self) -> None:
        self._news.set()
        self._news = asyncio.Event()


async def _within(seconds: float, event: asyncio.Event) -> bool:
    """Wait for an event; False when it does not come in time."""
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return False
    return True
