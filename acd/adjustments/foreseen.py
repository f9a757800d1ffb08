"""A day as it is foreseen at a moment: every queue, and all of them as one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Protocol

from acd.adjustments.reading import (
    HANDLE_SECONDS,
    PATIENCE_SECONDS,
    Recorded,
    Wish,
)
from acd.staffing.forecast import forecast_day
from acd.staffing.forecast_lines import ForecastDay, Staffing, forecast_lines
from acd.staffing.requirement import Target
from acd.staffing.surge import CALM, SurgeNow, surge_after
from acd.statistics.queue_intervals import ALL


class OwnTarget(Protocol):
    """A queue's rules, as they are written or as values."""

    @property
    def name(self) -> str:
        """The queue's."""

    @property
    def target_share(self) -> float | None:
        """None: it is left out."""

    @property
    def target_within_seconds(self) -> float | None:
        """None: it is left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """What is to be reached, and with what sureness (a quantile of the mean rate).

    `queues` are the targets that queues have of their own; the whole has `target`.
    """

    target: Target
    sureness: float = 0.9
    queues: Mapping[str, Target] = field(default_factory=dict)

    def of(self, queue: str) -> Target:
        """What is to be reached in a queue."""
        return self.queues.get(queue, self.target)

    def where(
        self,
        *,
        share: float | None = None,
        within_seconds: float | None = None,
        sureness: float | None = None,
    ) -> "Aim":
        """The same with what is said here instead, in every queue."""
        named = {"share": share, "within_seconds": within_seconds}
        said = {name: value for name, value in named.items() if value is not None}
        return Aim(
            target=replace(self.target, **said),
            sureness=self.sureness if sureness is None else sureness,
            queues={name: replace(own, **said) for name, own in self.queues.items()},
        )

    def with_queues(self, rules: Iterable[OwnTarget]) -> "Aim":
        """The same, with what these queues' rules say; what they leave out is as in `target`."""
        return replace(self, queues={each.name: self.own_of(each) for each in rules})

    def own_of(self, rules: OwnTarget) -> Target:
        """What a queue's rules say, and what they leave out as in `target`."""
        share, within = rules.target_share, rules.target_within_seconds
        return Target(
            share=self.target.share if share is None else share,
            within_seconds=self.target.within_seconds if within is None else within,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueAhead:
    """A queue's day by 15 minutes, and the mean times that were reckoned with."""

    name: str
    handle_seconds: float
    patience_seconds: float
    forecast: ForecastDay


@dataclass(frozen=True, slots=True, kw_only=True)
class DayAhead:
    """All queues with calls, by name, and last the whole (`ALL`); none without a history."""

    day: date
    at: datetime
    queues: tuple[QueueAhead, ...]
    surge: SurgeNow = CALM

    @property
    def whole(self) -> QueueAhead | None:
        """All queues together."""
        return self.queues[-1] if self.queues else None

    def targets(self) -> dict[str, Target]:
        """What agents are required for, by queue."""
        return {queue.name: queue.forecast.target for queue in self.queues}


def foreseen(recorded: Recorded, wish: Wish, aim: Aim) -> DayAhead:
    """Forecast and agents required of every queue that had a call."""
    names = sorted(recorded.counts, key=lambda name: (name == ALL, name))
    return DayAhead(
        day=wish.day,
        at=wish.at,
        queues=tuple(_queue(name, recorded, wish, aim) for name in names if name),
        surge=_surge(recorded, wish),
    )


def _surge(recorded: Recorded, wish: Wish) -> SurgeNow:
    whole = recorded.counts.get(ALL)
    if whole is None or not len(recorded.steps):
        return CALM
    made = forecast_day(whole.history, wish.day, wish.kind)
    return surge_after(made, whole.seen, recorded.steps)


def _queue(name: str, recorded: Recorded, wish: Wish, aim: Aim) -> QueueAhead:
    handle = recorded.handle_seconds.get(name, HANDLE_SECONDS)
    patience = recorded.patience_seconds.get(name, PATIENCE_SECONDS)
    staffing = Staffing(
        handle_seconds=handle,
        patience_seconds=patience,
        target=aim.of(name),
        sureness=aim.sureness,
    )
    return QueueAhead(
        name=name,
        handle_seconds=handle,
        patience_seconds=patience,
        forecast=forecast_lines(
            name, recorded.counts[name], wish.day, wish.kind, staffing
        ),
    )
