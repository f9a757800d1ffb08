"""Commands that came with a key, and what they were answered."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A table."""
    op.create_table(
        "idempotency_keys",
        sa.Column("caller", sa.String, nullable=False),
        sa.Column("key", sa.String, nullable=False),
        sa.Column("fingerprint", sa.String, nullable=False),
        sa.Column("begun_at", sa.DateTime, nullable=False),
        sa.Column("status", sa.Integer),
        sa.Column("media_type", sa.String),
        sa.Column("body", sa.LargeBinary),
        sa.PrimaryKeyConstraint("caller", "key", name="pk_idempotency_keys"),
    )
    op.create_index("ix_idempotency_keys_begun_at", "idempotency_keys", ["begun_at"])


def downgrade() -> None:
    """A command that comes again is carried out again."""
    op.drop_table("idempotency_keys")
