"""The thirty minutes in tables: the sums, and each round that moved somebody."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from acd.adjustments.decision import DecisionState
from acd.adjustments.store import KeptRound
from acd.staffing.cover import WHOLE
from benchmarks.staffing.thirty.minutes import Happened, Minute

FIVE = 5


def print_summary(
    told: Happened, rounds: Sequence[KeptRound], console: Console
) -> None:
    """Five minutes a line, then what was moved, what was expected and what came of it."""
    console.print(_minutes(told.minutes))
    console.print(_moves(told, rounds))


def _minutes(minutes: Sequence[Minute]) -> Table:
    made = Table(title="by five minutes", title_justify="left")
    for name in ("min", "came", "in time %", "lost", "longest wait s", "required"):
        made.add_column(name, justify="right")
    made.add_column("on phones", justify="right")
    for first in range(0, len(minutes), FIVE):
        made.add_row(str(first), *_sums(minutes[first : first + FIVE]))
    made.add_section()
    made.add_row("all", *_sums(minutes))
    return made


def _sums(minutes: Sequence[Minute]) -> tuple[str, ...]:
    came = sum(minute.came for minute in minutes)
    in_time = sum(minute.in_time for minute in minutes)
    required = [m.required for m in minutes if m.required is not None]
    there = [m.on_phones for m in minutes if m.on_phones is not None]
    return (
        str(came),
        f"{100 * in_time / came:.1f}" if came else "",
        str(sum(minute.lost for minute in minutes)),
        f"{max(minute.longest_wait for minute in minutes):.0f}",
        f"{sum(required) / len(required):.1f}" if required else "",
        f"{sum(there) / len(there):.1f}" if there else "",
    )


def _moves(told: Happened, rounds: Sequence[KeptRound]) -> Table:
    made = Table(title="rounds that moved somebody", title_justify="left")
    made.add_column("min", justify="right")
    made.add_column("moves")
    for name in ("quarter", "required", "agents", "then", "expected %", "came of it %"):
        made.add_column(name, justify="right")
    for kept in sorted(rounds, key=lambda one: one.round.at):
        minute = (kept.round.at - told.began).total_seconds() / 60
        made.add_row(f"{minute:.0f}", _done(kept), *_effects(kept))
    return made


def _done(kept: KeptRound) -> str:
    done = [p for p in kept.proposals if p.state is DecisionState.ACCEPTED]
    moves = (p.proposed.move for p in done)
    return ", ".join(f"{move.kind} {move.person_id}" for move in moves)


def _effects(kept: KeptRound) -> tuple[str, ...]:
    """Its first quarters of an hour, a line each; "" for what is not over yet."""
    effects = kept.round.effects[:2]
    measured = {one.cell: one.in_time for one in kept.measured if one.queue == WHOLE}
    shares = [measured.get(effect.cell) for effect in effects]
    columns = (
        (f"+{15 * n} min" for n in range(len(effects))),
        (str(effect.required) for effect in effects),
        (str(effect.before) for effect in effects),
        (str(effect.after) for effect in effects),
        (f"{100 * effect.in_time_after:.0f}" for effect in effects),
        ("" if share is None else f"{100 * share:.0f}" for share in shares),
    )
    return tuple("\n".join(column) for column in columns)
