"""A call may go through several queues in one instant: the queue is part of the key."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_KEY = ("call_id", "at", "kind", "agent_id")


def upgrade() -> None:
    """Make the key wider."""
    _rekey(*_KEY, "queue")


def downgrade() -> None:
    """Make it narrower; this fails when a call went through two queues at once."""
    _rekey(*_KEY)


def _rekey(*columns: str) -> None:
    with op.batch_alter_table("queue_events", recreate="always") as table:
        table.drop_constraint("pk_queue_events", type_="primary")
        table.create_primary_key("pk_queue_events", list(columns))
