"""Rounds of the fifteen-minute loop, and what was decided about their proposals."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Two tables."""
    op.create_table(
        "staffing_rounds",
        sa.Column("id", sa.String, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("cell", sa.Integer, nullable=False),
        sa.Column("content", sa.String, nullable=False),
        sa.Column("measured", sa.String),
        sa.PrimaryKeyConstraint("id", name="pk_staffing_rounds"),
    )
    op.create_index("ix_staffing_rounds_day", "staffing_rounds", ["day", "cell"])
    op.create_table(
        "staffing_proposals",
        sa.Column("id", sa.String, nullable=False),
        sa.Column("round_id", sa.String, nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("content", sa.String, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("decided_by", sa.String, nullable=False),
        sa.Column("decided_at", sa.DateTime),
        sa.PrimaryKeyConstraint("id", name="pk_staffing_proposals"),
    )
    op.create_index(
        "ix_staffing_proposals_round_id", "staffing_proposals", ["round_id", "place"]
    )
    op.create_index("ix_staffing_proposals_state", "staffing_proposals", ["state"])


def downgrade() -> None:
    """What was foreseen and decided is lost; the roster stays as it is."""
    op.drop_table("staffing_proposals")
    op.drop_table("staffing_rounds")
