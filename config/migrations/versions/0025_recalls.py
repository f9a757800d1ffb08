"""Recalls of off-duty staff, and how each person stands in them."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Two tables."""
    op.create_table(
        "recalls",
        sa.Column("id", sa.String, nullable=False),
        sa.Column("began_at", sa.DateTime, nullable=False),
        sa.Column("needed", sa.Integer, nullable=False),
        sa.Column("called_off_at", sa.DateTime),
        sa.Column("ended_at", sa.DateTime),
        sa.PrimaryKeyConstraint("id", name="pk_recalls"),
    )
    op.create_table(
        "recalled_people",
        sa.Column("recall_id", sa.String, nullable=False),
        sa.Column("person_id", sa.String, nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("standing", sa.String, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("rung_at", sa.DateTime),
        sa.Column("due_at", sa.DateTime),
        sa.Column("arrived_at", sa.DateTime),
        sa.PrimaryKeyConstraint("recall_id", "person_id", name="pk_recalled_people"),
    )
    op.create_index("ix_recalled_people_person_id", "recalled_people", ["person_id"])


def downgrade() -> None:
    """Who was recalled is lost."""
    op.drop_table("recalled_people")
    op.drop_table("recalls")
