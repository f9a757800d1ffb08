"""What a shift manager sets for a queue: whom it asks, in which order, and for how long."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from ivr_flows.actions import EMERGENCY as EMERGENCY
from ivr_flows.opening import OpeningTimes

Levels = tuple[tuple[str, int], ...]
"""Skills with the least level that is asked for, or that an agent has; sorted by name."""


def levels(named: Mapping[str, int]) -> Levels:
    """Skills or penalties by name, as the values carry them."""
    return tuple(sorted(named.items()))


class OverflowWhen(StrEnum):
    """What sends a call out of its queue."""

    WAIT = "wait"
    LENGTH = "length"
    CALLS_PER_AGENT = "calls_per_agent"
    NO_AGENTS = "no_agents"
    CLOSED = "closed"


BY_KEY: Literal["key"] = "key"
"""What the citizen does himself, and no rule."""

OverflowReason = OverflowWhen | Literal["key"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Overflow:
    """One way out of a queue that is too full.

    `limit` is seconds for `WAIT`, waiting calls for `LENGTH`, waiting calls for each
    agent who is logged in for `CALLS_PER_AGENT`; the others have none. `to` is another
    queue, where the call keeps the time that it has waited, or "": then the flow goes on
    at its exit `overflow`. `WAIT`, `NO_AGENTS` and `CLOSED` also reach those who wait already;
    the others are asked when a call enters, and when the rules themselves change.
    """

    when: OverflowWhen
    limit: float = 0
    to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RelaxStep:
    """What a call asks less of agents once it has waited; it never loses its place.

    Each step counts from what the call asked at first, and a later one never asks more
    than those before it. `max_penalty` None asks any agent of the queue. `lower_skills_by` takes so much from
    each level that is asked for; at 0 the skill is no longer asked for. Agents of
    `also_queues` may take the call too; they are asked after the queue's own.
    """

    after_seconds: float
    max_penalty: int | None = None
    lower_skills_by: int = 0
    also_queues: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """How many may come into a queue in a flood; 0 sets no limit.

    A place in the line is given while fewer than `places_per_agent` calls for each
    agent who is logged in wait (never fewer than `least_places`). Beyond that a
    call-back is promised while fewer than `promises_per_agent` for each agent are owed;
    beyond that the citizen hears honestly that nobody can take his call now.
    """

    places_per_agent: float = 0
    least_places: int = 20
    promises_per_agent: float = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRules:
    """The rules of a queue. Seconds; 0 announces no position.

    `priority` is added to that of each call. Beside other queues of the same priority a
    call ages `weight` times as fast. `skills` and `max_penalty` say whom it asks at
    first, `relax` whom later. `last_agent_seconds` is how long a caller who calls again
    waits only for the agent whom he spoke with in the `last_agent_hours` before; at 0
    nobody looks for that agent. After a phone that refused, was busy or
    was not answered an agent rests for the `..._delay_seconds`. A number that hangs up
    while it waits and calls again within `redial_seconds` has its place back. Agents are
    required for `target_share` of calls within `target_within_seconds`; None: the city's.
    """

    name: str
    strategy: str = "longest_idle"
    priority: int = 0
    weight: float = 1.0
    skills: Levels = ()
    max_penalty: int | None = None
    relax: tuple[RelaxStep, ...] = ()
    last_agent_seconds: float = 0
    last_agent_hours: float = 24
    ring_seconds: float = 20
    wrap_up_seconds: float = 10
    auto_pause_after: int = 1
    reject_delay_seconds: float = 10
    busy_delay_seconds: float = 10
    no_answer_delay_seconds: float = 10
    announce_position_seconds: float = 30
    overflow: tuple[Overflow, ...] = ()
    hours: OpeningTimes | None = None
    admission: Admission = Admission()
    redial_seconds: float = 300
    target_share: float | None = None
    target_within_seconds: float | None = None
