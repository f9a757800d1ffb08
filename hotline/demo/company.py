"""All processes of a demo together: what they report, how they end, and troubles."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Self, TypeVar

from hotline.demo.board import Board
from hotline.demo.folder import DemoError, DemoFolder
from hotline.demo.processes import Child, started
from hotline.demo.reports import Message

T = TypeVar("T")

Hear = Callable[[Child, Message], None]
"""Takes a report of a process in."""


class Interrupted(Exception):
    """The demo was told to end before the first call."""


class Company:
    """Starts processes, and ends them all when its block is left.

    A process that ends without leave is a trouble: its words go to the board.
    """

    def __init__(self, folder: DemoFolder, board: Board, stop: asyncio.Event) -> None:
        self.trouble = asyncio.Event()
        self._folder, self._board, self._stop = folder, board, stop
        self._stack = AsyncExitStack()
        self._watches: dict[Child, asyncio.Task[None]] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        for child in self._watches:
            child.may_end()
        await self._stack.aclose()
        await asyncio.gather(*self._watches.values())

    async def employ(self, name: str, *words: str, hear: Hear | None = None) -> Child:
        """Start `python WORDS`; its reports, if it makes any, go to `hear`."""
        process = started(
            name, self._folder.log(name), *words, reports=hear is not None
        )
        child = await self._stack.enter_async_context(process)
        watch = self._watch(child, hear)
        self._watches[child] = asyncio.create_task(watch, name=f"watch {name}")
        return child

    async def until_gone(
        self, child: Child, seconds: float, *, in_trouble: bool = False
    ) -> bool:
        """Let a process end and hear all it has to say.

        False when it takes longer, or when there is trouble, unless `in_trouble`.
        """
        child.may_end()
        gone = self._watches[child]
        trouble = asyncio.create_task(self.trouble.wait(), name="trouble")
        waits = {gone} if in_trouble else {gone, trouble}
        await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        trouble.cancel()
        return gone.done()

    async def unless_trouble(self, work: Awaitable[T]) -> T:
        """Carry out a step of the start; `DemoError` or `Interrupted` ends it."""
        step = asyncio.ensure_future(work)
        others = [
            asyncio.create_task(event.wait(), name="start is spoilt")
            for event in (self.trouble, self._stop)
        ]
        try:
            await asyncio.wait({step, *others}, return_when=asyncio.FIRST_COMPLETED)
            if self._board.troubles:
                raise DemoError(self._board.troubles[0])
            if self._stop.is_set():
                raise Interrupted
            return await step
        finally:
            for task in (step, *others):
                task.cancel()

    @property
    def ended_well(self) -> int:
        """How many processes have ended as they should."""
        return sum(bool(child.ended_well) for child in self._watches)

    @property
    def size(self) -> int:
        """How many processes were started."""
        return len(self._watches)

    async def _watch(self, child: Child, hear: Hear | None) -> None:
        if hear:
            await child.listen(lambda message: hear(child, message))
        if fault := await child.end():
            self._board.troubles.append(fault)
            self._board.tell(fault.partition(";")[0])
            self.trouble.set()
