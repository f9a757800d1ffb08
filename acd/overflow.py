"""Ways out of a queue that is too full, closed, or without agents."""

from collections.abc import Collection
from dataclasses import dataclass

from acd.moments import exactly
from acd.queue_rules import Overflow, OverflowWhen, QueueRules

_LASTING = (OverflowWhen.NO_AGENTS, OverflowWhen.CLOSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """A queue as a call finds it. `waiting` are the others, for whom no phone rings.

    `is_open` says so also to a call that closing time does not concern.

    `is_newcomer` makes the line longer: nobody can take him at once, he goes not before
    all, and has no place from before.
    """

    waiting: int
    logged_in: int
    is_open: bool
    is_newcomer: bool


def way_out_at_entry(
    rules: QueueRules, crowd: Crowd, been_in: Collection[str]
) -> Overflow | None:
    """The first rule that sends an entering call on; none into a queue it was in."""
    for way in rules.overflow:
        if way.to not in been_in and _holds(way, crowd):
            return way
    return None


def way_out_of_waiting(
    rules: QueueRules, crowd: Crowd, seconds: float, been_in: Collection[str]
) -> Overflow | None:
    """The first rule that sends a call on which has its place, for so many seconds.

    Its place is not taken for the length of the line: `LENGTH` and `CALLS_PER_AGENT` are
    asked when a call enters.
    """
    for way in rules.overflow:
        if way.to in been_in:
            continue
        if way.when is OverflowWhen.WAIT and exactly(way.limit) <= seconds:
            return way
        if way.when in _LASTING and _holds(way, crowd):
            return way
    return None


def next_way_out(rules: QueueRules, seconds: float) -> float | None:
    """After how many seconds in the queue a rule is due next; None when never again."""
    limits = (exactly(w.limit) for w in rules.overflow if w.when is OverflowWhen.WAIT)
    return min((limit for limit in limits if limit > seconds), default=None)


def _holds(way: Overflow, crowd: Crowd) -> bool:
    match way.when:
        case OverflowWhen.WAIT:
            return exactly(way.limit) <= 0 and crowd.is_newcomer
        case OverflowWhen.LENGTH:
            return crowd.is_newcomer and crowd.waiting >= way.limit
        case OverflowWhen.CALLS_PER_AGENT:
            most = way.limit * crowd.logged_in
            return crowd.is_newcomer and crowd.waiting >= most
        case OverflowWhen.NO_AGENTS:
            return crowd.logged_in == 0
        case OverflowWhen.CLOSED:
            return not crowd.is_open
