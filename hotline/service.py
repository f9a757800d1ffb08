"""The composition root: builds the house from the ground up and takes it down again."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from acd.distributor import Distributor
from acd.equipment import Equipment
from acd.reception import FlowOf, Reception
from config.bus import EventBus
from config.clock import LoopClock
from config.settings import Settings
from console.app import create_app
from console.auth import load_or_make_token
from console.metrics import Metrics
from console.mqtt import MqttPublisher
from console.server import HttpServer
from console.view import Check, ConsoleView
from hotline.admission import admitted_calls
from hotline.records import Records, open_records
from hotline.team import Team
from ivr_flows.flow import load_flows
from ivr_flows.interpreter import FlowContext
from ivr_flows.language import Flow
from ivr_flows.prompts import Prompts
from recordings.retention import run_retention
from telephony.numbers import NumberPlan
from telephony.pjsua.endpoint import PjsuaEndpoint

SLOW_RECORDS_SECONDS = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """The running hotline, as its runner and the tests see it."""

    reception: Reception
    distributor: Distributor
    endpoint: PjsuaEndpoint
    records: Records
    console_url: str


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[Service]:
    """The whole hotline, from the data directory up to the open console.

    Raises what its parts raise when they cannot start: each message says what to do.
    Leaving it ends every call at once; `Reception.drain` before that is kinder.
    """
    async with AsyncExitStack() as stack:
        enter = stack.enter_async_context
        bus, clock = EventBus(), LoopClock()
        metrics, flows = Metrics(bus), load_flows(settings)
        records = await enter(open_records(settings, bus, clock))
        prompts = await enter(Prompts(settings, settings.hotline.data_dir / "prompts"))
        await prompts.prepare(flows.values())
        team = await Team.of(records.database)
        distributor = Distributor(team.engine(clock.now()), clock, bus)
        stack.callback(distributor.close)
        mqtt = None
        if settings.mqtt.url:
            mqtt = await enter(MqttPublisher(settings.mqtt, bus, distributor, clock))
        music = {
            name: await prompts.hold_music(own) for name, own in team.music.items()
        }
        endpoint = await enter(PjsuaEndpoint(settings.sip))
        equipment = Equipment(
            endpoint=endpoint,
            link=distributor,
            bus=bus,
            clock=clock,
            archive=records.archive,
            prompts=prompts,
            flow_context=FlowContext(timezone=ZoneInfo(settings.hotline.timezone)),
            numbers=_number_plan(settings),
            agents=team.profiles,
            music=music,
            help_queue=team.queues[0].name,
            messages_dir=settings.hotline.data_dir / "messages",
        )
        reception = await enter(_reception(settings, equipment, flows))
        view = ConsoleView(
            token=load_or_make_token(settings.token_file),
            distributor=distributor,
            database=records.database,
            recordings=records.archive,
            legs=endpoint,
            writer=records.writer,
            metrics=metrics,
            checks=_checks(reception, records),
            mqtt=mqtt,
        )
        console = await enter(
            HttpServer(
                create_app(view), settings.console.address, settings.console.port
            )
        )
        retention = run_retention(
            records.archive,
            retention_days=settings.recordings.retention_days,
            clock=clock,
        )
        await enter(_in_background(retention, "retention"))
        yield Service(
            reception=reception,
            distributor=distributor,
            endpoint=endpoint,
            records=records,
            console_url=console.url,
        )


def _number_plan(settings: Settings) -> NumberPlan:
    return NumberPlan(
        country_code=settings.hotline.country_code,
        area_code=settings.hotline.area_code,
    )


def _reception(
    settings: Settings, equipment: Equipment, flows: Mapping[str, Flow]
) -> Reception:
    return Reception(
        equipment,
        _flow_of(settings, flows),
        max_calls=admitted_calls(
            settings.sip.max_calls,
            equipment.endpoint.legs_allowed,
            len(equipment.agents),
        ),
        retry_after_seconds=settings.sip.retry_after_seconds,
    )


def _flow_of(settings: Settings, flows: Mapping[str, Flow]) -> FlowOf:
    """The called number chooses the flow (merged hotlines)."""
    by_number = {number.called: number.flow for number in settings.numbers}
    return lambda called: flows[by_number.get(called, settings.ivr.flow)]


def _checks(reception: Reception, records: Records) -> Mapping[str, Check]:
    """What makes the service not ready, in words."""

    def calls() -> str:
        return "the service is stopping: no new calls" if reception.draining else ""

    def database() -> str:
        lag = records.writer.lag_seconds
        if lag < SLOW_RECORDS_SECONDS:
            return ""
        return f"the database has taken no records for {lag:.0f} s; the log says why"

    return {"calls": calls, "records": database}


@asynccontextmanager
async def _in_background(
    work: Coroutine[None, None, None], name: str
) -> AsyncIterator[None]:
    task = asyncio.create_task(work, name=name)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait({task})
