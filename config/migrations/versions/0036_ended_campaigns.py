"""Campaigns that are ended for good: by whom, and why."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

COLUMNS = ("ended_by", "end_reason")


def upgrade() -> None:
    """Add who ended it, and why."""
    for name in COLUMNS:
        op.add_column("campaigns", sa.Column(name, sa.String))


def downgrade() -> None:
    """What was ended is paused for good; who was withdrawn was called often enough."""
    op.execute("UPDATE campaigns SET state = 'paused' WHERE state = 'ended'")
    op.execute("UPDATE contacts SET state = 'exhausted' WHERE state = 'withdrawn'")
    for name in reversed(COLUMNS):
        op.drop_column("campaigns", name)
