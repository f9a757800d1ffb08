"""An engine under load, without calls: every message to it is timed."""

import gc
import random
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from acd import messages as m
from acd.agent import AgentProfile
from acd.engine import Engine
from acd.queue_rules import Levels, QueueRules, RelaxStep, levels

STRATEGIES: Final = (
    "longest_idle",
    "fewest_calls",
    "least_talk_time",
    "round_robin",
    "random",
    "weighted_random",
    "linear",
)
QUEUES_PER_AGENT: Final = 5
SKILLED_SHARE: Final = 0.5
LEAVING_SHARE: Final = 0.2
RELAX: Final = (RelaxStep(after_seconds=20, lower_skills_by=1),)
START: Final = datetime(2026, 3, 2, tzinfo=UTC)
STEP: Final = timedelta(milliseconds=20)


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How large the hotline is; `waiting` 0 leaves half of the agents free.

    Each agent knows up to four of the `skills`, a part of the calls asks for up to two.
    """

    agents: int
    queues: int
    waiting: int
    skills: int = 1


class RoutingLoad:
    """A hotline in which calls end, come, wait and hang up at random.

    `times` are ns for each message, `decision_times` for those that led to offers.
    """

    def __init__(self, size: Size, seed: int = 1) -> None:
        self._forget()
        self._chance = random.Random(seed)
        self._now, self._calls, self._skills = START, 0, size.skills
        self._names = [f"q{number}" for number in range(size.queues)]
        self._engine = Engine(
            [self._rules(n, name) for n, name in enumerate(self._names)],
            [self._profile(number) for number in range(size.agents)],
            START,
        )
        self._waiting, self._talking = _Bag(), _Bag()
        self._fill(size)
        gc.collect()
        gc.freeze()
        self._forget()

    def steps(self, count: int) -> None:
        """So many times a call ends, another comes, and some who wait hang up."""
        for _ in range(count):
            self._step()

    def _step(self) -> None:
        if self._talking:
            over = self._talking.take(self._chance)
            self._send(m.TalkEnds(call_id=over, end=m.TalkEnd.CALLER))
        self._enter()
        if self._waiting and self._chance.random() < LEAVING_SHARE:
            self._send(m.CallerLeaves(call_id=self._waiting.take(self._chance)))
            self._enter()

    def _forget(self) -> None:
        """Measure from here on; `times` are ns of each message to the engine."""
        self.times: list[int] = []
        self.decision_times: list[int] = []
        self.decisions = 0

    def _fill(self, size: Size) -> None:
        for number in range(size.agents):
            self._send(m.AgentLogsIn(agent_id=f"a{number}"))
        if size.waiting:
            while len(self._waiting) < size.waiting:
                self._enter()
        else:
            for _ in range(size.agents // 2):
                self._enter()

    def _enter(self) -> None:
        self._calls += 1
        call_id = f"c{self._calls}"
        self._waiting.add(call_id)
        self._send(
            m.CallerEnters(
                call_id=call_id,
                queue=self._chance.choice(self._names),
                priority=self._chance.choice((0, 0, 0, 5)),
                skills=self._asked(),
            )
        )

    def _send(self, message: m.Message) -> None:
        self._now += STEP
        began = time.thread_time_ns()
        doings = self._engine.handle(message, self._now)
        took = time.thread_time_ns() - began
        self.times.append(took)
        offers = [doing for doing in doings if isinstance(doing, m.Offer)]
        if offers:
            self.decisions += len(offers)
            self.decision_times.append(took)
        for offer in offers:
            self._send(m.OfferRings(offer_id=offer.offer_id))
            self._waiting.remove(offer.call_id)
            self._talking.add(offer.call_id)
            self._send(m.OfferAnswered(offer_id=offer.offer_id))

    def _asked(self) -> Levels:
        skilled = self._chance.random() < SKILLED_SHARE
        return self._levels(of=2, most=3) if skilled else ()

    def _levels(self, of: int, most: int) -> Levels:
        chance = self._chance
        names = [f"s{chance.randrange(self._skills)}" for _ in range(of)]
        return levels({name: chance.randint(1, most) for name in names})

    def _rules(self, number: int, name: str) -> QueueRules:
        return QueueRules(
            name=name,
            strategy=STRATEGIES[number % len(STRATEGIES)],
            priority=number % 3,
            weight=1 + number % 2,
            max_penalty=1 if number % 3 else None,
            relax=RELAX if number % 3 else (),
            wrap_up_seconds=0,
            announce_position_seconds=0,
        )

    def _profile(self, number: int) -> AgentProfile:
        queues = self._chance.sample(self._names, QUEUES_PER_AGENT)
        return AgentProfile(
            id=f"a{number}",
            contact="",
            queues=tuple(queues),
            skills=self._levels(of=4, most=4),
            penalties=tuple(
                (name, self._chance.randint(0, 2)) for name in sorted(queues)
            ),
            weight=self._chance.uniform(0.5, 2),
            order=number,
        )


class _Bag:
    """Ids of which a random one is taken in no time."""

    def __init__(self) -> None:
        self._ids: list[str] = []
        self._places: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._ids)

    def add(self, call_id: str) -> None:
        """One more."""
        self._places[call_id] = len(self._ids)
        self._ids.append(call_id)

    def remove(self, call_id: str) -> None:
        """One less: the last takes its place."""
        place, last = self._places.pop(call_id), self._ids.pop()
        if last != call_id:
            self._ids[place] = last
            self._places[last] = place

    def take(self, chance: random.Random) -> str:
        """Any of them."""
        call_id = chance.choice(self._ids)
        self.remove(call_id)
        return call_id
