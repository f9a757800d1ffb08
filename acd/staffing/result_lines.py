"""Simulated days as lines of a CSV: one for each plan, interval and queue."""

from collections.abc import Sequence

from acd.staffing.measures import ALL, CallMeasures, Measures
from acd.staffing.needed import agents_needed

COLUMNS = (
    "plan",
    "interval",
    "queue",
    "offered",
    "offered_once",
    "answered",
    "answered_in_time",
    "answered_in_time_from_line_answer",
    "abandoned_in_queue",
    "abandoned_while_ringing",
    "declined",
    "call_backs_promised",
    "called_back",
    "call_backs_not_reached",
    "call_backs_still_owed",
    "left_by_key",
    "consulted",
    "handed_over",
    "held_seconds",
    "transferred_by_flow",
    "transfers_connected",
    "surveyed",
    "surveys_answered",
    "surveys_answered_by_call_back",
    "connect_rate",
    "connect_rate_raw",
    "in_time_of_offered",
    "in_time_of_answered",
    "mean_wait_seconds",
    "p50_wait_seconds",
    "p95_wait_seconds",
    "agents_on_duty",
    "agents_needed",
)


def result_lines(days: Sequence[Measures]) -> list[list[str]]:
    """The header, then each plan: its intervals, then its queues over the whole day."""
    lines = [list(COLUMNS)]
    for measured in days:
        lines += _intervals(measured)
        lines += [
            [measured.day.plan, "day", name, *_cells(queue), "", ""]
            for name, queue in measured.queues.items()
        ]
    return lines


def _intervals(measured: Measures) -> list[list[str]]:
    day = measured.day
    return [
        [
            day.plan,
            day.starts_at(number).isoformat(timespec="minutes"),
            ALL,
            *_cells(interval),
            f"{agents:.2f}",
            str(needed),
        ]
        for number, (interval, agents, needed) in enumerate(
            zip(
                measured.intervals,
                measured.agents_on_duty,
                agents_needed(measured),
                strict=True,
            )
        )
    ]


def _cells(calls: CallMeasures) -> list[str]:
    counts = (
        calls.offered,
        calls.offered_once,
        calls.answered,
        calls.within,
        calls.within_from_answer,
        calls.in_queue,
        calls.while_ringing,
        calls.declined,
        calls.promised,
        calls.called_back,
        calls.not_reached,
        calls.still_owed,
        calls.left_by_key,
        calls.consulted,
        calls.handed_over,
        round(calls.held_seconds),
        calls.transferred,
        calls.transfers_connected,
        calls.surveyed,
        calls.surveys_answered,
        calls.surveys_by_call_back,
    )
    shares = (
        calls.connect_rate,
        calls.connect_rate_raw,
        calls.within_of_offered,
        calls.within_of_answered,
    )
    waits = (calls.mean_wait, calls.p50_wait, calls.p95_wait)
    return [
        *map(str, counts),
        *("" if share is None else f"{share:.4f}" for share in shares),
        *("" if wait is None else f"{wait:.2f}" for wait in waits),
    ]
