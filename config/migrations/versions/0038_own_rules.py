"""What a campaign has of its own: its number, flow and windows; empty: as in all campaigns."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

COLUMNS = ("caller_number", "flow", "windows")


def upgrade() -> None:
    """Those that are there have none."""
    with op.batch_alter_table("campaigns") as table:
        for name in COLUMNS:
            column = sa.Column(name, sa.String, nullable=False, server_default="")
            table.add_column(column)
    with op.batch_alter_table("campaigns") as table:
        for name in COLUMNS:
            table.alter_column(name, server_default=None)


def downgrade() -> None:
    """All are called by the same rules again."""
    for name in reversed(COLUMNS):
        op.drop_column("campaigns", name)
