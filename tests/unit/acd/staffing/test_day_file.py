"""A day's file: what is understood, and what is refused with its line and reason."""

import pytest

from acd.staffing.csv_lines import TableRefused
from acd.staffing.day_file import DayFile, day_lines, read_day
from tests.unit.acd.staffing.days import START

QUEUES = ("general", "tax")


def read(text: str) -> DayFile:
    """The file with this text."""
    return read_day(text, start=START, queues=QUEUES, interval_seconds=900, seed=1)


def test_calls_are_read_with_all_that_is_known_of_them() -> None:
    found = read(
        "time,queue,caller,called,skills,priority,keys,talk_seconds,patience_seconds\n"
        "08:30:15.5,tax,13800000000,12345,tax=3;english,5,1 9#,200,60\n"
        "08:00,,,,,,,,\n"
    )
    plain, full = found.day.calls
    assert found.refused == ()
    assert (plain.at_seconds, plain.queue, plain.talk_seconds) == (8 * 3600, "", None)
    assert full.at_seconds == 8 * 3600 + 1815.5
    assert (full.queue, full.caller, full.called) == ("tax", "13800000000", "12345")
    assert full.skills == (("english", 1), ("tax", 3))
    assert (full.priority, full.keys) == (5, ("1", "9#"))
    assert (full.talk_seconds, full.patience_seconds) == (200, 60)


def test_seconds_since_the_start_do_as_well_and_the_order_is_free() -> None:
    found = read("\ufeffseconds, queue\n20, tax\n\n10.25,general\n")
    assert [(c.at_seconds, c.queue) for c in found.day.calls] == [
        (10.25, "general"),
        (20, "tax"),
    ]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("8.30,", "line 2: '8.30' is no time of day; write one like 08:30:15"),
        ("08:61,", "line 2: '08:61' is no time of day; write one like 08:30:15"),
        ("48:00,", "line 2: '48:00' is no time of day; write one like 08:30:15"),
        (",tax", "line 2: when was it? 'time' (08:30:15) or 'seconds' since the start"),
        ("08:30,taxes", "line 2: there is no queue 'taxes'; did you mean 'tax'?"),
        ("08:30,fire", "line 2: there is no queue 'fire'; there are: general, tax"),
        ("08:30", "line 2: 1 fields, but the first line has 2"),
    ],
)
def test_line_that_is_not_understood_is_refused_with_the_reason(
    line: str, reason: str
) -> None:
    found = read(f"time,queue\n{line}\n08:30,tax\n")
    assert [str(refused) for refused in found.refused] == [reason]
    assert len(found.day.calls) == 1


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("talk_seconds\n-1", "talk_seconds: -1 is not from 0 to 86400"),
        ("talk_seconds\nlong", "talk_seconds: 'long' is no number"),
        ("patience_seconds\nnan", "patience_seconds: nan is not from 0 to 86400"),
        ("priority\n1.5", "priority: 1.5 is no whole number"),
        ("skills\nTax", "'Tax' is no skill; write one like tax=3"),
    ],
)
def test_value_that_makes_no_sense_is_refused(value: str, reason: str) -> None:
    column, text = value.split("\n")
    found = read(f"seconds,{column}\n1,{text}\n")
    assert [str(refused) for refused in found.refused] == [f"line 2: {reason}"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("tiem,queue\n", "there is no column 'tiem'; did you mean 'time'?"),
        ("time,time\n", "the column 'time' stands there twice"),
        ("calls,queue\n", "the first line names the columns, time is missing"),
        ("time\n", "there is no call in it"),
        ("", "there is nothing in it; the first line names the columns"),
        ("queue\n" + "x" * 200_000, "line 2: field larger than field limit"),
    ],
)
def test_file_without_a_right_header_is_refused(text: str, reason: str) -> None:
    with pytest.raises(TableRefused, match=reason.replace("?", r"\?")):
        read(text)


def test_counts_become_calls_within_their_intervals() -> None:
    found = read("time,queue,calls\n08:00,tax,3\n08:15,,2\n08:30,tax,x\n")
    first, second = found.day.calls[:3], found.day.calls[3:]
    assert all(8 * 3600 <= call.at_seconds < 8 * 3600 + 900 for call in first)
    assert all(8 * 3600 + 900 <= c.at_seconds < 8 * 3600 + 1800 for c in second)
    assert [c.queue for c in found.day.calls] == ["tax"] * 3 + [""] * 2
    assert [str(r) for r in found.refused] == ["line 4: calls: 'x' is no number"]


def test_day_that_is_written_is_read_again() -> None:
    day = read("seconds,queue\n59.9996,tax\n86399.5,\n").day
    text = "\n".join(",".join(line) for line in day_lines(day))
    again = read(text).day
    assert [call.queue for call in again.calls] == ["tax", ""]
    assert [call.at_seconds for call in again.calls] == [59.999, 86399.5]
