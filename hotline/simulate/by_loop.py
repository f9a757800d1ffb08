"""A simulated day staffed by the fifteen-minute loop, beside the roster as it was."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np

from acd.adjustments.reading import HANDLE_SECONDS, PATIENCE_SECONDS, Wish, read_counts
from acd.adjustments.rules import LoopRules
from acd.adjustments.staffed_day import (
    QueueDay,
    StaffedDay,
    planned_agents,
    staff_by_loop,
)
from acd.agent_profile import AgentProfile
from acd.rosters.store import day_roster
from acd.staffing.behaviour import Behaviour
from acd.staffing.csv_lines import TableRefused
from acd.staffing.day import Day
from acd.staffing.day_history import DayHistory
from acd.staffing.day_kind import kind_of
from acd.staffing.duty import counted_agents
from acd.staffing.forecast import forecast_day
from acd.staffing.forecast_lines import Staffing
from acd.staffing.gamma_ratios import Floats
from acd.staffing.lending import Qualified, qualified_of
from acd.staffing.made_up_day import MADE_UP_DAYS, shares_of
from acd.staffing.made_up_staff import make_up_staff
from acd.staffing.made_up_weeks import make_up_weeks
from acd.staffing.moves import MoveKind
from acd.staffing.plan import Plan
from acd.staffing.roster import CELLS, DayRoster
from acd.statistics.queue_intervals import ALL
from config.calendar import Calendar
from config.database import Database
from config.settings import Settings
from hotline.database_reading import with_database
from hotline.simulate.days import DayWish
from hotline.simulate.plans import Hotline
from hotline.staffing.loop import loop_rules
from ivr_flows.flow import city_calendar

ROSTER, BY_LOOP = "roster", "staffed by the loop"
_CELL_SECONDS = 900.0


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopPlans:
    """The day's roster as it was, and as the loop made it; and all rounds."""

    plans: tuple[Plan, Plan]
    staffed: StaffedDay


def loop_plans(
    hotline: Hotline, settings: Settings, wish: DayWish, day: Day, behaviour: Behaviour
) -> LoopPlans:
    """Both plans of a day.

    A made-up day has a staff and weeks before it that are made up; any other day has the
    roster and the records of the database. `TableRefused` when they are not there.
    """
    case = _Case(hotline, settings, wish, day, behaviour)
    made = case.made_up() if wish.made_up else case.of_database()
    staffed = staff_by_loop(
        made.queues, made.roster, made.answers, case.rules, made.qualified
    )
    rosters = {ROSTER: (made.roster, ()), BY_LOOP: (staffed.roster, staffed.loans)}
    first, second = (
        hotline.plan(name, planned_agents(roster, made.profiles, day.start, loans))
        for name, (roster, loans) in rosters.items()
    )
    return LoopPlans(plans=(first, second), staffed=staffed)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Made:
    queues: Sequence[QueueDay]
    roster: DayRoster
    profiles: Mapping[str, AgentProfile]
    qualified: Qualified = field(default_factory=dict)

    @property
    def answers(self) -> dict[str, frozenset[str]]:
        return {who: frozenset(p.queues) for who, p in self.profiles.items()}


