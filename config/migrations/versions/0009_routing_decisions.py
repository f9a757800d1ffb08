"""The decision records of calls."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make their table."""
    op.create_table(
        "routing_decisions",
        sa.Column("call_id", sa.String, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("decision", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("call_id", "at", "number", name="pk_routing_decisions"),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("routing_decisions")
