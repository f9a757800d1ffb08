"""Who gets the call: strategies, each one small pure function."""

from collections.abc import Callable, Sequence

from acd.agent import Agent

Strategy = Callable[[Sequence[Agent]], Agent]


def longest_idle(candidates: Sequence[Agent]) -> Agent:
    """The agent whose last talk, or login, lies back longest; ties by id."""
    return min(candidates, key=lambda agent: (agent.idle_since, agent.profile.id))


STRATEGIES: dict[str, Strategy] = {"longest_idle": longest_idle}
