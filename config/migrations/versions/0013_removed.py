"""When agents and queues were removed; their rows stay for the records."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody is removed yet."""
    for table in ("agents", "queues"):
        op.add_column(table, sa.Column("removed_at", sa.DateTime))


def downgrade() -> None:
    """Who was removed is back."""
    for table in ("agents", "queues"):
        op.drop_column(table, "removed_at")
