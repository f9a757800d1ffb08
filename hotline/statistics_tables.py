"""Statistics as tables for a terminal; every rate with numerator and denominator."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table

from acd.statistics.agent_intervals import AgentInterval
from acd.statistics.breach import Forecast
from acd.statistics.connect_clock import ClockReading
from acd.statistics.counted_call import Rates, Share
from acd.statistics.exclusions import Exclusion
from acd.statistics.queue_intervals import QueueInterval
from acd.statistics.staff import StaffInterval
from hotline.call_tables import local

MEASURES = (
    *("offered", "redials", "connect", "in 15 s", "lost", "overflow"),
    *("wait mean/max", "AHT s"),
)
MEASURES_CAPTION = (
    "in 15 s: from queue entry, calls, of offered / of answered. "
    "lost: blocked / in IVR / in queue / ringing / promised / declined / otherwise."
)
TIMES = ("ready", "offered", "ringing", "talking", "wrap-up", "paused", "occupied")
CALLS = ("long pauses", "answered", "not taken")
CALLS_CAPTION = (
    "long pauses: longer than their reasons allow. "
    "not taken: rejected / busy / no answer / unreachable / withdrawn."
)
WITHOUT_QUEUE = "(none)"


def interval_table(lines: Sequence[QueueInterval], zone: ZoneInfo) -> Table:
    """One row an interval and queue."""
    table = _table(("from", "queue"), *MEASURES, caption=MEASURES_CAPTION)
    for line in lines:
        table.add_row(clock_time(line.start, zone), *_queue_cells(line))
    return table


def day_table(totals: Sequence[QueueInterval]) -> Table:
    """One row a queue, and last all of them."""
    table = _table(("queue",), *MEASURES, caption=MEASURES_CAPTION)
    for line in totals:
        table.add_row(*_queue_cells(line))
    return table


def _queue_cells(line: QueueInterval) -> list[str]:
    counts, rates, waits = line.counts, line.rates, line.waits_answered
    in_time = rates.in_15_seconds_from_queue_entry_of_offered
    of_answered = rates.in_15_seconds_from_queue_entry_of_answered
    lost = (
        *(counts.blocked, counts.abandoned_in_ivr, counts.abandoned_in_queue),
        *(counts.abandoned_while_ringing, counts.call_back_promised),
        *(counts.declined, counts.ended_otherwise),
    )
    return [
        line.queue or WITHOUT_QUEUE,
        str(counts.offered),
        str(counts.redialled),
        shown(rates.connect),
        f"{in_time.part} {_percent(in_time)} / {_percent(of_answered)}",
        "/".join(map(str, lost)),
        str(line.overflowed),
        f"{_seconds(waits.mean_seconds)}/{_seconds(waits.max_seconds)}",
        _seconds(line.handling.mean_seconds),
    ]


def agent_table(lines: Sequence[AgentInterval], zone: ZoneInfo | None = None) -> Table:
    """One row an agent; with a zone, one row an interval of his."""
    first = "from" if zone else "agent"
    table = _table((first,), *TIMES, *CALLS, caption=CALLS_CAPTION)
    for line in lines:
        name = clock_time(line.start, zone) if zone else line.agent_id
        table.add_row(name, *_time_cells(line))
    return table


def staff_table(lines: Sequence[StaffInterval], zone: ZoneInfo) -> Table:
    """One row an interval."""
    table = _table(("from",), "agents", *TIMES, *CALLS, caption=CALLS_CAPTION)
    for line in lines:
        table.add_row(
            clock_time(line.start, zone), str(line.agents), *_time_cells(line)
        )
    return table


def _time_cells(line: AgentInterval | StaffInterval) -> list[str]:
    seconds, calls, rate = line.seconds, line.calls, line.occupancy.rate
    states = (seconds.ready, seconds.offered, seconds.ringing, seconds.talking)
    failed = (calls.rejected, calls.busy, calls.no_answer, calls.unreachable)
    return [
        *map(_length, (*states, seconds.wrap_up, seconds.paused)),
        "–" if rate is None else f"{rate:.1%}",
        str(line.overdue_pauses or "–"),
        f"{calls.answered}/{calls.offered}",
        "/".join(map(str, (*failed, calls.withdrawn))),
    ]


def print_clock(console: Console, reading: ClockReading, zone: ZoneInfo) -> None:
    """The rates of 24 hours, each queue's, and what is foretold."""
    since, at = local(reading.since, zone), local(reading.at, zone)
    console.print(f"[bold]{since} to {at}[/bold], calls by their arrival")
    table = _table(("rate",), "share", "of calls")
    for name, rate in _rate_lines(reading.rates):
        percent = "–" if rate.rate is None else f"{rate.rate:.2%}"
        table.add_row(name, percent, f"{rate.part}/{rate.whole}")
    console.print(table)
    queues = _table(("queue",), "connect", "15 s/offered", "15 s/answered")
    for queue in reading.queues:
        rates = queue.rates
        queues.add_row(
            queue.queue or WITHOUT_QUEUE,
            shown(rates.connect),
            shown(rates.in_15_seconds_from_queue_entry_of_offered),
            shown(rates.in_15_seconds_from_queue_entry_of_answered),
        )
    if reading.queues:
        console.print(queues)
    console.print(f"{reading.counts.waiting} wait now and are in no rate yet.")
    console.print(foretold(reading.forecast, reading.target, zone))


