"""The manifest survives whatever a kill or a full disk leaves of it."""

import json
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from recordings import manifest as lines
from recordings.manifest import Manifest, Part, decode, parse

START = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
END = datetime(2026, 3, 1, 8, 5, tzinfo=UTC)
CALL = Manifest(call_id="C1", caller="13812345678", called="12345", started_at=START)
CITIZEN = Part(file="0-citizen.wav", role="citizen")
AGENT = Part(file="1-agent.wav", role="agent", name="1001", offset_frames=80000)


def text_of(*entries: lines.Line) -> str:
    return "".join(json.dumps(entry) + "\n" for entry in entries)


def test_a_manifest_tells_the_call_its_parts_its_marks_and_its_end() -> None:
    text = text_of(
        lines.call_line(CALL),
        lines.part_line(CITIZEN, START),
        lines.part_line(AGENT, START),
        lines.mark_line("paused", 12.3456, {"by": "1001"}),
        lines.failure_line("disk full"),
        lines.end_line(END, {"0-citizen.wav": 300.0}),
    )
    told = parse(decode(text), "C1")
    assert (told.caller, told.called, told.started_at) == (
        "13812345678",
        "12345",
        START,
    )
    assert [part.file for part in told.parts] == ["0-citizen.wav", "1-agent.wav"]
    assert told.parts[0].lasted_seconds == 300.0
    assert told.parts[1].lasted_seconds is None
    assert (told.parts[1].name, told.parts[1].offset_frames) == ("1001", 80000)
    assert told.marks == ({"by": "1001", "kind": "paused", "at_seconds": 12.346},)
    assert (told.failure, told.ended_at, told.cut) == ("disk full", END, False)


def test_a_torn_last_line_is_passed_over() -> None:
    whole = text_of(lines.call_line(CALL), lines.part_line(CITIZEN, START))
    torn = whole + text_of(lines.part_line(AGENT, START))[:25]
    told = parse(decode(torn), "C1")
    assert [part.role for part in told.parts] == ["citizen"]
    assert told.ended_at is None


def test_a_line_written_twice_counts_once() -> None:
    part = lines.part_line(CITIZEN, START)
    assert len(parse([part, part], "C1").parts) == 1


def test_a_cut_call_says_so() -> None:
    told = parse([lines.call_line(CALL), lines.cut_line(END)], "C1")
    assert (told.ended_at, told.cut) == (END, True)


def test_a_part_outside_its_folder_or_time_is_no_part() -> None:
    strays = [
        Part(file="../../etc/passwd", role="citizen"),
        Part(file="0-citizen.wav", role="citizen", offset_frames=-1),
        Part(file="0-citizen.wav", role="citizen", offset_frames=10**12),
    ]
    found = [parse([lines.part_line(part, START)], "C1").parts for part in strays]
    assert found == [(), (), ()]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2),
    max_leaves=3,
)
keys = st.sampled_from(
    ["line", "file", "role", "at", "offset_frames", "lasted_seconds", "mark", "name"]
)
kinds = st.sampled_from(["call", "part", "mark", "failure", "end", "cut", "x"])


@given(st.lists(st.dictionaries(keys, json_values | kinds, max_size=6), max_size=4))
@settings(max_examples=50, deadline=None)
def test_no_line_whatsoever_stops_the_reading(entries: list[lines.Line]) -> None:
    assert parse(entries, "C1").call_id == "C1"


@given(st.text())
@settings(max_examples=50, deadline=None)
def test_no_text_whatsoever_stops_the_decoding(text: str) -> None:
    assert all(isinstance(entry, dict) for entry in decode(text))
