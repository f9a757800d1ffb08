"""The desk's book: debts are entered and moved in the ledger, and every move is told."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from ulid import ULID

from acd.call_backs.ledger import Ledger
from acd.call_backs.older_places import OlderPlaces
from acd.call_backs.owing import debt_of
from acd.call_backs.wish import Wish
from acd.events import CallBackMoved, CallBackTried
from acd.ledger.archive import LedgerCounts
from acd.ledger.debt import (
    ALL_KINDS,
    AttemptOutcome,
    Debt,
    DebtKind,
    DebtMoveRefused,
    DebtRules,
    DebtState,
)
from config.bus import EventBus
from config.clock import LoopClock
from config.database import DatabaseError

logger = logging.getLogger(__name__)

PROMISE_SECONDS = 2.0
"""A citizen waits so long for his wish to be noted."""
FIRST_RETRY_SECONDS, LONGEST_RETRY_SECONDS = 1.0, 30.0
BATCH = 500
NOTHING_OWED = LedgerCounts(by_state=dict.fromkeys(DebtState, 0), oldest_at=None)


class Book:
    """Reception's `CallBacks`, and the desk's way to the ledger.

    `on_promise` is called with a promise whose citizen has just left his place,
    `on_change` when a debt may have become due. Without a way out (`can_call`) nothing
    is promised: it could not be kept.
    """

    def __init__(
        self,
        ledger: Ledger,
        rules: DebtRules,
        bus: EventBus,
        clock: LoopClock,
        *,
        can_call: bool,
    ) -> None:
        self.ledger, self._rules = ledger, rules
        self.can_call = can_call
        self._bus, self._clock = bus, clock
        self._promising: dict[str, asyncio.Task[Debt]] = {}
        self._older = OlderPlaces(bus)
        self._noted: set[str] = set()
        self._background: set[asyncio.Task[None]] = set()
        self.on_promise: Callable[[Debt], None] = lambda debt: None
        self.on_change: Callable[[], None] = lambda: None
        self.counts = NOTHING_OWED

    # What reception leaves here

    async def promise(self, wish: Wish) -> Debt | None:
        """Note the wish so that nothing can lose it; None when that cannot be done now."""
        if not self.can_call:
            return None
        now = self._clock.now()
        place = self._older.place_of(wish)
        debt = debt_of(place, DebtKind.PROMISE, str(ULID()), now)
        here_since = wish.here_since or wish.since
        promising = self.ledger.promise(debt, here_since)
        task = asyncio.create_task(promising, name="promise")
        self._promising[wish.call_id] = task
        try:
            async with asyncio.timeout(PROMISE_SECONDS):
                promised = await asyncio.shield(task)
        except (DatabaseError, TimeoutError) as error:
            logger.warning(
                "call %s: its call-back cannot be noted: %s", wish.call_id, error
            )
            return None
        self._tell(promised)
        return promised

    def begin(self, debt: Debt) -> None:
        """The citizen has given up his place in person: the call-back takes it."""
        self._promising.pop(debt.call_id, None)
        self._noted.add(debt.call_id)
        self.on_promise(debt)

    def forget(self, call_id: str) -> None:
        """He is served after all: what was promised in this call is not owed."""
        if task := self._promising.pop(call_id, None):
            self.in_background(lambda: self._undo(task))

    def owe_survey(self, wish: Wish) -> None:
        """He hung up before he could rate his call: ask him by call-back."""
        if not self.can_call:
            return
        debt = debt_of(wish, DebtKind.SURVEY, str(ULID()), self._clock.now())
        self.in_background(lambda: self._owe(debt))

    # What the desk does

    async def recover(self) -> None:
        """End the attempts that an earlier life of the service left open."""
        for debt in await self.ledger.recover(self._clock.now(), self._rules):
            self._tell(debt)

    async def fold(self) -> None:
        """Turn new missed calls into debts."""
        while folded := await self.ledger.fold(self._clock.now()):
            for debt in folded:
                self._tell(debt)

    async def too_old(self) -> list[Debt]:
        """Debts whose time is over; none that is being dialled."""
        oldest = self._clock.now() - timedelta(hours=self._rules.expire_hours)
        return await self.ledger.entered_before(oldest, BATCH)

    async def expire(self, debt_id: str) -> None:
        """Close a debt whose time is over."""
        await self._close(debt_id, DebtState.EXPIRED, "too_old")

    async def count(self) -> frozenset[str]:
        """Count what is owed now; returns the calls whose promises are new in the count."""
        noted = frozenset(self._noted)
        self.counts = await self.ledger.counts()
        self._noted -= noted
        return noted

    async def due(
        self,
        states: tuple[DebtState, ...],
        limit: int,
        kinds: tuple[DebtKind, ...] = ALL_KINDS,
    ) -> list[Debt]:
        """Debts of these states and kinds that are due now."""
        return await self.ledger.due(self._clock.now(), states, limit, kinds)

    async def next_due(self) -> datetime | None:
        """When the next debt becomes due after now."""
        states = (DebtState.OWED, DebtState.PROMISED)
        return await self.ledger.next_due(self._clock.now(), states)

    async def again(self, debt_id: str) -> Debt:
        """Let a debt be paid now."""
        debt = await self.ledger.again(debt_id, self._clock.now())
        self._tell(debt)
        return debt

    async def cancel(self, debt_id: str, *, refused: bool) -> Debt:
        """End a debt as a person wants it; `DebtMoveRefused` while he is being dialled."""
        debt = await self.ledger.find(debt_id)
        if debt.state is DebtState.DIALLING:
            raise DebtMoveRefused(
                f"call-back {debt_id} is under way: the citizen's phone rings, or he talks"
            )
        state = DebtState.REFUSED if refused else DebtState.CANCELLED
        return await self._close(debt_id, state, "by_hand")

    async def served(self, number: str, here_since: datetime) -> list[Debt]:
        """A call that came then has reached a person: cancel what it settles."""
        now = self._clock.now()
        cancelled = await self.ledger.served(number, here_since, now)
        for debt in cancelled:
            self._tell(debt)
        return cancelled

    async def tried(self, debt: Debt, call_id: str, outcome: AttemptOutcome) -> None:
        """End an attempt, however long the ledger cannot be written."""

        async def end() -> None:
            after = await self.ledger.tried(
                debt.id, outcome, self._clock.now(), self._rules
            )
            if after.attempts > debt.attempts:
                self._tell_attempt(after, call_id, outcome)
            self._tell(after)

        await self._until_written(end)

    def in_background(self, write: Callable[[], Awaitable[None]]) -> None:
        """Write it without keeping anybody waiting, until it is written."""
        story: Coroutine[Any, Any, None] = self._until_written(write)
        task = asyncio.create_task(story, name="ledger")
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    async def close(self) -> None:
        """Wait for what is still being written, or cannot be."""
        tasks = self._background | set(self._promising.values())
        if tasks:
            await asyncio.wait(tasks, timeout=PROMISE_SECONDS)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _until_written(self, write: Callable[[], Awaitable[None]]) -> None:
        delay = FIRST_RETRY_SECONDS
        while True:
            try:
                return await write()
            except DatabaseError as error:
                logger.warning("the ledger cannot be written: %s", error)
            await asyncio.sleep(delay)
            delay = min(2 * delay, LONGEST_RETRY_SECONDS)

    async def _undo(self, promising: asyncio.Task[Debt]) -> None:
        with suppress(DatabaseError, DebtMoveRefused):
            debt = await promising
            await self._close(debt.id, DebtState.CANCELLED, "served")

    async def _owe(self, debt: Debt) -> None:
        self._tell(await self.ledger.owe(debt))
        self.on_change()

    async def _close(self, debt_id: str, state: DebtState, reason: str) -> Debt:
        debt = await self.ledger.close(debt_id, state, reason, self._clock.now())
        self._tell(debt)
        return debt

    def _tell(self, debt: Debt) -> None:
        self._bus.publish(
            CallBackMoved(
                at=self._clock.now(),
                call_id=debt.call_id,
                call_back_id=debt.id,
                kind=debt.kind,
                caller=debt.number,
                queue=debt.queue,
                state=debt.state,
                reason=debt.reason,
                tries=debt.tries,
                due_at=debt.due_at,
                confidential=debt.confidential,
            )
        )

    def _tell_attempt(self, debt: Debt, call_id: str, outcome: AttemptOutcome) -> None:
        self._bus.publish(
            CallBackTried(
                at=self._clock.now(),
                call_id=call_id,
                call_back_id=debt.id,
                kind=debt.kind,
                outcome=outcome,
            )
        )
