"""Percentiles, verdicts and slopes of the benchmarks."""

import pytest

from benchmarks.aims import LINES, Line, at_most, p95_at_most
from benchmarks.figures import Spread, Value
from benchmarks.measures.short_calls import kilobytes_per_call
from benchmarks.sipp import answer_times

TRACE = """\
----------------------------------------------- 2026-11-22 06:46:45.086111
UDP message sent (501 bytes):

INVITE sip:12345@127.0.0.1:24000 SIP/2.0
Call-ID: 1-5774@127.0.0.2
CSeq: 1 INVITE

----------------------------------------------- 2026-11-22 06:46:45.087000
UDP message received [228] bytes :

SIP/2.0 100 Trying
Call-ID: 1-5774@127.0.0.2
CSeq: 1 INVITE

----------------------------------------------- 2026-11-22 06:46:45.088611
UDP message received [784] bytes :

SIP/2.0 200 OK
Call-ID: 1-5774@127.0.0.2
CSeq: 1 INVITE

----------------------------------------------- 2026-11-22 06:46:46.088611
UDP message received [784] bytes :

SIP/2.0 200 OK
Call-ID: 1-5774@127.0.0.2
CSeq: 2 BYE
"""


def test_percentiles_are_in_milliseconds() -> None:
    spread = Spread.of(n * 1e6 for n in range(1, 101))
    assert spread == Spread(p50=50.5, p95=95.05, p99=99.01, n=100)


def test_no_times_give_no_figure() -> None:
    assert Spread.of([]) is None
    assert Line(key="k", label="l").verdict(None) == "no figure"


def test_aim_is_met_up_to_its_limit() -> None:
    line = Line(key="k", label="l", aim="p95 <= 5", met=p95_at_most(5))
    assert line.verdict(Spread(p50=1, p95=5, p99=90, n=9)) == "met"
    assert line.verdict(Spread(p50=1, p95=5.01, p99=90, n=9)) == "missed"


def test_run_that_is_too_short_is_not_judged() -> None:
    line = Line(key="k", label="l", aim="<= 1", met=at_most(1))
    assert line.verdict(Value(value=9, n=1, judged=False)) == "not judged"


def test_every_line_has_a_key_of_its_own() -> None:
    assert len({line.key for line in LINES}) == len(LINES)


def test_growth_is_the_slope_once_it_is_steady() -> None:
    warming = [(float(second), 100.0 + second) for second in range(40)]
    steady = [(float(second), 140.0 + second / 10) for second in range(40, 100)]
    grown = kilobytes_per_call(warming + steady, rate=40, steady=40)
    assert grown == pytest.approx(0.1 * 1024 / 40, abs=0.01)


def test_time_to_answer_is_read_from_sipps_trace() -> None:
    assert answer_times(TRACE) == [pytest.approx(2.5e6, rel=1e-3)]
