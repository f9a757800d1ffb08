"""A small service for the console to look at: everything real but SIP and audio."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
from fastapi import FastAPI

from acd.call_control import CallControl
from acd.dispositions import Dispositions
from acd.distributor import Distributor
from acd.engine import Engine
from acd.flow_versions.desk import FlowDesk
from acd.pauses.reasons import to_engine
from acd.people.desk import PeopleDesk
from acd.people.reading import PersonReader
from acd.people.seal import Seal
from acd.people.store import seed
from acd.people.values import profile_of, rules_of
from acd.records.archive import talks_in
from acd.records.writer import write_events
from acd.rosters.desk import RosterDesk
from acd.rosters.rules import RosterRules
from acd.rule_changes.changes import RuleChanges
from acd.run_time.settings import RunTimeSettings
from acd.run_time.texts import TextDesk
from acd.statistics.live import LiveStatistics
from acd.talk_commands import Supervisor, ThirdParty
from acd.talk_rules import TalkRules
from config.agent_settings import AgentSection, PauseReasonSection
from config.bus import EventBus
from config.clock import LoopClock
from config.database import Database
from config.queue_settings import QueueSection
from config.settings import ApiSection, HotlineSection, Settings
from config.talk_settings import DispositionSection
from config.trunk_settings import TrunkSection
from console.app import create_app
from console.metrics import Metrics
from console.view import Broker, Check, ConsoleView
from hotline.flow_versions import FlowChecker, open_flows, trier
from hotline.roster.builder import RosterBuilder
from hotline.staffing.loop import staffing_desks
from hotline.watching import watching
from ivr_flows.language import Flow
from ivr_flows.prompts.catalogue import Catalogue
from ivr_flows.sentences import Language
from outbound.contact_reading import ContactReader
from outbound.counts import FollowUpCounts
from outbound.deliveries.desk import DeliveryDesk
from outbound.deliveries.store import DeliveryStore, ResultBook
from outbound.desk import CampaignDesk
from outbound.do_not_call.desk import DoNotCallDesk
from outbound.do_not_call.store import DoNotCallStore
from outbound.endings.store import EndingStore
from outbound.follow_ups import FollowUps
from outbound.modes.store import ModeStore
from outbound.own_rules import Offered
from outbound.results import ANSWERS
from outbound.reviews.desk import ReviewDesk
from outbound.store import CampaignStore
from recordings.archive import Archive
from telephony.numbers import NumberPlan
from telephony.trunk_state import Sign
from telephony.trunks import Trunks
from tests.fakes.accounts import small_accounts
from tests.fakes.console_parts import (
    FakeCallBackDesk,
    FakeLegs,
    FakeRecognisers,
    FakeWriter,
)
from tests.fakes.migrated import migrated

TALK = TalkRules(
    third_parties=(ThirdParty(id="110", title="公安", number="110", key="*1"),),
    supervisors=(Supervisor(id="boss", title="班长", contact="sip:boss@127.0.0.1"),),
)
TOKEN = "t" * 43
CITY = ZoneInfo("Asia/Shanghai")
TRUNK = TrunkSection(
    name="telecom", host="192.0.2.5", caller_numbers=("053112345",), options_seconds=0
)
OPEN_API = ApiSection(requests_per_second=1e6, request_burst=10**6)
"""No test is refused because it is fast, unless it asks for that."""
BEARER = {"Authorization": f"Bearer {TOKEN}"}


@dataclass(slots=True, kw_only=True)
class SmallService:
    """Two queues, three agents, a database, an archive, and the console's app."""

    bus: EventBus
    clock: LoopClock
    distributor: Distributor
    database: Database
    archive: Archive
    view: ConsoleView
    desk: FakeCallBackDesk
    app: FastAPI
    checks: dict[str, str] = field(default_factory=dict)

    async def record(self, *events: object) -> None:
        """Publish events, and write them into the records."""
        for event in events:
            self.bus.publish(event)
        await write_events(self.database, events)  # type: ignore[arg-type]

    @asynccontextmanager
    async def client(
        self, headers: Mapping[str, str] = BEARER
    ) -> AsyncIterator[httpx.AsyncClient]:
        """A client inside this process."""
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(
            transport=transport, base_url="http://hotline", headers=headers
        ) as client:
            yield client


