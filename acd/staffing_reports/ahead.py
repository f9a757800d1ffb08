"""What the rounds of a day foresaw of each quarter of an hour; pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from acd.adjustments.round import IntervalLine, QueueRound, Round
from acd.staffing.requirement import Target

Key = tuple[str, int]
"""A queue, "all" for the whole, and a cell of the day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Calls foreseen: their mean, and the quantiles between which eight of ten lie."""

    calls: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """A quarter of an hour as it was foreseen: before its day, and last of all before
    it was over. None: no round knew it.

    `required` are the agents of the last round, for its `target`.
    """

    day_ahead: Bounds | None = None
    last: Bounds | None = None
    required: int | None = None
    target: Target | None = None


NOTHING = Ahead()


def ahead_of(rounds: Iterable[Round]) -> Mapping[Key, Ahead]:
    """Every quarter of an hour of the rounds of one day, given in their order."""
    found: dict[Key, Ahead] = {}
    for made, queue, line in _lines(rounds):
        key = queue.queue, line.cell
        found[key] = _with(found.get(key, NOTHING), made, queue, line)
    return found


def _lines(
    rounds: Iterable[Round],
) -> Iterator[tuple[Round, QueueRound, IntervalLine]]:
    for made in rounds:
        for queue in made.queues:
            for line in queue.lines:
                yield made, queue, line


def _with(ahead: Ahead, made: Round, queue: QueueRound, line: IntervalLine) -> Ahead:
    """A round tells of quarters that are over what their day foretold before it began."""
    bounds = bounds_of(line)
    if line.cell >= made.cell:
        first = bounds if made.cell == 0 else ahead.day_ahead
        return Ahead(
            day_ahead=first,
            last=bounds,
            required=line.required,
            target=queue.target,
        )
    if line.actual is None or ahead.day_ahead:
        return ahead
    return replace(ahead, day_ahead=bounds)


def bounds_of(line: IntervalLine) -> Bounds:
    """The calls that a round's line foresees."""
    return Bounds(calls=line.forecast, low=line.low, high=line.high)
