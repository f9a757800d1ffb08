"""Decisions about the emergency plans, and whom plan 1 has moved."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Two tables."""
    op.create_table(
        "plan_decisions",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("turn", sa.String, nullable=False),
        sa.Column("before", sa.Integer, nullable=False),
        sa.Column("level", sa.Integer, nullable=False),
        sa.Column("decided_by", sa.String, nullable=False),
        sa.Column("note", sa.String, nullable=False),
        sa.Column("content", sa.String, nullable=False),
        sa.Column("sight", sa.String),
        sa.Column("state", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_plan_decisions"),
    )
    op.create_table(
        "plan_moves",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("person_id", sa.String, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("content", sa.String, nullable=False),
        sa.Column("moved_at", sa.DateTime, nullable=False),
        sa.Column("back_at", sa.DateTime),
        sa.PrimaryKeyConstraint("id", name="pk_plan_moves"),
    )
    op.create_index("ix_plan_moves_back_at", "plan_moves", ["back_at"])


def downgrade() -> None:
    """What was decided is lost; the roster stays as it is."""
    op.drop_table("plan_moves")
    op.drop_table("plan_decisions")
