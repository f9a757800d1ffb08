"""Who put a number on the do-not-call list, and every change of the list."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Until now only citizens themselves have put numbers on it."""
    op.rename_table("do_not_call", "do_not_call_old")
    op.create_table(
        "do_not_call",
        sa.Column("number", sa.String, nullable=False),
        sa.Column("id", sa.String, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("added_by", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_do_not_call"),
        sa.UniqueConstraint("id", name="uq_do_not_call_id"),
    )
    op.execute(
        "INSERT INTO do_not_call (number, id, at, reason, added_by) "
        "SELECT number, lower(hex(randomblob(13))), at, reason, 'citizen' "
        "FROM do_not_call_old"
    )
    op.drop_table("do_not_call_old")
    _changes()


def _changes() -> None:
    op.create_table(
        "do_not_call_changes",
        sa.Column("id", sa.String, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("number", sa.String, nullable=False),
        sa.Column("added", sa.Boolean, nullable=False),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("changed_by", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_do_not_call_changes"),
    )
    name = "ix_do_not_call_changes_number"
    op.create_index(name, "do_not_call_changes", ["number"])


def downgrade() -> None:
    """Keep the numbers alone."""
    op.drop_table("do_not_call_changes")
    op.drop_constraint("uq_do_not_call_id", "do_not_call")
    for column in ("id", "added_by"):
        op.drop_column("do_not_call", column)
