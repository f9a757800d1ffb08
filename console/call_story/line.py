"""A line of a call's story: a sentence with its values, to be translated later."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum


class Part(IntEnum):
    """What a line speaks of; lines of one instant follow each other in this order."""

    BEGINNING = 0
    IVR = 1
    QUEUE = 2
    WHY = 3
    TALK = 4
    END = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A sentence; `values` fill its places."""

    sentence: str
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What happened at a moment, in one sentence or several."""

    at: datetime
    part: Part
    said: tuple[Said, ...]


def line(at: datetime, part: Part, sentence: str, **values: object) -> Line:
    """A line of one sentence."""
    told = {name: "" if value is None else str(value) for name, value in values.items()}
    return Line(at=at, part=part, said=(Said(sentence=sentence, values=told),))
