"""Results enter the outbox in the transaction that brings them about, and no other."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from config.clock import LoopClock
from config.database import Database, DatabaseError
from outbound.answer import TranscriptState
from outbound.archive import contacts_page, results_of
from outbound.campaign import CampaignState
from outbound.contact import Contact, ContactState, FollowUpOutcome
from outbound.deliveries.delivery import DeliveryState, DeliveryTaken, DeliveryUnknown
from outbound.deliveries.store import (
    DeliveryStore,
    ResultBook,
    deliveries_page,
    delivery_counts,
)
from outbound.do_not_call.store import DoNotCallStore
from outbound.events import FollowUpResult, ResultCause
from outbound.results import ANSWERS, By
from outbound.reviews.desk import ReviewDesk
from outbound.reviews.review import ClipUnknown, Doubt, ReviewRefused
from outbound.reviews.store import doubtful_answers
from outbound.store import CampaignStore
from outbound.transcripts.store import Transcript, TranscriptStore
from tests.fakes.console import CITY
from tests.integration.records.test_campaign_store import ANSWER, MONDAY, ORDER, RULES

pytestmark = pytest.mark.integration

UNSURE = replace(ANSWER, confidence=0.4)
WHY = replace(
    ANSWER,
    question="why",
    answer="recorded",
    confidence=0.3,
    transcription=TranscriptState.WAITING,
)
COMPLETED = FollowUpOutcome.COMPLETED


class Kept:
    """A campaign on a database, and what was told of it."""

    def __init__(self, database: Database, *, delivers: bool = True) -> None:
        self.database = database
        self.told: list[FollowUpResult] = []
        self.book = ResultBook(database, self.told.append, delivers=delivers)
        self.store = CampaignStore(database, self.book)
        self.deliveries = DeliveryStore(database)
        self.reviews = ReviewDesk(
            database, self.book, LoopClock(MONDAY), lambda: ANSWERS
        )

    async def enter(self, campaign: str = "a") -> Contact:
        """A contact who is due, of each campaign another citizen."""
        nth = len(self.told)
        order = replace(ORDER, number=f"+861381234{5678 + nth:04}")
        await self.store.add(campaign, [order], MONDAY)
        await self.store.turn(campaign, CampaignState.RUNNING, MONDAY)
        due = await self.store.due(MONDAY, 10)
        return next(contact for contact in due if contact.campaign == campaign)

    async def try_him(
        self, outcome: FollowUpOutcome = COMPLETED, *answers: Any, campaign: str = "a"
    ) -> Contact:
        """One try, from the lease to its end."""
        contact = await self.enter(campaign)
        call_id = f"call-{campaign}"
        assert await self.store.lease(contact.id, call_id, MONDAY, RULES)
        assert await self.store.ended(call_id, outcome, answers, MONDAY, RULES)
        return contact

    async def bodies(self) -> list[dict[str, Any]]:
        """What is entered for delivery, the oldest first."""
        found = await deliveries_page(self.database)
        return [json.loads(each.body) for each in reversed(found)]


@pytest.fixture
async def kept(database: Database) -> Kept:
    return Kept(database)


async def test_try_that_ends_is_told_once_with_its_answers(kept: Kept) -> None:
    contact = await kept.try_him(COMPLETED, ANSWER)
    assert await kept.store.ended("call-a", COMPLETED, [], MONDAY, RULES) is None
    (told,) = kept.told
    assert (told.contact_id, told.order_id, told.unit) == (contact.id, "A-1", "供水")
    assert (told.cause, told.state) == (ResultCause.TRY, ContactState.DONE)
    assert (told.reason, told.call_id, told.redo) == ("completed", "call-a", False)
    assert [(each.question, each.answer) for each in told.answers] == [
        ("solved", "yes")
    ]
    (body,) = await kept.bodies()
    (delivery,) = await deliveries_page(kept.database)
    assert body["id"] == delivery.id
    assert body["answers"][0]["given_by"] == "key"
    assert "13812345678" not in delivery.body


async def test_result_that_cannot_be_kept_is_neither_told_nor_delivered(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    contact = await kept.enter()
    assert await kept.store.lease(contact.id, "call-a", MONDAY, RULES)

    async def full(*_: object) -> None:
        raise DatabaseError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr("outbound.store._save", full)
        with pytest.raises(DatabaseError):
            await kept.store.ended("call-a", COMPLETED, [ANSWER], MONDAY, RULES)
    assert kept.told == await kept.bodies() == []
    assert await kept.store.ended("call-a", COMPLETED, [ANSWER], MONDAY, RULES)
    assert len(kept.told) == len(await kept.bodies()) == 1


async def test_contact_who_is_closed_without_a_try_is_told(kept: Kept) -> None:
    await kept.store.opt_out(ORDER.number, MONDAY)
    contact = await kept.enter()
    assert await kept.store.lease(contact.id, "call-a", MONDAY, RULES) is None
    (told,) = kept.told
    assert (told.cause, told.state, told.call_id) == (
        ResultCause.CLOSED,
        ContactState.BARRED,
        "",
    )


async def test_contact_who_only_waits_longer_is_not_told(kept: Kept) -> None:
    contact = await kept.enter()
    noon = MONDAY.replace(hour=4)
    assert await kept.store.lease(contact.id, "call-a", noon, RULES) is None
    assert kept.told == []


async def test_try_that_a_kill_left_open_is_told_after_the_next_start(
    kept: Kept,
) -> None:
    contact = await kept.enter()
    await kept.store.lease(contact.id, "call-a", MONDAY, RULES)
    assert await kept.store.recover(MONDAY, RULES) == 1
    (told,) = kept.told
    assert (told.reason, told.state) == ("service_killed", ContactState.WAITING)


async def test_nothing_is_entered_when_nobody_takes_it(database: Database) -> None:
    kept = Kept(database, delivers=False)
    await kept.try_him()
    assert len(kept.told) == 1
    assert await kept.bodies() == []


# Reviews


async def test_reviewed_answer_counts_and_the_first_one_stays(kept: Kept) -> None:
    contact = await kept.try_him(COMPLETED, UNSURE)
    (doubtful,) = await doubtful_answers(kept.database, below=0.75)
    assert doubtful.clip == "call-a:solved"
    assert doubtful.doubts == (Doubt.LOW_CONFIDENCE,)
    await kept.reviews.set("call-a", "solved", "no", "王")
    (record,) = await contacts_page(kept.database, "a")
    assert [each.answer for each in record.answers] == ["yes"]
    assert [(each.answer, each.reviewed_by) for each in record.reviews] == [
        ("no", "王")
    ]
    (total,) = await results_of(kept.database, "a", By.TOTAL, CITY)
    assert (total.solved.numerator, total.solved.denominator) == (0, 1)
    assert total.reviewed == 1
    assert await doubtful_answers(kept.database, below=0.75) == []
    told = kept.told[-1]
    assert (told.cause, told.contact_id) == (ResultCause.REVIEW, contact.id)
    assert (told.redo, told.answers[0].reviewed) == (True, True)
    assert (await kept.bodies())[-1]["answers"][0]["answer"] == "no"


async def test_words_that_are_read_after_the_call_are_no_answer_to_review(
    kept: Kept,
) -> None:
    await kept.try_him(COMPLETED, UNSURE, WHY)
    clips = [each.clip for each in await doubtful_answers(kept.database, below=0.75)]
    assert clips == ["call-a:solved"]


async def test_words_that_were_read_reach_the_order_system_without_numbers(
    kept: Kept,
) -> None:
    await kept.try_him(COMPLETED, replace(ANSWER, answer="no"), WHY)
    transcripts = TranscriptStore(kept.database, kept.book)
    (clip,) = await transcripts.waiting()
    read = Transcript(state=TranscriptState.DONE, text="没 人 来 打 13812345678")
    await transcripts.settle(clip, read, MONDAY)
    first, then = await kept.bodies()
    assert (first["words"], first["redo"]) == ({}, True)
    assert then["words"] == {"why": "没 人 来 打 ****"}
    assert (then["cause"], then["call_id"]) == ("transcript", "call-a")
    assert "没" not in repr(kept.told)


async def test_words_that_nobody_can_read_are_no_new_result(kept: Kept) -> None:
    await kept.try_him(COMPLETED, WHY)
    transcripts = TranscriptStore(kept.database, kept.book)
    (clip,) = await transcripts.waiting()
    no_model = Transcript(state=TranscriptState.NO_MODEL)
    await transcripts.settle(clip, no_model, MONDAY)
    assert len(kept.told) == 1


async def test_of_several_reviews_the_newest_counts_and_all_stay(kept: Kept) -> None:
    await kept.try_him(COMPLETED, UNSURE)
    for answer in ("no", "unclear", "yes"):
        await kept.reviews.set("call-a", "solved", answer, "王")
    (record,) = await contacts_page(kept.database, "a")
    assert [each.answer for each in record.reviews] == ["no", "unclear", "yes"]
    assert kept.told[-1].answers[0].answer == "yes"


async def test_review_that_cannot_be_is_refused_and_changes_nothing(
    kept: Kept,
) -> None:
    await kept.try_him(COMPLETED, UNSURE)
    with pytest.raises(
        ReviewRefused, match="solved can be answered with: no, opted_out, partly"
    ):
        await kept.reviews.set("call-a", "solved", "satisfied", "王")
    with pytest.raises(ReviewRefused, match="name of who heard"):
        await kept.reviews.set("call-a", "solved", "no", " ")
    with pytest.raises(ClipUnknown):
        await kept.reviews.set("call-a", "satisfied", "satisfied", "王")
    assert len(await doubtful_answers(kept.database, below=0.75)) == 1
    assert len(kept.told) == 1


async def test_review_list_finds_contradictions_and_goes_on_page_by_page(
    kept: Kept,
) -> None:
    happy = replace(ANSWER, question="satisfied", answer="very_satisfied")
    unsolved = replace(ANSWER, answer="no")
    await kept.try_him(COMPLETED, unsolved, happy)
    first = await doubtful_answers(kept.database, below=0.75, limit=1)
    rest = await doubtful_answers(kept.database, below=0.75, before=first[0].clip)
    found = [*first, *rest]
    assert [each.clip for each in found] == ["call-a:solved", "call-a:satisfied"]
    assert {each.doubts for each in found} == {(Doubt.CONTRADICTORY,)}
    assert await doubtful_answers(kept.database, below=0.75, campaign="b") == []


# Deliveries by hand


async def test_dead_deliveries_are_counted_and_sent_again(kept: Kept) -> None:
    await kept.try_him()
    (delivery,) = await kept.deliveries.due(MONDAY, 10)
    dead = replace(delivery, state=DeliveryState.DEAD, due_at=None, tries=9)
    await kept.deliveries.save(dead)
    assert await kept.deliveries.next_due() is None
    assert (await delivery_counts(kept.database))[DeliveryState.DEAD] == 1
    later = MONDAY + timedelta(days=5)
    assert await kept.deliveries.send_dead_again(later) == 1
    (again,) = await kept.deliveries.due(later, 10)
    assert (again.since, again.tries) == (later, 0)
    delivered = replace(
        again, state=DeliveryState.DELIVERED, due_at=None, tried_at=later
    )
    await kept.deliveries.save(delivered)
    with pytest.raises(DeliveryTaken):
        await kept.deliveries.send_again(delivery.id, later)
    with pytest.raises(DeliveryUnknown):
        await kept.deliveries.send_again("nothing", later)
    assert await kept.deliveries.remove_delivered(later) == 0
    assert await kept.deliveries.remove_delivered(later + timedelta(seconds=1)) == 1


async def test_who_waits_when_his_number_is_listed_is_told_as_closed(
    kept: Kept,
) -> None:
    await kept.enter()
    listed = DoNotCallStore(kept.database, kept.book)
    await listed.add([ORDER.number], "asked by letter", "王", MONDAY)
    (told,) = kept.told
    assert (told.cause, told.state) == (ResultCause.CLOSED, ContactState.BARRED)
