"""The rules of rosters as the settings want them."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from acd.people.person import Post
from acd.rosters.rules import RosterRules
from config.roster_settings import RosterSection
from config.settings import Settings


def roster_rules(settings: Settings) -> RosterRules:
    """The rules of `[roster]`, on the city's clock."""
    return rules_of(settings.roster, ZoneInfo(settings.hotline.timezone))


def rules_of(section: RosterSection, zone: ZoneInfo) -> RosterRules:
    """The rules of a section, on a clock."""
    return RosterRules(
        zone=zone,
        rest=timedelta(hours=section.rest_hours),
        days_on_end=section.days_on_end,
        week=timedelta(hours=section.week_hours),
        longest=timedelta(hours=section.longest_hours),
        meal=timedelta(minutes=section.meal_minutes),
        needs={Post(post): names for post, names in section.needs.items()},
    )
