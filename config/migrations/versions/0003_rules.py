"""A queue's rules as one document; agents' penalties, weights and order."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_TO_RULES = """
INSERT INTO queues_with_rules (name, rules)
SELECT name, json_object(
    'strategy', strategy, 'ring_seconds', ring_seconds,
    'wrap_up_seconds', wrap_up_seconds, 'auto_pause_after', auto_pause_after,
    'announce_position_seconds', announce_position_seconds, 'music', music)
FROM queues ORDER BY rowid
"""
_FROM_RULES = """
INSERT INTO queues_in_columns
SELECT name, coalesce(rules ->> 'strategy', 'longest_idle'),
    coalesce(rules ->> 'ring_seconds', 20), coalesce(rules ->> 'wrap_up_seconds', 10),
    coalesce(rules ->> 'auto_pause_after', 1),
    coalesce(rules ->> 'announce_position_seconds', 30), rules ->> 'music'
FROM queues ORDER BY rowid
"""


def upgrade() -> None:
    """Move what was set into the document; agents keep the order of their coming."""
    op.create_table(
        "queues_with_rules",
        sa.Column("name", sa.String, nullable=False),
        sa.Column("rules", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_queues"),
    )
    _replace("queues_with_rules", _TO_RULES)
    for column in (
        sa.Column("penalties", sa.JSON, nullable=False, server_default="{}"),
        sa.Column("weight", sa.Float, nullable=False, server_default="1"),
        sa.Column("order", sa.Integer, nullable=False, server_default="0"),
    ):
        op.add_column("agents", column)
    op.execute('UPDATE agents SET "order" = rowid')


def downgrade() -> None:
    """Back to columns; what they cannot hold is lost."""
    op.create_table(
        "queues_in_columns",
        sa.Column("name", sa.String, nullable=False),
        sa.Column("strategy", sa.String, nullable=False),
        sa.Column("ring_seconds", sa.Float, nullable=False),
        sa.Column("wrap_up_seconds", sa.Float, nullable=False),
        sa.Column("auto_pause_after", sa.Integer, nullable=False),
        sa.Column("announce_position_seconds", sa.Float, nullable=False),
        sa.Column("music", sa.String),
        sa.PrimaryKeyConstraint("name", name="pk_queues"),
    )
    _replace("queues_in_columns", _FROM_RULES)
    for name in ("penalties", "weight", "order"):
        op.drop_column("agents", name)


def _replace(table: str, filling: str) -> None:
    op.execute(filling)
    op.drop_table("queues")
    op.rename_table(table, "queues")
