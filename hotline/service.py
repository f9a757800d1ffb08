"""The composition root: builds the house from the ground up and takes it down again."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from acd.call_backs.book import Book
from acd.call_backs.desk import CallBackDesk
from acd.call_backs.store import DebtStore
from acd.distributor import Distributor, Link
from acd.equipment import Equipment
from acd.events import (
    AgentStateChanged,
    OfferUnanswered,
    PauseOverdue,
)
from acd.flow_versions.published import PublishedFlows
from acd.last_agent import LastAgents
from acd.offer_log import log_overdue, log_pause, log_unanswered
from acd.pauses.reasons import to_engine
from acd.reception import Reception
from acd.rosters.desk import RosterDesk
from acd.rule_changes.changes import RuleChanges
from acd.run_time.settings import RunTimeSettings
from acd.run_time.texts import TextDesk
from acd.statistics.live import LiveStatistics
from acd.statistics.report import warm_up
from config.bus import EventBus
from config.clock import LoopClock
from config.settings import Settings
from console.auth import load_or_make_token
from console.metrics import Metrics
from console.mqtt import MqttPublisher
from console.server import HttpServer
from console.view import ConsoleView
from hotline.accounts import console_accounts, console_server
from hotline.call_backs import call_back_rules
from hotline.calls_in import (
    city_of,
    flow_context,
    flow_of_number,
    music_of,
    number_plan,
    open_reception,
)
from hotline.flow_versions import flow_desk, open_flows
from hotline.follow_ups import open_follow_ups
from hotline.lines_out import open_trunks
from hotline.people.desk import people_desk
from hotline.plans import neighbours, plan_words, plan_wrap_up
from hotline.publishing import publisher_of
from hotline.readiness import readiness
from hotline.recalls import open_recalls
from hotline.recognition import Recognisers, open_recognisers
from hotline.records import Records, open_records
from hotline.retention import keeping_no_longer
from hotline.roster.builder import RosterBuilder
from hotline.roster.rules import roster_rules
from hotline.rules import city_date
from hotline.staffing.loop import StaffingDesks, staffing_desks
from hotline.talks import talk_parts, talk_rules
from hotline.team import Team
from hotline.test_calls.tester import testing
from hotline.watching import watching
from ivr_flows.flow import queues_of
from ivr_flows.language import Flow
from ivr_flows.prompts import Prompts
from outbound.dialler import Dialler
from outbound.follow_ups import FollowUps
from outbound.placer import Placer
from telephony.pjsua.endpoint import PjsuaEndpoint
from telephony.trunks import Trunks


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """The running hotline, as its runner and the tests see it."""

    reception: Reception
    call_backs: CallBackDesk
    dialler: Dialler | None
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
        yield await _Builder(settings, stack).build()


class _Builder:
    """Builds the service; each part stands on the ones before it."""

    def __init__(self, settings: Settings, stack: AsyncExitStack) -> None:
        self._settings, self._stack = settings, stack
        self._enter = stack.enter_async_context
        self._bus, self._clock = EventBus(), LoopClock()
        self._numbers = number_plan(settings)
        self._metrics = Metrics(self._bus)

    async def build(self) -> Service:
        """Records first, then what is said and who answers, and last the open doors."""
        records = await self._records()
        flows = await open_flows(self._settings, records.database, self._clock.now())
        prompts = await self._prompts(flows)
        team, distributor = await self._distributor(records, flows)
        statistics = await self._statistics(records)
        mqtt = await self._mqtt(records, distributor)
        endpoint, trunks = await self._lines()
        book = self._book(records)
        equipment = await self._equipment(
            endpoint, trunks, distributor, records, prompts, team, book
        )
        desk = await self._desk(book, equipment, flows)
        hears = await self._recognisers()
        follow_ups = await self._follow_ups(records, equipment, flows, hears)
        staffing = await self._staffing(records, distributor, equipment, flows, hears)
        reception = await self._enter(open_reception(self._settings, equipment, flows))
        console = await self._console(
            equipment,
            endpoint,
            distributor,
            records,
            reception,
            statistics,
            desk,
            follow_ups,
            staffing,
            mqtt,
            trunks,
            hears,
        )
        await self._by_the_clock(records)
        return Service(
            reception=reception,
            call_backs=desk,
            dialler=follow_ups.dialler,
            distributor=distributor,
            endpoint=endpoint,
            records=records,
            console_url=console.url,
        )

    async def _by_the_clock(self, records: Records) -> None:
        """What is done daily, and every few minutes."""
        settings, clock = self._settings, self._clock
        await self._enter(keeping_no_longer(settings, records, clock))
        await self._enter(testing(settings, self._bus, clock))

    async def _equipment(
        self,
        endpoint: PjsuaEndpoint,
        trunks: Trunks,
        distributor: Distributor,
        records: Records,
        prompts: Prompts,
        team: Team,
        book: Book,
    ) -> Equipment:
        return Equipment(
            endpoint=endpoint,
            placer=Placer(endpoint, trunks, self._numbers, self._bus, self._clock),
            link=distributor,
            bus=self._bus,
            clock=self._clock,
            archive=records.archive,
            prompts=prompts,
            flow_context=flow_context(self._settings, distributor.queue_names),
            numbers=self._numbers,
            agents=distributor.profiles,
            music=await music_of(prompts, team),
            help_queue=team.queues[0].name,
            messages_dir=self._settings.hotline.data_dir / "messages",
            last_agent=(await self._last_agents(records, distributor)).of,
            call_backs=book,
            arrival_kept=records.writer.journalled,
            talk=await talk_rules(self._settings, prompts, self._numbers),
            plan_words=plan_words(self._settings, self._bus),
            neighbours=neighbours(self._settings, self._numbers, self._bus),
        )

    async def _lines(self) -> tuple[PjsuaEndpoint, Trunks]:
        settings, numbers = self._settings, self._numbers
        endpoint = await self._enter(PjsuaEndpoint(settings.sip))
        trunks = open_trunks(settings, endpoint, numbers, self._bus, self._clock)
        return endpoint, await self._enter(trunks)

    async def _records(self) -> Records:
        settings, clock = self._settings, self._clock
        records = await self._enter(open_records(settings, self._bus, clock))
        self._run_time = await RunTimeSettings.open(records.database, clock, settings)
        return records

    async def _prompts(self, flows: Mapping[str, Flow]) -> Prompts:
        cache = self._settings.hotline.data_dir / "prompts"
        prompts = await self._enter(Prompts(self._settings, cache))
        parts = prompts.catalogue, prompts.prepare_text
        self._texts = TextDesk(self._run_time.texts, *parts)
        await prompts.prepare(flows.values())
        return prompts

    async def _distributor(
        self, records: Records, flows: PublishedFlows
    ) -> tuple[Team, Distributor]:
        team = await Team.of(records.database)
        clock, pauses = self._clock, self._run_time.pauses
        engine = team.engine(clock.now(), city_of(self._settings), pauses.now)
        distributor = Distributor(engine, clock, self._bus)
        pauses.follow(to_engine(distributor))
        self._bus.subscribe(OfferUnanswered, log_unanswered)
        self._bus.subscribe(AgentStateChanged, log_pause)
        self._bus.subscribe(PauseOverdue, log_overdue)
        self._stack.callback(distributor.close)
        self._flows = flows
        self._changes = self._rule_changes(records, distributor, flows)
        return team, distributor

    async def _last_agents(self, records: Records, link: Link) -> LastAgents:
        return await self._enter(LastAgents(records.database, link, self._clock))

    async def _statistics(self, records: Records) -> LiveStatistics:
        """What was counted before this start, and will be from now on."""
        zone = ZoneInfo(self._settings.hotline.timezone)
        statistics = LiveStatistics(self._bus, self._clock.now, zone)
        await warm_up(statistics, records.database, self._clock.now())
        return statistics

    def _book(self, records: Records) -> Book:
        return Book(
            DebtStore(records.database),
            call_back_rules(self._settings).debts,
            self._bus,
            self._clock,
            can_call=bool(self._settings.trunks),
        )

    async def _desk(
        self, book: Book, equipment: Equipment, flows: Mapping[str, Flow]
    ) -> CallBackDesk:
        rules = call_back_rules(self._settings)
        flow_of = flow_of_number(self._settings, flows)
        return await self._enter(CallBackDesk(book, rules, equipment, flow_of))

    async def _recognisers(self) -> Recognisers:
        """Only calls that we place ask by voice."""
        if not self._settings.trunks:
            return Recognisers()
        return await self._enter(open_recognisers(self._settings))

    async def _follow_ups(
        self,
        records: Records,
        equipment: Equipment,
        flows: Mapping[str, Flow],
        hears: Recognisers,
    ) -> FollowUps:
        return await self._enter(
            open_follow_ups(
                self._settings,
                records.database,
                equipment,
                flows,
                hears.by_language,
                self._run_time.outbound,
            )
        )

    async def _mqtt(
        self, records: Records, distributor: Distributor
    ) -> MqttPublisher | None:
        to = self._settings.mqtt, records.database
        publisher = await publisher_of(*to, self._bus, distributor, self._clock)
        return await self._enter(publisher) if publisher else None

    async def _console(
        self,
        equipment: Equipment,
        endpoint: PjsuaEndpoint,
        distributor: Distributor,
        records: Records,
        reception: Reception,
        statistics: LiveStatistics,
        desk: CallBackDesk,
        follow_ups: FollowUps,
        staffing: StaffingDesks,
        mqtt: MqttPublisher | None,
        trunks: Trunks,
        hears: Recognisers,
    ) -> HttpServer:
        view = ConsoleView(
            token=load_or_make_token(self._settings.token_file),
            **console_accounts(self._settings, records.database),
            **talk_parts(equipment, distributor, records.database, self._run_time),
            database=records.database,
            recordings=records.archive,
            legs=endpoint,
            writer=records.writer,
            metrics=self._metrics,
            statistics=statistics,
            **await self._enter(
                watching(
                    self._settings,
                    self._bus,
                    distributor,
                    statistics,
                    staffing.adjustments,
                    staffing.plans,
                )
            ),
            call_backs=desk,
            follow_ups=follow_ups,
            checks=readiness(endpoint, reception, records),
            rule_changes=self._changes,
            adjustments=staffing.adjustments,
            plans=staffing.plans,
            **await self._people(records, distributor, equipment.prompts),
            run_time=self._run_time,
            texts=self._texts,
            api=self._settings.api,
            mqtt=mqtt,
            trunks=trunks,
            recognisers=hears,
        )
        server = await self._enter(console_server(self._settings, view))
        self._stack.callback(view.let_readers_go)
        return server

    async def _people(
        self, records: Records, distributor: Distributor, prompts: Prompts
    ) -> dict[str, Any]:
        """The desks at which people change what lies in the database."""
        settings, clock = self._settings, self._clock
        parts = records.database, self._flows, distributor, prompts
        roster = RosterDesk(records.database, roster_rules(settings), clock)
        return {
            "people": await people_desk(
                settings, records, self._changes, distributor, clock, self._bus
            ),
            "flows": flow_desk(settings, *parts, clock),
            "roster": roster,
            "roster_builds": await self._enter(RosterBuilder(settings, roster, clock)),
        }

    async def _staffing(
        self,
        records: Records,
        distributor: Distributor,
        equipment: Equipment,
        flows: Mapping[str, Flow],
        hears: Recognisers,
    ) -> StaffingDesks:
        settings, database = self._settings, records.database
        if wrap_up := plan_wrap_up(settings, database, self._changes, self._bus):
            await self._enter(wrap_up)
        recalls = await self._enter(
            open_recalls(settings, database, equipment, flows, hears.by_language)
        )
        desks = staffing_desks(
            settings,
            database,
            distributor,
            self._changes,
            self._clock,
            self._bus,
            recalls,
        )
        return await self._enter(desks)

    def _rule_changes(
        self, records: Records, distributor: Distributor, flows: Mapping[str, Flow]
    ) -> RuleChanges:
        return RuleChanges(
            records.database,
            distributor,
            self._clock,
            partial(city_date, self._settings),
            self._settings.sip.rings_itself,
            partial(queues_of, flows),
        )
