"""How a campaign is dialled; those that are there are asked by the machine."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

COLUMNS = (
    ("mode", sa.String, "agentless"),
    ("queue", sa.String, ""),
    ("cap", sa.Float, "0.03"),
    ("wait_seconds", sa.Float, "2.0"),
)
INDEX = "ix_follow_up_attempts_at"


def upgrade() -> None:
    """Add the mode and its limits."""
    with op.batch_alter_table("campaigns") as table:
        for name, kind, default in COLUMNS:
            column = sa.Column(name, kind, nullable=False, server_default=default)
            table.add_column(column)
    with op.batch_alter_table("campaigns") as table:
        for name, _, _ in COLUMNS:
            table.alter_column(name, server_default=None)
    op.create_index(INDEX, "follow_up_attempts", ["at"])


def downgrade() -> None:
    """All are asked by the machine again."""
    op.drop_index(INDEX)
    for name, _, _ in COLUMNS:
        op.drop_column("campaigns", name)
