"""Simulated days as tables for a terminal; the plans side by side, line by line."""

from collections.abc import Iterable, Iterator, Sequence

from rich.table import Table

from acd.messages import OfferFailure
from acd.staffing.measures import ALL, CallMeasures, GroupMeasures, Measures
from acd.staffing.needed import agents_needed


def queue_table(days: Sequence[Measures]) -> Table:
    """A line for each queue and plan, all queues together last."""
    seconds = days[0].within_seconds
    made = _table("By queue", "queue", "plan")
    for name in (
        *("offered", "once", "answered", "declined", "connect %", "gave up %"),
        *(f"in {seconds:g} s %", "of answered %", "mean s", "p50 s", "p95 s"),
    ):
        made.add_column(name, justify="right", no_wrap=True)
    for name in _more_than_one(days[0].queues):
        for measured in days:
            if calls := measured.queues.get(name):
                made.add_row(name, measured.day.plan, *_calls(calls))
        made.add_section()
    return made


def _calls(calls: CallMeasures) -> Iterator[str]:
    yield from map(str, (calls.offered, calls.offered_once, calls.answered))
    yield str(calls.declined)
    yield _percent(calls.connect_rate)
    yield _percent(calls.abandoned_share)
    yield _percent(calls.within_of_offered)
    yield _percent(calls.within_of_answered)
    yield from map(_seconds, (calls.mean_wait, calls.p50_wait, calls.p95_wait))


def group_table(days: Sequence[Measures]) -> Table:
    """A line for each group of agents and plan."""
    made = _table("By group of agents", "group", "plan")
    for name in ("agents", "hours on duty", "busy %"):
        made.add_column(name, justify="right", no_wrap=True)
    names = dict.fromkeys(name for measured in days for name in measured.groups)
    for name in _more_than_one([*(name for name in names if name != ALL), ALL]):
        for measured in days:
            if group := measured.groups.get(name):
                made.add_row(name, measured.day.plan, *_group(group))
        made.add_section()
    return made


def _group(group: GroupMeasures) -> tuple[str, str, str]:
    return (
        str(group.agents),
        f"{group.hours_on_duty:.0f}",
        _percent(group.occupancy),
    )


def interval_table(days: Sequence[Measures]) -> Table:
    """A line for each interval; for each plan the agents, the waits and the rate."""
    made = _table("By interval", "from")
    for name in ("offered", "needed"):
        made.add_column(name, justify="right")
    for measured in days:
        for name in ("agents", "p95 s", f"in {measured.within_seconds:g} s %"):
            header = f"{name}\n{measured.day.plan}" if len(days) > 1 else name
            made.add_column(header, justify="right")
    for number, needed in enumerate(agents_needed(days[0])):
        made.add_row(
            f"{days[0].day.starts_at(number):%H:%M}",
            str(days[0].intervals[number].offered),
            str(needed),
            *(cell for measured in days for cell in _interval(measured, number)),
        )
    return made


def _interval(measured: Measures, number: int) -> tuple[str, str, str]:
    calls = measured.intervals[number]
    return (
        f"{measured.agents_on_duty[number]:.1f}",
        _seconds(calls.p95_wait),
        _percent(calls.within_of_offered),
    )


def besides_table(days: Sequence[Measures]) -> Table | None:
    """A line for each thing that happened besides, a column for each plan.

    None when nothing of it happened.
    """
    made = _table("Besides")
    made.add_column("what", no_wrap=True)
    for measured in days:
        made.add_column(measured.day.plan, justify="right", max_width=24)
    by_plan = [dict(_besides(measured)) for measured in days]
    for what in by_plan[0]:
        cells = [lines[what] for lines in by_plan]
        if any(cells):
            made.add_row(what, *map(str, cells))
    return made if made.row_count else None


def _besides(measured: Measures) -> Iterator[tuple[str, int]]:
    calls, untaken = measured.whole, measured.day.untaken
    yield "left by key", calls.left_by_key
    yield "call-backs promised", calls.promised
    yield "called back", calls.called_back
    yield "call-backs without an answer", calls.not_reached
    yield "call-backs still owed at the end", calls.still_owed
    yield "talks in which a colleague was asked", calls.consulted
    yield "talks handed over", calls.handed_over
    yield "minutes on hold", round(calls.held_seconds / 60)
    yield "transferred by the flow", calls.transferred
    yield "of them connected", calls.transfers_connected
    yield "surveys asked or owed", calls.surveyed
    yield "of them answered", calls.surveys_answered
    yield "by call-back", calls.surveys_by_call_back
    for failure in (OfferFailure.NO_ANSWER, OfferFailure.REJECTED, OfferFailure.BUSY):
        words = f"offers to agents: {failure.replace('_', ' ')}"
        yield words, untaken.get(failure, 0)


def in_words(measured: Measures) -> str:
    """The 15-second rate by both clocks, and how many intervals kept the target."""
    calls, minutes = measured.whole, measured.day.interval_seconds / 60
    return (
        f"{measured.day.plan}: of {calls.offered} offered calls "
        f"{_percent(calls.within_of_offered)} % were answered within "
        f"{measured.within_seconds:g} s of entering the queue, "
        f"{_percent(calls.within_from_answer_of_offered)} % of the answer of the line; "
        f"{measured.intervals_on_target} of {measured.intervals_with_calls} intervals of "
        f"{minutes:g} minutes answered 95 % within {measured.within_seconds:g} s of "
        f"entering the queue{_call_backs(calls)}"
    )


def _call_backs(calls: CallMeasures) -> str:
    if not (calls.promised or calls.called_back):
        return ""
    told = f"; {calls.promised} call-backs were promised and {calls.called_back} made"
    if calls.mean_call_back_delay is None:
        return told
    return f"{told}, on average {calls.mean_call_back_delay / 60:.0f} minutes after the call came"


def _table(title: str, *names: str) -> Table:
    made = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for name in names:
        made.add_column(name, no_wrap=True, max_width=24)
    return made


def _more_than_one(names: Iterable[str]) -> list[str]:
    """The names; all together are no line of their own where there is one only."""
    known = list(names)
    return known[:1] if len(known) == 2 else known


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.1f}"


def _seconds(wait: float | None) -> str:
    return "–" if wait is None else f"{wait:.1f}"
