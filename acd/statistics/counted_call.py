"""What a call counts as: the one place that decides what is offered, answered, lost."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from acd.events import Outcome

TARGET_SECONDS = 15.0
"""The answer within 15 s that GB/T 33358-2016 asks for."""

REDIAL = timedelta(minutes=5)
"""A number that calls again within this time of an unanswered call is one citizen."""

ASKED_FOR_A_PERSON = frozenset(
    {
        Outcome.BLOCKED,
        Outcome.ABANDONED_IN_IVR,
        Outcome.FAILED,
        Outcome.CUT_OFF,
        Outcome.CALL_BACK_PROMISED,
        Outcome.ANSWERED,
        Outcome.ABANDONED_WHILE_RINGING,
        Outcome.DECLINED,
    }
)
"""Outcomes of calls that count as offered though they never reached a queue.

The last three are those of a flow's transfer to another telephone.
"""


class Measure(StrEnum):
    """What is counted; a call counts at most once in each."""

    OFFERED = "offered"
    REDIALLED = "redialled"
    ANSWERED = "answered"
    IN_TIME_FROM_ENTRY = "answered_in_15_seconds_from_queue_entry"
    IN_TIME_FROM_ANSWER = "answered_in_15_seconds_from_sip_answer"
    BLOCKED = "blocked"
    IN_IVR = "abandoned_in_ivr"
    IN_QUEUE = "abandoned_in_queue"
    WHILE_RINGING = "abandoned_while_ringing"
    PROMISED = "call_back_promised"
    DECLINED = "declined"
    OTHERWISE = "ended_otherwise"
    WAITING = "waiting"
    EXCLUDED = "excluded"
    EXCLUDED_ANSWERED = "excluded_answered"


GIVEN_UP: Mapping[str, Measure] = {
    Outcome.BLOCKED: Measure.BLOCKED,
    Outcome.ABANDONED_IN_IVR: Measure.IN_IVR,
    Outcome.ABANDONED_IN_QUEUE: Measure.IN_QUEUE,
    Outcome.ABANDONED_WHILE_RINGING: Measure.WHILE_RINGING,
}
"""Where a citizen was when he gave up, or was turned away."""

ENDS: Mapping[str, Measure] = {
    **GIVEN_UP,
    Outcome.CALL_BACK_PROMISED: Measure.PROMISED,
    Outcome.DECLINED: Measure.DECLINED,
}
"""How calls end that nobody answers; the rest is `OTHERWISE`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallFacts:
    """What the records know of a call, or the events so far.

    `queue` is the last one that it entered, "" for none; `entered_at` and
    `connected_at` are the first moments. `called_again_at` is the arrival of the next
    call of the same number that asked for a person, after this one ended. A call that
    we `placed` asked for nobody.
    """

    id: str
    caller: str
    arrived_at: datetime
    answered_at: datetime | None = None
    queue: str = ""
    entered_at: datetime | None = None
    connected_at: datetime | None = None
    ended_at: datetime | None = None
    outcome: str | None = None
    called_again_at: datetime | None = None
    excluded: bool = False
    placed: bool = False

    @property
    def asked_for_a_person(self) -> bool:
        """It entered a queue, or would have, had it not ended before."""
        wished = self.entered_at is not None or self.outcome in ASKED_FOR_A_PERSON
        return wished and not self.placed

    @property
    def met_a_person(self) -> bool:
        """An agent answered it, or whom its flow transferred it to."""
        return self.connected_at is not None or self.outcome == Outcome.ANSWERED

    @property
    def redialled(self) -> bool:
        """Nobody answered it, and the number called again within `REDIAL`."""
        again, ended = self.called_again_at, self.ended_at
        if self.met_a_person or not ended or not again or not self.caller:
            return False
        return ended < again <= ended + REDIAL


def measures_of(call: CallFacts) -> Iterator[Measure]:
    """Everything that the call counts in; nothing when it asked for no person."""
    if not call.asked_for_a_person:
        return
    yield Measure.OFFERED
    if call.met_a_person:
        yield from _answered(call)
    elif call.ended_at is None:
        yield Measure.WAITING
    else:
        yield ENDS.get(call.outcome or "", Measure.OTHERWISE)
    if call.redialled:
        yield Measure.REDIALLED
    elif call.excluded:
        yield Measure.EXCLUDED


def _answered(call: CallFacts) -> Iterator[Measure]:
    yield Measure.ANSWERED
    if in_time(call.entered_at, call.connected_at):
        yield Measure.IN_TIME_FROM_ENTRY
    if in_time(call.answered_at, call.connected_at):
        yield Measure.IN_TIME_FROM_ANSWER
    if call.excluded:
        yield Measure.EXCLUDED_ANSWERED


def in_time(
    since: datetime | None,
    until: datetime | None,
    within_seconds: float = TARGET_SECONDS,
) -> bool:
    """Whether at most so long went by; 15 s, unless it is said otherwise."""
    if since is None or until is None:
        return False
    return (until - since).total_seconds() <= within_seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A rate with what it is made of; `rate` is None when there is nothing to divide."""

    part: int
    whole: int
    rate: float | None


def share(part: int, whole: int) -> Share:
    """So many of so many."""
    return Share(part=part, whole=whole, rate=part / whole if whole > 0 else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """The rates of some calls; those that still wait are in none of them.

    `connect_raw` counts every redial, `connect` a number once that called again within
    five minutes, `connect_adjusted` leaves out what was excluded with a reason.
    """

    connect: Share
    connect_raw: Share
    connect_adjusted: Share
    in_15_seconds_from_queue_entry_of_offered: Share
    in_15_seconds_from_queue_entry_of_answered: Share
    in_15_seconds_from_sip_answer_of_offered: Share
    in_15_seconds_from_sip_answer_of_answered: Share
    abandoned: Share


def rates_of(counts: Counter[Measure]) -> Rates:
    """The rates that these counts give."""
    raw = counts[Measure.OFFERED] - counts[Measure.WAITING]
    offered = decided(counts)
    answered = counts[Measure.ANSWERED]
    from_entry = counts[Measure.IN_TIME_FROM_ENTRY]
    from_answer = counts[Measure.IN_TIME_FROM_ANSWER]
    return Rates(
        connect=share(answered, offered),
        connect_raw=share(answered, raw),
        connect_adjusted=share(
            answered - counts[Measure.EXCLUDED_ANSWERED],
            offered - counts[Measure.EXCLUDED],
        ),
        in_15_seconds_from_queue_entry_of_offered=share(from_entry, offered),
        in_15_seconds_from_queue_entry_of_answered=share(from_entry, answered),
        in_15_seconds_from_sip_answer_of_offered=share(from_answer, offered),
        in_15_seconds_from_sip_answer_of_answered=share(from_answer, answered),
        abandoned=share(sum(counts[stage] for stage in GIVEN_UP.values()), raw),
    )


def decided(counts: Counter[Measure]) -> int:
    """Offered calls, redials folded, without those that still wait."""
    left_out = counts[Measure.REDIALLED] + counts[Measure.WAITING]
    return counts[Measure.OFFERED] - left_out
