"""What `hotline check` found of one thing."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How bad it is: a fault must be mended, a warning be looked at."""

    GOOD = "good"
    WARNING = "warning"
    FAULT = "fault"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at, and what is to be said of it."""

    what: str
    words: str
    verdict: Verdict = Verdict.GOOD


def fault(what: str, words: str) -> Finding:
    """Something that must be mended."""
    return Finding(what=what, words=words, verdict=Verdict.FAULT)
