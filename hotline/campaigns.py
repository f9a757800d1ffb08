"""Campaigns as the settings want them."""

from collections.abc import Mapping
from functools import partial
from zoneinfo import ZoneInfo

from acd.equipment import Equipment
from config.database import Database
from config.outbound_settings import OutboundLimits
from config.setting_errors import SettingsError
from config.settings import Settings
from hotline.admission import legs_of
from hotline.caller_number import fault_of_caller_number
from ivr_flows.flow import city_calendar
from ivr_flows.language import Flow
from ivr_flows.sentences import Language
from outbound.attempt import CallRules
from outbound.contact_reading import ContactReader
from outbound.deliveries.store import ResultBook
from outbound.desk import CampaignDesk
from outbound.dialler_rules import DiallerRules
from outbound.do_not_call.desk import DoNotCallDesk
from outbound.do_not_call.store import DoNotCallStore
from outbound.endings.store import EndingStore
from outbound.modes.store import ModeStore
from outbound.overhearing import Ears
from outbound.own_rules import Offered
from outbound.rules import FollowUpRules
from outbound.store import CampaignStore
from telephony.numbers import NumberPlan
from telephony.speech.recognition import Recogniser
from telephony.trunks import is_served


def campaign_desk(
    settings: Settings,
    database: Database,
    book: ResultBook,
    numbers: NumberPlan,
    equipment: Equipment,
) -> CampaignDesk:
    """The desk that takes contacts in whom one of the trunks can call."""
    reader = ContactReader(
        numbers=numbers,
        zone=ZoneInfo(settings.hotline.timezone),
        is_served=lambda number: is_served(number, settings.trunks, numbers),
    )
    clock, link = equipment.clock, equipment.link
    return CampaignDesk(
        CampaignStore(database, book),
        reader,
        clock,
        DoNotCallDesk(DoNotCallStore(database, book), numbers, clock),
        ModeStore(database),
        EndingStore(database, book),
        lambda: link.queue_names,
        offered_to_campaigns(settings),
    )


def offered_to_campaigns(settings: Settings) -> Offered:
    """What a campaign may have of its own: checked flows, and numbers of the trunks."""
    listed = (number for trunk in settings.trunks for number in trunk.caller_numbers)
    return Offered(
        flows=settings.outbound.every_flow,
        caller_numbers=tuple(dict.fromkeys(listed)),
    )


def dialler_rules(
    settings: Settings,
    flows: Mapping[str, Flow],
    equipment: Equipment,
    recognisers: Mapping[Language, Recogniser],
    ears: Ears,
    limits: OutboundLimits,
) -> DiallerRules:
    """The rules of `[outbound]`, with the limits that count now.

    `SettingsError` when no trunk may show the number that calls shall show.
    """
    if words := fault_of_caller_number(settings):
        raise SettingsError(words)
    section = settings.outbound
    return DiallerRules(
        lines=limits.lines,
        kept_legs=legs_of(settings, equipment).kept_free,
        call=CallRules(
            flow_of=partial(flows.__getitem__, section.flow),
            recognisers=recognisers,
            ring_seconds=section.ring_seconds,
            caller_number=section.caller_number,
            ears=ears,
            announcement_seconds=section.announcement_seconds,
            leaves_message=section.on_machine == "message",
        ),
        when=follow_up_rules(settings, limits),
        flows=flows,
        offered=offered_to_campaigns(settings),
    )


def follow_up_rules(settings: Settings, limits: OutboundLimits) -> FollowUpRules:
    """When citizens are called and how often, on the city's clock and calendar."""
    return FollowUpRules(
        windows=limits.spans,
        workdays_only=limits.workdays_only,
        tries=limits.tries,
        tries_a_day=limits.tries_a_day,
        gap_hours=limits.gap_hours,
        number_calls_a_day=limits.number_calls_a_day,
        number_calls_a_month=limits.number_calls_a_month,
        zone=ZoneInfo(settings.hotline.timezone),
        calendar=city_calendar(settings),
    )
