"""Recalls of staff, put together from the settings."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from zoneinfo import ZoneInfo

from acd.equipment import Equipment
from acd.people.archive import PersonUnknown, person_record
from acd.people.message_program import MessageProgram, NumberOf
from acd.people.seal import NumberSealed
from acd.recalls.call import RecallCallRules
from acd.recalls.desk import RecallDesk, RecallPlan
from acd.recalls.messages_out import RecallMessages
from acd.staffing.recall import RecallRules
from config.database import Database
from config.settings import Settings
from hotline.people.desk import open_seal
from ivr_flows.language import Flow
from ivr_flows.sentences import Language
from telephony.speech.recognition import Recogniser


@asynccontextmanager
async def open_recalls(
    settings: Settings,
    database: Database,
    equipment: Equipment,
    flows: Mapping[str, Flow],
    recognisers: Mapping[Language, Recogniser],
) -> AsyncIterator[RecallDesk | None]:
    """The desk; None without a trunk, over which alone people can be rung."""
    name = settings.recall.flow
    if name not in flows:
        yield None
        return
    number_of = await recall_numbers(settings, database)
    zone = ZoneInfo(settings.hotline.timezone)
    plan = recall_plan(settings, lambda: flows[name], recognisers)
    async with AsyncExitStack() as stack:
        if program := settings.recall.message_program:
            out = await stack.enter_async_context(MessageProgram(program, number_of))
            RecallMessages(out).listen(equipment.bus)
        desk = RecallDesk(database, plan, equipment, number_of, zone)
        yield await stack.enter_async_context(desk)


def recall_plan(
    settings: Settings,
    flow_of: Callable[[], Flow],
    recognisers: Mapping[Language, Recogniser],
) -> RecallPlan:
    """The plan of `[recall]`."""
    section = settings.recall
    return RecallPlan(
        rules=RecallRules(
            within_seconds=section.within_minutes * 60,
            tries=section.tries,
            retry_seconds=section.retry_seconds,
            at_once=section.at_once,
            expected_share=section.expected_share,
        ),
        call=RecallCallRules(
            flow_of=flow_of,
            recognisers=recognisers,
            ring_seconds=section.ring_seconds,
            caller_number=section.caller_number,
        ),
        most=section.most,
        qualification=section.qualification,
    )


async def recall_numbers(settings: Settings, database: Database) -> NumberOf:
    """Opens a person's number, for a call or a message alone."""
    seal = await open_seal(settings, database)

    async def number_of(person_id: str) -> str:
        try:
            return (await person_record(database, person_id, seal)).recall_number
        except (PersonUnknown, NumberSealed):
            return ""

    return number_of
