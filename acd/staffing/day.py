"""A day of calls: who calls when, and what is known of him."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Self

from acd.queue_rules import Levels

WITHHELD = "withheld"
"""The caller who shows no number: nothing is known of him when he calls again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCall:
    """A call, `at_seconds` after the day began.

    `caller` "" is a person of his own, who calls this once. `queue` is where the flow's queue step leads it, "" as the flow says. `keys` are
    what the citizen presses at the questions of the flow, one word for each. None for
    talk and patience lets chance decide; he is known to have `waited_seconds`, so that
    his patience ends later. `ivr_seconds` is the time that the flow took, None lets the
    flow run.
    """

    at_seconds: float
    queue: str = ""
    caller: str = field(default="", repr=False)
    called: str = ""
    skills: Levels = ()
    priority: int = 0
    keys: tuple[str, ...] = field(default=(), repr=False)
    talk_seconds: float | None = None
    patience_seconds: float | None = None
    waited_seconds: float = 0.0
    ivr_seconds: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """The calls in order of time; `start` is aware."""

    start: datetime
    calls: tuple[DayCall, ...]

    @classmethod
    def of(cls, start: datetime, calls: Iterable[DayCall]) -> Self:
        """The calls, sorted; calls of one moment keep their order."""
        return cls(
            start=start,
            calls=tuple(sorted(calls, key=lambda call: call.at_seconds)),
        )

    def at(self, seconds: float) -> datetime:
        """The moment so many seconds after the start."""
        return self.start + timedelta(seconds=seconds)

    @property
    def seconds(self) -> float:
        """How long it lasts, to its last call."""
        return self.calls[-1].at_seconds if self.calls else 0.0
