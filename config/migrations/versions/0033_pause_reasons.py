"""Why agents may pause, changed at run time."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A table that the file counts for until somebody writes it."""
    op.create_table(
        "pause_reasons",
        sa.Column("id", sa.String, nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("title", sa.String, nullable=False),
        sa.Column("max_seconds", sa.Float, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_pause_reasons"),
    )


def downgrade() -> None:
    """The file's count again."""
    op.drop_table("pause_reasons")
