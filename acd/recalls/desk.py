"""The desk of recalls: rings off-duty staff, knows who comes, and calls them off again.

One recall at a time. Each person is told over the bus as he is rung, so that a message can
go out at the same time; his log-in is his arrival.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from types import TracebackType
from typing import Self
from zoneinfo import ZoneInfo

from ulid import ULID

from acd.equipment import Equipment
from acd.events import AgentState, AgentStateChanged
from acd.people.archive import read_people
from acd.recalls import store
from acd.recalls.call import RecallCall, RecallCallRules, Said
from acd.recalls.events import PersonRecalled, RecallChanged
from acd.recalls.people import off_duty
from acd.recalls.store import KeptRecall
from acd.rosters.store import read_shifts
from acd.staffing.recall import (
    Answer,
    Recall,
    Recalled,
    RecallRules,
    Standing,
)
from acd.staffing.recall_order import RecallOrder, recall_order
from config.database import Database, DatabaseError

logger = logging.getLogger(__name__)

NumberOf = Callable[[str], Awaitable[str]]
"""Opens a person's recall number; "" when there is none."""

CALLED_OFF = "called_off"
SHORTEST_REST_SECONDS, LONGEST_REST_SECONDS = 0.05, 15.0
_AROUND = timedelta(days=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecallPlan:
    """How plan 2 recalls: whom, how, and how many at most.

    `qualification` is what they must have, "" for none.
    """

    rules: RecallRules
    call: RecallCallRules
    most: int = 50
    qualification: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """Who would be rung now and why others would not; the share that came before."""

    order: RecallOrder
    share: float


class RecallDesk:
    """Recalls of a running hotline; an async context manager."""

    def __init__(
        self,
        database: Database,
        plan: RecallPlan,
        equipment: Equipment,
        number_of: NumberOf,
        zone: ZoneInfo,
    ) -> None:
        self._database, self._plan, self._equipment = database, plan, equipment
        self._number_of, self._zone = number_of, zone
        self._id = ""
        self._recall: Recall | None = None
        self._came = 0
        self._written: dict[str, Recalled] = {}
        self._calls: dict[str, asyncio.Task[None]] = {}
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._unsubscribe = equipment.bus.subscribe(AgentStateChanged, self._changed)

    async def __aenter__(self) -> Self:
        await self._recover()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._unsubscribe()
        tasks = [*self._calls.values(), *([self._task] if self._task else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    @property
    def plan(self) -> RecallPlan:
        """What it is set to."""
        return self._plan

    @property
    def arrived(self) -> int:
        """How many have come in the last recall, also when everybody has come or was given up."""
        return self._recall.count(Standing.ARRIVED) if self._recall else self._came

    async def candidates(self) -> Candidates:
        """Who would be rung now."""
        now = self._equipment.now()
        today = now.astimezone(self._zone).date()
        async with self._database.read() as connection:
            people = await read_people(connection)
            shifts = await read_shifts(connection, today - _AROUND, today + _AROUND)
            last = await store.last_recalled(connection)
            rung, came = await store.share_that_came(connection)
        everybody = off_duty(
            people, shifts, last, now, self._zone, self._plan.qualification
        )
        within = self._plan.rules.within_seconds / 60
        # The share of before, as if six people had come as the settings expect.
        share = (6 * self._plan.rules.expected_share + came) / (6 + rung)
        return Candidates(order=recall_order(everybody, within), share=share)

    async def begin(self, needed: int) -> None:
        """Recall so many; one that is on goes on for the greater number."""
        if self._recall:
            self._recall.needed = max(self._recall.needed, needed)
            self._wake.set()
            return
        found = await self.candidates()
        rules = replace(self._plan.rules, expected_share=found.share)
        needed = max(min(needed, self._plan.most), 1)
        self._id = str(ULID())
        self._recall = Recall(rules, needed, found.order.rung, self._equipment.now())
        await store.keep_recall(self._database, self._kept())
        self._start()

    async def call_off(self) -> None:
        """The surge is over: nobody is rung more, and everybody who was is told.

        Who is on his way is called; who has not answered has the message alone.
        """
        recall = self._recall
        if recall is None:
            return
        now = self._equipment.now()
        told, unsure = recall.call_off(now), recall.unanswered()
        await store.keep_end(self._database, self._id, called_off=True, at=now)
        for who in told:
            self._tell_person(who, CALLED_OFF)
            self._begin_call(who, tell_off=True)
        for who in unsure:
            self._tell_person(who, CALLED_OFF)
        self._wake.set()

    async def _recover(self) -> None:
        """A recall that a killed service left goes on; who was rung is rung again."""
        for kept in await store.last_recalls(self._database, 1):
            left = Recall.of(self._plan.rules, kept.needed, kept.people, kept.began_at)
            self._came = left.count(Standing.ARRIVED)
            over = kept.ended_at or kept.called_off_at
            if not over and not left.is_over(self._equipment.now()):
                self._id, self._recall = kept.id, left
                self._start()

    def _start(self) -> None:
        self._written = {}
        self._task = asyncio.create_task(self._run(), name=f"recall {self._id}")

    async def _run(self) -> None:
        recall = self._recall
        assert recall
        while not recall.is_over(self._equipment.now()):
            self._wake.clear()
            for who in recall.to_ring(self._equipment.now()):
                self._tell_person(who, Standing.RINGING)
                self._begin_call(who)
            await self._keep(recall.people)
            self._tell()
            with suppress(TimeoutError):
                async with asyncio.timeout(self._rest(recall)):
                    await self._wake.wait()
        await self._keep(recall.people)
        self._recall, self._came = None, recall.count(Standing.ARRIVED)
        self._tell(recall)
        with suppress(DatabaseError):
            now = self._equipment.now()
            await store.keep_end(self._database, self._id, called_off=False, at=now)

    def _rest(self, recall: Recall) -> float:
        """Until something is due; what is overdue waits for news, which wakes us."""
        now = self._equipment.now()
        due = (at for at in (recall.ends_at, recall.next_at()) if at and at > now)
        seconds = ((at - now).total_seconds() for at in due)
        longest = min(seconds, default=LONGEST_REST_SECONDS)
        return min(max(longest, SHORTEST_REST_SECONDS), LONGEST_REST_SECONDS)

    def _begin_call(self, who: str, *, tell_off: bool = False) -> None:
        call_id = str(ULID())
        task = asyncio.create_task(
            self._one(who, call_id, tell_off=tell_off), name=f"recall call {call_id}"
        )
        self._calls[call_id] = task
        task.add_done_callback(lambda _: self._calls.pop(call_id, None))

    async def _one(self, who: str, call_id: str, *, tell_off: bool) -> None:
        said = Said(answer=Answer.NOT_REACHED)
        try:
            if number := await self._number_of(who):
                call = RecallCall(
                    call_id, who, number, self._plan.call, self._equipment
                )
                said = await (call.tell_off() if tell_off else call.ask())
        except Exception:  # the others are to be rung all the same
            logger.exception("call %s failed", call_id)
        if not tell_off:
            self._answered(who, said)

    def _answered(self, who: str, said: Said) -> None:
        if self._recall:
            now = self._equipment.now()
            self._recall.answered(who, said.answer, now, said.minutes)
            self._tell_person(who, self._person(who).standing)
            if self._recall.called_off_at and said.answer is Answer.COMES:
                self._tell_person(who, CALLED_OFF)
                self._begin_call(who, tell_off=True)
            self._wake.set()

    def _changed(self, event: AgentStateChanged) -> None:
        """Who logs in has arrived."""
        logs_in = event.old is AgentState.LOGGED_OUT
        if self._recall and logs_in and self._recall.arrived(event.agent_id, event.at):
            self._tell_person(event.agent_id, Standing.ARRIVED)
            self._wake.set()

    def _person(self, who: str) -> Recalled:
        assert self._recall
        return next(p for p in self._recall.people if p.person_id == who)

    async def _keep(self, people: Iterable[Recalled]) -> None:
        """Write who stands otherwise than when he was written last."""
        changed = [p for p in people if self._written.get(p.person_id) != p]
        if not changed:
            return
        try:
            await store.keep_standings(self._database, self._id, changed)
        except DatabaseError as error:
            logger.warning("a recall is kept later: %s", error)
            return
        self._written |= {person.person_id: person for person in changed}

    def _kept(self) -> KeptRecall:
        assert self._recall
        return KeptRecall(
            id=self._id,
            began_at=self._recall.began_at,
            needed=self._recall.needed,
            called_off_at=None,
            ended_at=None,
            people=self._recall.people,
        )

    def _tell_person(self, who: str, standing: str) -> None:
        self._equipment.bus.publish(
            PersonRecalled(
                at=self._equipment.now(),
                recall_id=self._id,
                person_id=who,
                standing=standing,
                due_at=self._person(who).due_at if self._recall else None,
            )
        )

    def _tell(self, over: Recall | None = None) -> None:
        recall = over or self._recall
        assert recall
        now = self._equipment.now()
        self._equipment.bus.publish(
            RecallChanged(
                at=now,
                recall_id=self._id,
                needed=recall.needed,
                ringing=recall.count(Standing.RINGING),
                confirmed=recall.count(Standing.CONFIRMED),
                arrived=recall.count(Standing.ARRIVED),
                declined=recall.count(Standing.DECLINED),
                late=len(recall.late(now)),
                ends_at=recall.ends_at,
                is_over=over is not None,
            )
        )
