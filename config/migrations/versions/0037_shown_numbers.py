"""Which caller number a leg over a trunk showed: what was called with is kept."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody knows it of legs before."""
    op.add_column("legs", sa.Column("shown", sa.String))


def downgrade() -> None:
    """It is lost."""
    op.drop_column("legs", "shown")
