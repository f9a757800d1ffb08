"""Results entered for delivery in the transaction that brings them about.

So a result that is in the database is delivered, whenever the service is killed.
"""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import (
    Column,
    Index,
    Integer,
    Row,
    String,
    Table,
    Text,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection
from ulid import ULID

from config.database import Database, UtcTime, metadata
from outbound.contact import Contact
from outbound.deliveries import delivery as rules_of
from outbound.deliveries.delivery import Delivery, DeliveryState, DeliveryUnknown
from outbound.events import FollowUpResult, ResultCause
from outbound.results import asks_for_redo
from outbound.reviews.store import counted_answers, words_of
from outbound.spoken_words import masked_words

deliveries = Table(
    "follow_up_deliveries",
    metadata,
    Column("id", String, primary_key=True),
    Column("campaign", String, nullable=False),
    Column("contact_id", String, nullable=False),
    Column("body", Text, nullable=False),
    Column("since", UtcTime, nullable=False),
    Column("state", String, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("due_at", UtcTime),
    Column("tried_at", UtcTime),
    Column("why_not", String, nullable=False),
    Index("ix_follow_up_deliveries_state", "state", "due_at"),
)
_RESULT: TypeAdapter[FollowUpResult] = TypeAdapter(FollowUpResult)
_JSON: TypeAdapter[dict[str, Any]] = TypeAdapter(dict[str, Any])


@dataclass(slots=True, kw_only=True)
class Unit:
    """A transaction and the results that it brings about, told when it is over."""

    connection: AsyncConnection
    delivers: bool
    told: list[FollowUpResult] = field(default_factory=list)

    async def tell(
        self, contact: Contact, cause: ResultCause, now: datetime, call_id: str = ""
    ) -> None:
        """Enter how the contact stands now."""
        answers = await counted_answers(self.connection, contact.id)
        result = FollowUpResult(
            at=now,
            campaign=contact.campaign,
            contact_id=contact.id,
            order_id=contact.order_id,
            unit=contact.unit,
            cause=cause,
            state=contact.state,
            reason=contact.reason,
            tries=contact.tries,
            call_id=call_id,
            answers=answers,
            redo=asks_for_redo({each.question: each.answer for each in answers}),
        )
        self.told.append(result)
        if self.delivers:
            words = await words_of(self.connection, contact.id)
            row = _entered(result, words)
            await self.connection.execute(insert(deliveries), [row])


class ResultBook:
    """Transactions that bring about results; `tell` hears of each once it is durable.

    They are entered for delivery only if the book `delivers`: else nobody would ever
    take them.
    """

    def __init__(
        self,
        database: Database,
        tell: Callable[[FollowUpResult], None] = lambda _: None,
        *,
        delivers: bool = False,
    ) -> None:
        self._database, self._tell, self._delivers = database, tell, delivers

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Unit]:
        """One transaction, as `Database.begin`."""
        async with self._database.begin() as connection:
            unit = Unit(connection=connection, delivers=self._delivers)
            yield unit
        for result in unit.told:
            self._tell(result)


class DeliveryStore:
    """Deliveries as their sender and people see them; `DatabaseError` when it cannot."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def due(self, now: datetime, limit: int) -> list[Delivery]:
        """Those whose time has come, the longest due first."""
        query = _pending().where(deliveries.c.due_at <= now)
        query = query.order_by(deliveries.c.due_at, deliveries.c.id).limit(limit)
        async with self._database.read() as connection:
            return [_delivery(row) for row in await connection.execute(query)]

    async def next_due(self) -> datetime | None:
        """When the next one is due; None when none is pending."""
        later = _pending().subquery()
        async with self._database.read() as connection:
            moment: datetime | None = await connection.scalar(
                select(func.min(later.c.due_at))
            )
            return moment

    async def save(self, delivery: Delivery) -> None:
        """Keep what came of a try."""
        async with self._database.begin() as connection:
            await _save(connection, delivery)

    async def send_again(self, delivery_id: str, now: datetime) -> Delivery:
        """Let a delivery be due now; `DeliveryUnknown`, `DeliveryTaken`."""
        query = select(deliveries).where(deliveries.c.id == delivery_id)
        async with self._database.begin() as connection:
            row = (await connection.execute(query)).first()
            if row is None:
                raise DeliveryUnknown(
                    f"There is no delivery {delivery_id}; `hotline campaigns deliveries"
                    " list` shows them."
                )
            again = rules_of.sent_again(_delivery(row), now)
            await _save(connection, again)
        return again

    async def send_dead_again(self, now: datetime) -> int:
        """Let all that are dead be due now; how many."""
        dead = deliveries.c.state == DeliveryState.DEAD.value
        change = update(deliveries).where(dead)
        async with self._database.begin() as connection:
            done = await connection.execute(
                change.values(
                    state=DeliveryState.PENDING.value, since=now, due_at=now, tries=0
                )
            )
            return done.rowcount

    async def remove_delivered(self, before: datetime) -> int:
        """Forget those that were delivered before a moment; how many."""
        old = delete(deliveries).where(
            deliveries.c.state == DeliveryState.DELIVERED.value,
            deliveries.c.tried_at < before,
        )
        async with self._database.begin() as connection:
            return (await connection.execute(old)).rowcount


async def deliveries_page(
    database: Database,
    *,
    state: DeliveryState | None = None,
    limit: int = 50,
    before_id: str = "",
) -> list[Delivery]:
    """The newest deliveries first."""
    query = select(deliveries).order_by(deliveries.c.id.desc()).limit(limit)
    if state:
        query = query.where(deliveries.c.state == state.value)
    if before_id:
        query = query.where(deliveries.c.id < before_id)
    async with database.read() as connection:
        return [_delivery(row) for row in await connection.execute(query)]


async def delivery_counts(database: Database) -> dict[DeliveryState, int]:
    """How many deliveries are in each state."""
    query = select(deliveries.c.state, func.count()).group_by(deliveries.c.state)
    async with database.read() as connection:
        found = {row[0]: row[1] for row in await connection.execute(query)}
    return {state: found.get(state, 0) for state in DeliveryState}


def _pending() -> Any:
    pending = deliveries.c.state == DeliveryState.PENDING.value
    return select(deliveries).where(pending)


async def _save(connection: AsyncConnection, delivery: Delivery) -> None:
    change = update(deliveries).where(deliveries.c.id == delivery.id)
    await connection.execute(change.values(asdict(delivery)))


def _entered(result: FollowUpResult, words: Mapping[str, str]) -> dict[str, Any]:
    """What was said in words goes to the order system alone, without numbers in it."""
    delivery_id = str(ULID())
    told = {"id": delivery_id, **_RESULT.dump_python(result, mode="json")}
    told["words"] = {asked: masked_words(said) for asked, said in words.items()}
    return asdict(
        Delivery(
            id=delivery_id,
            campaign=result.campaign,
            contact_id=result.contact_id,
            body=_JSON.dump_json(told).decode(),
            since=result.at,
            state=DeliveryState.PENDING,
            tries=0,
            due_at=result.at,
            tried_at=None,
            why_not="",
        )
    )


def _delivery(row: Row[Any]) -> Delivery:
    return Delivery(**row._asdict() | {"state": DeliveryState(row.state)})
