"""The desk of recalls: rings off-duty staff, knows who comes, and calls them off again.

One recall at a time. Each person is told over the bus as he is rung, so that a message can
go out at the same time; his log-in is his arrival.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
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
from acd.recalls.events import PersonRecalled
from acd.recalls.people import off_duty
from acd.recalls.running import Beginning, RunningRecall
from acd.rosters.store import read_shifts
from acd.staffing.recall import Answer, Recall, RecallRules, Standing
from acd.staffing.recall_order import RecallOrder, recall_order
from config.database import Database, Visit

logger = logging.getLogger(__name__)

NumberOf = Callable[[str], Awaitable[str]]
"""Opens a person's recall number; "" when there is none."""

CALLED_OFF = "called_off"
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
        self._on: RunningRecall | None = None
        self._came = 0
        self._calls: dict[asyncio.Task[None], str] = {}
        self._runs: set[asyncio.Task[None]] = set()
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
        tasks = [*self._calls, *self._runs]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    @property
    def plan(self) -> RecallPlan:
        """What it is set to."""
        return self._plan

    @property
    def arrived(self) -> int:
        """How many have come since plan 2 began, in all of its recalls."""
        return self._came + _came_in(self._on)

    @property
    def needed(self) -> int:
        """How many the recall needs that is on and may yet ring people; else 0."""
        on, now = self._on, self._equipment.now()
        return on.recall.needed if on and on.recall.takes_more(now) else 0

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
            people,
            shifts,
            last,
            now,
            self._zone,
            self._plan.qualification,
            logged_in=self._logged_in(),
        )
        within = self._plan.rules.within_seconds / 60
        # The share of before, as if six people had come as the settings expect.
        share = (6 * self._plan.rules.expected_share + came) / (6 + rung)
        return Candidates(order=recall_order(everybody, within), share=share)

    def _logged_in(self) -> set[str]:
        agents = self._equipment.link.agents()
        return {a.id for a in agents if a.state is not AgentState.LOGGED_OUT}

    async def prepare(self, needed: int) -> Beginning | None:
        """A recall of so many, to be kept and begun; None: nobody can be rung now.

        One that is on goes on for the greater number. Where none is on, or it was called
        off or is after its time, it is a new one.
        """
        needed = max(min(needed, self._plan.most), 1)
        found = await self.candidates()
        rung, now, on = found.order.rung, self._equipment.now(), self._on
        if on and on.recall.takes_more(now):
            return Beginning(recall=on, needed=needed, rung=rung, is_new=False)
        if not rung:
            return None
        rules = replace(self._plan.rules, expected_share=found.share)
        recall = Recall(rules, needed, rung, now)
        new = RunningRecall(self._database, str(ULID()), recall)
        return Beginning(recall=new, needed=needed, rung=rung, is_new=True)

    async def begin(self, prepared: Beginning) -> bool:
        """Ring, as it was kept; false: the recall that was to go on has ended meanwhile.

        In a new one goes on ringing whose telephone still rings.
        """
        if not prepared.is_new:
            return prepared.enlarge()
        await self._follow(prepared.recall)
        return True

    async def _follow(self, new: RunningRecall) -> None:
        """A new recall takes the place of the one that winds down, if one does."""
        if old := self._on:
            self._came += _came_in(old)
            old.recall.hand_over(new.recall)
        self._on = new
        for person in new.recall.people:
            if person.standing is Standing.RINGING:
                self._tell_person(new, person.person_id, Standing.RINGING)
        if old and old.task:
            old.wake.set()
            await asyncio.wait({old.task})
        self._start(new)

    async def keep_called_off(self, connection: Visit) -> None:
        """Write that the recall is called off, in the transaction of who does it."""
        if (on := self._on) and not on.recall.called_off_at:
            now = self._equipment.now()
            await store.keep_end(connection, on.id, called_off=True, at=now)

    def call_off(self) -> None:
        """The surge is over: nobody is rung more, and everybody who was is told.

        Who is on his way is called; who has not answered has the message alone.
        """
        on, self._came = self._on, 0
        if on is None or on.recall.called_off_at:
            return
        told, unsure = on.recall.call_off(self._equipment.now()), on.recall.unanswered()
        for who in told:
            self._tell_person(on, who, CALLED_OFF)
            self._begin_call(who, tell_off=True)
        for who in unsure:
            self._tell_person(on, who, CALLED_OFF)
        on.wake.set()

    async def _recover(self) -> None:
        """A recall that a killed service left goes on; who was rung is rung again."""
        for kept in await store.last_recalls(self._database, 1):
            left = Recall.of(self._plan.rules, kept.needed, kept.people, kept.began_at)
            over = kept.ended_at or kept.called_off_at
            if not over and not left.is_over(self._equipment.now()):
                self._on = RunningRecall(self._database, kept.id, left)
                self._start(self._on)
            elif not kept.called_off_at:
                self._came = left.count(Standing.ARRIVED)

    def _start(self, on: RunningRecall) -> None:
        on.task = asyncio.create_task(self._run(on), name=f"recall {on.id}")
        self._runs.add(on.task)
        on.task.add_done_callback(self._runs.discard)

    async def _run(self, on: RunningRecall) -> None:
        while not on.recall.is_over(self._equipment.now()):
            on.wake.clear()
            busy = set(self._calls.values())
            for who in on.recall.to_ring(self._equipment.now(), busy):
                self._tell_person(on, who, Standing.RINGING)
                self._begin_call(who)
            await on.keep()
            self._tell(on, is_over=False)
            with suppress(TimeoutError):
                async with asyncio.timeout(on.rest(self._equipment.now())):
                    await on.wake.wait()
        if self._on is on:
            self._on, self._came = None, self._came + _came_in(on)
        await on.keep()
        self._tell(on, is_over=True)
        await on.keep_over(self._equipment.now())

    def _begin_call(self, who: str, *, tell_off: bool = False) -> None:
        call_id = str(ULID())
        task = asyncio.create_task(
            self._one(who, call_id, tell_off=tell_off), name=f"recall call {call_id}"
        )
        self._calls[task] = who
        task.add_done_callback(self._call_is_over)

    def _call_is_over(self, task: asyncio.Task[None]) -> None:
        """He may be rung again."""
        self._calls.pop(task, None)
        if self._on:
            self._on.wake.set()

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
        on = self._on
        if on is None or on.person(who) is None:
            return
        on.recall.answered(who, said.answer, self._equipment.now(), said.minutes)
        person = on.person(who)
        assert person
        self._tell_person(on, who, person.standing)
        if on.recall.called_off_at and said.answer is Answer.COMES:
            self._tell_person(on, who, CALLED_OFF)
            self._begin_call(who, tell_off=True)
        on.wake.set()

    def _changed(self, event: AgentStateChanged) -> None:
        """Who logs in has arrived."""
        on, logs_in = self._on, event.old is AgentState.LOGGED_OUT
        if on and logs_in and on.recall.arrived(event.agent_id, event.at):
            self._tell_person(on, event.agent_id, Standing.ARRIVED)
            on.wake.set()

    def _tell_person(self, on: RunningRecall, who: str, standing: str) -> None:
        person = on.person(who)
        self._equipment.bus.publish(
            PersonRecalled(
                at=self._equipment.now(),
                recall_id=on.id,
                person_id=who,
                standing=standing,
                due_at=person.due_at if person else None,
            )
        )

    def _tell(self, on: RunningRecall, *, is_over: bool) -> None:
        told = on.told(self._equipment.now(), is_over=is_over)
        self._equipment.bus.publish(told)


def _came_in(on: RunningRecall | None) -> int:
    """Who has come in a recall that was not called off."""
    if on is None or on.recall.called_off_at:
        return 0
    return on.recall.count(Standing.ARRIVED)
