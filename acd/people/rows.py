"""Agents as values, and which of an agent's logged moves is the last."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Self

from acd.events import AgentState
from config.agent_settings import WrittenProfile


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentRow:
    """An agent as the database holds him; `state` is the last one recorded."""

    id: str
    name: str
    contact: str
    queues: tuple[str, ...]
    skills: dict[str, int]
    penalties: dict[str, int]
    weight: float
    order: int
    auto_answer: bool
    show_number: str
    state: AgentState
    state_reason: str
    state_since: datetime

    @property
    def profile(self) -> WrittenProfile:
        """What of him can be changed while he works."""
        return WrittenProfile(
            contact=self.contact,
            queues=self.queues,
            skills=self.skills,
            penalties=self.penalties,
            weight=self.weight,
        )

    def with_profile(self, profile: WrittenProfile) -> Self:
        """The same agent with another profile; without a contact he keeps his own."""
        kept = {} if profile.contact else {"contact": self.contact}
        return replace(self, **profile.model_dump() | kept)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentMove:
    """A line of the state log: the agent went from `old` to `new` at `at`."""

    agent_id: str
    at: datetime
    old: AgentState
    new: AgentState
    reason: str
    call_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Seeded:
    """What the files added at the first start: names of queues, ids of agents."""

    queues: tuple[str, ...]
    agents: tuple[str, ...]


def in_order(moves: Sequence[AgentMove]) -> list[AgentMove]:
    """By time; the moves of one instant, each from where the one before it went."""
    story: list[AgentMove] = []
    at = attrgetter("at")
    for _, instant in groupby(sorted(moves, key=at), key=at):
        first, *others = instant
        before = story[-1].new if story else None
        story += _chain([first, *others], before) if others else [first]
    return story


def _chain(moves: list[AgentMove], state: AgentState | None) -> list[AgentMove]:
    chain: list[AgentMove] = []
    left = sorted(moves, key=lambda move: (move.old, move.new, move.reason))
    state = _start(left, state)
    while left:
        step = next((move for move in left if move.old == state), left[0])
        left.remove(step)
        chain.append(step)
        state = step.new
    return chain


def _start(moves: list[AgentMove], before: AgentState | None) -> AgentState:
    """The state that is left once more than it is entered; else the one before."""
    surplus = Counter(move.old for move in moves)
    surplus.subtract(Counter(move.new for move in moves))
    starts = [state for state, count in surplus.items() if count > 0]
    return starts[0] if starts else before or moves[0].old
