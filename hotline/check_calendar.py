"""The part of `hotline check` that tells whose hours rest on holidays nobody knows yet."""

from collections.abc import Iterator
from datetime import date, timedelta

from config.settings import Settings
from hotline.check_outbound import WHAT as FOLLOW_UPS
from hotline.finding import Finding, Verdict
from ivr_flows.flow import city_calendar

AHEAD = timedelta(days=60)


def check_calendar(settings: Settings, today: date) -> Iterator[Finding]:
    """Warns when the year, or the one that begins soon, was not announced; flows say so themselves."""
    calendar, soon = city_calendar(settings), today + AHEAD
    years = [year for year in (today.year, soon.year) if not calendar.knows(year)]
    if years and (resting := _resting(settings)):
        words = f"those of {years[0]} are not known yet: plain weekdays will hold for {', '.join(resting)}; name the days in a file (hotline.holidays_file)"
        yield Finding(what="holidays", words=words, verdict=Verdict.WARNING)


def _resting(settings: Settings) -> list[str]:
    queues = [f"queue {each.name!r}" for each in settings.queues if each.hours]
    outbound = settings.outbound
    placed = settings.trunks and outbound.lines and outbound.workdays_only
    return [*queues, FOLLOW_UPS] if placed else queues
