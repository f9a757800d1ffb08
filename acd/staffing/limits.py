"""What keeps people from moves that they could do otherwise; pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from acd.staffing.moves import Move, MoveKind, MoveRules
from acd.staffing.roster import Shift, ShiftKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """`latest_ends` are the cells before which shifts end with all overtime that is allowed,
    counted from the midnight of the shift's day. `declined` are persons and what they are
    not asked for again."""

    latest_ends: Mapping[ShiftKey, int] = field(default_factory=dict)
    declined: frozenset[tuple[str, MoveKind]] = frozenset()

    def latest_end(self, shift: Shift, rules: MoveRules) -> int:
        """Before which cell a shift must end; one that is not named is as it was rostered."""
        return self.latest_ends.get(shift.key, shift.end + rules.overtime_cells)

    def allow(self, move: Move) -> bool:
        """Whether nobody has declined it."""
        return (move.person_id, move.kind) not in self.declined
