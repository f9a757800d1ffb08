"""The call-back desk: pays debts when their time has come, and never disturbs who waits.

It wakes at the moment the next debt is due, and when something happens that makes room:
an agent gets free, a queue empties, a citizen who was here hangs up.
"""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Self

from acd import events as e
from acd.call_backs.book import Book
from acd.call_backs.call_back import CallBack
from acd.call_backs.present import Here, Present
from acd.call_backs.rules import CallBackRules
from acd.call_backs.survey_call import SurveyCall
from acd.equipment import Equipment
from acd.ledger.archive import LedgerCounts
from acd.ledger.debt import Debt, DebtKind, DebtState
from acd.messages import CallBacksOwed
from acd.routing_words import TRANSFERRED, RoutingRule
from config.database import DatabaseError
from ivr_flows.language import Flow

logger = logging.getLogger(__name__)

SETTLE_SECONDS = 1.0
"""So long after something happened the records tell it; what comes meanwhile joins in."""
LONGEST_REST_SECONDS = 60.0
RETRY_SECONDS = 5.0
AT_ONCE = 1000
"""Debts looked at in one round; the next round takes the next."""
BEHIND_ALL = -1000
"""The priority of a call-back that nobody asked for: every live caller goes first."""

MAKES_ROOM = (
    e.AgentStateChanged,
    e.CallMissed,
    e.CallConnected,
    e.CallEnded,
)


@dataclass(slots=True)
class _Paying:
    debt: Debt
    task: asyncio.Task[None]


