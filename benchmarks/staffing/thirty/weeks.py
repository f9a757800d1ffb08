"""What the hotline remembers when the thirty minutes begin: four weeks, and today so far."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from math import exp
from random import Random
from statistics import fmean

from acd import events as e
from acd.messages import TalkEnd
from acd.records.writer import write_events
from acd.statistics.edges import interval_of
from benchmarks.staffing.thirty.town import calls_a_minute
from config.database import Database

DAYS, AROUND = 28, timedelta(hours=2)
QUARTER = timedelta(minutes=15)
TODAY_TIMES = 1.2
"""Today is busier than usual by so much."""
SPREAD, WAVE, FADES = 0.25, 0.25, 0.85
"""Standard deviations of the logarithms of a day's level and of what each quarter of an
hour brings anew, and what is left of that after another: some hours are twice as busy."""
HANDLE_SECONDS, WAIT_SECONDS = 20.0, 3.0
_GROUP = 2000


async def remember(database: Database, now: datetime) -> None:
    """Write the calls of earlier days around this time of the day, and of today before."""
    chance, told = Random(1), list[e.Event]()
    for day in range(DAYS + 1):
        level = chance.lognormvariate(0, SPREAD) if day else TODAY_TIMES
        told += _day(day, now, level, chance)
    for first in range(0, len(told), _GROUP):
        await write_events(database, told[first : first + _GROUP])


def usual_a_minute(minutes: float) -> float:
    """What earlier days had on the average in the quarter of an hour that begins then."""
    return fmean(calls_a_minute(minutes + n) for n in range(15)) / TODAY_TIMES


def _day(day: int, now: datetime, level: float, chance: Random) -> Iterator[e.Event]:
    first = interval_of(now)
    since, wave = first - AROUND, 0.0
    while since < (first + AROUND if day else first):
        wave = FADES * wave + chance.gauss(0, WAVE) if day else 0.0
        usual = usual_a_minute((since - now) / timedelta(minutes=1))
        start = since - timedelta(days=day)
        yield from _quarter(day, start, level * usual * exp(wave), chance)
        since += QUARTER


def _quarter(
    day: int, since: datetime, a_minute: float, chance: Random
) -> Iterator[e.Event]:
    at, until = since, since + QUARTER
    while (at := at + timedelta(seconds=chance.expovariate(a_minute / 60))) < until:
        name = f"w{day:02}-{at:%H%M%S%f}"
        yield from _call(name, at, f"139{day:02}{at:%M%S%f}"[:15])


def _call(call_id: str, at: datetime, caller: str) -> Iterator[e.Event]:
    through = at + timedelta(seconds=WAIT_SECONDS)
    over = through + timedelta(seconds=HANDLE_SECONDS)
    queue, agent = "general", "1001"
    yield e.CallArrived(
        at=at,
        call_id=call_id,
        caller=caller,
        called="12345",
        peer="127.0.0.1",
        sip_call_id=call_id,
    )
    yield e.CallAnswered(at=at, call_id=call_id)
    yield e.CallerEntered(at=at, call_id=call_id, queue=queue, position=1)
    yield e.CallConnected(
        at=through,
        call_id=call_id,
        queue=queue,
        agent_id=agent,
        wait_seconds=WAIT_SECONDS,
        ring_seconds=1.0,
    )
    yield e.TalkEnded(
        at=over,
        call_id=call_id,
        queue=queue,
        agent_id=agent,
        talk_seconds=HANDLE_SECONDS,
        end=TalkEnd.CALLER,
    )
    yield e.CallEnded(
        at=over, call_id=call_id, outcome=e.Outcome.ANSWERED, cause="peer_hung_up"
    )
