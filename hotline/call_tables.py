"""Calls and missed calls as tables for a terminal."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table

from acd.ledger.archive import MissedCall
from acd.records.rows import CallRecord, CallRow
from acd.routing_records.store import RoutingDecision
from acd.routing_records.words import in_words
from hotline.call_story import recording_line, shown_caller, story_of
from recordings.entry import Recording
from telephony.numbers import mask

SHORT_ID = 8
"""So many last characters of a ULID tell one call from another."""


def terminal() -> Console:
    """The terminal; wide when the output goes to a file or another program."""
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=200)
    return console


def call_table(calls: Sequence[CallRow], zone: ZoneInfo, *, full: bool) -> Table:
    """One row a call, newest first as given; durations in seconds."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("call", "arrived", "caller", "queue", "agent"):
        table.add_column(name, no_wrap=True)
    for name in ("ivr s", "wait s", "talk s"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("outcome")
    for call in calls:
        table.add_row(
            call.id[-SHORT_ID:],
            local(call.arrived_at, zone),
            shown_caller(call, full=full),
            call.queue or "–",
            call.agent_id or "–",
            _seconds(call.ivr_seconds),
            _seconds(call.wait_seconds),
            _seconds(call.talk_seconds),
            call.outcome or "in progress",
        )
    return table


def missed_table(entries: Sequence[MissedCall], zone: ZoneInfo, *, full: bool) -> Table:
    """One row an entry of the ledger, newest first as given."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("call", "missed", "caller", "queue", "stage", "state"):
        table.add_column(name, no_wrap=True)
    for entry in entries:
        number = entry.caller if full else mask(entry.caller)
        table.add_row(
            entry.call_id[-SHORT_ID:],
            local(entry.missed_at, zone),
            number or "withheld",
            entry.queue or "–",
            entry.stage,
            entry.state.value,
        )
    return table


def print_story(
    console: Console,
    record: CallRecord,
    recording: Recording | None,
    zone: ZoneInfo,
    *,
    full: bool,
) -> None:
    """The call's facts, then its timeline in seconds after the arrival."""
    call = record.call
    console.print(f"[bold]call {call.id}[/bold]")
    console.print(_facts(call, recording, zone, full=full))
    timeline = Table(box=None, pad_edge=False, show_header=False)
    timeline.add_column(justify="right", no_wrap=True)
    timeline.add_column(no_wrap=True)
    timeline.add_column()
    for line in story_of(record):
        timeline.add_row(f"+{line.seconds:.1f} s", line.what, line.detail)
    console.print(timeline)


def print_decisions(
    console: Console, call: CallRow, decisions: Sequence[RoutingDecision]
) -> None:
    """Each decision about a call in words, in seconds after the arrival."""
    console.print(f"[bold]call {call.id}[/bold]")
    if not decisions:
        console.print("No routing decision: it never waited for a person.")
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(justify="right", no_wrap=True)
    table.add_column()
    for decision in decisions:
        seconds = (decision.at - call.arrived_at).total_seconds()
        table.add_row(f"+{seconds:.1f} s", in_words(decision))
    console.print(table)


def _facts(
    call: CallRow, recording: Recording | None, zone: ZoneInfo, *, full: bool
) -> Table:
    table = Table(box=None, pad_edge=False, show_header=False)
    outcome = f"{call.outcome} ({call.cause})" if call.outcome else "in progress"
    waited = f"{_seconds(call.wait_seconds)} s from queue entry"
    from_answer = f"{_seconds(call.wait_from_answer_seconds)} s from answer"
    table.add_row("arrived", local(call.arrived_at, zone))
    table.add_row("caller", shown_caller(call, full=full))
    table.add_row("called", call.called or "unknown")
    table.add_row("outcome", outcome)
    table.add_row("IVR", f"{_seconds(call.ivr_seconds)} s")
    table.add_row("wait", f"{waited}, {from_answer}" if call.entered_at else "–")
    table.add_row(
        "talk",
        f"{_seconds(call.talk_seconds)} s, agent {call.agent_id}"
        if call.agent_id
        else "–",
    )
    if call.disposition:
        note = f": {call.disposition_note}" if full and call.disposition_note else ""
        table.add_row("disposition", f"{call.disposition}{note}")
    if call.confidential_at:
        table.add_row("confidential", f"since {local(call.confidential_at, zone)}")
    table.add_row("recording", recording_line(recording))
    return table


def local(moment: datetime, zone: ZoneInfo) -> str:
    """A moment on the city's clock."""
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M:%S}"


def _seconds(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}"
