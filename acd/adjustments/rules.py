"""What the loop is set to: how often, for which aim, and what it may do by itself."""

from dataclasses import dataclass, field

from acd.adjustments.foreseen import Aim
from acd.rosters.rules import RosterRules
from acd.staffing.moves import MoveKind, MoveRules
from acd.staffing.requirement import Target

EVERY_SECONDS = 900.0


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopRules:
    """A round every so often; `automatic` are the kinds of moves that need no person.

    At most `automatic_moves` of those are carried out in a round. `minimum_agents` are
    required whatever is foreseen. To the queues `lend_to_anybody` everybody may be lent.
    No overtime breaks the rules of the `roster`; None: there are none.
    """

    every_seconds: float = EVERY_SECONDS
    history_days: int = 120
    aim: Aim = field(default_factory=lambda: Aim(target=Target()))
    minimum_agents: int = 1
    automatic: frozenset[MoveKind] = frozenset()
    automatic_moves: int = 4
    lend_to_anybody: frozenset[str] = frozenset()
    moves: MoveRules = field(default_factory=MoveRules)
    roster: RosterRules | None = None
