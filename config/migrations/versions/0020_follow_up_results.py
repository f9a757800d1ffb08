"""Results on their way to the order system, and answers that a person set."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "follow_up_deliveries",
        sa.Column("id", sa.String, nullable=False),
        sa.Column("campaign", sa.String, nullable=False),
        sa.Column("contact_id", sa.String, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("since", sa.DateTime, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("due_at", sa.DateTime),
        sa.Column("tried_at", sa.DateTime),
        sa.Column("why_not", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_follow_up_deliveries"),
    )
    op.create_index(
        "ix_follow_up_deliveries_state", "follow_up_deliveries", ["state", "due_at"]
    )
    _make_reviews()


def _make_reviews() -> None:
    op.create_table(
        "follow_up_reviews",
        sa.Column("id", sa.String, nullable=False),
        sa.Column("call_id", sa.String, nullable=False),
        sa.Column("question", sa.String, nullable=False),
        sa.Column("contact_id", sa.String, nullable=False),
        sa.Column("answer", sa.String, nullable=False),
        sa.Column("reviewed_by", sa.String, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_follow_up_reviews"),
    )
    op.create_index(
        "ix_follow_up_reviews_contact_id", "follow_up_reviews", ["contact_id"]
    )
    op.create_index(
        "ix_follow_up_reviews_call_id_question",
        "follow_up_reviews",
        ["call_id", "question"],
    )


def downgrade() -> None:
    """Drop both."""
    op.drop_table("follow_up_reviews")
    op.drop_table("follow_up_deliveries")
