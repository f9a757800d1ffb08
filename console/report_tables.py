"""The report of a period as tables: the same for the page, for CSV and for XLSX.

Every rate stands with its numerator and denominator.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from acd.statistics.agent_intervals import AgentInterval
from acd.statistics.counted_call import Share
from acd.statistics.periods import Period, PeriodReport
from acd.statistics.queue_intervals import ALL, QueueInterval
from config.sheets import Cell
from console.words import N_

Translate = Callable[[str], str]
Value = Share | str | int | float | None

HOUR_SECONDS = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table with translated titles. Its values are text, numbers or shares."""

    name: str
    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]

    def cells(self, part: str, whole: str) -> Iterator[Sequence[Cell]]:
        """Header and lines for a sheet, with two columns more for each share."""
        shares = {
            place
            for row in self.rows
            for place, value in enumerate(row)
            if isinstance(value, Share)
        }
        yield [
            title
            for place, name in enumerate(self.head)
            for title in _titles(name, place in shares, part, whole)
        ]
        for row in self.rows:
            yield [cell for value in row for cell in _parts(value)]


Measure = tuple[str, Callable[[QueueInterval], Value]]
CALLS: tuple[Measure, ...] = (
    (N_("Offered"), lambda line: line.counts.offered),
    (N_("Redials"), lambda line: line.counts.redialled),
    (N_("Answered"), lambda line: line.counts.answered),
    (N_("Connect rate"), lambda line: line.rates.connect),
    (N_("Connect rate, raw"), lambda line: line.rates.connect_raw),
    (N_("Connect rate, adjusted"), lambda line: line.rates.connect_adjusted),
    (
        N_("Within 15 s of offered"),
        lambda line: line.rates.in_15_seconds_from_queue_entry_of_offered,
    ),
    (
        N_("Within 15 s of answered"),
        lambda line: line.rates.in_15_seconds_from_queue_entry_of_answered,
    ),
    (
        N_("Within 15 s of our answer"),
        lambda line: line.rates.in_15_seconds_from_sip_answer_of_offered,
    ),
    (N_("Abandoned"), lambda line: line.rates.abandoned),
    (N_("Blocked"), lambda line: line.counts.blocked),
    (N_("In the menu"), lambda line: line.counts.abandoned_in_ivr),
    (N_("In the queue"), lambda line: line.counts.abandoned_in_queue),
    (N_("While ringing"), lambda line: line.counts.abandoned_while_ringing),
    (N_("No place"), lambda line: line.counts.declined),
    (N_("Call-backs promised"), lambda line: line.counts.call_back_promised),
    (N_("Ended otherwise"), lambda line: line.counts.ended_otherwise),
    (N_("Overflowed"), lambda line: line.overflowed),
    (N_("Mean wait, s"), lambda line: _round(line.waits_answered.mean_seconds)),
    (N_("Longest wait, s"), lambda line: _round(line.waits_answered.max_seconds)),
    (N_("AHT, s"), lambda line: _round(line.handling.mean_seconds)),
)
TIMES: tuple[tuple[str, Callable[[AgentInterval], Value]], ...] = (
    (N_("On duty, h"), lambda line: _hours(_on_duty(line))),
    (N_("Ready, h"), lambda line: _hours(line.seconds.ready)),
    (N_("Talking, h"), lambda line: _hours(line.seconds.talking)),
    (N_("Wrap-up, h"), lambda line: _hours(line.seconds.wrap_up)),
    (N_("Paused, h"), lambda line: _hours(line.seconds.paused)),
    (N_("Occupied, %"), lambda line: _percent(line.occupancy.rate)),
    (N_("Calls answered"), lambda line: line.answered_of_offered),
    (N_("Long pauses"), lambda line: line.overdue_pauses),
)


def tables_of(
    report: PeriodReport,
    zone: ZoneInfo,
    translate: Translate,
    names: Mapping[str, str],
) -> list[Table]:
    """By queue, by hour or day, and by agent; `names` are the agents'."""
    hours = report.period is Period.DAY

    def at(moment: datetime) -> str:
        return moment.astimezone(zone).strftime("%H:%M" if hours else "%Y-%m-%d")

    def queue(name: str) -> str:
        return translate(N_("all")) if name == ALL else name or translate(N_("none"))

    calls = [translate(title) for title, _ in CALLS]
    return [
        Table(
            name="queues",
            title=translate(N_("By queue")),
            head=(translate(N_("Queue")), *calls),
            rows=tuple(_call_row(queue(line.queue), line) for line in report.totals),
        ),
        Table(
            name="times",
            title=translate(N_("By hour") if hours else N_("By day")),
            head=(translate(N_("Begins")), *calls),
            rows=tuple(_call_row(at(line.start), line) for line in report.lines),
        ),
        Table(
            name="agents",
            title=translate(N_("By agent")),
            head=(translate(N_("Agent")), *(translate(title) for title, _ in TIMES)),
            rows=tuple(_agent_row(names, line) for line in report.agents),
        ),
    ]


def _call_row(first: str, line: QueueInterval) -> tuple[Value, ...]:
    return (first, *(measure(line) for _, measure in CALLS))


def _agent_row(names: Mapping[str, str], line: AgentInterval) -> tuple[Value, ...]:
    who = f"{line.agent_id} {names.get(line.agent_id, '')}".strip()
    return (who, *(measure(line) for _, measure in TIMES))


def _titles(name: str, is_share: bool, part: str, whole: str) -> list[str]:
    return [name, f"{name}: {part}", f"{name}: {whole}"] if is_share else [name]


def _parts(value: Value) -> list[Cell]:
    if isinstance(value, Share):
        rate = None if value.rate is None else round(value.rate, 4)
        return [rate, value.part, value.whole]
    return [value]


def _on_duty(line: AgentInterval) -> float:
    seconds = line.seconds
    busy = seconds.offered + seconds.ringing + seconds.talking + seconds.wrap_up
    return busy + seconds.ready + seconds.paused


def _hours(seconds: float) -> float:
    return round(seconds / HOUR_SECONDS, 2)


def _round(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 1)


def _percent(rate: float | None) -> float | None:
    return None if rate is None else round(100 * rate, 1)
