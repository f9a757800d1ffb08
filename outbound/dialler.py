"""The dialler of follow-up calls: takes up who is due while a line is free.

It wakes when the next contact is due, when a window opens, when something ends, and
when an agent becomes ready. Everybody is leased in the database before he is dialled.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self

from ulid import ULID

from acd import events as e
from acd.call_backs.present import Present
from acd.equipment import Equipment
from config.database import DatabaseError
from outbound.agent_call import AgentCall
from outbound.agent_dialling import AgentDialling
from outbound.attempt import CallRules, FollowUpCall
from outbound.contact import Contact, FollowUpOutcome
from outbound.dialler_rules import DiallerRules
from outbound.lines import Load, Waiting
from outbound.mode import CampaignMode, DialMode
from outbound.modes.store import ModeStore, Running
from outbound.one_try import Call, Tries
from outbound.own_rules import OwnRules
from outbound.plan_level import PlanLevel
from outbound.previews import Previews, Wishes
from outbound.rules import FollowUpRules
from outbound.standing import Hold, Room, Standing, pace_of, windows_in_words
from outbound.store import CampaignStore

logger = logging.getLogger(__name__)

SETTLE_SECONDS = 0.1
LONGEST_REST_SECONDS = 60.0
RETRY_SECONDS = 5.0
NO_LINE_REST = timedelta(seconds=30)
"""Without a line nobody is tried for so long: else all would be, in vain."""
LOOKED_AT = 100
"""So many who are due are looked at besides those whom there are lines for."""
MAKES_ROOM = (e.CallEnded, e.CallConnected, e.CallAbandoned, e.PreviewEnded)
Make = Callable[[Contact, str], Call]
"""Makes the call to a contact, with the id that it shall have."""


class Dialler:
    """Calls the contacts of running campaigns; an async context manager.

    Entering ends the tries that a killed service left open. Leaving ends what is under
    way, as a try that was cut off. `plan_level` is where the emergency plans stood last:
    nobody tells it anew before the first calls.
    """

    def __init__(
        self,
        store: CampaignStore,
        modes: ModeStore,
        rules: DiallerRules,
        equipment: Equipment,
        plan_level: int = 0,
    ) -> None:
        self._store, self._rules, self._equipment = store, rules, equipment
        self._modes, self._agents = modes, AgentDialling(modes, equipment)
        self._present = Present(equipment.bus, e.CallBackBegun)
        self._tries = Tries(
            store, self._when_now, equipment, self._rest_without_line, self._present.has
        )
        self._waiting = Waiting(equipment.bus)
        self._calls: dict[str, asyncio.Task[None]] = {}
        self._draining = False
        self._no_line_until: datetime | None = None
        self._wake = asyncio.Event()
        self._plans = PlanLevel(equipment.bus, self._wake.set, plan_level)
        wishes = Wishes(call=self._accepted, put_off=self._put_off)
        self.previews = Previews(equipment.bus, equipment.clock, wishes)
        self._task: asyncio.Task[None] | None = None
        self._unsubscribe: list[Callable[[], None]] = []

    async def __aenter__(self) -> Self:
        await self._store.recover(self._equipment.now(), self._rules.when)
        bus = self._equipment.bus
        self._unsubscribe = [
            bus.subscribe(kind, lambda _: self._wake.set()) for kind in MAKES_ROOM
        ]
        self._unsubscribe.append(bus.subscribe(e.AgentStateChanged, self._agent_moved))
        self._task = asyncio.create_task(self._run(), name="dialler")
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
        self._waiting.close()
        self._plans.close()
        self.previews.close()
        tasks = [*self._calls.values(), *([self._task] if self._task else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def drain(self) -> None:
        """Call nobody more: the service is about to stop."""
        self._draining = True

    def limit(self, lines: int, when: FollowUpRules) -> None:
        """These bind each call from the next one on; what goes on is not cut."""
        self._rules = replace(self._rules, lines=lines, when=when)
        self.look()

    def _when_now(self) -> FollowUpRules:
        return self._rules.when

    def look(self) -> None:
        """Somebody may have become due."""
        self._wake.set()

    @property
    def under_way(self) -> int:
        """How many follow-up calls ring or are spoken now."""
        return len(self._calls)

    def standing(self, own: OwnRules | None = None) -> Standing:
        """What it may do now, for all campaigns or for one with these rules of its own."""
        now, rules, room = self._equipment.now(), self._rules, self._lines()
        when, opens_at = _when(rules, own), self._opens_at(now, own)
        hold = Hold(
            stopping=self._draining,
            plan=not self._plans.is_normal,
            no_trunk=self._found_no_line(now),
            is_open=opens_at == now,
            not_offered=bool(own and rules.fault_of(own)),
        )
        return Standing(
            pace=pace_of(room, hold),
            lines=rules.lines,
            under_way=room.load.under_way,
            free=room.free,
            waiting=room.load.waiting,
            opens_at=opens_at,
            windows=windows_in_words(when),
            workdays_only=when.workdays_only,
            tries=when.tries,
            caller_number=(own and own.caller_number) or rules.call.caller_number,
            flow=(own and own.flow) or rules.call.flow_of().name,
            offered=rules.offered,
        )

    def _opens_at(self, now: datetime, own: OwnRules | None) -> datetime | None:
        """When somebody may be called next: of the campaign, or of any that runs."""
        running = [each.own for each in self._agents.running.values()]
        whose = [own] if own else running or [OwnRules()]
        return _first_open(now, [_when(self._rules, each) for each in whose])

    async def _run(self) -> None:
        while True:
            self._wake.clear()
            rest = await self._round_or_rest()
            with suppress(TimeoutError):
                async with asyncio.timeout(rest):
                    await self._wake.wait()
            await asyncio.sleep(SETTLE_SECONDS)

    async def _round_or_rest(self) -> float:
        try:
            return await self._round()
        except DatabaseError as error:
            logger.warning("the campaigns cannot be read: %s", error)
        except Exception:  # the next round may go well: nobody is to be forgotten
            logger.exception("a round of the dialler failed")
        return RETRY_SECONDS

    async def _round(self) -> float:
        """Call whom there are lines for; returns the seconds until somebody is due."""
        now, running = self._equipment.now(), await self._agents.look()
        if self._is_held_back(now):
            self.previews.keep(())
            return _seconds(now, now + NO_LINE_REST)
        able = {name: it for name, it in running.items() if self._is_able(it)}
        opened = {name: it for name, it in able.items() if self._is_open(it, now)}
        self.previews.keep(opened)
        if opened:
            await self._call_all(now, opened)
        closed = [each.own for name, each in able.items() if name not in opened]
        opens_at = _first_open(now, [_when(self._rules, own) for own in closed])
        due_at = await self._store.next_due(now) if opened else None
        return _seconds(now, min(filter(None, (opens_at, due_at)), default=None))

    def _is_able(self, campaign: Running) -> bool:
        """Whether the settings still offer what it has of its own."""
        return not self._rules.fault_of(campaign.own)

    def _is_open(self, campaign: Running, now: datetime) -> bool:
        return _when(self._rules, campaign.own).is_open(now)

    async def _call_all(self, now: datetime, opened: Mapping[str, Running]) -> None:
        """The campaigns with agents first: an agent who waits costs most."""
        for name, each in opened.items():
            if each.mode.mode is DialMode.PREVIEW:
                await self._show_due(now, name, each.mode)
            elif each.mode.has_agents:
                await self._call_paced(now, name, each)
        agentless = [name for name, it in opened.items() if not it.mode.has_agents]
        if room := self._room():
            await self._call_due(now, room, agentless, self._by_machine)

    async def _call_paced(self, now: datetime, campaign: str, by: Running) -> None:
        since, mode = _when(self._rules, by.own).window_begin(now), by.mode
        assert since, "it is open"
        dial = await self._agents.wanted(campaign, since)

        def ahead(contact: Contact, call_id: str) -> AgentCall:
            """Who was abandoned once has an agent reserved when he is called again."""
            is_ahead = contact.reason != FollowUpOutcome.ABANDONED
            return self._by_agent(contact, call_id, mode, is_ahead=is_ahead)

        def reserved(contact: Contact, call_id: str) -> AgentCall:
            return self._by_agent(contact, call_id, mode)

        if lines := min(dial.ahead, self._room()):
            await self._call_due(now, lines, [campaign], ahead)
        if lines := min(dial.reserved, self._room()):
            await self._call_due(now, lines, [campaign], reserved)

    async def _show_due(self, now: datetime, campaign: str, mode: CampaignMode) -> None:
        """Show a contact to each agent who is ready and looks at none."""
        ready = [
            agent
            for agent in self._agents.ready_agents(mode.queue)
            if not self.previews.is_shown_to(agent)
        ]
        if not ready:
            return
        due = await self._store.due(now, len(ready) + LOOKED_AT, [campaign])
        free = [each for each in due if self._is_callable(each)]
        for agent, contact in zip(ready, free, strict=False):
            self.previews.offer(agent, contact)

    def _accepted(self, contact: Contact, agent_id: str) -> str:
        now, running = self._equipment.now(), self._agents.running
        by = running.get(contact.campaign)
        if by is None or not self._is_able(by) or not self._is_open(by, now):
            return "nobody of this campaign is called now"
        if self._is_held_back(now):
            return "nobody of this campaign is called now"
        if not self._room():
            return "no line is free now; try again in a moment"
        call_id = str(ULID())
        call = self._by_agent(contact, call_id, by.mode, only_agent=agent_id)
        self._begin(contact, call)
        return ""

    async def _put_off(self, contact: Contact, until: datetime) -> None:
        await self._modes.put_off(contact.id, until, self._equipment.now())
        self._wake.set()

    def _agent_moved(self, event: e.AgentStateChanged) -> None:
        """Of interest only where agents speak with contacts."""
        has_agents = any(it.mode.has_agents for it in self._agents.running.values())
        if has_agents and event.new is e.AgentState.READY:
            self._wake.set()

    def _is_held_back(self, now: datetime) -> bool:
        """The service stops, an emergency plan is on, or no trunk took a call just now."""
        no_line = self._found_no_line(now)
        return self._draining or no_line or not self._plans.is_normal

    def _rest_without_line(self) -> None:
        self._no_line_until = self._equipment.now() + NO_LINE_REST

    def _found_no_line(self, now: datetime) -> bool:
        return self._no_line_until is not None and now < self._no_line_until

    def _room(self) -> int:
        return self._lines().free

    def _lines(self) -> Room:
        endpoint = self._equipment.endpoint
        load = Load(
            waiting=self._waiting.count,
            under_way=len(self._calls),
            free_legs=endpoint.legs_allowed - endpoint.legs_in_use,
        )
        rules = self._rules
        return Room(lines=rules.lines, kept_legs=rules.kept_legs(), load=load)

    async def _call_due(
        self, now: datetime, room: int, campaigns: Sequence[str], make: Make
    ) -> None:
        for contact in await self._store.due(now, room + LOOKED_AT, campaigns):
            if room <= 0:
                return
            if self._is_callable(contact):
                self._begin(contact, make(contact, str(ULID())))
                room -= 1

    def _is_callable(self, contact: Contact) -> bool:
        """Whether nobody calls him, looks at him, or has him on the line."""
        taken = contact.id in self._calls or self.previews.has(contact.id)
        return not taken and not self._present.has(contact.number)

    def _by_machine(self, contact: Contact, call_id: str) -> FollowUpCall:
        rules = self._call_rules(contact)
        return FollowUpCall(call_id, contact, rules, self._equipment, self._store)

    def _by_agent(
        self,
        contact: Contact,
        call_id: str,
        mode: CampaignMode,
        *,
        is_ahead: bool = False,
        only_agent: str = "",
    ) -> AgentCall:
        return AgentCall(
            call_id,
            contact,
            self._call_rules(contact),
            mode,
            self._equipment,
            self._store,
            is_ahead=is_ahead,
            only_agent=only_agent,
        )

    def _call_rules(self, contact: Contact) -> CallRules:
        return self._rules.call_of(self._agents.running[contact.campaign].own)

    def _begin(self, contact: Contact, call: Call) -> None:
        task = asyncio.create_task(
            self._tries.make(contact, call), name=f"follow-up {call.id}"
        )
        self._calls[contact.id] = task
        if isinstance(call, AgentCall):
            self._agents.add(call)
        task.add_done_callback(lambda _: self._over(contact.id, call, task))

    def _over(self, contact_id: str, call: Call, task: asyncio.Task[None]) -> None:
        del self._calls[contact_id]
        if isinstance(call, AgentCall):
            self._agents.remove(call)
        self._wake.set()
        if not task.cancelled() and (fault := task.exception()):
            logger.error("call %s failed", call.id, exc_info=fault)


def _seconds(now: datetime, until: datetime | None) -> float:
    if until is None:
        return LONGEST_REST_SECONDS
    return min(max(0.0, (until - now).total_seconds()), LONGEST_REST_SECONDS)


def _when(rules: DiallerRules, own: OwnRules | None) -> FollowUpRules:
    return own.when(rules.when) if own else rules.when


def _first_open(now: datetime, every: Sequence[FollowUpRules]) -> datetime | None:
    moments = (rules.next_open(now) for rules in every)
    return min(filter(None, moments), default=None)
