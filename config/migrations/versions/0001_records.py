"""Calls with their legs, flow steps and queue events; the missed-call ledger; people."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables of the records."""
    _calls()
    _legs()
    _ivr_steps()
    _queue_events()
    _missed_calls()
    _queues()
    _agents()
    _agent_states()


def downgrade() -> None:
    """Drop them all."""
    for table in (
        "agent_states",
        "agents",
        "queues",
        "missed_calls",
        "queue_events",
        "ivr_steps",
        "legs",
        "calls",
    ):
        op.drop_table(table)


def _calls() -> None:
    op.create_table(
        "calls",
        sa.Column("id", sa.String, nullable=False),
        sa.Column("caller", sa.String),
        sa.Column("called", sa.String),
        sa.Column("peer", sa.String),
        sa.Column("sip_call_id", sa.String),
        sa.Column("arrived_at", sa.DateTime, nullable=False),
        sa.Column("answered_at", sa.DateTime),
        sa.Column("queue", sa.String),
        sa.Column("entered_at", sa.DateTime),
        sa.Column("connected_at", sa.DateTime),
        sa.Column("agent_id", sa.String),
        sa.Column("ended_at", sa.DateTime),
        sa.Column("outcome", sa.String),
        sa.Column("cause", sa.String),
        sa.Column("ivr_seconds", sa.Float),
        sa.Column("wait_seconds", sa.Float),
        sa.Column("wait_from_answer_seconds", sa.Float),
        sa.Column("talk_seconds", sa.Float),
        sa.PrimaryKeyConstraint("id", name="pk_calls"),
    )
    op.create_index("ix_calls_arrived_at", "calls", ["arrived_at", "id"])
    op.create_index("ix_calls_caller", "calls", ["caller", "arrived_at"])
    op.create_index("ix_calls_outcome", "calls", ["outcome", "arrived_at"])
    op.create_index("ix_calls_agent_id", "calls", ["agent_id", "arrived_at"])
    op.create_index(
        "ix_calls_open", "calls", ["id"], sqlite_where=sa.text("ended_at IS NULL")
    )


def _legs() -> None:
    op.create_table(
        "legs",
        sa.Column("id", sa.String, nullable=False),
        sa.Column("call_id", sa.String, nullable=False),
        sa.Column("role", sa.String),
        sa.Column("agent_id", sa.String),
        sa.Column("opened_at", sa.DateTime, nullable=False),
        sa.Column("answered_at", sa.DateTime),
        sa.Column("closed_at", sa.DateTime),
        sa.Column("cause", sa.String),
        sa.Column("sip_code", sa.Integer),
        sa.PrimaryKeyConstraint("id", name="pk_legs"),
    )
    op.create_index("ix_legs_call_id", "legs", ["call_id"])
    op.create_index(
        "ix_legs_open", "legs", ["id"], sqlite_where=sa.text("closed_at IS NULL")
    )


def _ivr_steps() -> None:
    op.create_table(
        "ivr_steps",
        sa.Column("call_id", sa.String, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("step", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("result", sa.String, nullable=False),
        sa.Column("seconds", sa.Float, nullable=False),
        sa.PrimaryKeyConstraint("call_id", "at", "step", "result", name="pk_ivr_steps"),
    )


def _queue_events() -> None:
    op.create_table(
        "queue_events",
        sa.Column("call_id", sa.String, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("agent_id", sa.String, nullable=False),
        sa.Column("queue", sa.String, nullable=False),
        sa.Column("offer_id", sa.String),
        sa.Column("position", sa.Integer),
        sa.Column("wait_seconds", sa.Float),
        sa.Column("ring_seconds", sa.Float),
        sa.Column("talk_seconds", sa.Float),
        sa.Column("detail", sa.String),
        sa.PrimaryKeyConstraint(
            "call_id", "at", "kind", "agent_id", name="pk_queue_events"
        ),
    )


def _missed_calls() -> None:
    op.create_table(
        "missed_calls",
        sa.Column("id", sa.String, nullable=False),
        sa.Column("call_id", sa.String, nullable=False),
        sa.Column("caller", sa.String, nullable=False),
        sa.Column("called", sa.String, nullable=False),
        sa.Column("queue", sa.String, nullable=False),
        sa.Column("stage", sa.String, nullable=False),
        sa.Column("missed_at", sa.DateTime, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_missed_calls"),
        sa.UniqueConstraint("call_id", name="uq_missed_calls_call_id"),
    )
    op.create_index("ix_missed_calls_missed_at", "missed_calls", ["missed_at", "id"])
    op.create_index("ix_missed_calls_caller", "missed_calls", ["caller", "state"])


def _queues() -> None:
    op.create_table(
        "queues",
        sa.Column("name", sa.String, nullable=False),
        sa.Column("strategy", sa.String, nullable=False),
        sa.Column("ring_seconds", sa.Float, nullable=False),
        sa.Column("wrap_up_seconds", sa.Float, nullable=False),
        sa.Column("auto_pause_after", sa.Integer, nullable=False),
        sa.Column("announce_position_seconds", sa.Float, nullable=False),
        sa.Column("music", sa.String),
        sa.PrimaryKeyConstraint("name", name="pk_queues"),
    )


def _agents() -> None:
    op.create_table(
        "agents",
        sa.Column("id", sa.String, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("contact", sa.String, nullable=False),
        sa.Column("queues", sa.JSON, nullable=False),
        sa.Column("skills", sa.JSON, nullable=False),
        sa.Column("auto_answer", sa.Boolean, nullable=False),
        sa.Column("show_number", sa.String, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("state_reason", sa.String, nullable=False),
        sa.Column("state_since", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_agents"),
    )


def _agent_states() -> None:
    op.create_table(
        "agent_states",
        sa.Column("agent_id", sa.String, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("old", sa.String, nullable=False),
        sa.Column("new", sa.String, nullable=False),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("call_id", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("agent_id", "at", "old", "new", name="pk_agent_states"),
    )
    op.create_index("ix_agent_states_at", "agent_states", ["at"])
