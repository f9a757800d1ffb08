"""What is promised of those whom the demo's hotline rings, and every way to break it."""

import pytest

from acd.staffing.recall import Standing
from hotline.demo.found_outside import FoundOutside
from hotline.demo.outside import recall_number
from hotline.demo.reports import Moment
from hotline.demo.rung import Rung
from hotline.demo.verdict import Verdict
from outbound.archive import ContactRecord
from outbound.contact import FollowUpOutcome as Ended
from tests.unit.hotline.demo.rung_people import (
    AWAY,
    BUSY,
    CONTRADICTS,
    ENDED,
    HASTY,
    OUT,
    PLEASED,
    SILENT,
    VOICEMAIL,
    follow_up,
    kept,
    tell,
    verdict_of,
)

YES = {"contacted": "yes", "solved": "yes", "satisfied": "very_satisfied"}
HUNG_UP = (*ENDED, Moment.HUNG_UP)


def pleased() -> Rung:
    """A citizen who answers everything."""
    return tell(Rung(), PLEASED, *ENDED, **follow_up("1", "1", "1"))


def told(rung: Rung, *contacts: ContactRecord, recorded: str = PLEASED) -> Verdict:
    """What the audit says of a campaign of these contacts."""
    return verdict_of(rung, FoundOutside(contacts=contacts), recorded)


def only_difference(verdict: Verdict) -> str:
    assert not verdict.good
    (difference,) = verdict.differences
    return difference


def test_call_that_went_well_keeps_every_promise() -> None:
    verdict = told(pleased(), kept(PLEASED, Ended.COMPLETED, **YES))
    assert verdict.good
    assert [(row.what.strip(), row.expected) for row in verdict.promises] == [
        ("follow-up calls that rang, each once in the records", 1),
        ("answered every question", 1),
        ("answers, each kept as it was pressed", 3),
        ("doubtful answers for a person to hear", 0),
        ("follow-up calls recorded", 1),
    ]


@pytest.mark.parametrize(
    ("number", "moments", "keys", "outcome", "answers"),
    [
        (BUSY, (Moment.RANG, Moment.ENDED), {}, Ended.BUSY, {}),
        (AWAY, (Moment.RANG, Moment.ENDED), {}, Ended.NO_ANSWER, {}),
        (VOICEMAIL, ENDED, {}, Ended.MACHINE, {}),
        (SILENT, HUNG_UP, {}, Ended.SILENT, {}),
        (PLEASED, ENDED, {}, Ended.HUNG_UP, {}),
        (HASTY, HUNG_UP, follow_up("1"), Ended.PARTIAL, {"contacted": "yes"}),
        (OUT, ENDED, follow_up("9"), Ended.OPTED_OUT, {"contacted": "opted_out"}),
    ],
)
def test_every_end_is_the_one_that_the_telephone_saw(
    number: str,
    moments: tuple[Moment, ...],
    keys: dict[str, str],
    outcome: Ended,
    answers: dict[str, str],
) -> None:
    rung = tell(Rung(), number, *moments, **keys)
    assert told(rung, kept(number, outcome, **answers), recorded=number).good
    wrong = told(rung, kept(number, Ended.TALKED, **answers), recorded=number)
    assert f"expected {outcome}, found talked" in only_difference(wrong)


def test_answers_that_contradict_each_other_wait_for_a_person() -> None:
    rung = tell(Rung(), CONTRADICTS, *ENDED, **follow_up("1", "2", "1"))
    answers = YES | {"solved": "no"}
    contact = kept(CONTRADICTS, Ended.COMPLETED, **answers)
    verdict = told(rung, contact, recorded=CONTRADICTS)
    assert verdict.good
    (row,) = (row for row in verdict.promises if "doubtful" in row.what)
    assert row.found == 2


def test_answer_that_is_kept_otherwise_or_not_at_all_is_found() -> None:
    other = told(pleased(), kept(PLEASED, Ended.COMPLETED, **YES | {"solved": "no"}))
    assert "solved was answered yes, kept is no" in " ".join(other.differences)
    less = {"contacted": "yes", "satisfied": "very_satisfied"}
    missing = told(pleased(), kept(PLEASED, Ended.COMPLETED, **less))
    assert "solved was answered yes, kept is nothing" in only_difference(missing)


def test_answer_that_nobody_gave_is_found() -> None:
    rung = tell(Rung(), SILENT, *HUNG_UP)
    made_up = kept(SILENT, Ended.SILENT, contacted="yes")
    verdict = told(rung, made_up, recorded=SILENT)
    assert "contacted was answered not at all" in only_difference(verdict)


def test_call_that_is_not_in_the_records_or_rang_twice_is_found() -> None:
    assert "0 tries are in the records" in only_difference(
        told(pleased(), kept(PLEASED))
    )
    rung = tell(pleased(), PLEASED, *ENDED)
    twice = told(rung, kept(PLEASED, Ended.COMPLETED, **YES))
    assert all("it rang 2 times" in words for words in twice.differences)


def test_try_that_never_rang_is_found() -> None:
    verdict = told(Rung(), kept(BUSY, Ended.BUSY))
    assert "137****0003: it never rang there" in only_difference(verdict)


def test_try_for_which_no_line_was_free_needs_no_ringing() -> None:
    assert told(Rung(), kept(BUSY, Ended.NO_LINE)).good


def test_missing_recording_is_found() -> None:
    contact = kept(PLEASED, Ended.COMPLETED, **YES)
    verdict = told(pleased(), contact, recorded=BUSY)
    assert "its recording is missing" in only_difference(verdict)


def test_call_that_the_demos_end_cut_promises_nothing_but_to_be_in_the_records() -> (
    None
):
    rung = tell(Rung(), PLEASED, *ENDED, Moment.CUT)
    assert told(rung, kept(PLEASED, Ended.HUNG_UP)).good


def test_demo_without_a_line_out_promises_nothing_of_it() -> None:
    assert verdict_of(Rung(), FoundOutside()).promises == []


@pytest.mark.parametrize(
    ("keys", "right", "wrong"),
    [
        ({"recall_comes": "1"}, Standing.CONFIRMED, Standing.TRIED),
        ({"recall_comes": "1"}, Standing.ARRIVED, Standing.DECLINED),
        ({"recall_comes": "2"}, Standing.DECLINED, Standing.CONFIRMED),
        ({}, Standing.PASSED_OVER, Standing.CONFIRMED),
    ],
)
def test_recalled_person_stands_as_he_answered(
    keys: dict[str, str], right: Standing, wrong: Standing
) -> None:
    rung = tell(Rung(), recall_number("3001"), *ENDED, **keys)
    stands = FoundOutside(standings={"3001": frozenset({right})})
    assert verdict_of(rung, stands).good
    stands = FoundOutside(standings={"3001": frozenset({wrong})})
    assert f"found {wrong}" in only_difference(verdict_of(rung, stands))


def test_recalled_person_of_whom_nothing_is_kept_is_found() -> None:
    rung = tell(Rung(), recall_number("3002"), *ENDED, recall_comes="2")
    assert "found nothing" in only_difference(verdict_of(rung, FoundOutside()))
