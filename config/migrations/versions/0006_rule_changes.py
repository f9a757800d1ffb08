"""Changes of rules, which are added to and never changed."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_REFUSED = """
CREATE TRIGGER rule_changes_no_{action} BEFORE {action} ON rule_changes
BEGIN SELECT raise(ABORT, 'changes of rules are kept as they were'); END
"""


def upgrade() -> None:
    """Make the table, and let nobody change what is in it."""
    op.create_table(
        "rule_changes",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("changed_by", sa.String, nullable=False),
        sa.Column("peer", sa.String, nullable=False),
        sa.Column("old", sa.JSON, nullable=False),
        sa.Column("new", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_rule_changes"),
    )
    op.create_index("ix_rule_changes_name", "rule_changes", ["name", "id"])
    for action in ("UPDATE", "DELETE"):
        op.execute(_REFUSED.format(action=action))


def downgrade() -> None:
    """Drop it, with its triggers."""
    op.drop_table("rule_changes")
