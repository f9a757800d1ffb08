"""What agents write down of calls."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

_REFUSED = """
CREATE TRIGGER call_notes_no_update BEFORE UPDATE ON call_notes
BEGIN SELECT raise(ABORT, 'a note is kept as it was written'); END
"""


def upgrade() -> None:
    """A table, of which no line can be changed."""
    op.create_table(
        "call_notes",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("call_id", sa.String, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("author", sa.String, nullable=False),
        sa.Column("agent_id", sa.String, nullable=False),
        sa.Column("text", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_call_notes"),
    )
    op.create_index("ix_call_notes_call_id", "call_notes", ["call_id"])
    op.create_index("ix_call_notes_at", "call_notes", ["at"])
    op.execute(_REFUSED)


def downgrade() -> None:
    """What was written is lost."""
    op.drop_table("call_notes")
