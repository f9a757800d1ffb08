"""Whose turn it is when lines are short: the most urgent class first. Pure: the clock is passed in.

Recall of staff goes before call-backs, call-backs before follow-up calls; before them all
goes whom a citizen waits for on the line. Within a class who asked first is first.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from acd.placing import TrafficClass
from telephony.numbers import EMERGENCY_NUMBERS
from telephony.trunks import Later, NoLine, NoLineWhy, TrunkLine, Trunks


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A line that is wanted; `place` grows with each that is asked for."""

    number: str = field(repr=False)
    caller_number: str = field(repr=False)
    traffic: TrafficClass
    tried: frozenset[str]
    place: int

    @property
    def order(self) -> tuple[bool, int, int]:
        """The smallest has the next turn; 110, 119, 120 and 122 go before all."""
        is_urgent = self.traffic is TrafficClass.CONSULTATION
        emergency = is_urgent and self.number in EMERGENCY_NUMBERS
        return not emergency, self.traffic.rank, self.place


@dataclass(frozen=True, slots=True, kw_only=True)
class Turns:
    """What came of one look at the lines: who has his answer, and who waits, and why.

    `again_at` is when somebody who waits may begin, None when only a line that comes
    free helps.
    """

    answered: tuple[tuple[Wanted, TrunkLine | NoLine], ...]
    waiting: tuple[tuple[Wanted, NoLine], ...]
    again_at: datetime | None


def take_turns(wanted: Sequence[Wanted], trunks: Trunks, now: datetime) -> Turns:
    """Take lines for whoever can have one now, in the order of their turns.

    Only what may pass is waited for: a line that is in use, calls that follow each other
    too fast. Everybody else is refused at once.
    """
    answered: list[tuple[Wanted, TrunkLine | NoLine]] = []
    waiting: list[tuple[Wanted, NoLine]] = []
    moments: list[datetime] = []
    for each in sorted(wanted, key=lambda one: one.order):
        found = trunks.choose(
            each.number,
            each.caller_number,
            now,
            urgent=each.traffic is TrafficClass.CONSULTATION,
            without=each.tried,
        )
        if isinstance(found, Later):
            moments.append(found.at)
            waiting.append((each, _too_fast(found)))
        elif isinstance(found, NoLine) and found.why is NoLineWhy.LINES_IN_USE:
            waiting.append((each, found))
        else:
            if isinstance(found, TrunkLine):
                trunks.take(found.trunk, now)
            answered.append((each, found))
    return Turns(
        answered=tuple(answered),
        waiting=tuple(waiting),
        again_at=min(moments, default=None),
    )


def _too_fast(later: Later) -> NoLine:
    return NoLine(
        why=NoLineWhy.LINES_IN_USE,
        words=f"trunk {later.trunk} takes no more calls per second now",
    )
