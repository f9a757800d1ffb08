"""The draft for the daily review (日清日结) as a page of text (Markdown)."""

from collections.abc import Iterator, Mapping
from datetime import date
from zoneinfo import ZoneInfo

from acd.staffing.cover import WHOLE
from acd.staffing.roster import clock, clock_until
from acd.staffing_reports.accuracy import Horizon
from acd.staffing_reports.daily import (
    DailyReview,
    Decided,
    Gap,
    NextDay,
    WorstInterval,
    main_reason,
)
from acd.staffing_reports.daily_words import WORDS, Words
from acd.staffing_reports.intervals import StaffedTotal
from acd.staffing_reports.plan_story import PlanStory, RecallFigures

MOST_GAPS = 6


def daily_text(review: DailyReview, zone: ZoneInfo, language: str = "zh") -> str:
    """The page; every section says so when there is nothing to tell."""
    words = WORDS[language]
    made = f"{review.at.astimezone(zone):%Y-%m-%d %H:%M}"
    parts = [
        f"# {words['title']} {_day(review.day, words)}",
        words["draft"].format(at=made),
        f"## {words['figures']}",
        "\n".join(_figures(review, words)),
        f"## {words['worst']}",
        "\n".join(_worst(review, words)),
        f"## {words['plans']}",
        "\n".join(_plans(review, zone, words)),
        f"## {words['open']}",
        _open(review, zone, words),
        f"## {words['next']}",
        "\n".join(_next(review.next_day, words)),
    ]
    return "\n\n".join(parts) + "\n"


def _day(day: date, words: Words) -> str:
    return f"{day} {words['weekdays'].split()[day.weekday()]}"


def _figures(review: DailyReview, words: Words) -> Iterator[str]:
    yield words["queue_head"]
    yield "|" + "---|" * (words["queue_head"].count("|") - 1)
    for total in sorted(review.totals, key=lambda each: each.queue != WHOLE):
        yield _total(total, words)
    yield ""
    whole = next(total for total in review.totals if total.queue == WHOLE)
    yield "- " + _foreseen(review, whole, words)
    yield "- " + words["hours"].format(
        required=_number(whole.required_hours),
        rostered=_number(whole.rostered_hours),
        present=_number(whole.present_hours),
        adherence=_percent(review.adherence.share),
    )
    yield "- " + _decided(review.decided, words)
    yield "- " + _missing(review, words)


def _total(total: StaffedTotal, words: Words) -> str:
    came, counts = total.came, total.came.counts
    lost = (
        *(counts.blocked, counts.abandoned_in_ivr),
        *(counts.abandoned_in_queue, counts.abandoned_while_ringing),
    )
    cells = (
        words["all"] if total.queue == WHOLE else total.queue or words["no_queue"],
        *(came.once, counts.answered, _percent(came.connect.rate)),
        *(_percent(came.in_time.rate), " / ".join(map(str, lost))),
        counts.call_back_promised,
    )
    return "| " + " | ".join(map(str, cells)) + " |"


def _foreseen(review: DailyReview, whole: StaffedTotal, words: Words) -> str:
    near = next((a for a in review.foreseen if a.horizon is Horizon.MINUTES_15), None)
    if whole.foreseen_day_ahead is None and near is None:
        return words["not_foreseen"]
    ahead = whole.foreseen_day_ahead
    before = "no_day_ahead" if ahead is None else "day_ahead"
    return words["foreseen"].format(
        before=words[before].format(calls=_number(ahead)),
        came=whole.came.once,
        error=_percent(near.error if near else None),
        chance=_percent(near.chance if near else None),
    )


def _decided(of: Decided, words: Words) -> str:
    """What was done with the proposals of the loop."""
    if not of.accepted and not of.declined:
        return words["nothing_decided"]
    kinds = [f"{words[kind.value]} {n}" for kind, n in of.accepted.items()]
    return words["decided"].format(
        accepted=sum(of.accepted.values()),
        kinds=words["within"].format(kinds=words["and"].join(kinds)) if kinds else "",
        automatic=of.automatic,
        undone=of.undone,
        declined=of.declined,
    )


