"""A week's roster as it is ordered, and what has become of the order."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from acd.people.person import Post

LEAST_SECONDS, MOST_SECONDS = 5, 600


class BuildError(Exception):
    """A week cannot be built now; the message says what to do."""

    error_id = "build_failed"


class BuildUnderWay(BuildError):
    """Another one is being built."""

    error_id = "build_under_way"


class BuildUnknown(BuildError):
    """There is no such build, or the service was started anew since."""

    error_id = "build_unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildOrder:
    """The week from `monday` on, covered by what is `needed`, or else by the forecast.

    `needed` has 672 figures for each post, quarters of an hour from Monday 00:00. With
    `replace` the shifts of these posts in the week give way; with `keep` False nothing
    is kept. The rest is what the forecast is made for, None: as set, or
    recorded.
    """

    monday: date
    needed: Mapping[Post, tuple[int, ...]] | None = None
    replace: bool = False
    keep: bool = True
    seconds: float = 60.0
    target_share: float | None = None
    within_seconds: float | None = None
    sureness: float | None = None
    handle_seconds: float | None = None
    patience_seconds: float | None = None
    history_days: int | None = None

    def day(self, number: int) -> date:
        """The day that is so many days after the Monday."""
        return self.monday + timedelta(days=number)


class BuildState(StrEnum):
    """Where a build stands."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingPeople:
    """A stretch in which people are missing: how many at once at most, and why."""

    post: Post
    day: date
    start: str
    end: str
    missing: int
    hours: float
    reasons: Mapping[str, int]
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildReport:
    """What was made: how many new shifts, and people's hours needed and missing.

    `over_bound` is by how much the covering is dearer than the least possible.
    """

    shifts: int
    replaced: int
    hours_needed: float
    hours_missing: float
    over_bound: float
    missing: tuple[MissingPeople, ...]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Build:
    """An order under way or ended; `share` of it is done."""

    id: str
    monday: date
    ordered_at: datetime
    state: BuildState
    step: str
    share: float
    error: str = ""
    report: BuildReport | None = None
