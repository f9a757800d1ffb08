"""Campaigns in the database: every move in one transaction, by the pure rules.

A contact is leased here before anything is dialled, so that a service that is killed at
any moment has called nobody twice for one try.
"""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, insert, or_, select, update
from sqlalchemy.dialects import sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from config.database import Database
from outbound import contact as rules_of
from outbound.answer import MAY_OPT_OUT, Answer
from outbound.answer_detection import Verdict
from outbound.campaign import CampaignState, Imported
from outbound.contact import (
    NO_TRY,
    Contact,
    ContactState,
    FollowUpOutcome,
    NewContact,
)
from outbound.deliveries.store import ResultBook, Unit
from outbound.do_not_call.store import (
    DO_NOT_CALL,
    enter_opt_out,
    is_listed,
)
from outbound.endings.store import change_campaign, is_ended
from outbound.events import ResultCause
from outbound.evidence import Evidence, evidence_of
from outbound.imports.store import create_campaign, enter_contacts, would_enter
from outbound.mode import CampaignMode
from outbound.rules import MONTH, FollowUpRules, may_call
from outbound.so_far.store import note_so_far, what_counts
from outbound.tables.store import (
    answers,
    attempts,
    campaigns,
    contact_of,
    contacts,
    own_of,
)


class CampaignStore:
    """Campaigns, contacts and tries; each change is durable when its coroutine returns.

    Raises `DatabaseError` when it cannot be written; then nothing has changed. What is
    a result is told by the book.
    """

    def __init__(self, database: Database, book: ResultBook | None = None) -> None:
        self._database, self._book = database, book or ResultBook(database)

    async def add(
        self, campaign: str, given: Sequence[NewContact], now: datetime
    ) -> Imported:
        """Enter contacts; a campaign that is new begins paused.

        An order that the campaign has, or that comes twice, stays as it was first.
        `CampaignEnded`.
        """
        async with self._database.begin() as connection:
            return await enter_contacts(connection, campaign, given, now)

    async def create(self, campaign: str, mode: CampaignMode, now: datetime) -> None:
        """Make a campaign, paused and empty; `CampaignExists`."""
        await create_campaign(self._database, campaign, mode, now)

    async def would_add(self, campaign: str, order_ids: Sequence[str]) -> Imported:
        """What `add` would come to with these orders; nothing is entered."""
        return await would_enter(self._database, campaign, order_ids)

    async def turn(self, campaign: str, state: CampaignState, now: datetime) -> None:
        """Start or pause a campaign; `CampaignUnknown`, `CampaignEnded`."""
        values = {"state": state.value, "changed_at": now}
        await change_campaign(self._database, campaign, **values)

    async def due(
        self, now: datetime, limit: int, among: Collection[str] | None = None
    ) -> list[Contact]:
        """Contacts of running campaigns who are due, the longest due first.

        `among` names the campaigns; None: all of them.
        """
        query = _waiting().where(contacts.c.due_at <= now)
        if among is not None:
            query = query.where(contacts.c.campaign.in_(among))
        query = query.order_by(contacts.c.due_at, contacts.c.id).limit(limit)
        async with self._database.read() as connection:
            return [contact_of(row) for row in await connection.execute(query)]

    async def next_due(self, after: datetime) -> datetime | None:
        """When the next contact of a running campaign becomes due after a moment."""
        later = _waiting().where(contacts.c.due_at > after).subquery()
        async with self._database.read() as connection:
            moment: datetime | None = await connection.scalar(
                select(func.min(later.c.due_at))
            )
            return moment

    async def lease(
        self, contact_id: str, call_id: str, now: datetime, rules: FollowUpRules
    ) -> Contact | None:
        """Take the contact for one try, the call `call_id`, before anything is dialled.

        None when he must not be called now: his campaign is paused, another try has
        him, he opted out, or the windows and caps want another time, which is noted.
        The windows are those of `rules`, unless his campaign has its own.
        """
        async with self._book.begin() as unit:
            contact = await _found(unit.connection, contact_id, running=True)
            if contact is None or contact.state is not ContactState.WAITING:
                return None
            if await is_listed(unit.connection, contact.number):
                await _bar(unit, contact, now)
                return None
            rules = await _with_own(unit.connection, contact, rules)
            tries, calls = await _calls(unit.connection, contact, now)
            if not may_call(now, tries, calls, rules):
                await _put_off(unit, contact, now, tries, calls, rules)
                return None
            why = evidence_of(now, tries, calls, rules)
            await _begin_attempt(unit.connection, contact, call_id, now, why)
            return await _save(unit.connection, rules_of.leased(contact, now))

    async def answered(self, contact_id: str, call_id: str, given: Answer) -> None:
        """Keep one answer; told twice, it is there once.

        What was asked about, as it may have been an opt-out, gives way to what it was.
        """
        async with self._database.begin() as connection:
            await _keep(connection, contact_id, call_id, [given])

    async def has_come_to(self, call_id: str, outcome: FollowUpOutcome) -> None:
        """Keep how a running try ends if the service is killed from now on."""
        async with self._database.begin() as connection:
            await note_so_far(connection, call_id, outcome)

    async def opt_out(self, number: str, now: datetime) -> None:
        """Never call the number for a follow-up again; what runs ends by itself."""
        async with self._book.begin() as unit:
            await enter_opt_out(unit, number, now)

    async def ended(
        self,
        call_id: str,
        outcome: FollowUpOutcome,
        given: Sequence[Answer],
        now: datetime,
        rules: FollowUpRules,
        verdict: Verdict | None = None,
    ) -> Contact | None:
        """End a try with all its answers; None when that was done before."""
        async with self._book.begin() as unit:
            contact = await _end(unit, call_id, outcome, given, now, rules)
            if contact and verdict:
                await _keep_verdict(unit.connection, call_id, verdict)
            return contact

    async def recover(self, now: datetime, rules: FollowUpRules) -> int:
        """End the tries that an earlier life of the service left open; how many.

        The citizen's telephone may have rung, so each counts as a try.
        """
        query = select(attempts.c.call_id).where(attempts.c.outcome.is_(None))
        async with self._book.begin() as unit:
            left = list(await unit.connection.scalars(query))
            for call_id in left:
                killed = FollowUpOutcome.SERVICE_KILLED
                await _end(unit, call_id, killed, [], now, rules)
        return len(left)


