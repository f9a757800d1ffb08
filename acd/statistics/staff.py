"""All agents' time by interval: what a queue's or the hotline's occupancy rests on."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from acd.statistics.agent_intervals import (
    AgentCalls,
    AgentDay,
    AgentInterval,
    AgentTally,
    Occupancy,
    StateSeconds,
)
from acd.statistics.counted_call import Share
from acd.statistics.queue_intervals import ALL


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffInterval:
    """What agents did in the 15 minutes from `start` on.

    `agents` is how many were logged in for some of it; only their seconds are here.
    """

    start: datetime
    agents: int
    seconds: StateSeconds
    calls: AgentCalls
    occupancy: Occupancy
    answered_of_offered: Share
    overdue_pauses: int


class StaffCounter:
    """Adds up agents' intervals."""

    def __init__(self) -> None:
        self._tallies: dict[datetime, AgentTally] = {}
        self._agents: Counter[datetime] = Counter()

    def add(self, day: AgentDay) -> None:
        """Count an agent in."""
        for interval in day.intervals:
            self._tallies.setdefault(interval.start, AgentTally()).add(interval)
            self._agents[interval.start] += 1

    def intervals(self) -> list[StaffInterval]:
        """By time; those in which nobody was there are not."""
        return [
            _staff(tally.interval(start, ALL), self._agents[start])
            for start, tally in sorted(self._tallies.items(), key=lambda each: each[0])
        ]


def _staff(whole: AgentInterval, agents: int) -> StaffInterval:
    return StaffInterval(
        start=whole.start,
        agents=agents,
        seconds=whole.seconds,
        calls=whole.calls,
        occupancy=whole.occupancy,
        answered_of_offered=whole.answered_of_offered,
        overdue_pauses=whole.overdue_pauses,
    )
