"""Recorded answers of follow-up calls tell how it stands with their words."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; nothing that was answered so far is to be transcribed."""
    op.add_column("follow_up_answers", sa.Column("transcription", sa.String))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("follow_up_answers", "transcription")
