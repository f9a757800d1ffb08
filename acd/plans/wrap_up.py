"""Plan 1 shortens the agents' wrap-up, and its end gives each queue its own back.

What was done is read from the list of rule changes alone, so that it survives a kill: a
queue whose wrap-up somebody has changed since the plan began is left as he wants it.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import datetime
from types import TracebackType
from typing import Self

from acd.events import PlanLevelChanged
from acd.floor import UnknownQueue
from acd.people.store import queue_rows
from acd.plans import store
from acd.rule_changes.changes import RuleChanges, RulesRefused
from acd.rule_changes.rows import Author, Changed, RuleChange
from acd.rule_changes.store import changes_page
from config.bus import EventBus
from config.database import Database, DatabaseError
from config.queue_settings import WrittenRules

logger = logging.getLogger(__name__)

PLAN = Author(name="plan", peer="")
WRAP_UP = "wrap_up_seconds"
RETRY_SECONDS = 5.0


class PlanWrapUp:
    """Wrap-up of `seconds` at most while a plan is on; an async context manager."""

    def __init__(
        self, database: Database, changes: RuleChanges, bus: EventBus, seconds: float
    ) -> None:
        self._database, self._changes, self._seconds = database, changes, seconds
        self._bus = bus
        self._level = 0
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._level = (await store.last_state(self._database)).level
        self._wake.set()
        self._unsubscribe = self._bus.subscribe(PlanLevelChanged, self._changed)
        self._task = asyncio.create_task(self._run(), name="wrap-up of the plans")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._unsubscribe()
        if self._task:
            self._task.cancel()
            await asyncio.wait({self._task})

    def _changed(self, event: PlanLevelChanged) -> None:
        self._level = event.level
        self._wake.set()

    async def _run(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            try:
                await self.settle()
            except DatabaseError as error:
                logger.warning("wrap-up is changed for the plans later: %s", error)
                await asyncio.sleep(RETRY_SECONDS)
                self._wake.set()
            except Exception:  # the next change of the level may go well
                logger.exception("wrap-up is not changed for the plans")

    async def settle(self) -> None:
        """Every queue has the wrap-up that the level wants, as far as it is ours."""
        began = await store.plan_began(self._database) if self._level else None
        for queue in await queue_rows(self._database):
            last = await self._last_change(queue.name)
            if began is not None:
                await self._shorten(queue.name, queue.rules, last, began)
            elif last and _is_ours(last):
                await self._set(queue.name, float(last.old[WRAP_UP]))

    async def _shorten(
        self,
        name: str,
        rules: WrittenRules,
        last: RuleChange | None,
        began: datetime,
    ) -> None:
        untouched = last is None or last.at < began
        if untouched and rules.wrap_up_seconds > self._seconds:
            await self._set(name, self._seconds)

    async def _set(self, name: str, seconds: float) -> None:
        def edit(rules: WrittenRules) -> WrittenRules:
            return rules.model_copy(update={WRAP_UP: seconds})

        try:
            await self._changes.change_rules(name, edit, PLAN)
        except (RulesRefused, UnknownQueue) as error:
            logger.warning("a queue keeps its wrap-up in the plan: %s", error)

    async def _last_change(self, name: str) -> RuleChange | None:
        """The newest change of a queue's wrap-up, by whomever."""
        async for change in self._changes_of(name):
            if change.kind is Changed.QUEUE and _sets_wrap_up(change):
                return change
        return None

    async def _changes_of(self, name: str) -> AsyncIterator[RuleChange]:
        before: int | None = None
        while page := await changes_page(self._database, before_id=before, name=name):
            for change in page:
                yield change
            before = page[-1].id


def _sets_wrap_up(change: RuleChange) -> bool:
    old, new = change.old.get(WRAP_UP), change.new.get(WRAP_UP)
    return old is not None and new is not None and old != new


def _is_ours(change: RuleChange) -> bool:
    """A plan has shortened it, and not given it back yet."""
    by_plan = (change.changed_by, change.peer) == (PLAN.name, PLAN.peer)
    return by_plan and change.new[WRAP_UP] < change.old[WRAP_UP]
