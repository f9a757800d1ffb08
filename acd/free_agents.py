"""Agents who can take a call now, by queue, in the order in which they are asked.

Those who stand alike in a queue form a class, ordered by the key of the queue's
strategy. A call looks at the first of each class that fits, and at no other.
"""

import bisect
from collections.abc import Iterator, Mapping
from heapq import merge
from itertools import islice
from random import Random

from acd.agent import Agent, Standing
from acd.asking import Ask, fits
from acd.queue import Queue
from acd.race import Race
from acd.strategies import Key

Entry = tuple[int, Key, str]
"""Penalty, key and id of an agent: smallest is asked first."""


class FreeAgents:
    """Who is free. `chance` is drawn from when somebody becomes so."""

    def __init__(self, queues: Mapping[str, Queue], chance: Random) -> None:
        self._queues, self._chance = queues, chance
        self._races: dict[str, Race] = {}
        self._classes: dict[str, dict[Standing, list[Entry]]] = {}
        for name in queues:
            self.add_queue(name)
        self._entries: dict[str, list[tuple[str, Standing, Entry]]] = {}

    def __contains__(self, agent: Agent) -> bool:
        return agent.profile.id in self._entries

    def add_queue(self, name: str) -> None:
        """There is such a queue from now on."""
        self._races[name], self._classes[name] = Race(self._chance), {}

    def add(self, agent: Agent) -> None:
        """He is free: put him at his place in each of his queues."""
        entries = self._entries[agent.profile.id] = []
        for queue, standing in agent.standings.items():
            if queue in self._queues:
                key = self._queues[queue].strategy.key(agent, queue, self._races[queue])
                entry = (standing.penalty, key, agent.profile.id)
                entries.append((queue, standing, entry))
                alike = self._classes[queue].setdefault(standing, [])
                bisect.insort(alike, entry)

    def remove(self, agent: Agent) -> None:
        """He is not free."""
        for queue, standing, entry in self._entries.pop(agent.profile.id):
            alike = self._classes[queue][standing]
            del alike[bisect.bisect_left(alike, entry)]
            if not alike:
                del self._classes[queue][standing]

    def asked(self, agent: Agent, queue: str) -> None:
        """He is rung, and came to the call by this queue."""
        for name, _, (_, key, _) in self._entries[agent.profile.id]:
            if name == queue and self._queues[name].strategy.by_chance:
                assert isinstance(key, float), "chance draws numbers"
                self._races[name].reach(key)

    def best(self, ask: Ask) -> str | None:
        """The agent whom a call asks first."""
        if ask.only_agent:
            return ask.only_agent if ask.only_agent in self._entries else None
        for queue in ask.queues:
            heads = [alike[0] for alike in self._fitting(queue, ask)]
            if heads:
                return min(heads)[2]
        return None

    def in_order(self, ask: Ask, most: int) -> list[str]:
        """The first `most` agents who may take a call, in the order of asking."""
        if ask.only_agent:
            return [ask.only_agent] if ask.only_agent in self._entries else []
        found: dict[str, None] = {}
        for queue in ask.queues:
            if len(found) < most:
                entries = merge(*self._fitting(queue, ask))
                found |= dict.fromkeys(entry[2] for entry in islice(entries, most))
        return list(found)[:most]

    def classes(self, queue: str) -> Iterator[tuple[Standing, int]]:
        """How agents stand who are free in the queue, and how many stand so."""
        for standing, alike in self._classes.get(queue, {}).items():
            yield standing, len(alike)

    def _fitting(self, queue: str, ask: Ask) -> Iterator[list[Entry]]:
        for standing, alike in self._classes.get(queue, {}).items():
            if fits(ask, standing):
                yield alike
