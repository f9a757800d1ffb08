"""A day of calls through the same engine and flows as live calls, in virtual time.

Nothing here is random but what `Chance` draws from the seed, so a day can be told again.
All arguments and results can be pickled: a long simulation may run in a process of its
own.
"""

import math
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from functools import partial

from acd import messages as m
from acd.events import (
    AgentState,
    AgentStateChanged,
    CallMissed,
    Event,
    OfferUnanswered,
    Outcome,
    PlaceTakenBack,
)
from acd.staffing.behaviour import Behaviour
from acd.staffing.chance import Chance, Fate
from acd.staffing.citizen import Citizen
from acd.staffing.day import WITHHELD, Day, DayCall
from acd.staffing.plan import Duty, Plan, PlannedAgent
from acd.staffing.simulated_desk import SimulatedDesk
from acd.staffing.story import CallStory, SimulatedDay, TimeSheet, intervals_an_hour
from acd.staffing.virtual_floor import VirtualFloor
from acd.statistics.counted_call import REDIAL

INTERVAL_SECONDS = 900.0
CLOSES_AFTER_SECONDS = 2 * 3600.0
"""So long after the last call whoever still waits is taken to hang up."""

SETTLE_SECONDS = 3600.0
"""Longer than any ring or wrap-up."""

_TELL_EVERY = 500

Told = Callable[[int], None]
"""Told how many calls have come so far."""


class SomebodyStuck(Exception):
    """A call or an agent is left over at the end of the day: a fault in the engine."""

    error_id = "somebody_stuck"


def simulate(
    day: Day,
    plan: Plan,
    behaviour: Behaviour,
    *,
    seed: int = 1,
    interval_seconds: float = INTERVAL_SECONDS,
    told: Told | None = None,
) -> SimulatedDay:
    """Let the day happen under a plan.

    It ends with every call over and every agent gone, or raises `SomebodyStuck`.
    """
    return _Simulation(day, plan, behaviour, seed, interval_seconds, told).run()


