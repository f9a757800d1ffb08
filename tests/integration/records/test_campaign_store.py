"""Campaigns on a real database: leases, caps over all campaigns, opt-out, recovery."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event

from config.database import Database
from outbound.answer import Answer, GivenBy
from outbound.archive import contacts_page
from outbound.campaign import CampaignState, CampaignUnknown
from outbound.contact import Contact, ContactState, FollowUpOutcome, NewContact
from outbound.evidence import Evidence
from outbound.rules import FollowUpRules
from outbound.store import CampaignStore

pytestmark = pytest.mark.integration

MONDAY = datetime(2026, 11, 2, 1, 30, tzinfo=UTC)
"""09:30 in the city."""
RULES = FollowUpRules()
ORDER = NewContact(
    order_id="A-1",
    number="+8613812345678",
    language="zh",
    closed_at=MONDAY - timedelta(days=1),
    unit="供水",
    confidential=False,
)
ANSWER = Answer(
    question="solved",
    answer="yes",
    given_by=GivenBy.KEY,
    confidence=1,
    transcript="",
    at=MONDAY,
    clip_start_seconds=6.5,
    clip_seconds=4,
)


@pytest.fixture
def store(database: Database) -> CampaignStore:
    return CampaignStore(database)


async def enter(
    store: CampaignStore, campaign: str = "a", order: NewContact = ORDER
) -> Contact:
    """A contact of a campaign that runs."""
    await store.add(campaign, [order], MONDAY)
    await store.turn(campaign, CampaignState.RUNNING, MONDAY)
    due = await store.due(MONDAY, 100)
    return next(
        contact
        for contact in due
        if (contact.campaign, contact.order_id) == (campaign, order.order_id)
    )


async def state_of(database: Database, campaign: str = "a") -> Contact:
    """The campaign's only contact."""
    (record,) = await contacts_page(database, campaign)
    return record.contact


async def test_contact_is_leased_once(store: CampaignStore) -> None:
    contact = await enter(store)
    leased = await store.lease(contact.id, "call-1", MONDAY, RULES)
    assert leased is not None
    assert (leased.state, leased.tries) == (ContactState.DIALLING, 1)
    assert await store.lease(contact.id, "call-2", MONDAY, RULES) is None
    assert await store.due(MONDAY, 100) == []


async def test_paused_campaign_leases_nobody(store: CampaignStore) -> None:
    contact = await enter(store)
    await store.turn("a", CampaignState.PAUSED, MONDAY)
    assert await store.lease(contact.id, "call-1", MONDAY, RULES) is None
    assert await store.next_due(MONDAY - timedelta(days=1)) is None
    with pytest.raises(CampaignUnknown):
        await store.turn("nothing", CampaignState.RUNNING, MONDAY)


async def test_number_that_two_campaigns_have_is_not_called_twice_at_once(
    store: CampaignStore,
) -> None:
    one, other = await enter(store), await enter(store, "b")
    assert await store.lease(one.id, "call-1", MONDAY, RULES)
    assert await store.lease(other.id, "call-2", MONDAY, RULES) is None
    later = MONDAY + timedelta(hours=4, minutes=30)
    assert await store.next_due(MONDAY) == later
    assert await store.lease(other.id, "call-3", later, RULES)


async def test_nobody_is_leased_outside_the_windows(
    store: CampaignStore, database: Database
) -> None:
    contact = await enter(store)
    noon = MONDAY.replace(hour=4)
    assert await store.lease(contact.id, "call-1", noon, RULES) is None
    assert (await state_of(database)).due_at == MONDAY.replace(hour=6, minute=0)


async def test_who_opts_out_is_barred_in_every_campaign_for_good(
    store: CampaignStore, database: Database
) -> None:
    contact = await enter(store)
    await store.lease(contact.id, "call-1", MONDAY, RULES)
    await store.ended("call-1", FollowUpOutcome.OPTED_OUT, [], MONDAY, RULES)
    assert (await state_of(database)).state is ContactState.OPTED_OUT
    other = await enter(store, "b", replace(ORDER, order_id="B-1"))
    year = MONDAY.replace(year=2028)
    assert await store.lease(other.id, "call-2", year, RULES) is None
    assert (await state_of(database, "b")).state is ContactState.BARRED


