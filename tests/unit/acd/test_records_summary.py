"""What a call's story adds up to."""

from collections.abc import Sequence
from random import Random

from acd.events import CallBackPromised, Event, Outcome
from acd.messages import TalkEnd
from acd.records.facts import facts_of
from acd.records.rows import QueueEventRow
from acd.records.summary import in_order, summary_of
from tests.fakes import call_events as told
from tests.fakes.call_events import START, after


def rows(events: Sequence[Event]) -> list[QueueEventRow]:
    """The queue events among the events, in an order that says nothing."""
    found = [QueueEventRow(**row) for row in facts_of(events).queue_events]
    Random(7).shuffle(found)
    return found


def test_wait_and_talk_of_an_answered_call_are_counted_from_entry_and_connect() -> None:
    events = rows(told.answered_call("call"))
    summary = summary_of(events, after(0.1), after(60.1))
    assert summary.queue == "general"
    assert summary.agent_id == "1001"
    assert summary.wait_seconds == 8.0
    assert summary.wait_from_answer_seconds == 10.0
    assert summary.talk_seconds == 50.0


def test_call_that_never_entered_a_queue_has_no_wait_and_no_talk() -> None:
    summary = summary_of([], START, after(9))
    assert summary.wait_seconds is None
    assert summary.wait_from_answer_seconds is None
    assert summary.talk_seconds is None


def test_call_that_still_waits_has_no_wait_yet() -> None:
    summary = summary_of(rows([told.entered("call", START)]), START, None)
    assert summary.entered_at == START
    assert summary.wait_seconds is None


def test_wait_of_a_promised_citizen_goes_to_the_promise() -> None:
    promised = CallBackPromised(
        at=after(20), call_id="call", queue="general", position=2, wait_seconds=20.0
    )
    story = rows([told.entered("call", START), promised])
    assert [event.kind for event in in_order(story)] == ["ENTERQUEUE", "CALLBACK"]
    assert summary_of(story, START, after(31)).wait_seconds == 20.0


def test_wait_of_a_citizen_who_gave_up_goes_to_his_hang_up() -> None:
    summary = summary_of(rows(told.abandoned_call("call")), START, after(31))
    assert summary.wait_seconds == 30.0
    assert summary.connected_at is None
    assert summary.talk_seconds is None


def test_wait_of_a_citizen_who_was_cut_off_goes_to_the_end_of_the_call() -> None:
    summary = summary_of(rows([told.entered("call", after(2))]), START, after(12))
    assert summary.wait_seconds == 10.0
    assert summary.wait_from_answer_seconds == 12.0


def test_talk_that_the_end_of_the_call_cut_counts_up_to_it() -> None:
    story = [told.entered("call", START), told.connected("call", "1001", after(5))]
    assert summary_of(rows(story), START, after(25)).talk_seconds == 20.0


def test_both_talks_of_a_requeued_citizen_count_and_his_wait_is_the_first_one() -> None:
    died = TalkEnd.AGENT_LEG_DIED
    story: list[Event] = [
        told.entered("call", START),
        told.connected("call", "1001", after(5)),
        told.talk_ended("call", "1001", after(15), talk_seconds=10.0, end=died),
        told.entered("call", after(15)),
        told.connected("call", "1002", after(20)),
        told.talk_ended("call", "1002", after(50), talk_seconds=30.0),
    ]
    summary = summary_of(rows(story), START, after(50))
    assert summary.wait_seconds == 5.0
    assert summary.talk_seconds == 40.0
    assert summary.agent_id == "1002"


def test_agent_who_left_a_call_back_before_the_talk_did_not_serve_it() -> None:
    left = TalkEnd.NOT_BEGUN
    story: list[Event] = [
        told.entered("call", START),
        told.connected("call", "1001", after(5)),
        told.talk_ended("call", "1001", after(15), talk_seconds=10.0, end=left),
        told.entered("call", after(15)),
    ]
    gave_up = summary_of(rows(story), after(8), after(40), Outcome.ABANDONED_IN_QUEUE)
    assert (gave_up.agent_id, gave_up.connected_at) == (None, None)
    assert (gave_up.talk_seconds, gave_up.wait_seconds) == (None, 40.0)
    story += [
        told.connected("call", "1002", after(20)),
        told.talk_ended("call", "1002", after(50), talk_seconds=30.0),
    ]
    served = summary_of(rows(story), after(8), after(50), Outcome.ANSWERED)
    assert (served.agent_id, served.connected_at) == ("1002", after(20))
    assert (served.talk_seconds, served.wait_seconds) == (30.0, 20.0)


def test_events_of_one_instant_tell_endings_before_beginnings() -> None:
    kinds = [event.kind for event in in_order(rows(told.answered_call("call")))]
    assert kinds == [
        "ENTERQUEUE",
        "OFFER",
        "RINGNOANSWER",
        "OFFER",
        "CONNECT",
        "COMPLETECALLER",
    ]
