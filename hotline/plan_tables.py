"""The emergency plans as tables for a terminal."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from rich.table import Table

from acd.adjustments.telling import change_in_words
from acd.plans.desk import DryRun
from acd.plans.foresight import AT_MINUTES, Sight
from acd.plans.store import KeptDecision
from acd.recalls.store import KeptRecall
from acd.staffing.recall import Recalled
from hotline.people.names import named


def name_of(level: int) -> str:
    """A level in words."""
    return f"plan {level}" if level else "normal"


def sight_table(sight: Sight) -> Table:
    """Each level: its agents, the waits ahead, and who hangs up within the hour."""
    surge = f", surge of {sight.surge_ratio:g} times" if sight.surge else ""
    made = Table(
        title=f"foreseen{surge}", title_justify="left", box=None, pad_edge=False
    )
    made.add_column("")
    waits = [f"wait in {minutes} min" for minutes in AT_MINUTES]
    for name in ("agents in an hour", *waits, "hang up"):
        made.add_column(name, justify="right")
    for level in sight.levels:
        made.add_row(
            name_of(level.level),
            str(level.agents),
            *(f"{wait:.0f} s" for wait in level.waits),
            f"{level.abandoned:.1%}",
        )
    return made


NO_RECALL = "plan 2 can ring nobody: there are no [[trunks]] in the settings"


def would_be(run: DryRun, names: Mapping[str, str]) -> Iterator[str]:
    """Whom plan 1 would move, whom plan 2 would ring, and why not the others."""
    for move in run.moves:
        who = named(move.person_id, names)
        yield f"plan 1 would move {who}: {change_in_words(move)}"
    if not run.moves:
        yield "plan 1 would move nobody"
    for who in run.absent:
        yield f"  not {named(who, names)}: not logged in"
    if run.recall is None:
        yield NO_RECALL
        return
    rung = ", ".join(named(who, names) for who in run.recall.rung) or "nobody"
    yield f"plan 2 would ring, in this order: {rung}"
    for who, why in run.recall.passed_over:
        yield f"  not {named(who, names)}: {why.replace('_', ' ')}"


def history_table(kept: list[KeptDecision], zone: ZoneInfo) -> Table:
    """The newest first."""
    made = Table(box=None, pad_edge=False)
    for name in (
        "",
        "",
        "from",
        "to",
        "because",
        "wait ahead",
        "recalls",
        "by",
        "note",
    ):
        made.add_column(name)
    for one in kept:
        decision = one.decision
        wait = decision.wait_seconds
        made.add_row(
            f"{decision.at.astimezone(zone):%m-%d %H:%M}",
            decision.turn,
            name_of(decision.before),
            name_of(decision.level),
            decision.reason,
            "" if wait is None else f"{wait:.0f} s",
            "" if decision.people is None else str(decision.people),
            one.decided_by,
            one.note,
        )
    return made


def recall_table(
    recall: KeptRecall, names: Mapping[str, str], zone: ZoneInfo, now: datetime
) -> Table:
    """Everybody in the order in which he is rung."""
    state = (
        "called off" if recall.called_off_at else "over" if recall.ended_at else "on"
    )
    began = recall.began_at.astimezone(zone)
    made = Table(
        title=f"recall of {recall.needed} since {began:%m-%d %H:%M}, {state}",
        title_justify="left",
        box=None,
        pad_edge=False,
    )
    for name in ("who", "stands", "tries", "rung", "due", "arrived"):
        made.add_column(name)
    for person in recall.people:
        made.add_row(
            named(person.person_id, names),
            "[red]late[/]" if person.is_late(now) else person.standing,
            str(person.tries),
            *_moments(person, zone),
        )
    return made


def _moments(person: Recalled, zone: ZoneInfo) -> tuple[str, ...]:
    moments = person.rung_at, person.due_at, person.arrived_at
    return tuple(f"{at.astimezone(zone):%H:%M}" if at else "" for at in moments)
