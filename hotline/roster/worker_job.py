"""What the service and the process that builds rosters say to each other.

Apart from the work itself, so that the service does not load the solvers.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from pydantic import TypeAdapter

from acd.people.person import Post
from acd.rosters.order import BuildOrder, MissingPeople
from acd.rosters.requirement_lines import Needed
from acd.staffing.roster import Shift
from config.roster_settings import RosterSection
from config.staffing_settings import StaffingSection

_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerJob:
    """An order with what the worker needs of the settings."""

    order: BuildOrder
    section: RosterSection
    staffing: StaffingSection
    database_url: str
    timezone: str
    holidays_file: Path | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerResult:
    """The shifts as lines of a file, what was needed, and what is missing."""

    shifts: list[dict[str, str]]
    needed: Needed
    source: str
    missing: list[MissingPeople]
    over_bound: float
    words: list[str]


JOB = TypeAdapter(WorkerJob)
RESULT = TypeAdapter(WorkerResult)


def gives_way(shift: Shift, monday: date, posts: frozenset[Post]) -> bool:
    """Whether a shift of the week is replaced: it holds no other post than these."""
    return monday <= shift.day < monday + _WEEK and shift.posts <= posts
