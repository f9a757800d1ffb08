"""Call-backs as the settings want them."""

from zoneinfo import ZoneInfo

from acd.call_backs.rules import CallBackRules, Mode
from acd.ledger.debt import DebtRules
from acd.ledger.hours import Hours
from config.settings import Settings


def call_back_rules(settings: Settings) -> CallBackRules:
    """The rules of the section `[call_backs]`, on the city's clock."""
    section = settings.call_backs
    zone = ZoneInfo(settings.hotline.timezone)
    return CallBackRules(
        automatic=section.automatic,
        mode=Mode(section.mode),
        modes={queue: Mode(mode) for queue, mode in section.modes.items()},
        max_open=section.max_open,
        ring_seconds=section.ring_seconds,
        near_head=section.near_head,
        debts=DebtRules(
            tries=section.tries,
            survey_tries=section.survey_tries,
            retry_minutes=section.retry_minutes,
            expire_hours=section.expire_hours,
            hours=Hours(section.hours, zone),
            promised_hours=Hours(section.promised_hours, zone),
        ),
    )
