"""How long shifts that end soon may be made, by what was rostered and the roster's rules; pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from acd.adjustments.rules import LoopRules
from acd.people.person import Person, Post
from acd.rosters.faults import faults_of
from acd.staffing.adjustment import AHEAD_CELLS
from acd.staffing.moves import Move, MoveKind
from acd.staffing.roster import CELLS, DayRoster, Shift, ShiftKey


def ending(roster: DayRoster, now: int) -> list[Shift]:
    """The shifts that end within the hour from a cell of the roster's day on."""
    hour = range(now + 1, now + AHEAD_CELLS)
    return [
        shift
        for shift in roster.shifts
        if shift.end - (roster.day - shift.day).days * CELLS in hour
    ]


def rostered_ends(moves: Iterable[Move]) -> dict[ShiftKey, int]:
    """Where shifts ended before they were first made longer, as far as they were."""
    ends: dict[ShiftKey, int] = {}
    for move in moves:
        if move.kind is MoveKind.OVERTIME:
            end, key = move.before.end, move.before.key
            ends[key] = min(ends.get(key, end), end)
    return ends


def latest_ends(
    people: Mapping[str, Person],
    shifts: Iterable[Shift],
    near: Iterable[Shift],
    rostered: Mapping[ShiftKey, int],
    rules: LoopRules,
) -> dict[ShiftKey, int]:
    """Before which cell each shift must end: `rostered` where it was before all overtime,
    and no rule of the roster broken beside the shifts `near` it of the same person."""
    of_person: dict[str, list[Shift]] = defaultdict(list)
    for each in near:
        of_person[each.person_id].append(each)
    ends: dict[ShiftKey, int] = {}
    for shift in shifts:
        who, last = shift.person_id, rostered.get(shift.key, shift.end)
        last = min(last, shift.end) + rules.moves.overtime_cells
        others = [each for each in of_person[who] if each.key != shift.key]
        ends[shift.key] = _latest_end(people[who], shift, last, others, rules)
    return ends


def _latest_end(
    person: Person, shift: Shift, last: int, others: Sequence[Shift], rules: LoopRules
) -> int:
    end = shift.end
    while end < last and _may_be(person, _until(shift, end + 1), others, rules):
        end += 1
    return end


def _may_be(
    person: Person, shift: Shift, others: Sequence[Shift], rules: LoopRules
) -> bool:
    if rules.roster is None:
        return True
    return not any(faults_of(person, shift, others, rules.roster))


def _until(shift: Shift, end: int) -> Shift:
    more = (Post.PHONES,) * (end - shift.end)
    return replace(shift, cells=(*shift.cells, *more))
