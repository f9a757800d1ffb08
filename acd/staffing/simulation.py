"""A day of calls through the same engine and flows as live calls, in virtual time.

Nothing here is random but what `Chance` draws from the seed, so a day can be told again.
All arguments and results can be pickled: a long simulation may run in a process of its
own.
"""

import math
from collections.abc import Callable
from functools import partial

from acd import messages as m
from acd.events import AgentState, AgentStateChanged, Event, Outcome
from acd.staffing.behaviour import Behaviour, Chance, Fate
from acd.staffing.citizen import Citizen
from acd.staffing.day import WITHHELD, Day, DayCall
from acd.staffing.plan import Duty, Plan, PlannedAgent
from acd.staffing.promise import PromisedCallBack
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
        self.ivr, self.first_queue = plan.ivr, plan.queues[0].name
        self._day, self._plan, self._behaviour = day, plan, behaviour
        self._chance = Chance(behaviour, len(day.calls), seed)
        self._told = told or (lambda _: None)
        self._stories: list[CallStory] = []
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

    def seconds(self) -> float:
        """The time now, in seconds since the day began."""
        return (self.floor.now - self._day.start).total_seconds()

    def is_answered(self) -> bool:
        """Whether an agent takes the call that he is offered."""
        return self._chance.is_answered()

    def spoke_before(self, caller: str) -> str:
        """The agent whom this number spoke with, "" when nobody."""
        return self._last_agents.get(caller, "")

    def speaks(self, caller: str, agent_id: str) -> None:
        """A citizen speaks with an agent."""
        if caller:
            self._last_agents[caller] = agent_id

    def promised(self, citizen: Citizen) -> None:
        """There was no place for him: a call-back stands in the line in his stead."""
        call_back = PromisedCallBack(
            call_id=f"{citizen.call_id}-back",
            caller=citizen.caller,
            queue=citizen.queue,
            since=citizen.entered_at or self.floor.now,
            fate=citizen.fate,
            story=citizen.story,
            floor=self.floor,
        )
        self.floor.after(0, call_back.stand_in)

    def over(self, citizen: Citizen, *, gave_up: bool) -> None:
        """The call is over; whoever gave up may call again."""
        if citizen.caller and citizen.story.outcome is not Outcome.ANSWERED:
            self._unanswered[citizen.caller] = self.seconds(), citizen.story
        after = citizen.fate.redials_after
        if gave_up and after is not None:
            again = partial(self._calls_again, citizen)
            self.floor.after(after, again)

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
        fate = self._chance.fate(number, call)
        self._take_in(call, call.caller or f"person-{number}", fate)

    def _calls_again(self, before: Citizen) -> None:
        if self.seconds() < self._closes:
            fate = self._chance.later_fate(before.call)
            self._take_in(before.call, before.caller, fate)

    def _take_in(self, call: DayCall, caller: str, fate: Fate) -> None:
        known = "" if caller == WITHHELD else caller
        self._note_redial(known)
        story = CallStory(arrived_at=self.seconds())
        self._stories.append(story)
        Citizen(
            call_id=f"c{len(self._stories)}",
            call=call,
            caller=known,
            fate=fate,
            town=self,
            story=story,
        ).arrive()

    def _note_redial(self, caller: str) -> None:
        """Whom nobody answered and who is here again soon is one citizen."""
        ended, story = self._unanswered.pop(caller, (-math.inf, None))
        if story and self.seconds() - ended <= REDIAL.total_seconds():
            story.redialled = True

    def _close(self) -> None:
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
        if not isinstance(event, AgentStateChanged):
            return
        self._sheet.note(event)
        if event.new is AgentState.PAUSED:
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
        )
