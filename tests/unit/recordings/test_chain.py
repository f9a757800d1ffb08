"""The chain: whatever is changed in it, the walk names the place."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recordings.chain import GENESIS, OUTSIDE, Head, facts, link
from recordings.chain_walk import ChainWalk, Fault, FaultKind
from recordings.entry import Recording, State

START = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)


def entry(number: int) -> Recording:
    """The facts of a call; number tells them apart."""
    return Recording(
        call_id=f"C{number}",
        state=State.CLOSED,
        started_at=START + timedelta(minutes=number),
        closed_at=START + timedelta(minutes=number + 1),
        path=f"2026/03/01/C{number}.flac",
        bytes=1000 + number,
        seconds=60.125,
        left_dbfs=-30.25,
        marks=({"kind": "citizen", "at_seconds": 0.0},),
        sha256=f"{number:064x}",
    )


def chained(count: int) -> list[Recording]:
    """A chain of good entries."""
    entries, previous = [], GENESIS
    for number in range(1, count + 1):
        previous = link(previous, entry(number))
        entries.append(replace(entry(number), sequence=number, chain=previous))
    return entries


def faults(entries: list[Recording], *heads: Head) -> list[Fault]:
    """What a walk over the entries, by their numbers, finds."""
    walk = ChainWalk(heads)
    ordered = sorted(entries, key=lambda entry: entry.sequence or 0)
    found = [fault for entry in ordered for fault in walk.step(entry)]
    return [*found, *walk.end()]


def kinds(found: list[Fault]) -> set[tuple[FaultKind, int | None]]:
    """Faults by kind and place."""
    return {(fault.kind, fault.sequence) for fault in found}


def test_an_untouched_chain_has_no_fault() -> None:
    entries = chained(5)
    assert faults(entries, Head(sequence=5, chain=entries[4].chain)) == []
    assert faults([], Head()) == []


def test_the_chain_hash_is_the_documented_one() -> None:
    """Fixed values: whoever changes the rule breaks every chain in the field."""
    assert facts(entry(1)) == (
        '{"agent_silent":false,"bytes":1001,"call_id":"C1","citizen_silent":false,'
        '"closed_at":"2026-03-01T08:02:00+00:00","left_dbfs":-30.25,'
        '"marks":[{"at_seconds":0.0,"kind":"citizen"}],"path":"2026/03/01/C1.flac",'
        '"reason":"","right_dbfs":null,"seconds":60.125,"sha256":"' + f"{1:064x}" + '",'
        '"started_at":"2026-03-01T08:01:00+00:00","state":"closed","third_party":false}'
    )
    assert link(GENESIS, entry(1)) == (
        "dc5339efe495faed8dc4b700273120f105403767865634efb1b084f20c5e5e1f"
    )


other_values = {
    "call_id": "C999",
    "state": State.FAILED,
    "started_at": START,
    "closed_at": None,
    "reason": "x",
    "path": "elsewhere",
    "bytes": 1,
    "seconds": 60.124,
    "left_dbfs": None,
    "right_dbfs": -1.0,
    "citizen_silent": True,
    "agent_silent": True,
    "third_party": True,
    "marks": (),
    "sha256": "f" * 64,
}


def test_every_fact_is_either_chained_or_meant_to_change() -> None:
    names = {field.name for field in fields(Recording)}
    assert names == other_values.keys() | OUTSIDE


@pytest.mark.parametrize("name", other_values)
def test_a_changed_fact_is_named_at_its_entry(name: str) -> None:
    entries = chained(5)
    entries[2] = replace(entries[2], **{name: other_values[name]})
    assert kinds(faults(entries)) == {(FaultKind.ENTRY_CHANGED, 3)}


def test_what_may_change_breaks_nothing() -> None:
    entries = chained(3)
    entries[1] = replace(entries[1], deleted_at=START, legal_hold=True)
    assert faults(entries) == []


@given(st.integers(1, 8), st.data())
@settings(max_examples=30, deadline=None)
def test_a_removed_entry_is_named(count: int, data: st.DataObject) -> None:
    entries = chained(count)
    head = Head(sequence=count, chain=entries[-1].chain)
    gone = data.draw(st.integers(1, count))
    found = faults([e for e in entries if e.sequence != gone], head)
    (kind, place) = kinds(found).pop()
    assert len(found) == 1
    assert kind is FaultKind.ENTRY_MISSING
    assert place == gone


def test_a_removed_entry_cannot_be_hidden_by_new_numbers() -> None:
    entries = [e for e in chained(5) if e.sequence != 3]
    closed_up = [replace(e, sequence=n) for n, e in enumerate(entries, 1)]
    assert (FaultKind.ENTRY_CHANGED, 3) in kinds(faults(closed_up))


def test_a_removed_end_is_noticed_by_the_head_noted_elsewhere() -> None:
    entries = chained(5)
    head = Head(sequence=5, chain=entries[4].chain)
    assert kinds(faults(entries[:3], head)) == {(FaultKind.ENTRY_MISSING, 5)}
    assert kinds(faults([], head)) == {(FaultKind.ENTRY_MISSING, 5)}


@given(st.integers(2, 8), st.data())
@settings(max_examples=30, deadline=None)
def test_swapped_entries_are_named_as_out_of_order(
    count: int, data: st.DataObject
) -> None:
    first = data.draw(st.integers(1, count - 1))
    second = data.draw(st.integers(first + 1, count))
    places = {first: second, second: first}
    entries = [
        replace(e, sequence=places.get(e.sequence or 0, e.sequence))
        for e in chained(count)
    ]
    found = kinds(faults(entries))
    assert {(FaultKind.OUT_OF_ORDER, first), (FaultKind.OUT_OF_ORDER, second)} <= found
    assert {kind for kind, _ in found} == {FaultKind.OUT_OF_ORDER}


def test_a_chain_forged_from_the_middle_does_not_meet_the_noted_head() -> None:
    honest = chained(5)
    forged, previous = list(honest[:2]), honest[1].chain
    for number in (3, 4, 5):
        facts = replace(entry(number), seconds=1.0)
        previous = link(previous, facts)
        forged.append(replace(facts, sequence=number, chain=previous))
    assert faults(forged) == []
    head = Head(sequence=4, chain=honest[3].chain)
    assert kinds(faults(forged, head)) == {(FaultKind.HEAD_DIFFERS, 4)}
