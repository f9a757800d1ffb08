"""Answers to a survey are found by the call in which they were given, too."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the index."""
    op.create_index("ix_survey_answers_asked_in", "survey_answers", ["asked_in"])


def downgrade() -> None:
    """Drop it."""
    op.drop_index("ix_survey_answers_asked_in", "survey_answers")
