"""Recordings and their chain."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of recordings."""
    op.create_table(
        "recordings",
        sa.Column("call_id", sa.String, nullable=False),
        sa.Column("sequence", sa.Integer),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("path", sa.String, nullable=False),
        sa.Column("bytes", sa.Integer, nullable=False),
        sa.Column("seconds", sa.Float, nullable=False),
        sa.Column("left_dbfs", sa.Float),
        sa.Column("right_dbfs", sa.Float),
        sa.Column("citizen_silent", sa.Boolean, nullable=False),
        sa.Column("agent_silent", sa.Boolean, nullable=False),
        sa.Column("third_party", sa.Boolean, nullable=False),
        sa.Column("sha256", sa.String, nullable=False),
        sa.Column("chain", sa.String, nullable=False),
        sa.Column("started_at", sa.DateTime, nullable=False),
        sa.Column("closed_at", sa.DateTime),
        sa.Column("marks", sa.JSON, nullable=False),
        sa.Column("deleted_at", sa.DateTime),
        sa.Column("legal_hold", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("call_id", name="pk_recordings"),
        sa.UniqueConstraint("sequence", name="uq_recordings_sequence"),
    )
    op.create_index("ix_recordings_state", "recordings", ["state"])
    op.create_index("ix_recordings_started_at", "recordings", ["started_at"])


def downgrade() -> None:
    """Drop it."""
    op.drop_table("recordings")
