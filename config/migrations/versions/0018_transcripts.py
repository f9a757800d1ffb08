"""Answers of follow-up calls keep the words in which they were given."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; by key there are no words."""
    words = sa.Column("transcript", sa.String, nullable=False, server_default="")
    op.add_column("follow_up_answers", words)


def downgrade() -> None:
    """Drop it."""
    op.drop_column("follow_up_answers", "transcript")
