"""Every way in which a hotline could break its promises is found by the demo's audit."""

from dataclasses import replace

import pytest

from acd.events import Outcome
from hotline.demo.audit import check_variety
from hotline.demo.found import Channels
from hotline.demo.reports import Heard
from hotline.demo.script import SEAT, agent_tone_hz
from hotline.demo.verdict import Verdict
from recordings.entry import State
from tests.unit.hotline.demo.evening import (
    AGENT,
    AGENT_HZ,
    CITIZEN_HZ,
    NUMBER,
    Evening,
    event,
    missed,
    tell,
)


def only_difference(evening: Evening) -> str:
    """The one difference that the audit finds."""
    verdict = evening.verdict()
    assert not verdict.good
    (difference,) = verdict.differences
    return difference


@pytest.mark.parametrize("evening", [Evening.answered(), Evening.left_in_queue()])
def test_call_that_went_well_keeps_every_promise(evening: Evening) -> None:
    verdict = evening.verdict()
    assert verdict.differences == []
    assert verdict.good


def test_call_that_is_not_in_the_records_is_missed() -> None:
    evening = Evening.answered()
    evening.row = {}
    evening.recording = None
    assert "dialled once, 0 times in the records" in only_difference(evening)


def test_wrong_outcome_is_found_and_names_the_call() -> None:
    evening = Evening.answered()
    evening.row["outcome"] = Outcome.ABANDONED_WHILE_RINGING.value
    evening.missed = [missed(Outcome.ABANDONED_WHILE_RINGING)]
    difference = only_difference(evening)
    assert "138****0002 (call)" in difference
    assert "expected answered, found abandoned_while_ringing" in difference


def test_call_left_open_is_found() -> None:
    evening = Evening.left_in_queue()
    evening.row |= {"outcome": None, "ended_at": None}
    evening.missed = []
    evening.found = {"open_calls": ("call",), "open_legs": ("leg",)}
    verdict = evening.verdict()
    assert any("found open" in text for text in verdict.differences)
    assert any("leg leg: left open" in text for text in verdict.differences)
    assert [row.found for row in verdict.promises if "left open" in row.what] == [1]


def test_abandoned_call_must_be_on_the_ledger() -> None:
    evening = Evening.left_in_queue()
    evening.missed = []
    assert "ledger: none" in only_difference(evening)


def test_answered_call_must_not_be_on_the_ledger() -> None:
    evening = Evening.answered()
    evening.missed = [missed(Outcome.ABANDONED_IN_QUEUE)]
    assert "was answered, entries on the missed-call ledger" in only_difference(evening)


def test_ledger_must_tell_the_stage_at_which_the_call_was_missed() -> None:
    evening = Evening.left_in_queue()
    evening.missed = [missed(Outcome.ABANDONED_IN_IVR)]
    assert "ledger: abandoned_in_ivr" in only_difference(evening)


def test_ledger_must_not_know_calls_that_the_records_do_not() -> None:
    evening = Evening.left_in_queue()
    evening.missed.append(missed(Outcome.BLOCKED, "other"))
    assert "call other: on the missed-call ledger" in only_difference(evening)


@pytest.mark.parametrize(
    "column", ["wait_seconds", "wait_from_answer_seconds", "talk_seconds"]
)
def test_wait_and_talk_must_be_as_long_as_the_phones_measured(column: str) -> None:
    evening = Evening.answered()
    evening.row[column] += 2.1
    assert "the records say" in only_difference(evening)
    evening.row[column] = None
    assert "is not in the records" in only_difference(evening)


def test_agent_who_took_the_call_must_be_the_one_in_the_records() -> None:
    evening = Evening.answered()
    evening.row["agent_id"] = "1002"
    assert "agent 1001 took it, the records say 1002" in only_difference(evening)


def test_phone_that_rang_without_an_offer_is_found() -> None:
    evening = Evening.answered()
    evening.events = [event("CONNECT")]
    assert "rung 1 times and offered it 0 times" in only_difference(evening)


def test_rejection_that_the_records_do_not_tell_is_found_and_the_reverse() -> None:
    evening = Evening.answered()
    tell(evening.witness, "b", "1002", rang=1.2, rejected=1.5, ended=1.5)
    evening.events.append(event("OFFER", "1002"))
    assert "agent 1002 rejected it 1 times" in only_difference(evening)
    evening.events.append(event("RINGNOANSWER", "1002", "busy"))
    assert evening.verdict().good
    evening.events.append(event("RINGNOANSWER", "1002", "busy"))
    assert "the records say 2" in only_difference(evening)


@pytest.mark.parametrize("leg", ["c", "a"])
def test_side_that_heard_nothing_is_found(leg: str) -> None:
    evening = Evening.answered()
    evening.witness.hear(Heard(leg=leg, seconds={}))
    assert "for 0.0 s of 8.0 s" in only_difference(evening)


