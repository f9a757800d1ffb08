"""Spoken messages that have a file of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make their table."""
    op.create_table(
        "messages",
        sa.Column("file", sa.String, nullable=False),
        sa.Column("call_id", sa.String, nullable=False),
        sa.Column("step", sa.String, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("seconds", sa.Float, nullable=False),
        sa.PrimaryKeyConstraint("file", name="pk_messages"),
    )
    op.create_index("ix_messages_call_id", "messages", ["call_id"])
    op.create_index("ix_messages_at", "messages", ["at"])


def downgrade() -> None:
    """Drop it."""
    op.drop_table("messages")
