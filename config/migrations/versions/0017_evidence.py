"""Why each try to reach a contact was allowed; of older tries nobody knows."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

COLUMNS = (
    ("window", sa.String),
    ("tries_before", sa.Integer),
    ("number_calls_that_day", sa.Integer),
    ("number_calls_in_30_days", sa.Integer),
    ("last_call_at", sa.DateTime),
)


def upgrade() -> None:
    """Kept from now on."""
    for name, kind in COLUMNS:
        op.add_column("follow_up_attempts", sa.Column(name, kind))


def downgrade() -> None:
    """Forget it."""
    for name, _ in COLUMNS:
        op.drop_column("follow_up_attempts", name)
