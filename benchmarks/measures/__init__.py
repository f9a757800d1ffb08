"""The measures, by name, in the order in which they run."""

from typing import Final

from benchmarks.measures.answer import answer
from benchmarks.measures.cancel import cancel
from benchmarks.measures.capacity import capacity
from benchmarks.measures.console import console
from benchmarks.measures.digit import digit, digit_at_40
from benchmarks.measures.follow_up import dialler, follow_up
from benchmarks.measures.handoff import handoff
from benchmarks.measures.processor import recorded, unrecorded
from benchmarks.measures.rate import rate
from benchmarks.measures.recognition import recognition
from benchmarks.measures.routing import routing
from benchmarks.measures.short_calls import short_calls
from benchmarks.run import Measure

MEASURES: Final[dict[str, Measure]] = {
    "routing": routing,
    "answer": answer,
    "digit": digit,
    "digit40": digit_at_40,
    "follow_up": follow_up,
    "dialler": dialler,
    "cancel": cancel,
    "handoff": handoff,
    "unrecorded": unrecorded,
    "recorded": recorded,
    "short": short_calls,
    "rate": rate,
    "capacity": capacity,
    "recognition": recognition,
    "console": console,
}
