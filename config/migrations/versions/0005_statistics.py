"""Calls left out of the adjusted connect rate; what an agent did, by time."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

AGENTS_PART = "ix_queue_events_agent_id"


def upgrade() -> None:
    """Make the log of exclusions, and the way to an agent's queue events."""
    op.create_table(
        "call_exclusions",
        sa.Column("call_id", sa.String, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("excluded", sa.Boolean, nullable=False),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("note", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("call_id", "at", name="pk_call_exclusions"),
    )
    op.create_index(
        AGENTS_PART,
        "queue_events",
        ["agent_id", "at"],
        sqlite_where=sa.text("agent_id != ''"),
    )


def downgrade() -> None:
    """Drop both."""
    op.drop_index(AGENTS_PART, "queue_events")
    op.drop_table("call_exclusions")
