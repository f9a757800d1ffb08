"""A move in words for the person whom it concerns."""

from collections.abc import Iterator
from itertools import groupby

from acd.staffing.moves import Move
from acd.staffing.roster import Shift, clock, clock_until

OFF_DUTY, BREAK = "off duty", "break"


def change_in_words(move: Move) -> str:
    """What he does instead: "09:00-10:00 phones; 10:30-11:00 break".

    Or for whom: "09:00-10:00 general instead of tax"; "from 10:00 tax" when that is over.
    """
    if (loan := move.loan) and loan.cells:
        return f"{_span(loan.first, loan.last)} {loan.to} instead of {loan.of}"
    if loan:
        return f"from {clock(loan.last)} {loan.to}"
    parts = (f"{_span(first, last + 1)} {work}" for first, last, work in _runs(move))
    return "; ".join(parts)


def _span(first: int, last: int) -> str:
    return f"{clock(first)}-{clock_until(last)}"


def _runs(move: Move) -> Iterator[tuple[int, int, str]]:
    cells = [(cell, _work(move.after, cell)) for cell in move.cells]
    # Cells that follow each other without a gap, and in which the same is done.
    numbered = enumerate(cells)
    for _, run in groupby(numbered, key=lambda one: (one[1][0] - one[0], one[1][1])):
        own = [cell for _, cell in run]
        yield own[0][0], own[-1][0], own[0][1]


def _work(shift: Shift, cell: int) -> str:
    place = cell - shift.start
    if not 0 <= place < len(shift.cells):
        return OFF_DUTY
    return shift.cells[place] or BREAK