OFFERED = Offered(
    flows=("follow_up", "follow_up_water"), caller_numbers=("12345", "053112345")
)
"""What campaigns may have of their own."""


def small_follow_ups(
    database: Database, link: Distributor, bus: EventBus, clock: LoopClock
) -> FollowUps:
    """Takes contacts in whose number begins with +86, and calls nobody."""
    numbers = NumberPlan(country_code="86", area_code="0531")
    reader = ContactReader(
        numbers=numbers,
        zone=CITY,
        is_served=lambda number: number.startswith("+86"),
    )
    book = ResultBook(database, bus.publish, delivers=True)
    do_not_call = DoNotCallDesk(DoNotCallStore(database, book), numbers, clock)
    store = CampaignStore(database, book)
    modes, endings = ModeStore(database), EndingStore(database, book)
    return FollowUps(
        campaigns=CampaignDesk(
            store,
            reader,
            clock,
            do_not_call,
            modes,
            endings,
            lambda: link.queue_names,
            OFFERED,
        ),
        reviews=ReviewDesk(database, book, clock, lambda: ANSWERS),
        deliveries=DeliveryDesk(DeliveryStore(database), clock),
        counts=FollowUpCounts(database, bus),
        review_below=0.75,
    )


@asynccontextmanager
async def _people_parts(
    settings: Settings,
    database: Database,
    link: Distributor,
    clock: LoopClock,
    bus: EventBus,
) -> AsyncIterator[dict[str, Any]]:
    """Numbers are sealed with a key that everybody knows."""
    changes = RuleChanges(database, link, clock, _today)
    flows = await open_flows(settings, database, clock.now())
    catalogue = Catalogue()
    reader = PersonReader(numbers=NumberPlan(country_code="86", area_code="0531"))
    roster = RosterDesk(database, RosterRules(zone=CITY), clock)
    async with (
        RosterBuilder(settings, roster, clock) as builder,
        staffing_desks(settings, database, link, changes, clock, bus) as desks,
    ):
        yield {
            "rule_changes": changes,
            "flows": FlowDesk(
                database,
                flows,
                FlowChecker(settings, link, catalogue),
                trier(settings, link.queue_names, catalogue),
                catalogue,
                _said_by_nobody,
                clock,
            ),
            "people": PeopleDesk(
                database, changes, link, reader, Seal(b"k" * 32), clock, bus
            ),
            "roster": roster,
            "roster_builds": builder,
            "adjustments": desks.adjustments,
            "plans": desks.plans,
        }


async def _said_by_nobody(_: Flow) -> None:
    """No call comes here, so nothing is synthesised."""


async def _made_by_nobody(key: str, language: Language, text: str) -> None:
    """No call comes here, so no text is synthesised."""


def small_team() -> tuple[list[AgentSection], list[QueueSection]]:
    """Queues general and tax; agents 1001 and 1002 in general, 1003 in both."""
    agents = [
        AgentSection(
            id=f"100{n}",
            name=f"Agent {n}",
            contact=f"sip:100{n}@127.0.0.1",
            queues=("general", "tax") if n == 3 else ("general",),
        )
        for n in (1, 2, 3)
    ]
    return agents, [QueueSection(name="general"), QueueSection(name="tax")]


def small_engine(clock: LoopClock) -> Engine:
    """Has the small team, all logged out."""
    agents, queues = small_team()
    profiles = [profile_of(agent, ()) for agent in agents]
    return Engine(map(rules_of, queues), profiles, clock.now())


