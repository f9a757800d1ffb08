"""The ring of events: who resumes gets what he has missed, or is told that he cannot."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from acd import events as e
from console.event_history import PART_MOST, EventHistory, GapReason, Start
from console.sight import Sight

RUN = "01JNQ4Y5ZK8M2V7W3X9C6B1D0E"
AT = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
BOTH = Sight(kinds=frozenset({e.CallAnswered, e.CallEnded}))


def history(*, events: int, most: int = 5) -> EventHistory:
    """A history in which calls 1, 2, ... were answered."""
    made = EventHistory(RUN, most)
    for number in range(1, events + 1):
        made.add(e.CallAnswered(at=AT, call_id=str(number)))
    return made


def told(text: bytes) -> list[dict[str, Any]]:
    """The JSON of server-sent events, each with its id."""
    found = []
    for block in text.decode().split("\n\n")[:-1]:
        id_, event, data = block.split("\n")
        body = json.loads(data.removeprefix("data: "))
        assert event == f"event: {body['kind']}"
        found.append({"id": id_.removeprefix("id: "), **body})
    return found


def test_event_is_one_json_object_with_kind_and_id() -> None:
    kept = history(events=1)
    assert told(kept.part(0, BOTH).text) == [
        {
            "id": f"{RUN}-1",
            "kind": "call_answered",
            "at": "2026-03-01T08:00:00Z",
            "call_id": "1",
        }
    ]


def test_new_reader_begins_now() -> None:
    assert history(events=3).start(None) == Start(number=3)


def test_reader_goes_on_after_his_id() -> None:
    kept = history(events=4)
    start = kept.start(f"{RUN}-2")
    assert start == Start(number=2)
    assert [each["call_id"] for each in told(kept.part(2, BOTH).text)] == ["3", "4"]


def test_oldest_id_that_can_be_resumed_is_the_one_before_the_ring() -> None:
    kept = history(events=8)
    assert kept.start(f"{RUN}-3") == Start(number=3)
    assert kept.start(f"{RUN}-2") == Start(number=3, gap=GapReason.TOO_OLD, missed=1)


def test_id_of_an_earlier_run_gets_all_of_this_one() -> None:
    start = history(events=3).start("01JAAAAAAAAAAAAAAAAAAAAAAA-7")
    assert start == Start(number=0, gap=GapReason.RESTARTED)


@pytest.mark.parametrize("id_", ["7", f"{RUN}-9", f"{RUN}-", "x" * 26 + "-1", "é"])
def test_id_that_was_never_given_is_told_and_begins_now(id_: str) -> None:
    start = history(events=3).start(id_)
    assert start == Start(number=3, gap=GapReason.UNKNOWN_ID)


def test_gap_says_how_many_are_missing_and_where_it_ends() -> None:
    kept = history(events=8)
    (gap,) = told(kept.gap(kept.start(f"{RUN}-1"), f"{RUN}-1"))
    assert gap == {
        "id": f"{RUN}-3",
        "kind": "gap",
        "reason": "too_old",
        "last_id": f"{RUN}-1",
        "missed": 2,
    }


def test_other_kinds_are_passed_over_but_move_the_reader_on() -> None:
    kept = history(events=3)
    part = kept.part(0, Sight(kinds=frozenset({e.CallEnded})))
    assert (part.text, part.number) == (b"", 3)


def test_part_is_bounded() -> None:
    kept = history(events=PART_MOST + 10, most=2 * PART_MOST)
    part = kept.part(0, BOTH)
    assert (len(told(part.text)), part.number) == (PART_MOST, PART_MOST)


def test_whole_numbers_are_never_told() -> None:
    kept = EventHistory(RUN, 5)
    numbers = {"caller": "+8613812345678", "called": "12345"}
    kept.add(e.CallArrived(at=AT, call_id="1", peer="", sip_call_id="", **numbers))
    (event,) = told(kept.part(0, Sight(kinds=frozenset({e.CallArrived}))).text)
    assert event["caller"] == "138****5678"
