"""Contacts in the order in which they are called: nobody sorts those who wait."""

from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """An index that has the whole order, and the campaign, which may be paused."""
    op.drop_index("ix_contacts_state", "contacts")
    whole = ["state", "due_at", "id", "campaign"]
    op.create_index("ix_contacts_state", "contacts", whole)


def downgrade() -> None:
    """Those who became due at once are sorted again, each time."""
    op.drop_index("ix_contacts_state", "contacts")
    op.create_index("ix_contacts_state", "contacts", ["state", "due_at"])
