"""The lines of the report: what is measured, Asterisk's figure, our aim."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from benchmarks.figures import Figure, Spread, Value

Met = Callable[[Figure], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line. `asterisk` and `aim` are words; `met` says whether a figure meets it."""

    key: str
    label: str
    asterisk: str = ""
    aim: str = ""
    met: Met | None = None

    def verdict(self, figure: Figure | None) -> str:
        """The aim in one word: met, missed, or why there is none."""
        if figure is None:
            return "no figure"
        if self.met is None:
            return ""
        if isinstance(figure, Value) and not figure.judged:
            return "not judged"
        return "met" if self.met(figure) else "missed"


def p95_at_most(milliseconds: float) -> Met:
    """The 95th percentile is not above."""
    return lambda figure: isinstance(figure, Spread) and figure.p95 <= milliseconds


def p99_at_most(milliseconds: float) -> Met:
    """The 99th percentile is not above."""
    return lambda figure: isinstance(figure, Spread) and figure.p99 <= milliseconds


def at_most(limit: float) -> Met:
    """The value is not above."""
    return lambda figure: isinstance(figure, Value) and figure.value <= limit


def at_least(limit: float) -> Met:
    """The value is not below."""
    return lambda figure: isinstance(figure, Value) and figure.value >= limit


FLAT_KILOBYTES_PER_CALL: Final = 1.0
"""A finished dialog that is kept costs 50 kB; this is the allocator's breathing."""

LINES: Final = (
    Line(
        key="routing_message",
        label="message to the engine, CPU ms",
        aim="p99 <= 1",
        met=p99_at_most(1),
    ),
    Line(
        key="routing_message_p999",
        label="slowest of 1,000 messages, CPU ms",
    ),
    Line(
        key="routing_decision",
        label="routing decision, CPU ms",
        aim="p99 <= 1",
        met=p99_at_most(1),
    ),
    Line(
        key="routing_skilled",
        label="the same with calls for 20 skills, CPU ms",
        aim="p99 <= 1",
        met=p99_at_most(1),
    ),
    Line(
        key="routing_rate",
        label="routing decisions/s of one core",
    ),
    Line(
        key="routing_growth",
        label="a decision's cost at ten times the size",
        aim="< 10",
        met=at_most(9.99),
    ),
    Line(
        key="simulated_day",
        label="CPU s of a simulated day of 31,000 calls",
        aim="<= 20",
        met=at_most(20),
    ),
    Line(
        key="invite_to_answer",
        label="INVITE to 200, ms",
        asterisk="p95 1.8",
    ),
    Line(
        key="digit_to_invite",
        label="digit to the agent's INVITE, ms",
        asterisk="p95 3.2",
        aim="p95 <= 5",
        met=p95_at_most(5),
    ),
    Line(
        key="digit_to_invite_at_40",
        label="the same at 40 calls/s, ms",
        asterisk="p95 29 at 80 calls/s",
        aim="p95 <= 25",
        met=p95_at_most(25),
    ),
    Line(
        key="failures_at_40",
        label="failed calls at 40 calls/s with audio",
        aim="0",
        met=at_most(0),
    ),
    Line(
        key="dead_air",
        label="a citizen's answer to the first prompt, ms",
        aim="p99 <= 500",
        met=p99_at_most(500),
    ),
    Line(
        key="attempts_per_minute",
        label="follow-up calls a minute on 20 lines",
    ),
    Line(
        key="engaged_attempts_per_minute",
        label="the same when everybody is engaged",
    ),
    Line(
        key="bye_to_cancel",
        label="caller's BYE to the agent's CANCEL, ms",
        asterisk="2.5",
    ),
    Line(
        key="handoff",
        label="agent free to the next INVITE, ms",
        asterisk="p50 508, p95 932",
        aim="p95 <= 10",
        met=p95_at_most(10),
    ),
    Line(
        key="bridged_cpu",
        label="CPU ms per bridged call-second",
        asterisk="2.5 to 2.9",
        aim="<= 2.5",
        met=at_most(2.5),
    ),
    Line(
        key="recorded_cpu",
        label="CPU ms per recorded call-second",
        asterisk="5.2",
        aim="<= 4",
        met=at_most(4),
    ),
    Line(
        key="ivr_cpu",
        label="CPU ms per IVR leg-second",
        asterisk="2.1",
    ),
    Line(
        key="memory_per_call",
        label="MB per recorded call",
        asterisk="0.5",
    ),
    Line(
        key="memory_kept",
        label="MB kept 40 s after the peak",
        asterisk="all of it",
    ),
    Line(
        key="memory_growth",
        label="kB grown per call in 5,000 short calls",
        aim="flat: <= 1",
        met=at_most(FLAT_KILOBYTES_PER_CALL),
    ),
    Line(
        key="calls_per_second",
        label="calls/s through IVR and queue, < 1 % failed",
        asterisk="80 to 100",
        aim=">= 40",
        met=at_least(40),
    ),
    Line(
        key="sipp_failures_at_40",
        label="failed of SIPp's calls at 40 calls/s",
        aim="0",
        met=at_most(0),
    ),
    Line(
        key="bridged_calls",
        label="recorded calls at once, good audio",
        asterisk="368 (unrecorded)",
        aim=">= 300",
        met=at_least(300),
    ),
    Line(
        key="speech_to_answer",
        label="end of speech to the words, 20 at once, ms",
        aim="p95 <= 1200",
        met=p95_at_most(1200),
    ),
    Line(
        key="recognition_factor",
        label="CPU seconds per second of speech heard",
    ),
    Line(
        key="recognition_streams",
        label="recognised streams per core",
    ),
    Line(
        key="event_to_pixel",
        label="event to pixel, 50 boards, 20 events/s, ms",
        aim="p95 <= 1000",
        met=p95_at_most(1000),
    ),
    Line(
        key="event_to_screen",
        label="the same to 47 boards without a browser, ms",
    ),
    Line(
        key="api_request",
        label="API request at 200/s, ms",
        aim="p99 <= 100",
        met=p99_at_most(100),
    ),
    Line(
        key="wallboard_kilobytes",
        label="kB of the wallboard, scripts and all",
    ),
)
