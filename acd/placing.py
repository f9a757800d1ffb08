"""Calls that we place: who asks for one, and what can come of it.

`CallPlacer` is the way out for everybody: call-backs, consultations, third parties, the
recall of staff, follow-up calls. `outbound.placer` has the one of the service, in which
each class has its turn; `acd.plain_placer` the plain one.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from telephony.calls import Leg

RING_SECONDS = 30.0
"""How long somebody is rung when nothing else is asked for."""


class TrafficClass(StrEnum):
    """Why we call, the most urgent first; where lines are short it goes first.

    `CONSULTATION` is for a citizen who waits on the line: third parties, transfers.
    """

    CONSULTATION = "consultation"
    RECALL = "recall"
    CALL_BACK = "call_back"
    FOLLOW_UP = "follow_up"

    @property
    def rank(self) -> int:
        """0 is the most urgent."""
        return list(TrafficClass).index(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRequest:
    """A call to place.

    `number` is a normalised number, which goes over a trunk, or a SIP URI of a
    configured phone or department. `caller_number` is one of the trunk's allow-list; ""
    takes its first one. For a SIP URI it is what its phone shows. `purpose` says in the
    log what the call is for, for instance "call 01J…: third party"; no numbers or names.
    """

    number: str = field(repr=False)
    traffic: TrafficClass
    purpose: str
    caller_number: str = field(default="", repr=False)
    ring_seconds: float = RING_SECONDS
    headers: Mapping[str, str] = field(default_factory=dict)


class WhyNot(StrEnum):
    """Why nobody could be spoken with.

    After the last three no phone was rung: no trunk serves the number, none is up or
    each failed the call, the number or the caller number may not be used, or every line
    is taken.
    """

    BUSY = "busy"
    NO_ANSWER = "no_answer"
    REJECTED = "rejected"
    UNREACHABLE = "unreachable"
    NO_TRUNK = "no_trunk"
    NOT_ALLOWED = "not_allowed"
    LINES_IN_USE = "lines_in_use"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """Somebody answered: from now on the taker hangs `leg` up.

    `trunk` is the trunk's name, "" for a SIP URI.
    """

    leg: Leg
    trunk: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotAnswered:
    """Nobody answered. `sip_code` is the last one, or 0.

    `words` tell a person why, without any number: they may go into the log.
    """

    why: WhyNot
    words: str
    sip_code: int = 0
    trunk: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallPlaced:
    """A call was asked for, and this came of it; None: it was answered.

    Told over the bus, for metrics; `trunk` is "" when none took it.
    """

    at: datetime
    traffic: TrafficClass
    why_not: WhyNot | None
    trunk: str


PlacedCall = Answered | NotAnswered
OnLeg = Callable[[Leg], None]


class CallPlacer(Protocol):
    """Places calls."""

    async def place(
        self, request: CallRequest, *, on_leg: OnLeg | None = None
    ) -> PlacedCall:
        """Ring until somebody answers, refuses, or `ring_seconds` are over.

        `on_leg` is told of every leg as its INVITE is sent: one for each trunk that is
        tried. Being cancelled ends the ringing at once (CANCEL on the wire). What fails
        is an answer, never an exception.
        """
