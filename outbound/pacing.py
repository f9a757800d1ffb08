"""How far ahead of the agents a campaign may dial: a pure function.

Every line that is dialled beyond the agents who are free for sure may end in an answered
citizen whom nobody takes: he is abandoned. Two limits bind, and the tighter one counts:

* The **cap** in its worst case: were every line answered at once and no agent freed,
  the share of abandoned calls in this window would still not pass the cap.
* The **expectation**: with the answer rate and the talks as they were in this window,
  the share of abandoned calls among the lines under way is below the cap, however few
  were abandoned before: what was saved is not spent on one burst.

Where the evidence is thin nothing is dialled ahead: each line has its agent first.
"""

from dataclasses import dataclass
from functools import cache
from math import exp, sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray

Chances = NDArray[np.float64]

LEAST_TRIES: Final = 30
"""Fewer tries tell no answer rate."""
LEAST_TALKS: Final = 10
"""Fewer talks tell no handling time, and fewer answers no ring time."""
SURE: Final = 1.64
"""The answer rate is taken at the upper end of its 90 % interval."""
MOST_AHEAD: Final = 3.0
"""Lines for each agent, at most: a wrong answer rate does no more harm than this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What happened in this window so far, and how long things took.

    `answered` are tries that were answered, the `abandoned` ones among them.
    `ring_seconds` and `handling_seconds` (talk and wrap-up) are means, `talks` counts
    what they are made of.
    """

    tries: int = 0
    answered: int = 0
    abandoned: int = 0
    talks: int = 0
    ring_seconds: float = 0
    handling_seconds: float = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Agents:
    """The agents of the queue and the lines of the campaign now.

    `free` are ready beyond those whom waiting citizens take; negative when citizens wait
    for more. `busy` are on calls or wrap up. `ringing` lines are dialled and not yet
    answered, `waiting` ones are answered and have no agent yet.
    """

    free: int
    busy: int
    ringing: int
    waiting: int


def is_thin(seen: Seen) -> bool:
    """Whether too little is known to dial ahead of the agents."""
    return seen.tries < LEAST_TRIES or seen.talks < LEAST_TALKS


@dataclass(frozen=True, slots=True, kw_only=True)
class Dial:
    """What to dial now: lines `ahead` of any agent, and lines with an agent `reserved`."""

    ahead: int = 0
    reserved: int = 0


def predictive(agents: Agents, seen: Seen, cap: float) -> Dial:
    """Lines ahead where the evidence carries them, else an agent first for each line.

    `cap` is the share of answered calls that may be abandoned in the window, above 0.
    """
    if ahead := lines_ahead(agents, seen, cap):
        return Dial(ahead=ahead)
    return progressive(agents)


def progressive(agents: Agents) -> Dial:
    """An agent is reserved for each line; who is free for a ringing line stays free."""
    return Dial(reserved=max(0, agents.free - agents.ringing - agents.waiting))


def lines_ahead(agents: Agents, seen: Seen, cap: float) -> int:
    """How many more lines to dial before an agent is theirs; 0 without evidence.

    Each number that is tried keeps to the cap by itself, so the largest found is safe
    wherever the search ends.
    """
    if is_thin(seen) or agents.free < 0:
        return 0
    under_way = agents.ringing + agents.waiting
    low, high = under_way, int(MOST_AHEAD * (agents.free + agents.busy))
    while low < high:
        lines = (low + high + 1) // 2
        if _is_within(lines, agents, seen, cap):
            low = lines
        else:
            high = lines - 1
    return max(0, low - under_way)


def _is_within(lines: int, agents: Agents, seen: Seen, cap: float) -> bool:
    """Whether so many lines in all keep to the cap, in the worst case and on average."""
    worst = seen.abandoned + max(0, lines - agents.free)
    if worst > cap * (seen.answered + lines):
        return False
    answers, lost = _expected(lines - agents.waiting, agents, seen)
    return lost <= cap * answers


def _expected(ringing: int, agents: Agents, seen: Seen) -> tuple[float, float]:
    """The expected number of answered and of abandoned calls among these lines."""
    rate = answer_rate(seen)
    calls = _shifted(_binomial(ringing, rate), agents.waiting)
    freed = _binomial(agents.busy, _freed_in_time(seen))
    answered = np.arange(len(calls))
    takers = agents.free + np.arange(len(freed))
    too_many = np.maximum(0, answered[:, None] - takers[None, :])
    lost = float(calls @ too_many @ freed)
    return agents.waiting + ringing * rate, lost


def answer_rate(seen: Seen) -> float:
    """The upper end of Wilson's 90 % interval of the answer rate (Wilson, 1927)."""
    n, share, z = seen.tries, seen.answered / seen.tries, SURE
    centre = share + z * z / (2 * n)
    spread = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return min(1.0, (centre + spread) / (1 + z * z / n))


def _freed_in_time(seen: Seen) -> float:
    """The chance that a busy agent is free when a line that is dialled now is answered.

    Talks are taken as memoryless: how long one lasts already tells nothing.
    """
    return 1 - exp(-seen.ring_seconds / max(seen.handling_seconds, 1.0))


def _shifted(chances: Chances, by: int) -> Chances:
    return np.concatenate([np.zeros(by), chances])


@cache
def _logs(upto: int) -> Chances:
    """The logarithms of the factorials of 0 to `upto`."""
    return np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, upto + 1)))])


def _binomial(n: int, chance: float) -> Chances:
    """The chances of 0 to `n` successes in `n` trials."""
    if chance >= 1:
        return _shifted(np.ones(1), n)
    if chance <= 0:
        return np.concatenate([np.ones(1), np.zeros(n)])
    k, logs = np.arange(n + 1), _logs(n)
    ways = logs[n] - logs[k] - logs[n - k]
    powers = k * np.log(chance) + (n - k) * np.log1p(-chance)
    result: Chances = np.exp(ways + powers)
    return result