def _rate_lines(rates: Rates) -> Iterable[tuple[str, Share]]:
    yield "connect rate, redials folded", rates.connect
    yield "connect rate, raw", rates.connect_raw
    yield "connect rate, adjusted", rates.connect_adjusted
    entry, answer = "15 s from queue entry", "15 s from SIP answer"
    yield f"{entry}, of offered", rates.in_15_seconds_from_queue_entry_of_offered
    yield f"{entry}, of answered", rates.in_15_seconds_from_queue_entry_of_answered
    yield f"{answer}, of offered", rates.in_15_seconds_from_sip_answer_of_offered
    yield f"{answer}, of answered", rates.in_15_seconds_from_sip_answer_of_answered
    yield "abandoned, raw", rates.abandoned


def foretold(forecast: Forecast, target: float, zone: ZoneInfo) -> str:
    """The forecast in a sentence, with what it rests on."""
    hours = forecast.horizon_minutes // 60
    evidence = (
        f"if all goes on like the last {forecast.recent_minutes} minutes: "
        f"{shown(forecast.recent)} answered"
    )
    below = forecast.below_target
    what = "rises to" if below else "falls below"
    now = f"Below {target:.0%} now. " if below else ""
    if forecast.expected is None:
        return f"{now}Not foreseen that it {what} {target:.0%} within {hours} h, {evidence}."
    earliest = forecast.earliest or forecast.expected
    latest = local(forecast.latest, zone) if forecast.latest else "perhaps never"
    return (
        f"{now}It {what} {target:.0%} about {local(forecast.expected, zone)} "
        f"(between {local(earliest, zone)} and {latest}), {evidence}."
    )


def exclusion_table(lines: Sequence[Exclusion], zone: ZoneInfo) -> Table:
    """One row a line of the log, the newest first as given."""
    table = _table(("at", "call", "what", "reason", "by", "note"))
    for line in lines:
        what = "excluded" if line.excluded else "counted in"
        at = local(line.at, zone)
        table.add_row(at, line.call_id, what, line.reason.value, line.name, line.note)
    return table


def shown(rate: Share) -> str:
    """A share with what it is made of."""
    return f"{_percent(rate)} {rate.part}/{rate.whole}"


def _percent(rate: Share) -> str:
    return "–" if rate.rate is None else f"{rate.rate:.1%}"


def clock_time(moment: datetime, zone: ZoneInfo) -> str:
    """The city's time; an hour that the clock shows twice is marked the second time."""
    here = moment.astimezone(zone)
    return f"{here:%H:%M}" + (" again" if here.fold else "")


def _table(left: Sequence[str], *right: str, caption: str = "") -> Table:
    table = Table(
        box=None,
        pad_edge=False,
        header_style="bold",
        caption=caption or None,
        caption_justify="left",
    )
    for name in left:
        table.add_column(name, no_wrap=True)
    for name in right:
        table.add_column(name, justify="right", no_wrap=True)
    return table


def _seconds(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}"


def _length(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}"
