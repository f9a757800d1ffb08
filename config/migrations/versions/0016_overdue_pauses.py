"""Pauses that were longer than their reason allows, beside the log of states."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """None is known yet."""
    op.create_table(
        "overdue_pauses",
        sa.Column("agent_id", sa.String, primary_key=True),
        sa.Column("at", sa.DateTime, primary_key=True),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("limit_seconds", sa.Float, nullable=False),
    )


def downgrade() -> None:
    """Forget them."""
    op.drop_table("overdue_pauses")