@pytest.mark.parametrize("leg", ["c", "a"])
def test_side_that_heard_a_stranger_is_found(leg: str) -> None:
    evening = Evening.answered()
    heard = {CITIZEN_HZ: 7.5, AGENT_HZ: 7.5}
    evening.witness.hear(Heard(leg=leg, seconds=heard))
    assert "does not belong there" in only_difference(evening)


@pytest.mark.parametrize("leg", ["c", "a"])
def test_what_nobody_measured_is_no_proof(leg: str) -> None:
    evening = Evening.answered()
    (citizen,) = evening.witness.citizens
    (ring,) = evening.witness.rings_for(citizen.number)
    (citizen if leg == "c" else ring).heard = None
    assert "was not measured" in only_difference(evening)


def test_nobody_scripts_what_is_done_at_the_free_seat() -> None:
    evening = Evening.answered()
    evening.row |= {"wait_seconds": 30.0, "agent_id": SEAT}
    evening.events = []
    tell(evening.witness, "s", SEAT, rang=4.5, answered=5, ended=12)
    assert evening.verdict().good
    evening.row["outcome"] = Outcome.ABANDONED_IN_QUEUE.value
    assert not evening.verdict().good


def test_who_was_called_back_was_not_rung_for_by_his_own_call() -> None:
    evening = Evening.left_in_queue()
    tell(evening.witness, "b", AGENT, rang=300, answered=302, ended=310)
    evening.found = {"called_back": frozenset({f"+86{NUMBER}"})}
    assert evening.verdict().good


def test_missing_recording_is_found() -> None:
    evening = Evening.answered()
    evening.recording = None
    assert "its recording is missing" in only_difference(evening)


def test_failed_recording_is_found() -> None:
    evening = Evening.answered()
    assert evening.recording
    evening.recording = replace(
        evening.recording, state=State.FAILED, reason="no audio was recorded"
    )
    assert "failed (no audio was recorded)" in only_difference(evening)


def test_recording_that_cannot_be_read_is_found() -> None:
    evening = Evening.answered()
    evening.channels = Channels(fault="x.flac cannot be listened to")
    assert "cannot be listened to" in only_difference(evening)


def test_swapped_channels_are_found() -> None:
    evening = Evening.answered()
    evening.channels = Channels(left={AGENT_HZ: 7.5}, right={CITIZEN_HZ: 11.5})
    verdict = evening.verdict()
    assert not verdict.good
    assert len(verdict.differences) == 4


def test_both_voices_on_one_channel_are_found() -> None:
    evening = Evening.answered()
    both = {CITIZEN_HZ: 11.5, AGENT_HZ: 7.5}
    evening.channels = Channels(left=both, right={AGENT_HZ: 7.5})
    difference = only_difference(evening)
    assert "the left channel has a voice that does not belong there" in difference


def test_silent_agents_channel_is_found() -> None:
    evening = Evening.answered()
    evening.channels = Channels(left={CITIZEN_HZ: 11.5})
    assert "the right channel has the voice" in only_difference(evening)


def test_anybody_on_the_right_of_a_call_without_an_agent_is_found() -> None:
    evening = Evening.left_in_queue()
    stranger = {agent_tone_hz("1005"): 2.0}
    evening.channels = Channels(left={CITIZEN_HZ: 4.5}, right=stranger)
    assert "the right channel has a voice" in only_difference(evening)


def test_fault_of_the_chain_is_a_difference_and_a_warning_is_none() -> None:
    evening = Evening.answered()
    evening.found = {"chain_warnings": ("truncated",)}
    verdict = evening.verdict()
    assert verdict.good
    assert verdict.warnings == ["recordings: truncated"]
    evening.found = {"chain_faults": ("file changed",)}
    assert only_difference(evening) == "recordings: file changed"


def test_recording_that_the_chain_does_not_prove_is_found() -> None:
    evening = Evening.answered()
    evening.found = {"proved": 0}
    assert not evening.verdict().good


def test_demo_that_did_not_show_every_kind_of_call_says_which() -> None:
    evening = Evening.answered()
    for number in range(3, 9):
        tell(evening.witness, str(number), number=f"1380000000{number}", dialled=0)
    verdict = Verdict()
    check_variety(evening.witness, evening.kept(), verdict)
    assert not verdict.good
    assert "no call was seen that ended in the queue" in verdict.differences
    assert "no call was seen that was answered after a key" not in verdict.differences


def test_demo_that_was_ended_early_promises_no_variety() -> None:
    evening, verdict = Evening.answered(), Verdict()
    check_variety(evening.witness, evening.kept(), verdict)
    assert verdict.promises == []
