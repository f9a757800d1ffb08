"""Who calls, what he does, and how agents treat his call: pure, from a seed and a number.

Citizens and agents are different processes: both read the same script, so an agent
knows by the caller's number how to treat a call.
"""

from dataclasses import dataclass
from enum import StrEnum
from random import Random

SEED = 12345
AGENTS = (
    ("1001", "王芳"),
    ("1002", "李强"),
    ("1003", "张敏"),
    ("1004", "刘洋"),
    ("1005", "陈静"),
    ("1006", "杨磊"),
    ("1007", "赵丽"),
    ("1008", "黄勇"),
)
"""Ids and names of the simulated agents."""
COLLEAGUES = (
    ("1009", "周敏", "dispatch"),
    ("1010", "吴涛", "training"),
    ("1011", "郑洁", "quality"),
    ("1012", "孙鹏", "call_back"),
)
"""Ids, names and posts of those who may be moved to the phones."""
EVENING = (
    ("2001", "李娜"),
    ("2002", "徐刚"),
    ("2003", "马超"),
    ("2004", "朱琳"),
    ("2005", "胡军"),
    ("2006", "郭敏"),
)
"""Ids and names of those who are rostered from the afternoon on."""
RESTING = (
    ("3001", "林涛"),
    ("3002", "何静"),
    ("3003", "高翔"),
    ("3004", "罗丹"),
    ("3005", "梁伟"),
    ("3006", "宋洁"),
    ("3007", "唐勇"),
    ("3008", "韩雪"),
)
"""Ids and names of those who are off duty today, and may be recalled."""
SEAT = "1000"
SEAT_NAME = "空座席"
"""Whoever watches may sit there; its telephone picks up by itself."""

_NUMBERS_FROM = 13800000001
_MOST_CITIZENS = 90_000_000
_CITIZEN_TONES_HZ = range(2600, 3200, 20)
_AGENT_TONES_HZ = range(3280, 3760, 40)
_RUSH_EVERY, _RUSH_CALLS = 16, 6


class Story(StrEnum):
    """What a citizen means to do."""

    PRESSES_ONE = "presses 1"
    PRESSES_NOTHING = "presses nothing"
    LEAVES_IN_GREETING = "leaves during the greeting"
    LEAVES_IN_QUEUE = "leaves the queue"
    LEAVES_WHILE_RINGING = "leaves while a phone rings"


class FirstRing(StrEnum):
    """What the first agent who is rung for a call does."""

    ANSWERED = "answered"
    UNANSWERED = "unanswered"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Citizen:
    """One citizen and his call; durations in seconds.

    `pause_seconds` comes before he dials; `thinking_seconds` between the greeting's
    start and his key, or his hanging up; `patience_seconds` is how long he waits for a
    person (while a phone rings, for the story of that name).
    """

    number: str
    tone_hz: int
    story: Story
    first_ring: FirstRing
    pause_seconds: float
    thinking_seconds: float
    patience_seconds: float
    ring_seconds: float
    talk_seconds: float
    agent_hangs_up: bool
    sentence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What an agent does when his phone rings; `talk_seconds` None: the caller ends it."""

    does: FirstRing
    after_seconds: float
    talk_seconds: float | None = None


_OPENING = (
    (Story.LEAVES_IN_QUEUE, FirstRing.ANSWERED),
    (Story.PRESSES_ONE, FirstRing.ANSWERED),
    (Story.LEAVES_WHILE_RINGING, FirstRing.UNANSWERED),
    (Story.PRESSES_ONE, FirstRing.REJECTED),
    (Story.LEAVES_IN_GREETING, FirstRing.ANSWERED),
    (Story.PRESSES_NOTHING, FirstRing.ANSWERED),
    (Story.PRESSES_ONE, FirstRing.UNANSWERED),
)
"""The first calls show everything there is, in whatever time there is."""

OPENING_CALLS = len(_OPENING)

_STORIES = {
    Story.PRESSES_ONE: 42,
    Story.PRESSES_NOTHING: 26,
    Story.LEAVES_IN_GREETING: 10,
    Story.LEAVES_IN_QUEUE: 12,
    Story.LEAVES_WHILE_RINGING: 10,
}
_FIRST_RINGS = {
    FirstRing.ANSWERED: 88,
    FirstRing.UNANSWERED: 6,
    FirstRing.REJECTED: 6,
}


SEAT_RINGS_SECONDS = 2.0
FIRST_CITIZEN = str(_NUMBERS_FROM)
"""He waits before the shift begins, and has enough of it."""


def agent_tone_hz(agent_id: str) -> int:
    """The tone in an agent's voice; those who come later have the morning's again."""
    everybody = (*AGENTS, *COLLEAGUES, *EVENING, *RESTING)
    ids = [*(known for known, *_ in everybody), SEAT]
    return _AGENT_TONES_HZ[ids.index(agent_id) % len(_AGENT_TONES_HZ)]


def all_tones_hz() -> tuple[int, ...]:
    """Every tone that anybody's voice may carry."""
    return (*_CITIZEN_TONES_HZ, *_AGENT_TONES_HZ)


