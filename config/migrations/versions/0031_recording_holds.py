"""Who held a recording beyond its retention, when and why."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Of holds that were set before nobody knows who or why."""
    op.create_table(
        "recording_holds",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("call_id", sa.String, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("held", sa.Boolean, nullable=False),
        sa.Column("who", sa.String, nullable=False),
        sa.Column("reason", sa.String, nullable=False),
    )
    op.create_index("ix_recording_holds_call_id", "recording_holds", ["call_id"])


def downgrade() -> None:
    """Forget who and why; what is held stays held."""
    op.drop_table("recording_holds")