class CallBackDesk:
    """Pays the debts of a `Book`; an async context manager.

    Entering ends the attempts that a killed service left open and takes the promises up
    again, each at its old place. Leaving ends what is under way; it stays owed.
    """

    def __init__(
        self,
        book: Book,
        rules: CallBackRules,
        equipment: Equipment,
        flow_of: Callable[[str], Flow],
    ) -> None:
        self._book, self._rules = book, rules
        self._equipment, self._flow_of = equipment, flow_of
        self._present = Present(equipment.bus, e.FollowUpBegun)
        self._paying: dict[str, _Paying] = {}
        self._draining = False
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._unsubscribe: list[Callable[[], None]] = []

    async def __aenter__(self) -> Self:
        bus = self._equipment.bus
        await self._book.recover()
        self._book.on_promise = self._take_up
        self._book.on_change = self._wake.set
        self._unsubscribe = [bus.subscribe(kind, self._room) for kind in MAKES_ROOM]
        self._unsubscribe.append(bus.subscribe(e.CallConnected, self._connected))
        self._unsubscribe.append(bus.subscribe(e.CallRouted, self._routed))
        self._task = asyncio.create_task(self._run(), name="call-back desk")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        while self._unsubscribe:
            self._unsubscribe.pop()()
        self._present.close()
        tasks = [paying.task for paying in self._paying.values()]
        tasks += [self._task] if self._task else []
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._book.close()

    def drain(self) -> None:
        """Take up nothing more: the service is about to stop."""
        self._draining = True

    @property
    def under_way(self) -> int:
        """How many call-backs wait in a queue or ring a citizen now."""
        return len(self._paying)

    @property
    def counts(self) -> LedgerCounts:
        """How much is owed, as it was last counted."""
        return self._book.counts

    @property
    def oldest_seconds(self) -> float:
        """How long the oldest open debt has been owed; 0 when nothing is."""
        oldest, now = self._book.counts.oldest_at, self._equipment.now()
        return max(0.0, (now - oldest).total_seconds()) if oldest else 0.0

    async def place(self, debt_id: str) -> Debt:
        """Pay a debt now, as a person wants it; at its place, before its time.

        `DebtUnknown`, `DebtMoveRefused`, `DatabaseError` when that cannot be.
        """
        debt = await self._book.again(debt_id)
        self._take_up(debt)
        return debt

    async def retry(self, debt_id: str) -> Debt:
        """Let a debt be due now, an expired one again; it is paid as any other.

        `DebtUnknown`, `DebtMoveRefused`, `DatabaseError` when that cannot be.
        """
        debt = await self._book.again(debt_id)
        self._wake.set()
        return debt

    async def cancel(self, debt_id: str, *, refused: bool) -> Debt:
        """End a debt, as a person wants it; it gives up its place.

        `DebtMoveRefused` while the citizen is being called, or has been served.
        """
        debt = await self._book.cancel(debt_id, refused=refused)
        self._stop_paying(debt_id)
        return debt

    # What happens

    def _room(self, event: e.Event) -> None:
        is_free = not isinstance(event, e.AgentStateChanged) or (
            event.new is e.AgentState.READY
        )
        if is_free:
            self._wake.set()

    def _routed(self, event: e.CallRouted) -> None:
        """Whom the flow put through to a department has reached a person, too."""
        if event.rule is RoutingRule.TRANSFER and event.detail == TRANSFERRED:
            self._connected(event)

    def _connected(self, event: e.CallEvent) -> None:
        """Who called and reached a person is owed nothing any more."""
        if here := self._present.find(event.call_id):
            self._book.in_background(lambda: self._served(here))

    async def _served(self, here: Here) -> None:
        for debt in await self._book.served(here.number, here.since):
            self._stop_paying(debt.id)

    def _stop_paying(self, debt_id: str) -> None:
        if paying := self._paying.get(debt_id):
            paying.task.cancel()

    # What is due

    async def _run(self) -> None:
        while True:
            self._wake.clear()
            try:
                rest = await self._round()
            except DatabaseError as error:
                logger.warning("the ledger cannot be read: %s", error)
                rest = RETRY_SECONDS
            except Exception:  # the next round may go well: nobody is to be forgotten
                logger.exception("a round of the call-back desk failed")
                rest = RETRY_SECONDS
            with suppress(TimeoutError):
                async with asyncio.timeout(rest):
                    await self._wake.wait()
            await asyncio.sleep(SETTLE_SECONDS)

    async def _round(self) -> float:
        """Take up what is due; returns the seconds until something is again."""
        await self._book.fold()
        await self._expire()
        self._tell_the_engine(await self._book.count())
        if self._book.can_call and not self._draining:
            await self._keep_promises()
            await self._pay_when_there_is_room()
        return await self._rest_seconds()

    async def _expire(self) -> None:
        """Whose time is over gives up his place, too."""
        for debt in await self._book.too_old():
            self._stop_paying(debt.id)
            await self._book.expire(debt.id)

    def _tell_the_engine(self, noted: frozenset[str]) -> None:
        """Its rule of admission counts the promises of each queue."""
        promised, link = self._book.counts.promised, self._equipment.link
        for queue in link.room():
            owed = promised.get(queue, 0)
            link.send(CallBacksOwed(queue=queue, owed=owed, noted=noted))

    async def _rest_seconds(self) -> float:
        now, rules = self._equipment.now(), self._rules.debts
        moments = [
            hours.next_open(now)
            for hours in (rules.hours, rules.promised_hours)
            if not hours.are_open(now)
        ]
        if due := await self._book.next_due():
            moments.append(due)
        seconds = [(moment - now).total_seconds() for moment in moments]
        return max(0.0, min([*seconds, LONGEST_REST_SECONDS]))

    async def _keep_promises(self) -> None:
        """Each has its place in the queue; those beyond the first thousand wait here."""
        in_line = sum(p.debt.state is DebtState.PROMISED for p in self._paying.values())
        full = len(self._paying) >= AT_ONCE
        if full or self._book.counts.by_state[DebtState.PROMISED] <= in_line:
            return
        for debt in await self._book.due((DebtState.PROMISED,), AT_ONCE):
            if self._may_be_called(debt):
                self._take_up(debt)

    async def _pay_when_there_is_room(self) -> None:
        """Missed callers and surveys: few at once, and only while nobody waits.

        Each kind is looked at by itself: missed callers who wait for an agent, or for a
        person who calls them, keep no survey back.
        """
        if self._rules.automatic:
            await self._pay_those((DebtKind.MISSED, DebtKind.PROMISE))
        await self._pay_those((DebtKind.SURVEY,))

    async def _pay_those(self, kinds: tuple[DebtKind, ...]) -> None:
        due = await self._book.due((DebtState.OWED,), AT_ONCE, kinds)
        room = self._equipment.link.room()
        for debt in map(self._with_queue, due):
            if self._owed_under_way() >= self._rules.max_open:
                return
            if self._may_be_called(debt) and self._has_room(debt, room):
                self._take_up(self._behind_all(debt))

    def _owed_under_way(self) -> int:
        return sum(p.debt.state is DebtState.OWED for p in self._paying.values())

    def _has_room(self, debt: Debt, room: dict[str, int]) -> bool:
        """A survey needs no agent; a missed caller needs one whom nobody waits for."""
        if debt.kind is DebtKind.SURVEY:
            return True
        if room.get(debt.queue, 0) <= 0:
            return False
        room[debt.queue] -= 1
        return True

    def _may_be_called(self, debt: Debt) -> bool:
        hours = self._rules.debts.hours_of(debt.kind)
        is_time = hours.are_open(self._equipment.now())
        is_here = self._present.has(debt.number)
        return is_time and not is_here and debt.id not in self._paying

    def _with_queue(self, debt: Debt) -> Debt:
        """Who gave up before he came into a queue is called back by the first one.

        So is he whose queue is no more.
        """
        known = debt.queue in self._equipment.link.queue_names
        return debt if known else replace(debt, queue=self._equipment.help_queue)

    def _behind_all(self, debt: Debt) -> Debt:
        return replace(debt, since=self._equipment.now(), priority=BEHIND_ALL)

    # Paying

    def _take_up(self, debt: Debt) -> None:
        full = len(self._paying) >= AT_ONCE
        if full or self._draining or debt.id in self._paying:
            return
        task = asyncio.create_task(
            self._pay(self._with_queue(debt)), name=f"call-back {debt.id}"
        )
        self._paying[debt.id] = _Paying(debt, task)
        task.add_done_callback(lambda _: self._over(debt.id, task))

    def _over(self, debt_id: str, task: asyncio.Task[None]) -> None:
        del self._paying[debt_id]
        self._wake.set()
        if not task.cancelled() and (fault := task.exception()):
            logger.error("call-back %s failed", debt_id, exc_info=fault)

    async def _pay(self, debt: Debt) -> None:
        call = self._call_for(debt)
        outcome = await call.run()
        await self._book.tried(debt, call.id, outcome)

    def _call_for(self, debt: Debt) -> CallBack | SurveyCall:
        rules, equipment, ledger = self._rules, self._equipment, self._book.ledger
        kind = SurveyCall if debt.kind is DebtKind.SURVEY else CallBack
        flow = self._flow_of(debt.called)
        return kind(debt, rules, equipment, ledger, flow, self._present)
