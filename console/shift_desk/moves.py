"""A move as parts of a sentence in the reader's language; pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from acd.staffing.moves import Move
from acd.staffing.roster import Shift, clock, clock_until
from console.shift_desk.crew import Off, Where


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What he does instead from one time to another; a loan has two `queues`: of, to."""

    begins: str
    ends: str
    work: Where | None
    queues: tuple[str, str] | None = None


def steps_of(move: Move) -> list[Step]:
    """In order of time."""
    if loan := move.loan:
        return [
            Step(
                begins=clock(loan.first),
                ends=clock_until(loan.last),
                work=None,
                queues=(loan.of, loan.to),
            )
        ]
    return list(_steps(move))


def _steps(move: Move) -> Iterator[Step]:
    cells = [(cell, _work(move.after, cell)) for cell in move.cells]
    # Cells that follow each other without a gap, and in which the same is done.
    numbered = enumerate(cells)
    for _, run in groupby(numbered, key=lambda one: (one[1][0] - one[0], one[1][1])):
        own = [cell for _, cell in run]
        first, last = own[0][0], own[-1][0] + 1
        yield Step(begins=clock(first), ends=clock_until(last), work=own[0][1])


def _work(shift: Shift, cell: int) -> Where:
    place = cell - shift.start
    if not 0 <= place < len(shift.cells):
        return Off.OVER
    return shift.cells[place] or Off.BREAK
