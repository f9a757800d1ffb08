"""Who answered a follow-up call, as it was detected, and why."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

TABLE = "follow_up_attempts"


def upgrade() -> None:
    """Of earlier tries nobody knows."""
    op.add_column(TABLE, sa.Column("answered_by", sa.String))
    op.add_column(TABLE, sa.Column("detected_at_seconds", sa.Float))
    op.add_column(TABLE, sa.Column("detected_reason", sa.String))


def downgrade() -> None:
    """Who answered is forgotten."""
    for column in ("answered_by", "detected_at_seconds", "detected_reason"):
        op.drop_column(TABLE, column)
