"""Plan 3: neighbour hotlines that take a share of the calls which newly ask for a person."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from acd.events import PlanLevelChanged
from config.bus import EventBus

NEIGHBOUR_LEVEL = 3
ENOUGH = 1 - 1e-9
"""From this credit on a neighbour has the next call; shares do not add up exactly."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """A hotline that helps: a normalised number or a SIP URI, and its share of the calls."""

    name: str
    target: str = field(repr=False)
    share: float
    ring_seconds: float = 20.0


class Neighbours:
    """Who takes the next call, while plan 3 is on; nobody else, and nobody before it.

    The shares come out exactly and evenly: with one of 0.2 every fifth call goes.
    """

    def __init__(self, neighbours: Sequence[Neighbour] = ()) -> None:
        self._neighbours = tuple(neighbours)
        self._credits = [0.0] * len(self._neighbours)
        self._on = False

    @property
    def share(self) -> float:
        """What goes to all of them together."""
        return sum(each.share for each in self._neighbours)

    def listen(self, bus: EventBus) -> None:
        """Follow the level of the plans."""
        bus.subscribe(PlanLevelChanged, self._changed)

    def _changed(self, event: PlanLevelChanged) -> None:
        self._on = event.level >= NEIGHBOUR_LEVEL
        if not self._on:
            self._credits = [0.0] * len(self._neighbours)

    def next(self) -> Neighbour | None:
        """Who takes a call that has just come; None for ourselves."""
        if not self._on or not self._neighbours:
            return None
        self._credits = [
            credit + each.share
            for credit, each in zip(self._credits, self._neighbours, strict=True)
        ]
        most = max(range(len(self._credits)), key=self._credits.__getitem__)
        if self._credits[most] < ENOUGH:
            return None
        self._credits[most] -= 1
        return self._neighbours[most]
