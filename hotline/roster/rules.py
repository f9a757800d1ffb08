"""The rules of rosters as the settings want them."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from acd.people.person import Post
from acd.rosters.rules import RosterRules
from config.settings import Settings


def roster_rules(settings: Settings) -> RosterRules:
    """The rules of `[roster]`, on the city's clock."""
    section = settings.roster
    return RosterRules(
        zone=ZoneInfo(settings.hotline.timezone),
        rest=timedelta(hours=section.rest_hours),
        days_on_end=section.days_on_end,
        week=timedelta(hours=section.week_hours),
        longest=timedelta(hours=section.longest_hours),
        meal=timedelta(minutes=section.meal_minutes),
        needs={Post(post): names for post, names in section.needs.items()},
    )