def _waiting() -> Select[Any]:
    running = select(campaigns.c.name).where(
        campaigns.c.state == CampaignState.RUNNING.value
    )
    return select(contacts).where(
        contacts.c.state == ContactState.WAITING.value,
        contacts.c.campaign.in_(running),
    )


async def _found(
    connection: AsyncConnection, contact_id: str, *, running: bool = False
) -> Contact | None:
    query = _waiting() if running else select(contacts)
    row = (await connection.execute(query.where(contacts.c.id == contact_id))).first()
    return contact_of(row) if row else None


async def contact_by_id(connection: AsyncConnection, contact_id: str) -> Contact:
    """The contact, who must be there."""
    contact = await _found(connection, contact_id)
    assert contact, "contacts are never deleted"
    return contact


async def _save(connection: AsyncConnection, contact: Contact) -> Contact:
    change = update(contacts).where(contacts.c.id == contact.id)
    await connection.execute(change.values(asdict(contact)))
    return contact


async def _bar(unit: Unit, contact: Contact, now: datetime) -> None:
    barred = ContactState.BARRED
    moved = rules_of.moved(contact, barred, now, reason=DO_NOT_CALL)
    await _save(unit.connection, moved)
    await unit.tell(moved, ResultCause.CLOSED, now)


async def _put_off(
    unit: Unit,
    contact: Contact,
    now: datetime,
    tries: Sequence[datetime],
    number_calls: Sequence[datetime],
    rules: FollowUpRules,
) -> None:
    later = rules_of.not_now(contact, now, tries, number_calls, rules)
    await _save(unit.connection, later)
    if later.state is not ContactState.WAITING:
        await unit.tell(later, ResultCause.CLOSED, now)


