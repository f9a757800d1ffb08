"""What the demo's city remembers: made-up days, and today until now. Pure.

A day has the hours of a made-up city (`acd.staffing.made_up_day`), and as many calls in
a quarter of an hour like the present one as the demo's citizens make. Whatever is made up
says so: its peer is `MADE_UP`, and its ids begin with it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import sqrt
from random import Random
from zoneinfo import ZoneInfo

from acd.adjustments.round import IntervalLine, QueueRound, Round
from acd.events import AgentState, AgentStateChanged, Outcome
from acd.staffing.cover import WHOLE
from acd.staffing.made_up_day import HOURLY
from acd.staffing.requirement import Traffic, agents_required
from acd.staffing.roster import CELLS, cell_of

MADE_UP = "00MADEUP"
"""No id of a call that was made begins so, and all of them come after."""
QUEUE = "general"
DAYS = 3
"""Three are the fewest that a forecast learns the course of a day from."""
HOUR_NOW = 10
CALLS_A_QUARTER = 600
"""As many as the demo's citizens make when there is room for all of them."""
LOST, SLOW = 0.025, 0.02
TALK_SECONDS, PATIENCE_SECONDS = 10.0, 40.0
SURE = 1.2816
"""Standard deviations between the mean and the bounds of eight in ten."""
QUARTER = timedelta(minutes=15)
MORNING = timedelta(hours=8)
"""After midnight the agents of the morning came."""

Row = dict[str, object]
"""A call's row in the records."""


@dataclass(frozen=True, slots=True, kw_only=True)
class City:
    """Where the clock shows a time between ten and eleven, whenever it is asked.

    `calls_a_quarter` are those of a quarter of an hour at that time.
    """

    now: datetime
    zone: ZoneInfo
    calls_a_quarter: float = CALLS_A_QUARTER

    @property
    def midnight(self) -> datetime:
        """When today began."""
        here = self.now.astimezone(self.zone)
        return here.replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)

    def usual(self, cell: int) -> float:
        """The calls of a quarter of an hour on a usual day."""
        return self.calls_a_quarter * HOURLY[cell // 4] / HOURLY[HOUR_NOW]


def city_of(now: datetime, room: float = 1.0) -> City:
    """The city that has a busy morning at this moment; `room` is there for that share."""
    east = (HOUR_NOW - now.hour + 11) % 24 - 11
    zone = ZoneInfo(f"Etc/GMT{-east:+d}")
    return City(now=now, zone=zone, calls_a_quarter=room * CALLS_A_QUARTER)


def days_of_calls(city: City, seed: int = 1) -> Iterator[list[Row]]:
    """The calls of each day before, and of today until a minute ago, in their order."""
    chance, number = Random(seed), 0
    for day in range(DAYS, -1, -1):
        moments = _moments(city, day, chance)
        yield [_call(number + n, at, chance) for n, at in enumerate(moments)]
        number += len(moments)


def _moments(city: City, days_ago: int, chance: Random) -> list[datetime]:
    begin = city.midnight - timedelta(days=days_ago)
    level = chance.gauss(1, 0.04)
    until = city.now - timedelta(minutes=1)
    moments: list[datetime] = []
    for cell in range(CELLS):
        start = begin + cell * QUARTER
        mean = level * city.usual(cell)
        calls = max(0, round(chance.gauss(mean, sqrt(mean))))
        moments += sorted(start + QUARTER * chance.random() for _ in range(calls))
    return [moment for moment in moments if moment < until]


def _call(number: int, at: datetime, chance: Random) -> Row:
    fate = chance.random()
    lost = fate < LOST
    slow = lost or fate < LOST + SLOW
    wait = 15 + chance.expovariate(1 / PATIENCE_SECONDS) if slow else 15 * fate
    talk = 0.0 if lost else 2 + chance.expovariate(1 / (TALK_SECONDS - 2))
    entered = at + timedelta(seconds=2)
    served = entered + timedelta(seconds=wait)
    outcome = Outcome.ABANDONED_IN_QUEUE if lost else Outcome.ANSWERED
    return {
        "id": f"{MADE_UP}{number:018d}",
        "caller": f"+86139{number:08d}",
        "called": "12345",
        "peer": MADE_UP,
        "direction": "in",
        "arrived_at": at,
        "answered_at": at,
        "queue": QUEUE,
        "entered_at": entered,
        "connected_at": None if lost else served,
        "agent_id": None if lost else f"{1001 + number % 8}",
        "ended_at": served + timedelta(seconds=talk),
        "outcome": outcome.value,
        "cause": "peer_hung_up",
        "ivr_seconds": 2.0,
        "wait_seconds": wait,
        "wait_from_answer_seconds": wait + 2,
        "talk_seconds": None if lost else talk,
    }


def round_of_midnight(city: City, rostered: Sequence[int]) -> Round:
    """The day as it was foreseen when it began: what is usual, and whom that takes."""
    day, _ = cell_of(city.now, city.zone)
    means = [city.usual(cell) for cell in range(CELLS)]
    traffic = Traffic(
        calls_per_second=[mean / QUARTER.total_seconds() for mean in means],
        handle_seconds=TALK_SECONDS,
        patience_seconds=PATIENCE_SECONDS / LOST,
    )
    lines = tuple(
        IntervalLine(
            cell=cell,
            actual=None,
            forecast=mean,
            low=mean - SURE * sqrt(mean),
            high=mean + SURE * sqrt(mean),
            required=int(agents),
            rostered=rostered[cell],
        )
        for cell, (mean, agents) in enumerate(
            zip(means, agents_required(traffic), strict=True)
        )
    )
    return Round(
        at=city.midnight,
        day=day,
        cell=0,
        queues=tuple(_queue(name, lines) for name in (QUEUE, WHOLE)),
        proposed=(),
        effects=(),
        absent=(),
        words=(),
    )


def _queue(name: str, lines: tuple[IntervalLine, ...]) -> QueueRound:
    return QueueRound(
        queue=name,
        handle_seconds=TALK_SECONDS,
        patience_seconds=PATIENCE_SECONDS / LOST,
        present=0,
        lines=lines,
    )


def morning(city: City, agents: Sequence[str]) -> Iterator[AgentStateChanged]:
    """These agents were on the phones this morning, and have a break now."""
    out, ready = AgentState.LOGGED_OUT, AgentState.READY
    for agent in agents:
        for at, old, new in (
            (city.midnight + MORNING, out, ready),
            (city.now - timedelta(minutes=1), ready, out),
        ):
            yield AgentStateChanged(at=at, agent_id=agent, old=old, new=new)
