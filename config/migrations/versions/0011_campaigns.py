"""Campaigns of follow-up calls: contacts, tries, answers, and who is never called."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make their tables."""
    op.create_table(
        "campaigns",
        sa.Column("name", sa.String, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.Column("changed_at", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_campaigns"),
    )
    _contacts()
    _attempts()
    _answers()
    op.create_table(
        "do_not_call",
        sa.Column("number", sa.String, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("reason", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_do_not_call"),
    )


def _contacts() -> None:
    op.create_table(
        "contacts",
        sa.Column("id", sa.String, nullable=False),
        sa.Column("campaign", sa.String, nullable=False),
        sa.Column("order_id", sa.String, nullable=False),
        sa.Column("number", sa.String, nullable=False),
        sa.Column("language", sa.String, nullable=False),
        sa.Column("closed_at", sa.DateTime, nullable=False),
        sa.Column("unit", sa.String, nullable=False),
        sa.Column("confidential", sa.Boolean, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("entered_at", sa.DateTime, nullable=False),
        sa.Column("changed_at", sa.DateTime, nullable=False),
        sa.Column("due_at", sa.DateTime),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("reason", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_contacts"),
        sa.UniqueConstraint(
            "campaign", "order_id", name="uq_contacts_campaign_order_id"
        ),
    )
    op.create_index("ix_contacts_state", "contacts", ["state", "due_at"])
    op.create_index("ix_contacts_number", "contacts", ["number"])


def _attempts() -> None:
    op.create_table(
        "follow_up_attempts",
        sa.Column("call_id", sa.String, nullable=False),
        sa.Column("contact_id", sa.String, nullable=False),
        sa.Column("number", sa.String, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("ended_at", sa.DateTime),
        sa.Column("outcome", sa.String),
        sa.PrimaryKeyConstraint("call_id", name="pk_follow_up_attempts"),
    )
    name = "ix_follow_up_attempts_contact_id"
    op.create_index(name, "follow_up_attempts", ["contact_id"])
    name = "ix_follow_up_attempts_number"
    op.create_index(name, "follow_up_attempts", ["number", "at"])


def _answers() -> None:
    op.create_table(
        "follow_up_answers",
        sa.Column("call_id", sa.String, nullable=False),
        sa.Column("question", sa.String, nullable=False),
        sa.Column("contact_id", sa.String, nullable=False),
        sa.Column("answer", sa.String, nullable=False),
        sa.Column("given_by", sa.String, nullable=False),
        sa.Column("confidence", sa.Float, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("clip_start_seconds", sa.Float, nullable=False),
        sa.Column("clip_seconds", sa.Float, nullable=False),
        sa.PrimaryKeyConstraint("call_id", "question", name="pk_follow_up_answers"),
    )
    name = "ix_follow_up_answers_contact_id"
    op.create_index(name, "follow_up_answers", ["contact_id"])


def downgrade() -> None:
    """Drop them."""
    for table in (
        "do_not_call",
        "follow_up_answers",
        "follow_up_attempts",
        "contacts",
        "campaigns",
    ):
        op.drop_table(table)