def _talk_parts(
    distributor: Distributor,
    bus: EventBus,
    clock: LoopClock,
    database: Database,
    run_time: RunTimeSettings,
) -> dict[str, Any]:
    control = CallControl()
    dispositions = Dispositions(
        TALK,
        titles=lambda: run_time.disposition_titles,
        control=control,
        agents=distributor.agents,
        talks_in=partial(talks_in, database),
        publish=bus.publish,
        clock=clock,
    )
    return {
        "control": control,
        "talk": TALK,
        "dispositions": dispositions,
        "numbers": NumberPlan(country_code="86", area_code="0531"),
    }


def _lines_out(sections: Sequence[TrunkSection], clock: LoopClock) -> Trunks:
    numbers = NumberPlan(country_code="86", area_code="0531")
    trunks = Trunks(sections, numbers, clock.now())
    for section in sections:
        trunks.note(section.name, Sign.ADDRESS, "", clock.now())
    return trunks


def _figures(bus: EventBus, clock: LoopClock) -> dict[str, Any]:
    return {
        "legs": FakeLegs(),
        "writer": FakeWriter(),
        "metrics": Metrics(bus),
        "statistics": LiveStatistics(bus, clock.now, CITY),
        "recognisers": FakeRecognisers(),
    }


def _today() -> date:
    return date(2026, 3, 2)


def _checks(faults: dict[str, str]) -> dict[str, Check]:
    return {
        name: lambda name=name: faults.get(name, "")  # type: ignore[misc]
        for name in ("sip", "database", "draining")
    }


@asynccontextmanager
async def small_database(directory: Path) -> AsyncIterator[Database]:
    """A database that knows the small team."""
    directory.mkdir(exist_ok=True)
    file = directory / "hotline.sqlite"
    async with Database(migrated(file)) as database:
        await seed(database, *small_team(), datetime.now(UTC))
        yield database


@asynccontextmanager
async def _parts(
    settings: Settings,
    database: Database,
    link: Distributor,
    clock: LoopClock,
    bus: EventBus,
) -> AsyncIterator[dict[str, Any]]:
    """Figures, desks, and who tells of them."""
    figures = _figures(bus, clock)
    run_time = await RunTimeSettings.open(database, clock, settings)
    run_time.pauses.follow(to_engine(link))
    changing = {
        "run_time": run_time,
        "texts": TextDesk(run_time.texts, Catalogue(), _made_by_nobody),
        **_talk_parts(link, bus, clock, database, run_time),
    }
    async with (
        _people_parts(settings, database, link, clock, bus) as people,
        watching(
            settings,
            bus,
            link,
            figures["statistics"],
            people["adjustments"],
            people["plans"],
        ) as watched,
    ):
        yield figures | changing | people | watched


@asynccontextmanager
async def small_service(
    directory: Path,
    *,
    mqtt: Broker | None = None,
    trunks: Sequence[TrunkSection] = (TRUNK,),
    pause_reasons: Sequence[PauseReasonSection] = (),
    api: ApiSection = OPEN_API,
) -> AsyncIterator[SmallService]:
    """Build it in a directory."""
    settings = Settings(
        hotline=HotlineSection(data_dir=directory),
        pause_reasons=tuple(pause_reasons),
        dispositions=(DispositionSection(code="complaint", title="投诉"),),
    )
    bus, clock = EventBus(), LoopClock()
    distributor = Distributor(small_engine(clock), clock, bus)
    faults: dict[str, str] = {}
    async with (
        small_database(directory) as database,
        _parts(settings, database, distributor, clock, bus) as parts,
    ):
        archive = Archive(settings, database, bus, clock)
        desk = FakeCallBackDesk(database)
        view = ConsoleView(
            token=TOKEN,
            **small_accounts(database),
            distributor=distributor,
            database=database,
            recordings=archive,
            call_backs=desk,
            follow_ups=small_follow_ups(database, distributor, bus, clock),
            checks=_checks(faults),
            **parts,
            mqtt=mqtt,
            trunks=_lines_out(trunks, clock),
            api=api,
        )
        yield SmallService(
            bus=bus,
            clock=clock,
            distributor=distributor,
            database=database,
            archive=archive,
            view=view,
            desk=desk,
            app=create_app(view),
            checks=faults,
        )
        distributor.close()