class Script:
    """The endless list of citizens. The same seed gives the same list."""

    def __init__(self, seed: int = SEED) -> None:
        self._seed = seed

    def citizen(self, index: int) -> Citizen:
        """The citizen who calls as number `index`, counted from 0."""
        chance = Random(f"{self._seed} {index}")
        story, first_ring = self._plot(index, chance)
        hasty = story is Story.LEAVES_WHILE_RINGING
        leaves = story is Story.LEAVES_IN_QUEUE
        patience = (0.8, 1.5) if hasty else (2.0, 4.0) if leaves else (60.0, 60.0)
        return Citizen(
            number=str(_NUMBERS_FROM + index % _MOST_CITIZENS),
            tone_hz=_CITIZEN_TONES_HZ[index % len(_CITIZEN_TONES_HZ)],
            story=story,
            first_ring=first_ring,
            pause_seconds=_pause(index, chance),
            thinking_seconds=chance.uniform(0.6, 1.4),
            patience_seconds=chance.uniform(*patience),
            ring_seconds=chance.uniform(0.6, 2.2),
            talk_seconds=chance.uniform(4.0, 8.0),
            agent_hangs_up=chance.random() < 0.3,
            sentence=chance.randrange(1000),
        )

    def citizen_of(self, number: str) -> Citizen | None:
        """The citizen with this number; None for a stranger who dialled in."""
        if not (number.isascii() and number.isdecimal()):
            return None
        index = int(number) - _NUMBERS_FROM
        return self.citizen(index) if 0 <= index < _MOST_CITIZENS else None

    def turn(self, number: str, rung_before: int, agent: str = "") -> Turn:
        """What an agent does for this caller, for whom `rung_before` phones rang."""
        citizen = self.citizen_of(number)
        if agent == SEAT:
            return Turn(does=FirstRing.ANSWERED, after_seconds=SEAT_RINGS_SECONDS)
        if not citizen:
            return Turn(does=FirstRing.ANSWERED, after_seconds=1.0)
        return Turn(
            does=_does(citizen, rung_before),
            after_seconds=citizen.ring_seconds,
            talk_seconds=citizen.talk_seconds if citizen.agent_hangs_up else None,
        )

    def _plot(self, index: int, chance: Random) -> tuple[Story, FirstRing]:
        if index < OPENING_CALLS:
            return _OPENING[index]
        (story,) = chance.choices(list(_STORIES), list(_STORIES.values()))
        (first_ring,) = chance.choices(list(_FIRST_RINGS), list(_FIRST_RINGS.values()))
        return story, first_ring


def _does(citizen: Citizen, rung_before: int) -> FirstRing:
    if citizen.story is Story.LEAVES_WHILE_RINGING:
        return FirstRing.UNANSWERED
    return FirstRing.ANSWERED if rung_before else citizen.first_ring


def _pause(index: int, chance: Random) -> float:
    """Calls come in rushes, so that the queue is seen to fill and to empty."""
    rush = index % _RUSH_EVERY < _RUSH_CALLS
    return chance.uniform(0.2, 0.7) if rush else chance.uniform(1.2, 2.4)