async def test_who_opts_out_is_barred_at_once_where_he_waits_already(
    store: CampaignStore, database: Database
) -> None:
    contact = await enter(store)
    await enter(store, "b", replace(ORDER, order_id="B-1"))
    await store.lease(contact.id, "call-1", MONDAY, RULES)
    await store.opt_out(contact.number, MONDAY)
    assert (await state_of(database, "b")).state is ContactState.BARRED
    await store.ended("call-1", FollowUpOutcome.OPTED_OUT, [], MONDAY, RULES)
    assert (await state_of(database)).state is ContactState.OPTED_OUT


async def test_try_that_never_rang_costs_nothing(
    store: CampaignStore, database: Database
) -> None:
    contact = await enter(store)
    await store.lease(contact.id, "call-1", MONDAY, RULES)
    await store.ended("call-1", FollowUpOutcome.NO_LINE, [], MONDAY, RULES)
    waiting = await state_of(database)
    assert (waiting.tries, waiting.due_at) == (0, MONDAY + timedelta(minutes=5))
    assert await store.lease(contact.id, "call-2", MONDAY, RULES)


async def test_try_that_a_kill_left_open_counts_and_is_made_again_later(
    store: CampaignStore, database: Database
) -> None:
    contact = await enter(store)
    await store.lease(contact.id, "call-1", MONDAY, RULES)
    assert await store.recover(MONDAY, RULES) == 1
    assert await store.recover(MONDAY, RULES) == 0
    waiting = await state_of(database)
    assert (waiting.state, waiting.tries) == (ContactState.WAITING, 1)
    assert waiting.due_at == MONDAY.replace(hour=6, minute=0)


async def test_who_had_answered_before_a_kill_is_not_asked_again(
    store: CampaignStore, database: Database
) -> None:
    contact = await enter(store)
    await store.lease(contact.id, "call-1", MONDAY, RULES)
    await store.answered(contact.id, "call-1", ANSWER)
    await store.recover(MONDAY, RULES)
    done = await state_of(database)
    assert (done.state, done.reason) == (ContactState.DONE, FollowUpOutcome.PARTIAL)


async def test_one_spoken_answer_before_a_kill_may_be_a_machine_s_and_counts_nowhere(
    store: CampaignStore, database: Database
) -> None:
    """The service is killed between the answer and the verdict; the next try answers."""
    contact = await enter(store)
    spoken = replace(ANSWER, given_by=GivenBy.VOICE)
    await store.lease(contact.id, "call-1", MONDAY, RULES)
    await store.answered(contact.id, "call-1", spoken)
    await store.recover(MONDAY, RULES)
    waiting = await state_of(database)
    assert (waiting.state, waiting.reason) == (
        ContactState.WAITING,
        FollowUpOutcome.SERVICE_KILLED,
    )
    later = MONDAY + timedelta(hours=6)
    other = replace(
        ANSWER, question="contacted", answer="yes", given_by=GivenBy.KEY, at=later
    )
    await store.lease(contact.id, "call-2", later, RULES)
    await store.ended("call-2", FollowUpOutcome.PARTIAL, [other], later, RULES)
    (record,) = await contacts_page(database, "a")
    assert record.counted == {"contacted": "yes"}
    assert len(record.answers) == 2


async def test_two_spoken_answers_before_a_kill_are_a_person_s(
    store: CampaignStore, database: Database
) -> None:
    contact = await enter(store)
    await store.lease(contact.id, "call-1", MONDAY, RULES)
    for question in ("contacted", "solved"):
        answer = replace(
            ANSWER, question=question, answer="yes", given_by=GivenBy.VOICE
        )
        await store.answered(contact.id, "call-1", answer)
    await store.recover(MONDAY, RULES)
    done = await state_of(database)
    assert (done.state, done.reason) == (ContactState.DONE, FollowUpOutcome.PARTIAL)


