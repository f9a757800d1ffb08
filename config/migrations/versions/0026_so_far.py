"""What a follow-up try has come to while it runs."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One column."""
    op.add_column("follow_up_attempts", sa.Column("so_far", sa.String))


def downgrade() -> None:
    """A kill then forgets whom he had met."""
    op.drop_column("follow_up_attempts", "so_far")
