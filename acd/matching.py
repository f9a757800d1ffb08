"""Which call goes to which agent: the first call that somebody can take, again and again.

Before each message nobody is free beside a call that he may take. So only agents who
became free, and groups of calls that grew, are looked at: a message costs a few heads
of groups and classes, however many agents and calls there are.
"""

import heapq
from collections.abc import Iterator
from datetime import datetime

from acd.agent import Agent
from acd.floor import Floor
from acd.line import WaitingCall
from acd.wanting import Group

MOST_AT_ONCE = 1000
"""How many phones ring for one call under a strategy that asks all at once."""

Source = Agent | Group
Urgency = tuple[float | datetime, ...]


class Matching:
    """Finds the pairs of a floor."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor

    def pairs(self, now: datetime) -> Iterator[tuple[WaitingCall, list[Agent]]]:
        """Calls with the agents to ring, in the order of the calls.

        Whoever takes a pair must ring it before he asks for the next one.
        """
        looking = self._looking(now)
        while looking:
            urgency, number, source = heapq.heappop(looking)
            call = self._best_call(source, now)
            if call and self._urgency(call, now) == urgency:
                agents = self._agents_for(call)
                if not agents:
                    continue
                yield call, agents
                call = self._best_call(source, now)
            if call:
                again = self._urgency(call, now), number, source
                heapq.heappush(looking, again)

    def _looking(self, now: datetime) -> list[tuple[Urgency, int, Source]]:
        floor = self._floor
        sources: list[Source] = [*floor.freed.values(), *floor.wanting.take_stirred()]
        floor.freed.clear()
        found = [
            (self._urgency(call, now), number, source)
            for number, source in enumerate(sources)
            if (call := self._best_call(source, now))
        ]
        heapq.heapify(found)
        return found

    def _best_call(self, source: Source, now: datetime) -> WaitingCall | None:
        """The first call of a group, or that a free agent may take."""
        if isinstance(source, Group):
            return source.calls.head if source.calls else None
        if source not in self._floor.free:
            return None
        heads = (group.calls.head for group in self._floor.wanting.for_agent(source))
        return min(heads, key=lambda call: self._urgency(call, now), default=None)

    def _urgency(self, call: WaitingCall, now: datetime) -> Urgency:
        return call.urgency(self._floor.queues[call.queue].rules, now)

    def _agents_for(self, call: WaitingCall) -> list[Agent]:
        floor = self._floor
        if floor.queues[call.queue].strategy.all_at_once:
            found = floor.free.in_order(call.ask, MOST_AT_ONCE)
            return [floor.agents[agent_id] for agent_id in found]
        best = floor.free.best(call.ask)
        return [floor.agents[best]] if best else []
