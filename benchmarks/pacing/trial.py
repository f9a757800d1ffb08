"""A campaign in virtual time: agents, citizens who answer or not, and the controller.

Discrete events; the controller is the real one. Times of ringing and handling are drawn.
"""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Final

from outbound.pacing import Agents, Dial, Seen, predictive, progressive

NO_ANSWER_SECONDS: Final = 25.0
Event = tuple[float, int, Callable[[], None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What the campaign meets. Times are in seconds; `inbound` are calls an hour.

    A citizen picks up after `ring_seconds` on average and waits `patience_seconds` for
    an agent before he hears the message.
    """

    agents: int
    answer_rate: float
    ring_seconds: float = 12
    handling_seconds: float = 120
    patience_seconds: float = 2
    inbound: float = 0
    hours: float = 3
    cap: float = 0.03
    is_predictive: bool = True


@dataclass(slots=True)
class Count:
    """What came of it. `worst_excess` is the most by which the cap was ever passed.

    It is in calls: abandoned ones above cap x answered ones, at any moment.
    """

    tries: int = 0
    answered: int = 0
    abandoned: int = 0
    talked_seconds: float = 0.0
    worst_excess: float = 0.0
    overdialled: int = 0

    @property
    def share(self) -> float:
        """Abandoned among answered."""
        return self.abandoned / self.answered if self.answered else 0.0


@dataclass(slots=True)
class Trial:
    """One window from its beginning to its end."""

    setting: Setting
    chance: Random
    now: float = 0.0
    free: int = field(init=False)
    ringing: int = 0
    waiting: list[list[bool]] = field(default_factory=list)
    inbound_waiting: int = 0
    count: Count = field(default_factory=Count)
    rings: list[float] = field(default_factory=list)
    talks: list[float] = field(default_factory=list)
    _events: list[Event] = field(default_factory=list)
    _number: int = 0

    def __post_init__(self) -> None:
        self.free = self.setting.agents

    def run(self) -> Count:
        """Until the window is over; who talks then is not cut off."""
        end = self.setting.hours * 3600
        if self.setting.inbound:
            self._after(self._until_inbound(), self._inbound)
        self._dial()
        while self._events and self._events[0][0] < end:
            self.now, _, act = heapq.heappop(self._events)
            act()
            self._dial()
            excess = self.count.abandoned - self.setting.cap * self.count.answered
            self.count.worst_excess = max(self.count.worst_excess, excess)
        return self.count

    def occupancy(self) -> float:
        """The share of the agents' time in which they talk or wrap up."""
        whole = self.setting.agents * self.setting.hours * 3600
        return self.count.talked_seconds / whole

    def _seen(self) -> Seen:
        mean = sum(self.rings) / len(self.rings) if self.rings else 0.0
        handling = sum(self.talks) / len(self.talks) if self.talks else 0.0
        return Seen(
            tries=self.count.tries,
            answered=self.count.answered,
            abandoned=self.count.abandoned,
            talks=len(self.talks),
            ring_seconds=mean,
            handling_seconds=handling,
        )

    def _dial(self) -> None:
        agents = Agents(
            free=self.free - self.inbound_waiting,
            busy=self.setting.agents - self.free,
            ringing=self.ringing,
            waiting=len(self.waiting),
        )
        dial = self._decide(agents)
        beyond = agents.ringing + agents.waiting + dial.ahead - max(0, agents.free)
        self.count.overdialled += dial.ahead > 0 and beyond > 0
        for _ in range(dial.ahead):
            self.ringing += 1
            self._ring(self._answered_ahead, self._not_answered_ahead)
        for _ in range(dial.reserved):
            self.free -= 1
            self._ring(self._talk, self._release)

    def _decide(self, agents: Agents) -> Dial:
        if not self.setting.is_predictive:
            return progressive(agents)
        return predictive(agents, self._seen(), self.setting.cap)

    def _ring(self, answered: Callable[[], None], lost: Callable[[], None]) -> None:
        if self.chance.random() >= self.setting.answer_rate:
            self._after(NO_ANSWER_SECONDS, lambda: self._tried(lost))
            return
        mean = self.setting.ring_seconds
        seconds = min(NO_ANSWER_SECONDS, self.chance.uniform(0.4 * mean, 1.6 * mean))

        def act() -> None:
            self.rings.append(seconds)
            self.count.answered += 1
            self._tried(answered)

        self._after(seconds, act)

    def _tried(self, then: Callable[[], None]) -> None:
        self.count.tries += 1
        then()

    def _not_answered_ahead(self) -> None:
        self.ringing -= 1

    def _answered_ahead(self) -> None:
        self.ringing -= 1
        if self.free > 0:
            self.free -= 1
            self._talk()
            return
        mark = [True]
        self.waiting.append(mark)
        self._after(self.setting.patience_seconds, lambda: self._gives_up(mark))

    def _gives_up(self, mark: list[bool]) -> None:
        if mark in self.waiting and mark[0]:
            self.waiting = [each for each in self.waiting if each is not mark]
            self.count.abandoned += 1

    def _talk(self) -> None:
        spread = self.chance.lognormvariate(-0.18, 0.6)
        seconds = spread * self.setting.handling_seconds
        self.talks.append(seconds)
        self.count.talked_seconds += seconds
        self._after(seconds, self._release)

    def _release(self) -> None:
        """An agent is free: who was called and waits goes before those who call."""
        if self.waiting:
            self.waiting.pop(0)[0] = False
            self._talk()
        elif self.inbound_waiting:
            self.inbound_waiting -= 1
            self._talk()
        else:
            self.free += 1

    def _inbound(self) -> None:
        self._after(self._until_inbound(), self._inbound)
        if self.free > 0:
            self.free -= 1
            self._talk()
        else:
            self.inbound_waiting += 1

    def _until_inbound(self) -> float:
        return self.chance.expovariate(self.setting.inbound / 3600)

    def _after(self, seconds: float, act: Callable[[], None]) -> None:
        self._number += 1
        heapq.heappush(self._events, (self.now + seconds, self._number, act))
