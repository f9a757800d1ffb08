"""What happens during talks; dispositions and confidential callers."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

COLUMNS = (
    ("disposition", sa.String),
    ("disposition_note", sa.String),
    ("disposed_at", sa.DateTime),
    ("confidential_at", sa.DateTime),
)


def upgrade() -> None:
    """Make the table of talk events, and the columns of calls."""
    op.create_table(
        "talk_events",
        sa.Column("call_id", sa.String, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("agent_id", sa.String, nullable=False),
        sa.Column("who", sa.String),
        sa.Column("detail", sa.String),
        sa.Column("seconds", sa.Float),
        sa.PrimaryKeyConstraint(
            "call_id", "at", "kind", "agent_id", name="pk_talk_events"
        ),
    )
    for name, kind in COLUMNS:
        op.add_column("calls", sa.Column(name, kind))


def downgrade() -> None:
    """Drop them."""
    for name, _ in COLUMNS:
        op.drop_column("calls", name)
    op.drop_table("talk_events")
