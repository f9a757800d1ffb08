"""How the dialler stands, for people: what it may do now, and what holds it back. Pure."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from outbound.lines import Load, lines_free
from outbound.own_rules import Offered
from outbound.rules import FollowUpRules


class Pace(StrEnum):
    """Whether follow-up calls are placed now, and why not.

    `STOPPING`: the service ends. `PLAN`: an emergency plan is on. `NO_TRUNK`: no trunk
    took a call just now. `NOT_OFFERED`: the settings no longer offer the number or the
    flow that the campaign has of its own. `CITIZENS_WAIT`: the lines are left to citizens who wait for a
    person. `LEGS_KEPT`: the last legs are kept for citizens and agents.
    """

    FREE = "free"
    NO_LINES = "no_lines"
    STOPPING = "stopping"
    PLAN = "plan"
    NO_TRUNK = "no_trunk"
    NOT_OFFERED = "not_offered"
    OUTSIDE_WINDOWS = "outside_windows"
    LINES_USED = "lines_used"
    CITIZENS_WAIT = "citizens_wait"
    LEGS_KEPT = "legs_kept"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The dialler now, of all campaigns or for one, and the rules that bind it.

    `under_way` of the `lines` are used, `free` more calls may begin now; `waiting`
    citizens wait for a person. `opens_at` is when a window opens, now when one is open.
    The `windows` are on the city's clock; `caller_number` "" is the trunk's first.
    Campaigns may choose from `offered`.
    """

    pace: Pace
    lines: int
    under_way: int
    free: int
    waiting: int
    opens_at: datetime | None
    windows: tuple[str, ...]
    workdays_only: bool
    tries: int
    caller_number: str
    flow: str
    offered: Offered = field(default_factory=Offered)


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """The lines that are set, the legs that are left to others, and what goes on."""

    lines: int
    kept_legs: int
    load: Load

    @property
    def free(self) -> int:
        """How many more calls may be placed."""
        return lines_free(self.lines, self.kept_legs, self.load)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """What holds all calls back, whatever lines there are."""

    stopping: bool
    plan: bool
    no_trunk: bool
    is_open: bool
    not_offered: bool = False


def pace_of(room: Room, hold: Hold) -> Pace:
    """The first thing that holds calls back, what lasts longest before the others."""
    reasons = {
        Pace.NO_LINES: not room.lines,
        Pace.STOPPING: hold.stopping,
        Pace.NOT_OFFERED: hold.not_offered,
        Pace.PLAN: hold.plan,
        Pace.OUTSIDE_WINDOWS: not hold.is_open,
        Pace.NO_TRUNK: hold.no_trunk,
        Pace.FREE: room.free > 0,
        Pace.LINES_USED: room.load.under_way >= room.lines,
        Pace.CITIZENS_WAIT: room.load.under_way + room.load.waiting >= room.lines,
        Pace.LEGS_KEPT: True,
    }
    return next(pace for pace, holds in reasons.items() if holds)


def windows_in_words(rules: FollowUpRules) -> tuple[str, ...]:
    """The windows as the settings write them."""
    return tuple(f"{begin:%H:%M}-{end:%H:%M}" for begin, end in sorted(rules.windows))
