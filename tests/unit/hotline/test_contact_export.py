"""A contact's line in the file: every try, every answer, and who set it."""

import csv
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from hotline.contact_export import write_contacts
from hotline.statistics_csv import FileNotWritten
from outbound.answer import Answer, GivenBy
from outbound.archive import Attempt, ContactRecord
from outbound.contact import Contact, ContactState, FollowUpOutcome
from outbound.reviews.review import Review

CITY = ZoneInfo("Asia/Shanghai")
AT = datetime(2026, 11, 2, 1, 30, tzinfo=UTC)
CONTACT = Contact(
    order_id="A-1",
    number="138****5678",
    language="zh",
    closed_at=AT,
    unit="=供水",
    confidential=False,
    id="01C",
    campaign="november",
    state=ContactState.DONE,
    entered_at=AT,
    changed_at=AT,
    due_at=None,
    tries=2,
    reason="completed",
)
ANSWER = Answer(
    question="solved",
    answer="yes",
    given_by=GivenBy.KEY,
    confidence=0.5,
    at=AT,
    transcript="解决 了 打 13812345678",
    clip_start_seconds=6.5,
    clip_seconds=4,
)


def attempt(call_id: str, outcome: FollowUpOutcome) -> Attempt:
    """A try that took a minute."""
    ended = AT + timedelta(minutes=1)
    return Attempt(call_id=call_id, at=AT, ended_at=ended, outcome=outcome)


NOBODY = ContactRecord(
    contact=replace(CONTACT, order_id="A-2", unit=""),
    attempts=(),
    answers=(),
    reviews=(),
    counted={},
    redo=False,
)
ASKED = ContactRecord(
    contact=CONTACT,
    attempts=(
        attempt("01A", FollowUpOutcome.BUSY),
        attempt("01B", FollowUpOutcome.COMPLETED),
    ),
    answers=(ANSWER,),
    reviews=(Review(question="solved", answer="no", reviewed_by="王", at=AT),),
    counted={"solved": "no"},
    redo=True,
)


def test_csv_has_a_line_for_each_contact_with_all_tries_and_answers(
    tmp_path: Path,
) -> None:
    file = tmp_path / "contacts.csv"
    write_contacts(file, [NOBODY, ASKED], CITY)
    nobody, asked = csv.DictReader(file.read_text("utf-8-sig").splitlines())
    assert asked["number"] == "138****5678"
    assert asked["unit"] == "'=供水"
    assert (asked["try_1_outcome"], asked["try_2_outcome"]) == ("busy", "completed")
    assert asked["try_2_at"] == "2026-11-02T09:30:00+08:00"
    assert asked["try_2_call"] == "01B"
    told = [asked[f"solved{part}"] for part in ("", "_first", "_reviewed_by")]
    assert told == ["no", "yes", "王"]
    assert (nobody["try_1_at"], nobody["solved"]) == ("", "")


def test_json_keeps_everything(tmp_path: Path) -> None:
    file = tmp_path / "contacts.json"
    write_contacts(file, [ASKED], CITY)
    (record,) = json.loads(file.read_text("utf-8"))
    assert record["contact"]["closed_at"] == "2026-11-02T01:30:00+00:00"
    assert [each["call_id"] for each in record["attempts"]] == ["01A", "01B"]
    assert record["answers"][0]["clip_start_seconds"] == 6.5
    assert record["reviews"][0]["answer"] == "no"


def test_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotWritten, match="cannot be written"):
        write_contacts(tmp_path / "missing" / "contacts.csv", [ASKED], CITY)


def test_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotWritten, match=r"neither \.csv nor \.json"):
        write_contacts(tmp_path / "contacts.txt", [ASKED], CITY)
    assert not list(tmp_path.iterdir())