class _Simulation:
    """The town: its floor, its agents, and everybody who calls."""

    def __init__(
        self,
        day: Day,
        plan: Plan,
        behaviour: Behaviour,
        seed: int,
        interval_seconds: float,
        told: Told | None,
    ) -> None:
        self.floor = VirtualFloor(plan, day.start, self._hear)
        self.ivr = plan.ivr
        self._day, self._plan, self._behaviour = day, plan, behaviour
        self.chance = Chance(behaviour, len(day.calls), seed)
        self.desk = SimulatedDesk(plan, self.floor, self.chance)
        self._told = told or (lambda _: None)
        self._stories: list[CallStory] = []
        self._untaken: Counter[str] = Counter()
        self._last_agents: dict[str, str] = {}
        self._unanswered: dict[str, tuple[float, CallStory]] = {}
        self._interval_seconds = interval_seconds
        self._closes = day.seconds + CLOSES_AFTER_SECONDS
        self._sheet = TimeSheet(
            {agent.profile.id: agent.group for agent in plan.agents},
            day.start,
            interval_seconds=interval_seconds,
            intervals=self._whole_hours()[1],
        )

    def run(self) -> SimulatedDay:
        """From the first login to the last hang-up."""
        for agent in self._plan.agents:
            for seconds, profile in agent.changes:
                self._tell_at(seconds, m.AgentProfileChanges(profile=profile))
            for duty in agent.duties:
                self._put_on_duty(agent, duty)
        self._expect(0)
        self.floor.at(self._day.at(self._closes), self._close)
        self.floor.run()
        self.floor.settle(SETTLE_SECONDS)
        if stuck := self.floor.left_behind():
            raise SomebodyStuck(f"at the end of the day there is still: {stuck}")
        return self._found()

    # What lies around a citizen

    def spoke_before(self, caller: str) -> str:
        """The agent whom this number spoke with, "" when nobody."""
        return self._last_agents.get(caller, "")

    def speaks(self, caller: str, agent_id: str, here_since: datetime) -> None:
        """A citizen, whose call came then, speaks with an agent."""
        if caller:
            self._last_agents[caller] = agent_id
            self.desk.spoke(caller, here_since)

    def _over(self, citizen: Citizen, gave_up: bool) -> None:
        """The call is over; whoever gave up may call again."""
        self.desk.ended(self._missed(citizen), citizen.story, citizen.fate)
        if citizen.caller and citizen.story.outcome is not Outcome.ANSWERED:
            self._unanswered[citizen.caller] = self.floor.seconds(), citizen.story
        after = citizen.fate.redials_after
        if gave_up and after is not None:
            again = partial(self._calls_again, citizen)
            self.floor.after(after, again)

    def _missed(self, citizen: Citizen) -> CallMissed:
        """How the ledger is told of a call, if nobody served it."""
        story = citizen.story
        return CallMissed(
            at=self.floor.now,
            call_id=citizen.call_id,
            caller=citizen.caller,
            called=citizen.call.called,
            queue=story.queue or self.floor.queues[0],
            stage=story.outcome,
        )

    # Calls

    def _expect(self, number: int) -> None:
        if number < len(self._day.calls):
            moment = self._day.at(self._day.calls[number].at_seconds)
            self.floor.at(moment, partial(self._arrives, number))

    def _arrives(self, number: int) -> None:
        self._expect(number + 1)
        if number % _TELL_EVERY == 0:
            self._told(number)
        call = self._day.calls[number]
        fate = self.chance.fate(number, call)
        self._take_in(call, call.caller or f"person-{number}", fate)

    def _calls_again(self, before: Citizen) -> None:
        if self.floor.seconds() < self._closes:
            fate = self.chance.later_fate(before.call)
            self._take_in(before.call, before.caller, fate)

    def _take_in(self, call: DayCall, caller: str, fate: Fate) -> None:
        known = "" if caller == WITHHELD else caller
        self._note_redial(known)
        self.desk.arrived(known)
        story = CallStory(arrived_at=self.floor.seconds())
        self._stories.append(story)
        Citizen(
            call_id=f"c{len(self._stories)}",
            call=call,
            caller=known,
            fate=fate,
            town=self,
            story=story,
            here_since=self.floor.now,
            over=self._over,
        ).arrive()

    def _note_redial(self, caller: str) -> None:
        """Whom nobody answered and who is here again soon is one citizen."""
        ended, story = self._unanswered.pop(caller, (-math.inf, None))
        if story and self.floor.seconds() - ended <= REDIAL.total_seconds():
            story.redialled = True

    def _close(self) -> None:
        self.floor.is_closed = True
        for caller in list(self.floor.callers.values()):
            caller.leave_for_good()
        for agent in self._plan.agents:
            self.floor.send(m.AgentLogsOut(agent_id=agent.profile.id))

    # Agents

    def _put_on_duty(self, agent: PlannedAgent, duty: Duty) -> None:
        begins, ends = duty
        agent_id = agent.profile.id
        self._tell_at(begins, m.AgentLogsIn(agent_id=agent_id))
        if not math.isinf(ends):
            self._tell_at(ends, m.AgentLogsOut(agent_id=agent_id))

    def _tell_at(self, seconds: float, message: m.Message) -> None:
        self.floor.at(self._day.at(seconds), partial(self.floor.send, message))

    def _hear(self, event: Event) -> None:
        match event:
            case AgentStateChanged():
                self._agent_moved(event)
            case OfferUnanswered():
                self._untaken[event.failure] += 1
            case PlaceTakenBack():
                self.desk.place_taken_back(event.call_id, event.since)

    def _agent_moved(self, event: AgentStateChanged) -> None:
        self._sheet.note(event)
        if event.new is AgentState.READY:
            self.desk.agent_is_ready()
        elif event.new is AgentState.PAUSED:
            back = partial(self._back_from_pause, event.agent_id)
            self.floor.after(self._behaviour.pause_seconds, back)

    def _back_from_pause(self, agent_id: str) -> None:
        if self.floor.state_of(agent_id) is AgentState.PAUSED:
            self.floor.send(m.AgentGetsReady(agent_id=agent_id))

    # What was found

    def _whole_hours(self) -> tuple[int, int]:
        """The first interval of the first call's hour, and the end of the last call's."""
        calls, an_hour = self._day.calls, intervals_an_hour(self._interval_seconds)
        first = calls[0].at_seconds if calls else 0.0
        hours = [
            int(seconds // self._interval_seconds) // an_hour
            for seconds in (first, self._day.seconds)
        ]
        return hours[0] * an_hour, (hours[1] + 1) * an_hour

    def _found(self) -> SimulatedDay:
        first, end = self._whole_hours()
        agents: dict[str, int] = {}
        for agent in self._plan.agents:
            agents[agent.group] = agents.get(agent.group, 0) + 1
        return SimulatedDay(
            plan=self._plan.name,
            behaviour=self._behaviour,
            start=self._day.start,
            interval_seconds=self._interval_seconds,
            first_interval=first,
            intervals=end - first,
            stories=tuple(self._stories),
            agents=agents,
            times=self._sheet.times(first),
            untaken=dict(self._untaken),
        )