async def test_who_is_due_is_found_without_sorting_all_who_wait(
    store: CampaignStore, database: Database
) -> None:
    """A hundred thousand may be due at the window's first moment."""
    await enter(store)
    asked: list[tuple[str, Any]] = []

    def note(_: Any, __: Any, statement: str, values: Any, *___: Any) -> None:
        asked.append((statement, values))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        assert len(await store.due(MONDAY, 30, ["a"])) == 1
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    (query, values) = next(each for each in asked if "FROM contacts" in each[0])
    async with database.read() as connection:
        plan = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}", values)
        steps = [row.detail for row in plan]
    assert any("ix_contacts_state" in step for step in steps), steps
    assert not any("TEMP B-TREE" in step for step in steps), steps


@pytest.mark.parametrize("settled", ["opted_out", "yes", "unclear"])
async def test_what_may_be_an_opt_out_gives_way_to_what_it_was_and_nothing_else_does(
    store: CampaignStore, database: Database, settled: str
) -> None:
    contact = await enter(store)
    await store.lease(contact.id, "call-1", MONDAY, RULES)
    for said in ("may_opt_out", settled, "may_opt_out", "no"):
        spoken = replace(ANSWER, answer=said, given_by=GivenBy.VOICE)
        await store.answered(contact.id, "call-1", spoken)
    (record,) = await contacts_page(database, "a")
    assert [answer.answer for answer in record.answers] == [settled]


@pytest.mark.parametrize(
    ("said", "state", "reason"),
    [
        ("unclear", ContactState.WAITING, FollowUpOutcome.SERVICE_KILLED),
        ("recorded", ContactState.WAITING, FollowUpOutcome.SERVICE_KILLED),
        ("person", ContactState.DONE, FollowUpOutcome.PERSON),
        ("refuses", ContactState.DONE, FollowUpOutcome.REFUSED),
    ],
)
async def test_a_kill_makes_no_answer_of_what_is_none(
    store: CampaignStore,
    database: Database,
    said: str,
    state: ContactState,
    reason: FollowUpOutcome,
) -> None:
    contact = await enter(store)
    await store.lease(contact.id, "call-1", MONDAY, RULES)
    await store.answered(contact.id, "call-1", replace(ANSWER, answer=said))
    await store.recover(MONDAY, RULES)
    found = await state_of(database)
    assert (found.state, found.reason) == (state, reason)


@pytest.mark.parametrize("met", [FollowUpOutcome.PERSON, FollowUpOutcome.TALKED])
async def test_who_had_met_a_person_before_a_kill_is_not_called_again(
    store: CampaignStore, database: Database, met: FollowUpOutcome
) -> None:
    contact = await enter(store)
    await store.lease(contact.id, "call-1", MONDAY, RULES)
    await store.has_come_to("call-1", met)
    await store.recover(MONDAY, RULES)
    done = await state_of(database)
    assert (done.state, done.reason) == (ContactState.DONE, met)


async def test_try_ends_once(store: CampaignStore, database: Database) -> None:
    contact = await enter(store)
    await store.lease(contact.id, "call-1", MONDAY, RULES)
    ended = FollowUpOutcome.COMPLETED
    assert await store.ended("call-1", ended, [ANSWER], MONDAY, RULES)
    assert await store.ended("call-1", FollowUpOutcome.BUSY, [], MONDAY, RULES) is None
    assert (await state_of(database)).reason == FollowUpOutcome.COMPLETED


async def test_why_each_try_was_allowed_is_kept_with_it(
    store: CampaignStore, database: Database
) -> None:
    contact = await enter(store)
    await store.lease(contact.id, "call-1", MONDAY, RULES)
    await store.ended("call-1", FollowUpOutcome.BUSY, [], MONDAY, RULES)
    later = MONDAY.replace(hour=6)
    assert await store.lease(contact.id, "call-2", later, RULES)
    (record,) = await contacts_page(database, "a")
    first, second = (attempt.evidence for attempt in record.attempts)
    assert first
    assert (first.window, first.tries_before) == ("09:00-12:00", 0)
    assert second == Evidence(
        window="14:00-20:00",
        tries_before=1,
        number_calls_that_day=1,
        number_calls_in_30_days=1,
        last_call_at=MONDAY,
    )
