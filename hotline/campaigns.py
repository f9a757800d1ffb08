"""Campaigns as the settings want them."""

from zoneinfo import ZoneInfo

from config.clock import LoopClock
from config.database import Database
from config.settings import Settings
from outbound.contact_reading import ContactReader
from outbound.desk import CampaignDesk
from outbound.store import CampaignStore
from telephony.numbers import NumberPlan
from telephony.trunks import is_served


def campaign_desk(
    settings: Settings, database: Database, numbers: NumberPlan, clock: LoopClock
) -> CampaignDesk:
    """The desk that takes contacts in whom one of the trunks can call."""
    reader = ContactReader(
        numbers=numbers,
        zone=ZoneInfo(settings.hotline.timezone),
        is_served=lambda number: is_served(number, settings.trunks, numbers),
    )
    return CampaignDesk(CampaignStore(database), reader, clock)
