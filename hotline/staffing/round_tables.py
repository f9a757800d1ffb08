"""Rounds of the loop as tables for a terminal."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from rich.table import Table

from acd.adjustments.decision import LoanEnd, Proposal
from acd.adjustments.effect import Measured
from acd.adjustments.round import Effect, IntervalLine, Round
from acd.adjustments.store import KeptRound
from acd.adjustments.telling import change_in_words
from acd.staffing.cover import WHOLE
from acd.staffing.moves import MoveKind
from acd.staffing.roster import CELLS, clock
from hotline.people.names import named

LOAN_ENDS = {
    LoanEnd.OVER: "given back",
    LoanEnd.UNDONE: "taken back",
    LoanEnd.OVERRULED: "changed by hand since",
    LoanEnd.STANDS: "not given back: look at the agent",
}
SHOWN_CELLS = 12
"""An hour that is over and two ahead."""


def _table(title: str, *columns: str) -> Table:
    made = Table(title=title, title_justify="left", box=None, pad_edge=False)
    made.add_column(columns[0], no_wrap=True)
    for name in columns[1:]:
        made.add_column(name, justify="right", no_wrap=True)
    return made


def round_table(made: Round, zone: ZoneInfo, names: Mapping[str, str]) -> Table:
    """All queues together, by 15 minutes; and who is there now."""
    at = made.at.astimezone(zone)
    present = made.whole.present if made.whole else 0
    who = (named(one, names) for one in made.absent)
    absent = f", absent: {', '.join(who)}" if made.absent else ""
    title = f"{at:%Y-%m-%d %H:%M}: {present} logged in{absent}"
    table = _table(
        title, "", "came", "forecast", "10-90 %", "required", "rostered", "gap"
    )
    for line in made.whole.lines[:SHOWN_CELLS] if made.whole else ():
        table.add_row(*_line(line, made.cell))
    return table


def _line(line: IntervalLine, now: int) -> tuple[str, ...]:
    gap = line.rostered - line.required
    mark = ">" if line.cell == now else " "
    return (
        f"{mark}{clock(line.cell)}",
        "" if line.actual is None else str(line.actual),
        f"{line.forecast:.1f}",
        f"{line.low:.0f}-{line.high:.0f}",
        str(line.required),
        str(line.rostered),
        f"[red]{gap}[/]" if gap < 0 else f"+{gap}",
    )


def effect_table(made: Round) -> Table:
    """What the proposal brings to the next hour; also to queues that lend or borrow."""
    table = _table(
        *("with all moves", "", "required", "agents", "then"),
        *("within", "in time", "then"),
    )
    for effect in (*made.effects, *made.queue_effects):
        table.add_row(*_effect(effect))
    return table


def _effect(effect: Effect) -> tuple[str, ...]:
    return (
        _place(effect),
        str(effect.required),
        str(effect.before),
        str(effect.after),
        _seconds(effect),
        f"{effect.in_time_before:.0%}",
        f"{effect.in_time_after:.0%}",
    )


def _seconds(effect: Effect) -> str:
    within = effect.within_seconds
    return "" if within is None else f"{within:g} s"


def _place(one: Effect | Measured) -> str:
    queue = "" if one.queue == WHOLE else f" {one.queue}"
    return f" {_hour(one.cell)}{queue}"


def _hour(cell: int) -> str:
    return clock(cell) if cell < CELLS else f"{clock(cell)} next day"


def proposal_table(kept: KeptRound, names: Mapping[str, str]) -> Table | str:
    """The moves, with why each was proposed; `names` of people by id."""
    if not kept.proposals:
        return "nothing is proposed"
    table = Table(title="proposed", title_justify="left", box=None, pad_edge=False)
    for name in ("", "who", "move", "instead", "why", "state"):
        table.add_column(name)
    for proposal in kept.proposals:
        table.add_row(*_proposal(proposal, names))
    return table


def _proposal(proposal: Proposal, names: Mapping[str, str]) -> tuple[str, ...]:
    move = proposal.proposed.move
    return (
        proposal.id.rpartition("-")[2],
        named(move.person_id, names),
        move.kind,
        change_in_words(move),
        why_in_words(proposal),
        state_in_words(proposal),
    )


def state_in_words(proposal: Proposal) -> str:
    """What was decided and by whom, and how a loan ended."""
    by = f" by {proposal.decided_by}" if proposal.decided_by else ""
    back = f", {LOAN_ENDS[proposal.loan_end]}" if proposal.loan_end else ""
    return f"{proposal.state}{by}{back}"


def why_in_words(proposal: Proposal) -> str:
    """One sentence: what was missing, and what the move takes away of it."""
    one = proposal.proposed
    if one.move.kind is MoveKind.BY_HAND:
        return "moved by hand"
    where = "" if one.queue == WHOLE else f" in {one.queue}"
    if one.missing:
        return (
            f"{one.missing} missing{where} at {_hour(one.cell)}; "
            f"takes away {one.relieves} quarters"
        )
    return f"{one.spare} more than required stay"


def measured_table(kept: KeptRound) -> Table:
    """What was expected, and what became of it."""
    made = kept.round
    expected = {(e.queue, e.cell): e for e in (*made.effects, *made.queue_effects)}
    table = _table(
        *("what became of it", "", "offered", "within"),
        *("in time", "expected", "with moves"),
    )
    for one in kept.measured:
        effect = expected[one.queue, one.cell]
        in_time = "-" if one.in_time is None else f"{one.in_time:.0%}"
        table.add_row(
            _place(one),
            str(one.offered),
            _seconds(effect),
            in_time,
            f"{effect.in_time_before:.0%}",
            f"{effect.in_time_after:.0%}",
        )
    return table