def _missing(review: DailyReview, words: Words) -> str:
    if not review.missing:
        return words["nobody_missing"]
    told = [
        words["missing_one"].format(
            name=one.name or one.person_id,
            why=words[main_reason(one).value],
            minutes=round(
                (one.adherence.rostered_seconds - one.adherence.there_seconds) / 60
            ),
        )
        for one in review.missing
    ]
    return words["missing"].format(people=words["between"].join(told))


def _worst(review: DailyReview, words: Words) -> Iterator[str]:
    if not review.worst:
        yield words["no_worst"]
        return
    yield words["worst_head"]
    yield "|" + "---|" * (words["worst_head"].count("|") - 1)
    for each in review.worst:
        yield _worst_line(each, words)


def _worst_line(worst: WorstInterval, words: Words) -> str:
    line = worst.interval
    last, required = line.ahead.last, line.ahead.required
    causes = [words[cause.value] for cause in worst.causes]
    cells = (
        clock(line.cell),
        line.came.once,
        worst.waited,
        f"{last.calls:.0f} ({last.low:.0f}–{last.high:.0f})" if last else "–",
        f"{_number(required)} / {line.rostered} / {_number(line.present)}",
        words["between"].join(causes) or words["no_cause"],
    )
    return "| " + " | ".join(map(str, cells)) + " |"


def _plans(review: DailyReview, zone: ZoneInfo, words: Words) -> Iterator[str]:
    for story in review.plans:
        yield "- " + _plan(story, review.names, zone, words)
    if not review.plans:
        yield words["no_plans"]


def _plan(
    story: PlanStory, names: Mapping[str, str], zone: ZoneInfo, words: Words
) -> str:
    until = (
        f"{story.ended_at.astimezone(zone):%H:%M}" if story.ended_at else words["now"]
    )
    told = words["plan"].format(
        since=f"{story.began_at.astimezone(zone):%H:%M}",
        until=until,
        level=story.highest,
        moved=story.moved,
        calls=story.came.once,
        lost=_percent(story.came.lost.rate),
        wait=_number(story.wait_seconds),
    )
    if story.recall is None:
        return told
    late = sorted({moment.who for moment in story.timeline if moment.late})
    who = words["and"].join(names.get(one) or one for one in late)
    return told + _recall(story.recall, who, words)


def _recall(of: RecallFigures, late: str, words: Words) -> str:
    told = words["recall"].format(
        rung=of.rung, confirmed=of.confirmed, arrived=of.arrived, in_time=of.in_time
    )
    if not of.late:
        return told + words["no_late"]
    return told + words["late_recall"].format(late=of.late, who=late)


def _open(review: DailyReview, zone: ZoneInfo, words: Words) -> str:
    owed = review.owed
    if not owed.open or owed.oldest_at is None:
        return words["nothing_owed"]
    since = f"{owed.oldest_at.astimezone(zone):%Y-%m-%d %H:%M}"
    return words["owed"].format(open=owed.open, promised=owed.promised, since=since)


def _next(day: NextDay | None, words: Words) -> Iterator[str]:
    if day is None:
        yield words["nothing_learned"]
        return
    yield "- " + words["next_calls"].format(
        day=_day(day.day, words),
        kind=words[day.kind.value],
        calls=round(day.calls),
        peak=clock(day.peak_cell),
        peak_calls=round(day.peak_calls),
        agents=day.peak_agents,
    )
    yield "- " + words["next_hours"].format(
        required=_number(day.required_hours), rostered=_number(day.rostered_hours)
    )
    yield "- " + _gaps(day, words)


def _gaps(day: NextDay, words: Words) -> str:
    if not any(day.rostered):
        return words["no_roster"]
    if not day.gaps:
        return words["no_gaps"]
    largest = sorted(day.gaps, key=lambda gap: -gap.hours)[:MOST_GAPS]
    told = [_gap(gap, words) for gap in sorted(largest, key=lambda gap: gap.first)]
    more = len(day.gaps) - len(told)
    rest = words["more_gaps"].format(more=more) if more else ""
    return words["gaps"].format(gaps=words["between"].join(told)) + rest


def _gap(gap: Gap, words: Words) -> str:
    return words["gap"].format(
        since=clock(gap.first),
        until=clock_until(gap.until),
        most=gap.most,
        hours=gap.hours,
    )


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}".removesuffix(".0")


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.1%}"
