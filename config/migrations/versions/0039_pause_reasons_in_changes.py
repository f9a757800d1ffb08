"""Pause reasons are kept where who changed them is: in the list of changes alone."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The newest change holds what the table holds."""
    op.drop_table("pause_reasons")


def downgrade() -> None:
    """The table, filled from the newest change."""
    reasons = op.create_table(
        "pause_reasons",
        sa.Column("id", sa.String, nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("title", sa.String, nullable=False),
        sa.Column("max_seconds", sa.Float, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_pause_reasons"),
    )
    newest = sa.text(
        "SELECT new FROM rule_changes WHERE kind = 'pauses' ORDER BY id DESC LIMIT 1"
    )
    kept = op.get_bind().execute(newest).scalar()
    lines = (json.loads(kept) if isinstance(kept, str) else kept) or {}
    if lines:
        op.bulk_insert(reasons, [{"id": id_, **line} for id_, line in lines.items()])
