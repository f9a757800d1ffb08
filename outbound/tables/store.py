"""The tables of campaigns, and their rows as values."""

from dataclasses import fields
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    Row,
    String,
    Table,
    UniqueConstraint,
)

from config.database import UtcTime, metadata
from outbound.answer import Answer, GivenBy, TranscriptState
from outbound.campaign import Ending
from outbound.contact import Contact, ContactState
from outbound.mode import CampaignMode, DialMode
from outbound.own_rules import OwnRules

campaigns = Table(
    "campaigns",
    metadata,
    Column("name", String, primary_key=True),
    Column("state", String, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("changed_at", UtcTime, nullable=False),
    Column("mode", String, nullable=False),
    Column("queue", String, nullable=False),
    Column("cap", Float, nullable=False),
    Column("wait_seconds", Float, nullable=False),
    Column("ended_by", String),
    Column("end_reason", String),
    Column("caller_number", String, nullable=False),
    Column("flow", String, nullable=False),
    Column("windows", String, nullable=False),
)

contacts = Table(
    "contacts",
    metadata,
    Column("id", String, primary_key=True),
    Column("campaign", String, nullable=False),
    Column("order_id", String, nullable=False),
    Column("number", String, nullable=False),
    Column("language", String, nullable=False),
    Column("closed_at", UtcTime, nullable=False),
    Column("unit", String, nullable=False),
    Column("confidential", Boolean, nullable=False),
    Column("state", String, nullable=False),
    Column("entered_at", UtcTime, nullable=False),
    Column("changed_at", UtcTime, nullable=False),
    Column("due_at", UtcTime),
    Column("tries", Integer, nullable=False),
    Column("reason", String, nullable=False),
    UniqueConstraint("campaign", "order_id"),
    Index("ix_contacts_state", "state", "due_at", "id", "campaign"),
    Index("ix_contacts_number", "number"),
    Index("ix_contacts_order_id", "order_id"),
)

attempts = Table(
    "follow_up_attempts",
    metadata,
    Column("call_id", String, primary_key=True),
    Column("contact_id", String, nullable=False),
    Column("number", String, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("ended_at", UtcTime),
    Column("outcome", String),
    Column("so_far", String),
    Column("window", String),
    Column("tries_before", Integer),
    Column("number_calls_that_day", Integer),
    Column("number_calls_in_30_days", Integer),
    Column("last_call_at", UtcTime),
    Column("answered_by", String),
    Column("detected_at_seconds", Float),
    Column("detected_reason", String),
    Index("ix_follow_up_attempts_contact_id", "contact_id"),
    Index("ix_follow_up_attempts_number", "number", "at"),
    Index("ix_follow_up_attempts_at", "at"),
)

answers = Table(
    "follow_up_answers",
    metadata,
    Column("call_id", String, primary_key=True),
    Column("question", String, primary_key=True),
    Column("contact_id", String, nullable=False),
    Column("answer", String, nullable=False),
    Column("given_by", String, nullable=False),
    Column("confidence", Float, nullable=False),
    Column("transcript", String, nullable=False, server_default=""),
    Column("at", UtcTime, nullable=False),
    Column("clip_start_seconds", Float, nullable=False),
    Column("clip_seconds", Float, nullable=False),
    Column("transcription", String),
    Index("ix_follow_up_answers_contact_id", "contact_id"),
)

do_not_call = Table(
    "do_not_call",
    metadata,
    Column("number", String, primary_key=True),
    Column("id", String, nullable=False, unique=True),
    Column("at", UtcTime, nullable=False),
    Column("reason", String, nullable=False),
    Column("added_by", String, nullable=False),
)

do_not_call_changes = Table(
    "do_not_call_changes",
    metadata,
    Column("id", String, primary_key=True),
    Column("at", UtcTime, nullable=False),
    Column("number", String, nullable=False),
    Column("added", Boolean, nullable=False),
    Column("reason", String, nullable=False),
    Column("changed_by", String, nullable=False),
    Index("ix_do_not_call_changes_number", "number"),
)


def mode_of(row: Row[Any]) -> CampaignMode:
    """How the campaign of a row is dialled."""
    return CampaignMode(
        mode=DialMode(row.mode),
        queue=row.queue,
        cap=row.cap,
        wait_seconds=row.wait_seconds,
    )


def own_of(row: Row[Any]) -> OwnRules:
    """What the campaign of a row has of its own."""
    windows = tuple(row.windows.split(",")) if row.windows else ()
    return OwnRules(caller_number=row.caller_number, flow=row.flow, windows=windows)


def own_values(own: OwnRules) -> dict[str, str]:
    """The columns that `own_of` reads."""
    values = {"caller_number": own.caller_number, "flow": own.flow}
    return values | {"windows": ",".join(own.windows)}


def ending_of(row: Row[Any]) -> Ending | None:
    """How the campaign of a row was ended; nothing changes it after that."""
    if row.end_reason is None:
        return None
    return Ending(at=row.changed_at, by=row.ended_by, reason=row.end_reason)


def contact_of(row: Row[Any]) -> Contact:
    """A row of the table as a value."""
    values = row._asdict()
    values["state"] = ContactState(row.state)
    return Contact(**values)


def answer_of(row: Row[Any]) -> Answer:
    """A row that has the columns of an answer, as a value."""
    values = {field.name: getattr(row, field.name) for field in fields(Answer)}
    values["given_by"] = GivenBy(row.given_by)
    if row.transcription:
        values["transcription"] = TranscriptState(row.transcription)
    return Answer(**values)
