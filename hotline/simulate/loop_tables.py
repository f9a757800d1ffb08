"""The loop's rounds of a simulated day: by the hour, in a sentence, as lines of a CSV."""

from collections import Counter
from collections.abc import Sequence

from rich.table import Table

from acd.adjustments.staffed_day import StaffedDay, StaffedQuarter
from acd.staffing.moves import Move
from acd.staffing.roster import clock

COLUMNS = (
    "from",
    "calls",
    "foreseen",
    "required",
    "rostered",
    "staffed",
    "missing_rostered",
    "missing",
    "moves",
)
_AN_HOUR = 4


def rounds_table(staffed: StaffedDay) -> Table:
    """A line for each hour: its busiest quarter, what was missing, and the moves."""
    made = Table(title="By the loop", title_justify="left", box=None, pad_edge=False)
    made.add_column("from", no_wrap=True)
    for name in ("foreseen", "required", "rostered", "staffed"):
        made.add_column(name, justify="right")
    made.add_column("missing, by the roster", justify="right")
    made.add_column("by the loop", justify="right")
    made.add_column("moves")
    quarters = staffed.quarters
    for first in range(0, len(quarters), _AN_HOUR):
        made.add_row(*_hour(quarters[first : first + _AN_HOUR]))
    return made


def _hour(quarters: Sequence[StaffedQuarter]) -> list[str]:
    busiest = max(quarters, key=lambda quarter: quarter.required)
    moves = [move for quarter in quarters for move in quarter.moves]
    return [
        clock(quarters[0].cell),
        f"{sum(quarter.foreseen for quarter in quarters):.0f}",
        str(busiest.required),
        str(busiest.rostered),
        str(busiest.staffed),
        str(sum(quarter.missing_rostered for quarter in quarters)),
        str(sum(quarter.missing for quarter in quarters)),
        _kinds(moves),
    ]


def rounds_in_words(staffed: StaffedDay) -> str:
    """How many moves, and what they took away of what was missing."""
    before = sum(quarter.missing_rostered for quarter in staffed.quarters)
    after = sum(quarter.missing for quarter in staffed.quarters)
    kinds = _kinds(staffed.moves) or "none"
    return (
        f"the loop: {len(staffed.quarters)} rounds, {len(staffed.moves)} moves ({kinds}); "
        f"missing agent-quarters {after} instead of {before}"
    )


def rounds_lines(staffed: StaffedDay) -> list[list[str]]:
    """The header, then each quarter of an hour."""
    return [list(COLUMNS), *map(_line, staffed.quarters)]


def _line(quarter: StaffedQuarter) -> list[str]:
    figures = (
        quarter.required,
        quarter.rostered,
        quarter.staffed,
        quarter.missing_rostered,
        quarter.missing,
    )
    return [
        clock(quarter.cell),
        str(quarter.calls),
        f"{quarter.foreseen:.1f}",
        *map(str, figures),
        _kinds(quarter.moves),
    ]


def _kinds(moves: Sequence[Move]) -> str:
    counted = Counter(move.kind for move in moves)
    return ", ".join(f"{number} {kind}" for kind, number in counted.most_common())
