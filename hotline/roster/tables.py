"""Rosters as tables for a terminal."""

from collections.abc import Sequence

from rich.table import Table

from acd.people.person import Person
from acd.rosters.day_staff import PostStaff
from acd.rosters.lines import FIELDS, written
from acd.staffing.roster import CELLS, Shift, clock

BAR = 40


def shift_table(shifts: Sequence[Shift], people: Sequence[Person]) -> Table:
    """A line a shift, with the person's name."""
    names = {person.id: person.name for person in people}
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("person", "name", *FIELDS[1:]):
        table.add_column(name.replace("_", " "))
    for shift in shifts:
        line = written(shift)
        name = names.get(shift.person_id, "")
        table.add_row(line["person"], name, *(line[field] for field in FIELDS[1:]))
    return table


def staff_table(staff: PostStaff) -> Table:
    """A line for each quarter of an hour that differs from the one before it."""
    table = Table(title=staff.post.replace("_", "-"), title_justify="left", box=None)
    for name in ("from", "required", "rostered", "missing"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("█ rostered  ░ missing", no_wrap=True)
    required = staff.required or (0,) * CELLS
    most = max(*required, *staff.rostered, 1)
    before: tuple[int, int] | None = None
    for cell, pair in enumerate(zip(required, staff.rostered, strict=True)):
        if pair != before:
            needed = "–" if staff.required is None else str(pair[0])
            missing = staff.missing[cell]
            bar = _bar(pair[1], missing, most)
            table.add_row(clock(cell), needed, str(pair[1]), str(missing or ""), bar)
        before = pair
    return table


def _bar(there: int, missing: int, most: int) -> str:
    return "█" * round(BAR * there / most) + "░" * round(BAR * missing / most)
