"""How calls that come in are taken: the numbers, the flow of each, reception."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from acd.city import City
from acd.equipment import Equipment
from acd.reception import FlowOf, IsTest, Reception
from config.key_file import load_or_make_key
from config.settings import Settings
from hotline.admission import legs_of
from hotline.team import Team
from ivr_flows.flow import city_calendar
from ivr_flows.interpreter import FlowContext
from ivr_flows.language import Flow
from ivr_flows.prompts import Prompts
from telephony.numbers import NumberPlan
from telephony.test_marks import Marks


async def music_of(prompts: Prompts, team: Team) -> Mapping[str, Path]:
    """Each queue's; one that is added later has the default."""
    default = await prompts.hold_music()
    own = {name: await prompts.hold_music(own) for name, own in team.music.items()}
    return defaultdict(lambda: default, own)


def city_of(settings: Settings) -> City:
    """Its time and its calendar."""
    return City(
        timezone=ZoneInfo(settings.hotline.timezone), calendar=city_calendar(settings)
    )


def flow_context(settings: Settings, queues: Collection[str]) -> FlowContext:
    """What a flow may ask of the city."""
    city = city_of(settings)
    return FlowContext(
        timezone=city.timezone,
        calendar=city.calendar,
        queues=queues,
    )


def number_plan(settings: Settings) -> NumberPlan:
    """How numbers of the city are written."""
    return NumberPlan(
        country_code=settings.hotline.country_code,
        area_code=settings.hotline.area_code,
    )


def open_reception(
    settings: Settings, equipment: Equipment, flows: Mapping[str, Flow]
) -> Reception:
    """Reception, to be entered; it warns where legs are short."""
    legs = legs_of(settings, equipment)
    legs.warn()
    return Reception(
        equipment,
        flow_of_number(settings, flows),
        max_calls=lambda flow: legs.admitted_calls(emergency=flow.is_emergency),
        retry_after_seconds=settings.sip.retry_after_seconds,
        is_test=test_calls_of(settings),
    )


def test_calls_of(settings: Settings) -> IsTest:
    """Tells test calls by their mark; the key is made at the first start."""
    marks = Marks(load_or_make_key(settings.test_call_key_file))
    return lambda invitation: marks.take(invitation.test_mark, datetime.now(UTC))


def flow_of_number(settings: Settings, flows: Mapping[str, Flow]) -> FlowOf:
    """The called number chooses the flow (merged hotlines)."""
    plan = number_plan(settings)
    by_number = {plan.normalise(n.called): n.flow for n in settings.numbers}
    return lambda called: flows[by_number.get(called, settings.ivr.flow)]
