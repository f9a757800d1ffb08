"""What the demo's processes tell each other: one JSON object a line.

Times are `time.monotonic()`, which on Linux is one clock for all processes.
"""

import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Moment(StrEnum):
    """What happened to a leg, as the process that owns it saw it."""

    DIALLED = "dialled"
    RANG = "rang"
    ANSWERED = "answered"
    PRESSED = "pressed"
    REJECTED = "rejected"
    HUNG_UP = "hung_up"
    CUT = "cut"
    ENDED = "ended"


class Word(StrEnum):
    """What a phone process is told: begin, take up nothing new, hang everything up."""

    BEGIN = "begin"
    FINISH = "finish"
    LEAVE = "leave"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """The process has a SIP endpoint; `legs_allowed` is what its library carries."""

    legs_allowed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Something happened to a leg. `agent` is "" for a citizen's own leg.

    `number` is the citizen's; `sip_code` comes with `ENDED`.
    """

    leg: str
    agent: str
    number: str
    moment: Moment
    at: float
    sip_code: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """Something happened to a call that the hotline placed to this number.

    `question` and `key` come with `PRESSED`. `CUT`: the demo ended before the call did.
    """

    leg: str
    number: str
    moment: Moment
    at: float
    question: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """Which tones a leg received, each for how many seconds; comes after `ENDED`."""

    leg: str
    seconds: dict[int, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What the demo wants of a phone process."""

    word: Word


Message = Opened | Step | Called | Heard | Order


def to_line(message: Message) -> bytes:
    """The message as a line."""
    told = {"kind": type(message).__name__, **asdict(message)}
    return json.dumps(told).encode() + b"\n"


def from_line(line: bytes) -> Message:
    """The message of a line; `ValueError` when it is none."""
    try:
        told: dict[str, Any] = json.loads(line)
        return _message(told.pop("kind"), told)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not a message of the demo: {line[:80]!r}") from error


def _message(kind: str, told: dict[str, Any]) -> Message:
    match kind:
        case "Opened":
            return Opened(**told)
        case "Step":
            return Step(**told | {"moment": Moment(told["moment"])})
        case "Called":
            return Called(**told | {"moment": Moment(told["moment"])})
        case "Heard":
            seconds = {int(hz): float(s) for hz, s in told["seconds"].items()}
            return Heard(leg=told["leg"], seconds=seconds)
        case "Order":
            return Order(word=Word(told["word"]))
    raise ValueError(f"no message of the demo is a {kind!r}")
