"""The day by quarters of an hour, for the plot and for the table beside it; pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from acd.staffing.roster import clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarter:
    """Calls and agents of all queues; `gap` is rostered less required.

    What no round has foreseen is None, and so is who was there in what is still to come.
    """

    cell: int
    begins: str
    came: int
    forecast: float | None
    low: float | None
    high: float | None
    required: int | None
    rostered: int
    present: float | None

    @property
    def gap(self) -> int | None:
        """How many are too many, or with a minus too few, by the roster."""
        return None if self.required is None else self.rostered - self.required


def quarters_of(curve: Mapping[str, Any]) -> list[Quarter]:
    """The quarters of the day's curve, as its JSON has them."""
    return [_quarter(line) for line in curve["quarters"]]


def _quarter(line: Mapping[str, Any]) -> Quarter:
    return Quarter(
        cell=line["cell"],
        begins=clock(line["cell"]),
        came=line["calls"],
        forecast=line["forecast"],
        low=line["low"],
        high=line["high"],
        required=line["required"],
        rostered=line["rostered"],
        present=line["present"],
    )


def short_of(quarters: Iterable[Quarter], cell: int) -> tuple[Quarter, ...]:
    """Those from a cell on in which the roster has too few."""
    return tuple(q for q in quarters if q.cell >= cell and (q.gap or 0) < 0)


def plotted(quarters: Iterable[Quarter]) -> dict[str, list[Any]]:
    """A list for each line of the plot."""
    quarters = list(quarters)
    names = "begins", "came", "forecast", "low", "high", "required", "rostered"
    lines = {name: [getattr(q, name) for q in quarters] for name in names}
    return {
        **lines,
        "present": [q.present for q in quarters],
        "gap": [q.gap for q in quarters],
    }
