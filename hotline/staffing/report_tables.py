"""Reports on staffing as tables for a terminal."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from rich.table import Table

from acd.staffing_reports.accuracy import Accuracy, DayAccuracy, Horizon
from acd.staffing_reports.adherence import Adherence, Missing, PersonAdherence
from acd.staffing_reports.ahead import Bounds
from acd.staffing_reports.intervals import Came, StaffedInterval, StaffedTotal
from acd.statistics.counted_call import Share
from hotline.statistics_tables import clock_time

LOST = "lost: blocked / in the announcements / in the queue / while it rang."
INTERVALS = (
    *("day ahead", "last", "required", "rostered", "there"),
    *("calls", "answered", "in 15 s", "lost"),
)
TOTALS = (
    *("day ahead", "last", "required h", "rostered h", "there h"),
    *("calls", "answered", "in 15 s", "lost"),
)
ACCURACY = ("forecasts", "error", "by chance", "ratio", "bias", "in 10-90 %")
ADHERENCE = ("rostered", "there", "share", *Missing)
NAMES = {
    Horizon.MINUTES_15: "15 minutes ahead",
    Horizon.MINUTES_60: "60 minutes ahead",
    Horizon.REST_OF_DAY: "rest of the day",
    Horizon.DAY_AHEAD: "day ahead",
}


def interval_table(
    lines: Sequence[StaffedInterval], zone: ZoneInfo, title: str
) -> Table:
    """One row a quarter of an hour of one queue."""
    table = _table(title, ("from",), INTERVALS, LOST)
    for line in lines:
        table.add_row(
            clock_time(line.start, zone),
            _calls(line.ahead.day_ahead),
            _calls(line.ahead.last),
            _number(line.ahead.required),
            str(line.rostered),
            _number(line.present),
            *_came(line.came),
        )
    return table


def total_table(totals: Sequence[StaffedTotal]) -> Table:
    """One row a queue, the whole last."""
    table = _table("the day", ("queue",), TOTALS, LOST)
    for total in totals:
        table.add_row(
            total.queue or "(none)",
            _number(total.foreseen_day_ahead),
            _number(total.foreseen_last),
            _number(total.required_hours),
            f"{total.rostered_hours:.1f}",
            f"{total.present_hours:.1f}",
            *_came(total.came),
        )
    return table


def accuracy_table(horizons: Sequence[Accuracy], title: str) -> Table:
    """One row a queue and horizon."""
    table = _table(title, ("queue", "foreseen"), ACCURACY)
    for each in horizons:
        table.add_row(each.queue, NAMES[each.horizon], *_accuracy(each))
    return table


def day_accuracy_table(days: Sequence[DayAccuracy]) -> Table:
    """One row a day of the whole: a quarter of an hour 15 minutes ahead."""
    table = _table(
        "15 minutes ahead, all queues, by day", ("day",), ("rounds", *ACCURACY)
    )
    for day in days:
        near = next((a for a in day.horizons if a.horizon is Horizon.MINUTES_15), None)
        figures = _accuracy(near) if near else ["–"] * len(ACCURACY)
        table.add_row(f"{day.day}", str(day.rounds), *figures)
    return table


def adherence_table(
    people: Sequence[PersonAdherence], whole: Adherence, zone: ZoneInfo, title: str
) -> Table:
    """One row a person's shift, in minutes, and last all of them."""
    table = _table(title, ("person", "name", "on the phones"), ADHERENCE)
    for one in people:
        since, until = one.stretches[0].since, one.stretches[-1].until
        times = f"{clock_time(since, zone)}–{clock_time(until, zone)}"
        table.add_row(one.person_id, one.name, times, *_adherence(one.adherence))
    table.add_row("all", "", "", *_adherence(whole))
    return table


def _adherence(of: Adherence) -> list[str]:
    missing = (getattr(of, f"{why}_seconds") for why in Missing)
    return [
        f"{of.rostered_seconds / 60:.0f}",
        f"{of.there_seconds / 60:.0f}",
        percent(of.share),
        *(f"{seconds / 60:.0f}" if seconds else "–" for seconds in missing),
    ]


def _accuracy(of: Accuracy) -> list[str]:
    ratio = "–" if of.ratio is None else f"{of.ratio:.2f}"
    bias = "–" if of.bias is None else f"{of.bias:+.1%}"
    chance = percent(of.chance)
    return [
        str(of.forecasts),
        percent(of.error),
        chance,
        ratio,
        bias,
        percent(of.inside),
    ]


def _came(came: Came) -> list[str]:
    counts = came.counts
    lost = (
        *(counts.blocked, counts.abandoned_in_ivr),
        *(counts.abandoned_in_queue, counts.abandoned_while_ringing),
    )
    stages = "/".join(map(str, lost)) if any(lost) else "–"
    return [str(came.once), str(counts.answered), _share(came.in_time), stages]


def _calls(bounds: Bounds | None) -> str:
    return "" if bounds is None else f"{bounds.calls:.1f}"


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return str(value) if isinstance(value, int) else f"{value:.1f}"


def _share(share: Share) -> str:
    return percent(share.rate)


def percent(share: float | None) -> str:
    """A share in per cent, a dash for none."""
    return "–" if share is None else f"{share:.1%}"


def _table(
    title: str, left: Sequence[str], right: Sequence[str], caption: str = ""
) -> Table:
    made = Table(
        title=title,
        title_justify="left",
        box=None,
        pad_edge=False,
        caption=caption or None,
        caption_justify="left",
    )
    for name in left:
        made.add_column(name, no_wrap=True)
    for name in right:
        made.add_column(name, justify="right", no_wrap=True)
    return made