async def _with_own(
    connection: AsyncConnection, contact: Contact, rules: FollowUpRules
) -> FollowUpRules:
    """The rules of all campaigns, with what the contact's has of its own."""
    query = select(campaigns).where(campaigns.c.name == contact.campaign)
    return own_of((await connection.execute(query)).one()).when(rules)


async def _calls(
    connection: AsyncConnection, contact: Contact, now: datetime
) -> tuple[list[datetime], list[datetime]]:
    """The contact's tries, and the follow-up calls to his number in the last 30 days.

    Those count that may have rung, the running ones among them.
    """
    month = now - MONTH - timedelta(days=1)
    wanted = or_(attempts.c.contact_id == contact.id, attempts.c.at > month)
    counts = or_(
        attempts.c.outcome.is_(None),
        attempts.c.outcome.not_in([outcome.value for outcome in NO_TRY]),
    )
    query = select(attempts.c.contact_id, attempts.c.at).where(
        attempts.c.number == contact.number, wanted, counts
    )
    rows = (await connection.execute(query)).all()
    tries = [row.at for row in rows if row.contact_id == contact.id]
    return tries, [row.at for row in rows]


async def _begin_attempt(
    connection: AsyncConnection,
    contact: Contact,
    call_id: str,
    now: datetime,
    why: Evidence,
) -> None:
    row = asdict(why) | {
        "call_id": call_id,
        "contact_id": contact.id,
        "number": contact.number,
        "at": now,
    }
    await connection.execute(insert(attempts), [row])


async def _keep(
    connection: AsyncConnection,
    contact_id: str,
    call_id: str,
    given: Sequence[Answer],
) -> None:
    ids = {"contact_id": contact_id, "call_id": call_id}
    if rows := [asdict(answer) | ids for answer in given]:
        entry = sqlite.insert(answers)
        key = {column.name for column in answers.primary_key}
        values = {it.name: it for it in entry.excluded if it.name not in key}
        in_doubt = answers.c.answer == MAY_OPT_OUT
        entry = entry.on_conflict_do_update(key, set_=values, where=in_doubt)
        await connection.execute(entry, rows)


async def _end(
    unit: Unit,
    call_id: str,
    outcome: FollowUpOutcome,
    given: Sequence[Answer],
    now: datetime,
    rules: FollowUpRules,
) -> Contact | None:
    connection = unit.connection
    query = select(attempts).where(
        attempts.c.call_id == call_id, attempts.c.outcome.is_(None)
    )
    attempt = (await connection.execute(query)).first()
    if attempt is None:
        return None
    contact = await contact_by_id(connection, attempt.contact_id)
    await _keep(connection, contact.id, call_id, given)
    outcome = await what_counts(connection, attempt, outcome)
    await _close_attempt(connection, call_id, outcome, now)
    if outcome is FollowUpOutcome.OPTED_OUT:
        await enter_opt_out(unit, contact.number, now)
    tries, calls = await _calls(connection, contact, now)
    rules = await _with_own(connection, contact, rules)
    moved = rules_of.tried(contact, outcome, now, tries, calls, rules)
    is_open = moved.state is ContactState.WAITING
    if is_open and await is_ended(connection, contact.campaign):
        moved = rules_of.withdrawn(moved, now)
    await _save(connection, moved)
    await unit.tell(moved, ResultCause.TRY, now, call_id)
    return moved


async def _close_attempt(
    connection: AsyncConnection, call_id: str, outcome: FollowUpOutcome, now: datetime
) -> None:
    change = update(attempts).where(attempts.c.call_id == call_id)
    await connection.execute(change.values(outcome=outcome.value, ended_at=now))


async def _keep_verdict(
    connection: AsyncConnection, call_id: str, verdict: Verdict
) -> None:
    change = update(attempts).where(attempts.c.call_id == call_id)
    values = {
        "answered_by": verdict.answered_by.value,
        "detected_at_seconds": verdict.at_seconds,
        "detected_reason": verdict.reason,
    }
    await connection.execute(change.values(values))
