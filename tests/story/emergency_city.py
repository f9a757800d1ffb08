"""A city in an emergency, in virtual time: the desks of plans and recalls, and the engine.

PlanDesk, RecallDesk, Duty, distributor, engine, database and detector are those of the
service; its real flow asks those who are recalled. Citizens are coroutines who wait,
speak and give up. The forecast's process is replaced by its own functions, on a
model that was learned once.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cache
from random import Random
from zoneinfo import ZoneInfo

import numpy as np

from acd.adjustments.duty import Duty
from acd.adjustments.events import PersonMoved
from acd.adjustments.forecaster import Forecaster
from acd.adjustments.foreseen import DayAhead, QueueAhead
from acd.adjustments.rules import LoopRules
from acd.adjustments.worker import DAY, JOB
from acd.events import PlanLevelChanged
from acd.messages import (
    AgentLogsIn,
    AgentPauses,
    CallerEnters,
    CallerLeaves,
    Connect,
    Offer,
    OfferAnswered,
    TalkEnd,
    TalkEnds,
)
from acd.people.archive import keep_person
from acd.people.person import Person, Post
from acd.plans.desk import PlanDesk
from acd.plans.rules import Plan1, PlansRules
from acd.queue_rules import QueueRules
from acd.recalls.call import RecallCallRules
from acd.recalls.desk import RecallDesk, RecallPlan
from acd.recalls.events import PersonRecalled, RecallChanged
from acd.rosters.store import put_shifts
from acd.rule_changes.rows import Author
from acd.staffing.agents_ahead import agents_ahead
from acd.staffing.day_kind import kind_of
from acd.staffing.escalation import USUAL_PLANS, PlanRules
from acd.staffing.forecast import DayForecast, forecast_day
from acd.staffing.forecast_lines import Staffing, lines_of
from acd.staffing.gamma_ratios import Floats
from acd.staffing.recall import RecallRules
from acd.staffing.requirement import Target
from acd.staffing.roster import Shift, cell_of
from acd.staffing.surge import surge_after
from acd.statistics.queue_intervals import ALL
from config.calendar import Calendar
from config.database import Database
from ivr_flows.flow import BUILT_IN, load_flow
from tests.fakes.telephony import FakeLeg
from tests.story.hotline import StoryHotline
from tests.unit.acd.desk import START, profile
from tests.unit.acd.staffing.made_up_weeks import weeks

ZONE = ZoneInfo("Etc/GMT-1")
"""Where it is nine in the morning when the story begins."""
NINE = 9 * 60
TODAY, CELL = cell_of(START, ZONE)
HANDLE_SECONDS, PATIENCE_SECONDS = 300.0, 360.0
STAFFING = Staffing(
    handle_seconds=HANDLE_SECONDS,
    patience_seconds=PATIENCE_SECONDS,
    target=Target(share=0.8, within_seconds=20),
    sureness=0.9,
)
MANAGER = Author(name="li", peer="127.0.0.1")
Times = Callable[[float], float]
"""How many times the usual calls come, so many minutes after nine."""


@cache
def model(calls: int) -> DayForecast:
    """What four weeks of so many calls a day tell of this Monday."""
    later = weeks(28, calls=calls)
    past = replace(later, days=tuple(day - timedelta(days=28) for day in later.days))
    return forecast_day(past, TODAY, kind_of(TODAY, Calendar()))


@cache
def usual_agents(calls: int) -> int:
    """Enough for the busiest quarter of the three hours, and a twentieth more."""
    wanted = agents_ahead(
        1.05 * model(calls).expected,
        HANDLE_SECONDS,
        PATIENCE_SECONDS,
        STAFFING.target,
    )
    return int(max(wanted[CELL : CELL + 12]))


@dataclass(slots=True, kw_only=True)
class Told:
    """What came of the calls, by the minute in which each came, and of the plans."""

    came: dict[int, int] = field(default_factory=dict)
    waits: dict[int, list[float]] = field(default_factory=dict)
    gave_up: dict[int, int] = field(default_factory=dict)
    levels: list[tuple[float, int]] = field(default_factory=list)
    moved: list[PersonMoved] = field(default_factory=list)
    recalled: list[PersonRecalled] = field(default_factory=list)
    recalls: list[RecallChanged] = field(default_factory=list)

    def lost(self, since: int, until: int) -> float:
        """The share of those who gave up, of who came in these minutes."""
        came = sum(n for minute, n in self.came.items() if since <= minute < until)
        gone = sum(n for minute, n in self.gave_up.items() if since <= minute < until)
        return gone / max(came, 1)

    def begun(self, level: int) -> float | None:
        """The minute in which a level was reached from below."""
        before = 0
        for minute, now in self.levels:
            if before < level <= now:
                return minute
            before = now
        return None


class EmergencyCity:
    """The hotline from nine on; `comes` tells who of the recalled comes, and when."""

    def __init__(
        self, database: Database, calls: int, times: Times, *, posts: int, off_duty: int
    ) -> None:
        self.calls, self._times = calls, times
        self.on_phones = [f"a{n}" for n in range(usual_agents(calls))]
        self.at_posts = [f"t{n}" for n in range(posts)]
        self.off_duty = [f"h{n}" for n in range(off_duty)]
        self.database, self.told = database, Told()
        everybody = [*self.on_phones, *self.at_posts, *self.off_duty]
        self.hotline = StoryHotline(
            *map(profile, everybody),
            rules=QueueRules(name="general", wrap_up_seconds=0),
        )
        self.comes: Callable[[str], float | None] = lambda who: 20.0
        self.answers: Callable[[str], str] = lambda who: "1"
        self._steps = np.zeros(24 * 12)
        self._steps[: NINE // 5] = model(calls).expected[:CELL].repeat(3) / 3
        self._chance, self._logins = Random(5), 0
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def minute(self) -> float:
        """Minutes after nine."""
        return (self.hotline.clock.now() - START) / timedelta(minutes=1)

    async def fill(self) -> None:
        """People and today's shifts, as the service keeps them."""
        async with self.database.begin() as connection:
            for who in (*self.on_phones, *self.at_posts):
                person = Person(
                    id=who,
                    name=who,
                    posts=(Post.PHONES, Post.TRAINING),
                    contact=f"sip:{who}@127.0.0.3",
                )
                await keep_person(connection, person, "", START)
            for n, who in enumerate(self.off_duty):
                person = Person(
                    id=who,
                    name=who,
                    posts=(Post.PHONES,),
                    contact=f"sip:{who}@127.0.0.3",
                    home_minutes=5 + n % 20,
                )
                await keep_person(connection, person, "sealed", START)
            held = [(who, Post.PHONES) for who in self.on_phones]
            held += [(who, Post.TRAINING) for who in self.at_posts]
            await put_shifts(connection, [_shift(who, post) for who, post in held])
        self.hotline.log_in(*self.on_phones, *self.at_posts)
        for who in self.at_posts:
            self.hotline.distributor.send(
                AgentPauses(agent_id=who, reason="other_post")
            )

    async def ask(self, job: bytes) -> bytes:
        """The forecast's process: its own functions on what came so far."""
        wish = JOB.validate_json(job).wish
        local = wish.at.astimezone(ZONE)
        steps = self._steps[: (local.hour * 60 + local.minute) // 5]
        seen = steps[: len(steps) // 3 * 3].reshape(-1, 3).sum(1)
        made = model(self.calls)
        queues = tuple(_queue(name, made, seen) for name in ("general", ALL))
        surge = surge_after(made, seen, steps)
        ahead = DayAhead(day=wish.day, at=wish.at, queues=queues, surge=surge)
        return DAY.dump_json(ahead)

    async def number_of(self, who: str) -> str:
        """His recall number."""
        return f"139{self.off_duty.index(who):08}"

    def listen(self) -> None:
        """Keep what is told, and let the recalled answer their telephones."""
        bus, told = self.hotline.bus, self.told
        bus.subscribe(PersonMoved, told.moved.append)
        bus.subscribe(PersonRecalled, told.recalled.append)
        bus.subscribe(RecallChanged, told.recalls.append)
        bus.subscribe(
            PlanLevelChanged, lambda e: told.levels.append((self.minute, e.level))
        )
        self.hotline.endpoint.answer_policy = self._picks_up

    def _picks_up(self, leg: FakeLeg) -> None:
        self._begin(self._at_home(leg))

    async def _at_home(self, leg: FakeLeg) -> None:
        """Pick up, press a key at each question, and go to work."""
        leg.peer_rings()
        await asyncio.sleep(5)
        [placed] = [one for one in self.hotline.endpoint.placed if one.leg is leg]
        who = self.off_duty[int(placed.target.partition("@")[0][-8:])]
        leg.peer_answers()
        key = self.answers(who)
        for pressed in (key, "2"):
            await asyncio.sleep(7)
            if not leg.ended.done():
                leg.press(pressed)
        minutes = self.comes(who) if key == "1" else None
        if minutes is not None:
            await asyncio.sleep(60 * minutes)
            agent = next(a for a in self.hotline.distributor.agents() if a.id == who)
            if agent.state == "logged_out":
                self.hotline.distributor.send(AgentLogsIn(agent_id=who))

    def _begin(self, doing: object) -> None:
        task = asyncio.ensure_future(doing)  # type: ignore[call-overload]
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def live(self, minutes: float) -> None:
        """Citizens call for so long, as often as the day and its times say."""
        end = self.minute + minutes
        while self.minute < end:
            a_minute = self._usual() * self._times(self.minute)
            await asyncio.sleep(60 * self._chance.expovariate(max(a_minute, 1e-3)))
            self._steps[int(NINE + self.minute) // 5] += 1
            self._begin(self._citizen(f"c{sum(self.told.came.values())}"))

    def _usual(self) -> float:
        return float(model(self.calls).expected[CELL + int(self.minute // 15)]) / 15

    async def _citizen(self, call_id: str) -> None:
        began, minute = self.minute, int(self.minute)
        self.told.came[minute] = self.told.came.get(minute, 0) + 1
        distributor = self.hotline.distributor
        patience = self._chance.expovariate(1 / PATIENCE_SECONDS)
        with distributor.mailbox(call_id) as box:
            distributor.send(CallerEnters(call_id=call_id, queue="general"))
            try:
                async with asyncio.timeout(patience):
                    while not isinstance(command := await box.get(), Connect):
                        if isinstance(command, Offer):
                            distributor.send(OfferAnswered(offer_id=command.offer_id))
            except TimeoutError:
                distributor.send(CallerLeaves(call_id=call_id))
                self.told.gave_up[minute] = self.told.gave_up.get(minute, 0) + 1
                return
            waited = 60 * (self.minute - began)
            self.told.waits.setdefault(minute, []).append(waited)
            await asyncio.sleep(self._chance.expovariate(1 / HANDLE_SECONDS))
            distributor.send(TalkEnds(call_id=call_id, end=TalkEnd.CALLER))

    async def close(self) -> None:
        """Everybody goes home."""
        for task in list(self._tasks):
            task.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.gather(*self._tasks, return_exceptions=True)
        self.hotline.distributor.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """The city with its desks, all running."""

    city: EmergencyCity
    plans: PlanDesk
    recalls: RecallDesk


@asynccontextmanager
async def emergency(
    database_url: str,
    *,
    calls: int,
    times: Times,
    plans: tuple[PlanRules, ...] = USUAL_PLANS,
    posts: int = 6,
    off_duty: int = 30,
) -> AsyncIterator[Scene]:
    """The desks, wired as the service wires them."""
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(Database(database_url))
        city = EmergencyCity(database, calls, times, posts=posts, off_duty=off_duty)
        stack.push_async_callback(city.close)
        await city.fill()
        city.listen()
        recalls = await stack.enter_async_context(_recalls(city))
        desk = await stack.enter_async_context(plan_desk(city, recalls, plans))
        yield Scene(city=city, plans=desk, recalls=recalls)


def _recalls(city: EmergencyCity) -> RecallDesk:
    flow = load_flow(BUILT_IN / "recall.yaml")
    plan = RecallPlan(rules=RecallRules(), call=RecallCallRules(flow_of=lambda: flow))
    return RecallDesk(city.database, plan, city.hotline.equipment, city.number_of, ZONE)


def plan_desk(
    city: EmergencyCity,
    recalls: RecallDesk | None,
    plans: tuple[PlanRules, ...] = USUAL_PLANS,
) -> PlanDesk:
    """The desk of the plans; without `recalls` there is no trunk."""
    hotline = city.hotline
    loop = LoopRules()
    return PlanDesk(
        city.database,
        Forecaster(city.database.url, loop, city, ZONE, Calendar()),  # type: ignore[arg-type]
        Duty(city.database, hotline.distributor, hotline.clock, hotline.bus, ZONE),
        hotline.distributor,
        PlansRules(plan_1=Plan1(posts=(Post.TRAINING,)), plans=plans),
        loop,
        hotline.clock,
        hotline.bus,
        ZONE,
        recalls,
    )


def _shift(who: str, post: Post) -> Shift:
    return Shift(person_id=who, day=TODAY, start=CELL - 4, cells=(post,) * 36)


def _queue(name: str, made: DayForecast, seen: Floats) -> QueueAhead:
    return QueueAhead(
        name=name,
        handle_seconds=HANDLE_SECONDS,
        patience_seconds=PATIENCE_SECONDS,
        forecast=lines_of(name, made, seen, STAFFING),
    )
