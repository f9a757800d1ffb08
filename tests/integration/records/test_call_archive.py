"""Reading calls back: pages, filters, and finding one by a part of its id."""

from typing import Any

import pytest

from acd import talk_events as t
from acd.events import Event, Outcome, SurveyAnswered
from acd.ledger.archive import missed_calls_page
from acd.ledger.debt import DebtState
from acd.placing import WhyNot
from acd.records import archive
from acd.records.archive import (
    CallFilter,
    CallNotFound,
    call,
    calls_page,
    find_call_id,
)
from acd.records.writer import write_events
from config.database import Database
from tests.fakes import call_events as told
from tests.fakes.call_events import after

pytestmark = pytest.mark.integration

OTHER = "+8653188888888"


@pytest.fixture
async def day(database: Database) -> Database:
    """Ten calls, a minute apart: every third given up, by somebody else."""
    events: list[Event] = []
    for number in range(10):
        call_id, start = f"01DAY{number}END", after(60.0 * number)
        if number % 3 == 2:
            events += told.abandoned_call(call_id, start=start, caller=OTHER)
        else:
            events += told.answered_call(call_id, start=start)
    await write_events(database, events)
    return database


async def test_talk_is_read_back_with_its_disposition(database: Database) -> None:
    def at(seconds: float) -> dict[str, Any]:
        return {"at": after(seconds), "call_id": "C", "agent_id": "1001"}

    third: dict[str, Any] = {"third_party": "", "number": "+8653188888888"}
    events: list[Event] = [
        *told.answered_call("C"),
        t.CallHeld(**at(20)),
        t.ThirdPartyCalled(**at(21), **third, for_transfer=False),
        t.ThirdPartyFailed(**at(25), **third, failure=WhyNot.BUSY, ring_seconds=4.0),
        t.CallUnheld(**at(26), hold_seconds=6.0),
        t.CallDisposed(**at(40), code="complaint", note="loud"),
        t.CallDisposed(**at(30), code="help"),
    ]
    await write_events(database, events)
    await write_events(database, events)
    record = await call(database, "C")
    assert [(it.kind, it.who, it.detail, it.seconds) for it in record.talk_events] == [
        ("HOLD", None, None, None),
        ("CALLTHIRDPARTY", "+8653188888888", "consultation", None),
        ("NOTHIRDPARTY", "+8653188888888", "busy", 4.0),
        ("UNHOLD", None, None, 6.0),
        ("DISPOSITION", None, "help", None),
        ("DISPOSITION", None, "complaint", None),
    ]
    assert (record.call.disposition, record.call.disposition_note) == (
        "complaint",
        "loud",
    )


async def test_number_of_a_confidential_caller_is_masked_wherever_it_is_read(
    database: Database,
) -> None:
    await write_events(database, told.answered_call("C"))
    confidential = t.CallMadeConfidential(at=after(99), call_id="C")
    await write_events(database, [confidential])
    (row,) = await calls_page(database)
    assert row.caller == "138****5678"
    assert (await call(database, "C")).call.caller == "138****5678"
    assert await archive.confidential_ids(database, ["C", "D"]) == {"C"}


async def found(database: Database, only: CallFilter) -> str:
    """The numbers of the calls that fit, as one text."""
    return "".join(row.id[5] for row in await calls_page(database, only=only))


async def test_newest_calls_come_first(day: Database) -> None:
    assert await found(day, CallFilter()) == "9876543210"


async def test_pages_follow_each_other_without_gap_or_repetition(day: Database) -> None:
    seen, before_id = "", ""
    while page := await calls_page(day, limit=3, before_id=before_id):
        assert len(page) <= 3
        seen += "".join(row.id[5] for row in page)
        before_id = page[-1].id
    assert seen == "9876543210"


async def test_calls_of_one_instant_are_paged_too(database: Database) -> None:
    ids = [f"call-{number}" for number in range(5)]
    await write_events(database, [told.arrived(call_id) for call_id in ids])
    first = await calls_page(database, limit=2)
    rest = await calls_page(database, limit=9, before_id=first[-1].id)
    assert [row.id for row in (*first, *rest)] == ids[::-1]


@pytest.mark.parametrize(
    ("only", "numbers"),
    [
        (CallFilter(caller=OTHER), "852"),
        (CallFilter(agent="1001"), "9764310"),
        (CallFilter(agent="1000"), ""),
        (CallFilter(queue="general"), "9876543210"),
        (CallFilter(outcome=Outcome.ABANDONED_IN_QUEUE), "852"),
        (CallFilter(since=after(120), until=after(300)), "432"),
        (CallFilter(outcome="answered", since=after(300)), "976"),
    ],
)
async def test_filters_leave_what_fits(
    day: Database, only: CallFilter, numbers: str
) -> None:
    assert await found(day, only) == numbers


@pytest.mark.parametrize("part", ["01DAY4END", "01DAY4", "01day4", "4END", "4end"])
async def test_call_is_found_by_a_part_that_only_it_has(
    day: Database, part: str
) -> None:
    assert await find_call_id(day, part) == "01DAY4END"


async def test_part_that_several_calls_have_is_refused_with_their_ids(
    day: Database,
) -> None:
    with pytest.raises(CallNotFound, match=r"01DAY9END, .+ and more\. Give more"):
        await find_call_id(day, "01DAY")


async def test_old_call_is_found_by_its_end_too(
    day: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "NEWEST", 3)
    assert await find_call_id(day, "2END") == "01DAY2END"


@pytest.mark.parametrize("part", ["nothing", "%", "_", "DAY4"])
async def test_part_that_no_call_has_is_refused(day: Database, part: str) -> None:
    with pytest.raises(CallNotFound, match="`hotline calls list`"):
        await find_call_id(day, part)


async def test_whole_id_wins_over_a_longer_one_that_begins_with_it(
    database: Database,
) -> None:
    await write_events(database, [told.arrived("call"), told.arrived("call-2")])
    assert await find_call_id(database, "call") == "call"


async def test_answers_are_shown_with_the_call_and_with_the_one_that_asked(
    database: Database,
) -> None:
    answer = SurveyAnswered(
        at=after(300), call_id="first", step="opinion", answer="good", asked_in="back"
    )
    begun = [told.arrived("first"), told.arrived("back")]
    await write_events(database, [*begun, answer])
    for call_id in ("first", "back"):
        (kept,) = (await call(database, call_id)).survey
        assert (kept.answer, kept.asked_in) == ("good", "back")


async def test_unknown_call_is_refused(day: Database) -> None:
    with pytest.raises(CallNotFound):
        await call(day, "01DAY4")


async def test_ledger_is_paged_and_filtered_by_state(day: Database) -> None:
    first = await missed_calls_page(day, limit=2)
    rest = await missed_calls_page(day, limit=2, before_id=first[-1].id)
    assert [entry.call_id[5] for entry in (*first, *rest)] == ["8", "5", "2"]
    assert await missed_calls_page(day, state=DebtState.DONE) == []
    assert len(await missed_calls_page(day, state=DebtState.OWED)) == 3
