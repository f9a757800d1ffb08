"""What the reports on the emergency plans are made from, read from the database."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from acd.people.archive import names_of
from acd.plans.store import decisions_before, moves_between
from acd.recalls.store import recalls_between
from acd.staffing_reports.plan_story import (
    Activation,
    PlanFacts,
    PlanStory,
    activations,
    plan_story,
)
from acd.statistics.edges import day_span
from acd.statistics.report import count_calls
from config.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class PlansReport:
    """The activations that began, or went on, from the first day to the last.

    `names` are those of the people in them, by id.
    """

    first: date
    last: date
    stories: list[PlanStory]
    names: dict[str, str]


async def plans_report(
    database: Database, first: date, last: date, zone: ZoneInfo, now: datetime
) -> PlansReport:
    """Every activation of these days, in order of time."""
    since = day_span(first, zone).since
    until = min(day_span(last, zone).until, now)
    found = activations(await decisions_before(database, now))
    within = [
        each
        for each in found
        if each.began_at < until and (each.ended_at or now) >= since
    ]
    stories = [await _story(database, each, now) for each in within]
    told = {moment.who for story in stories for moment in story.timeline}
    names = await names_of(database, told)
    return PlansReport(first=first, last=last, stories=stories, names=names)


async def _story(database: Database, of: Activation, now: datetime) -> PlanStory:
    ended_at = of.ended_at or now
    counter = await count_calls(database, of.span(now), now)
    return plan_story(
        of,
        PlanFacts(
            moves=await moves_between(database, of.began_at, ended_at),
            recalls=await recalls_between(database, of.began_at, ended_at),
            calls=counter.intervals(),
            now=now,
        ),
    )