class _Case:
    """What is known of the day before it begins."""

    def __init__(
        self,
        hotline: Hotline,
        settings: Settings,
        wish: DayWish,
        day: Day,
        behaviour: Behaviour,
    ) -> None:
        self._hotline, self._settings, self._wish = hotline, settings, wish
        self._behaviour, self._date = behaviour, wish.start.date()
        self._calendar = city_calendar(settings)
        self._counts = _counts(day, hotline.queues)
        self.rules = _rules(settings)

    def made_up(self) -> _Made:
        """Weeks and staff of a usual day of that size."""
        usual = MADE_UP_DAYS[self._wish.made_up].usual_calls
        shares = {**shares_of(self._hotline.queues), ALL: 1.0}
        histories = _weeks(shares, usual, self._wish, self._calendar)
        handle = {queue: self._handle(queue, shares) for queue in shares}
        patience = dict.fromkeys(shares, self._behaviour.patience_seconds)
        queues = self._queues(histories, handle, patience)
        ahead = queues[-1].ahead(0).forecast.lines
        required = [line.agents_sure for line in ahead]
        roster = make_up_staff(self._date, self._hotline.zone, required)
        by_name = {rules.name: rules for rules in self._hotline.rules}
        agents = counted_agents(f"all={len(roster.people)}", by_name)
        profiles = {agent.profile.id: agent.profile for agent in agents}
        return _Made(queues=queues, roster=roster, profiles=profiles)

    def of_database(self) -> _Made:
        """The roster and the days before as they are kept."""
        wish = Wish(
            day=self._date,
            at=self._wish.start,
            history_days=self.rules.history_days,
            zone=self._hotline.zone,
            calendar=self._calendar,
        )
        roster = with_database(self._settings, partial(_roster, wish=wish))
        recorded = with_database(self._settings, partial(read_counts, wish=wish))
        if ALL not in recorded.counts:
            raise TableRefused(
                f"the records have no call before {self._date}: nothing can be foreseen; "
                "try it with --generate busy"
            )
        histories = {name: one.history for name, one in recorded.counts.items() if name}
        queues = self._queues(
            histories, recorded.handle_seconds, recorded.patience_seconds
        )
        profiles = self._hotline.profiles
        qualified = qualified_of(
            profiles.values(),
            roster.people,
            self._hotline.rules,
            self._date,
            self.rules.lend_to_anybody,
        )
        return _Made(
            queues=queues, roster=roster, profiles=profiles, qualified=qualified
        )

    def _queues(
        self,
        histories: Mapping[str, DayHistory],
        handle: Mapping[str, float],
        patience: Mapping[str, float],
    ) -> list[QueueDay]:
        names = sorted(histories, key=lambda name: (name == ALL, name))
        aim = self.rules.aim.with_queues(self._hotline.rules)
        kind = kind_of(self._date, self._calendar)
        return [
            QueueDay(
                name=name,
                learned=forecast_day(histories[name], self._date, kind),
                counts=self._counts.get(name, np.zeros(CELLS)),
                staffing=Staffing(
                    handle_seconds=handle.get(name, HANDLE_SECONDS),
                    patience_seconds=patience.get(name, PATIENCE_SECONDS),
                    target=aim.of(name),
                    sureness=aim.sureness,
                ),
            )
            for name in names
        ]

    def _handle(self, queue: str, shares: Mapping[str, float]) -> float:
        """Talk and wrap-up, as the records would have them."""
        wrap_up = {rules.name: rules.wrap_up_seconds for rules in self._hotline.rules}
        mean = sum(shares[name] * seconds for name, seconds in wrap_up.items())
        return self._behaviour.talk_seconds + wrap_up.get(queue, mean)


def _rules(settings: Settings) -> LoopRules:
    """Those of `[staffing]`; every kind of move where none is automatic."""
    rules = loop_rules(settings)
    return replace(rules, automatic=rules.automatic or frozenset(MoveKind))


def _weeks(
    shares: Mapping[str, float], calls: float, wish: DayWish, calendar: Calendar
) -> dict[str, DayHistory]:
    """By queue, and their sum as the whole."""
    own = {queue: share for queue, share in shares.items() if queue != ALL}
    made = make_up_weeks(wish.start.date(), own, calls, calendar, wish.seed)
    first = next(iter(made.values()))
    counts = np.sum([history.counts for history in made.values()], axis=0)
    whole = replace(first, counts=counts)
    return {**made, ALL: whole}


def _counts(day: Day, queues: Sequence[str]) -> dict[str, Floats]:
    """The calls of each quarter of an hour; where the flow decides, the first queue's."""
    counts = {name: np.zeros(CELLS) for name in (*queues, ALL)}
    for call in day.calls:
        cell = int(call.at_seconds // _CELL_SECONDS)
        if cell < CELLS:
            for name in (call.queue or queues[0], ALL):
                counts[name][cell] += 1
    return counts


async def _roster(database: Database, wish: Wish) -> DayRoster:
    roster = await day_roster(database, wish.day, wish.zone)
    if not roster.shifts:
        raise TableRefused(
            f"the roster has no shift on {wish.day}: `hotline roster import` or `build` "
            "it, or try a made-up day with --generate busy"
        )
    return roster
