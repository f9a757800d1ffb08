"""A small city at noon: agents, a dispatcher, and a week of calls, in a real database."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from acd import events as e
from acd.adjustments.desk import AdjustmentDesk
from acd.adjustments.duty import Duty
from acd.adjustments.events import PersonMoved
from acd.adjustments.forecaster import WORKER, Forecaster
from acd.adjustments.rules import LoopRules
from acd.distributor import Distributor
from acd.messages import AgentLogsIn, AgentPauses
from acd.people.person import Post
from acd.plans.desk import PlanDesk
from acd.plans.rules import PlansRules
from acd.records.writer import write_events
from acd.rosters.store import put_shifts
from acd.rule_changes.changes import RuleChanges
from acd.rule_changes.rows import Author
from acd.staffing.roster import Shift, cell_of
from config.bus import EventBus
from config.calendar import Calendar
from config.clock import LoopClock
from config.database import Database
from config.worker_client import WorkerClient
from tests.fakes import call_events as told
from tests.fakes.console import small_database, small_engine

ZONE = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 7, 20, 4, 2, tzinfo=UTC)
TODAY, CELL = cell_of(NOON, ZONE)
MANAGER = Author(name="li", peer="127.0.0.1")
P, D = Post.PHONES, Post.DISPATCH
CALLS_A_QUARTER = 12


@dataclass(slots=True, kw_only=True)
class City:
    """Agents 1001 and 1002 on the phones, 1003 at dispatch; calls as every day."""

    database: Database
    distributor: Distributor
    bus: EventBus
    clock: LoopClock
    worker: WorkerClient
    rules: LoopRules
    moved: list[PersonMoved]
    levels: list[int]

    def plans(self, rules: PlansRules) -> PlanDesk:
        return PlanDesk(
            self.database,
            self.forecaster(),
            self.duty(),
            self.distributor,
            rules,
            self.rules,
            self.clock,
            self.bus,
            ZONE,
        )

    def rule_changes(self) -> RuleChanges:
        return RuleChanges(self.database, self.distributor, self.clock, lambda: TODAY)

    def desk(self) -> AdjustmentDesk:
        return AdjustmentDesk(
            self.database,
            self.forecaster(),
            self.duty(),
            self.rule_changes(),
            self.rules,
            self.clock,
            self.bus,
            ZONE,
        )

    def forecaster(self) -> Forecaster:
        return Forecaster(self.database.url, self.rules, self.worker, ZONE, Calendar())

    def duty(self) -> Duty:
        return Duty(self.database, self.distributor, self.clock, self.bus, ZONE)

    def state(self, agent_id: str) -> tuple[str, str]:
        view = next(a for a in self.distributor.agents() if a.id == agent_id)
        return view.state, view.reason


def shift(who: str, post: Post) -> Shift:
    return Shift(person_id=who, day=TODAY, start=CELL - 8, cells=(post,) * 24)


@asynccontextmanager
async def city(
    directory: Path, rules: LoopRules | None = None, *, calls: bool = True
) -> AsyncIterator[City]:
    """At noon, with a week of calls before."""
    rules = rules or LoopRules(history_days=30)
    bus, clock = EventBus(), LoopClock(NOON)
    distributor = Distributor(small_engine(clock), clock, bus)
    async with (
        small_database(directory) as database,
        WorkerClient(WORKER, 60) as worker,
    ):
        made = City(
            database=database,
            distributor=distributor,
            bus=bus,
            clock=clock,
            worker=worker,
            rules=rules,
            moved=[],
            levels=[],
        )
        bus.subscribe(PersonMoved, made.moved.append)
        bus.subscribe(e.PlanLevelChanged, lambda told: made.levels.append(told.level))
        await _fill(database, calls=calls)
        for who in ("1001", "1002", "1003"):
            distributor.send(AgentLogsIn(agent_id=who))
        distributor.send(AgentPauses(agent_id="1003", reason="other_post"))
        yield made
        distributor.close()


async def _fill(database: Database, *, calls: bool) -> None:
    async with database.begin() as connection:
        await put_shifts(
            connection, [shift("1001", P), shift("1002", P), shift("1003", D)]
        )
    events: list[e.Event] = []
    for day in range(8 if calls else 0):
        for n in range(CALLS_A_QUARTER * 8):
            at = NOON - timedelta(days=day, hours=1) + timedelta(seconds=75 * n)
            if at < NOON:
                events += told.answered_call(f"{day:02}{n:03}", start=at)
    for place in range(0, len(events), 500):
        await write_events(database, events[place : place + 500])
