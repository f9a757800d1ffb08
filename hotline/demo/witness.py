"""What the phones saw and did, leg by leg, and what the records must therefore say."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from math import inf

from acd.events import Outcome
from hotline.demo.reports import Heard, Moment, Step

CLOSE_SECONDS = 0.5
"""Two things this near to each other may have met the hotline in either order."""

GREETING_SECONDS_AT_LEAST, GREETING_SECONDS_AT_MOST = 2.5, 8.0
"""Who presses nothing is in the queue after a time between these, by our own flow."""

REFUSED_CODES = frozenset({486, 503})
"""What a citizen gets when the hotline is full."""


@dataclass(slots=True, kw_only=True)
class LegStory:
    """One leg as the phone saw it. `agent` is "" for a citizen's; times are monotonic.

    `heard` holds the seconds of each tone that the phone received, None until measured.
    """

    leg: str
    agent: str
    number: str
    moments: dict[Moment, float] = field(default_factory=dict)
    sip_code: int = 0
    heard: dict[int, float] | None = None

    def at(self, moment: Moment) -> float | None:
        """When that happened, None if it never did."""
        return self.moments.get(moment)

    @property
    def left_at(self) -> float | None:
        """When the phone hung up, or was hung up on; None while the leg is up."""
        return self.at(Moment.HUNG_UP) or self.at(Moment.ENDED)

    @property
    def talked_seconds(self) -> float:
        """From this phone's answer to its end; 0 without an answer."""
        answered, left = self.at(Moment.ANSWERED), self.left_at
        return max(0.0, left - answered) if answered and left else 0.0


class Witness:
    """Gathers what the phones report. `citizens` are in the order of dialling."""

    def __init__(self) -> None:
        self.citizens: list[LegStory] = []
        self._legs: dict[str, LegStory] = {}
        self._rings: dict[str, list[LegStory]] = {}

    def hear(self, message: Step | Heard) -> None:
        """Take a report in; a measurement of an unknown leg is dropped."""
        if isinstance(message, Step):
            self._step(message)
        elif leg := self._legs.get(message.leg):
            leg.heard = message.seconds

    def leg(self, step: Step) -> LegStory:
        """The story of the leg that a step was told of; a new one at its first step."""
        known = self._legs.get(step.leg)
        if known:
            return known
        new = LegStory(leg=step.leg, agent=step.agent, number=step.number)
        self._legs[step.leg] = new
        own = self._rings.setdefault(step.number, []) if step.agent else self.citizens
        own.append(new)
        return new

    def _step(self, step: Step) -> None:
        leg = self.leg(step)
        leg.moments.setdefault(step.moment, step.at)
        leg.sip_code = leg.sip_code or step.sip_code

    def rings_for(self, number: str) -> list[LegStory]:
        """The agents' legs that rang for a citizen, in order."""
        return self._rings.get(number, [])

    def talk_of(self, number: str) -> LegStory | None:
        """The leg of the agent who took the citizen's call last."""
        return last_talk(self.rings_for(number))


def last_talk(rings: Iterable[LegStory]) -> LegStory | None:
    """The leg that was answered last, None when none was."""
    taken = (ring for ring in rings if ring.at(Moment.ANSWERED))
    return max(taken, key=lambda ring: ring.moments[Moment.ANSWERED], default=None)


def in_his_own_call(citizen: LegStory, rings: Iterable[LegStory]) -> list[LegStory]:
    """Without those that rang when he had left: he was called back."""
    left = citizen.left_at or inf
    return [ring for ring in rings if ring.moments[Moment.RANG] <= left]


def possible_outcomes(citizen: LegStory, rings: Sequence[LegStory]) -> set[Outcome]:
    """How the records may tell this call, from what the phones did.

    One outcome, but for things less than `CLOSE_SECONDS` apart. None at all for a call
    that should not have ended as it did.
    """
    left = citizen.left_at
    if citizen.at(Moment.ANSWERED) is None:
        refused = citizen.sip_code in REFUSED_CODES
        return {Outcome.BLOCKED} if refused else set()
    if left is None:
        return set()
    if any(_before(ring.at(Moment.ANSWERED), left) for ring in rings):
        return {Outcome.ANSWERED}
    return set(_without_a_talk(citizen, rings, left))


def _without_a_talk(
    citizen: LegStory, rings: Sequence[LegStory], left: float
) -> Iterator[Outcome]:
    if any(ring.at(Moment.ANSWERED) for ring in rings):
        yield Outcome.ANSWERED
    if any(_open_at(ring, left) for ring in rings):
        yield Outcome.ABANDONED_WHILE_RINGING
        return
    if any(_near(ring, left) for ring in rings):
        yield Outcome.ABANDONED_WHILE_RINGING
    waited = left - citizen.moments[Moment.ANSWERED]
    pressed = citizen.at(Moment.PRESSED)
    if rings or _before(pressed, left) or waited > GREETING_SECONDS_AT_MOST:
        yield Outcome.ABANDONED_IN_QUEUE
        return
    yield Outcome.ABANDONED_IN_IVR
    if pressed is not None or waited > GREETING_SECONDS_AT_LEAST:
        yield Outcome.ABANDONED_IN_QUEUE


def _before(moment: float | None, left: float) -> bool:
    return moment is not None and moment < left - CLOSE_SECONDS


def _open_at(ring: LegStory, left: float) -> bool:
    """Whether the phone rang when the citizen left: the hotline knew it earlier still."""
    ended = ring.at(Moment.ENDED)
    return ring.moments[Moment.RANG] <= left and (ended is None or ended >= left)


def _near(ring: LegStory, left: float) -> bool:
    """Whether the phone rang so shortly before or after that nobody can say."""
    ended = ring.at(Moment.ENDED) or left
    began = ring.moments[Moment.RANG]
    return began - CLOSE_SECONDS < left < ended + CLOSE_SECONDS
