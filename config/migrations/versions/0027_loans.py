"""Who is lent to another queue, until when, and what he answered before."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One table."""
    op.create_table(
        "staffing_loans",
        sa.Column("proposal_id", sa.String, nullable=False),
        sa.Column("person_id", sa.String, nullable=False),
        sa.Column("loan", sa.String, nullable=False),
        sa.Column("before", sa.String, nullable=False),
        sa.Column("meanwhile", sa.String, nullable=False),
        sa.Column("began_at", sa.DateTime, nullable=False),
        sa.Column("ended_at", sa.DateTime),
        sa.Column("end", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("proposal_id", name="pk_staffing_loans"),
    )
    op.create_index("ix_staffing_loans_ended_at", "staffing_loans", ["ended_at"])


def downgrade() -> None:
    """Whoever is lent stays where he is."""
    op.drop_table("staffing_loans")
