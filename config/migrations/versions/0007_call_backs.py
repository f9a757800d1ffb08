"""Debts of the missed-call ledger with their attempts; survey answers; calls placed."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A missed call's state follows from its debt; all calls so far came in."""
    _missed_calls()
    _call_backs()
    _attempts()
    _survey_answers()
    op.add_column("calls", sa.Column("direction", sa.String))
    op.add_column("calls", sa.Column("call_back_id", sa.String))
    op.execute("UPDATE calls SET direction = 'in' WHERE sip_call_id IS NOT NULL")


def downgrade() -> None:
    """Missed calls get back the state of their debts."""
    op.drop_column("calls", "call_back_id")
    op.drop_column("calls", "direction")
    op.drop_table("survey_answers")
    for index in ("call_back_id", "loose", "caller"):
        op.drop_index(f"ix_missed_calls_{index}", "missed_calls")
    state = sa.Column("state", sa.String, nullable=False, server_default="owed")
    op.add_column("missed_calls", state)
    op.execute("UPDATE missed_calls SET state = 'withheld' WHERE caller = ''")
    op.execute(
        "UPDATE missed_calls SET state = c.state FROM call_backs AS c"
        " WHERE c.id = missed_calls.call_back_id AND c.state IN ('done', 'cancelled')"
    )
    op.drop_column("missed_calls", "call_back_id")
    op.create_index("ix_missed_calls_caller", "missed_calls", ["caller", "state"])
    op.drop_table("call_back_attempts")
    op.drop_table("call_backs")


def _missed_calls() -> None:
    op.drop_index("ix_missed_calls_caller", "missed_calls")
    op.drop_column("missed_calls", "state")
    op.add_column("missed_calls", sa.Column("call_back_id", sa.String))
    op.create_index("ix_missed_calls_caller", "missed_calls", ["caller", "missed_at"])
    op.create_index("ix_missed_calls_call_back_id", "missed_calls", ["call_back_id"])
    op.create_index(
        "ix_missed_calls_loose",
        "missed_calls",
        ["missed_at"],
        sqlite_where=sa.text("call_back_id IS NULL AND caller <> ''"),
    )


def _call_backs() -> None:
    op.create_table(
        "call_backs",
        sa.Column("id", sa.String, nullable=False),
        sa.Column("call_id", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("number", sa.String, nullable=False),
        sa.Column("called", sa.String, nullable=False),
        sa.Column("queue", sa.String, nullable=False),
        sa.Column("language", sa.String, nullable=False),
        sa.Column("since", sa.DateTime, nullable=False),
        sa.Column("entered_at", sa.DateTime, nullable=False),
        sa.Column("changed_at", sa.DateTime, nullable=False),
        sa.Column("due_at", sa.DateTime),
        sa.Column("priority", sa.Integer, nullable=False),
        sa.Column("skills", sa.JSON, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("reason", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_call_backs"),
    )
    op.create_index("ix_call_backs_entered_at", "call_backs", ["entered_at", "id"])
    op.create_index("ix_call_backs_state", "call_backs", ["state", "due_at"])
    op.create_index("ix_call_backs_call_id", "call_backs", ["call_id"])
    op.create_index("ix_call_backs_number", "call_backs", ["number", "state"])


def _attempts() -> None:
    op.create_table(
        "call_back_attempts",
        sa.Column("call_back_id", sa.String, nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("call_id", sa.String, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("ended_at", sa.DateTime),
        sa.Column("outcome", sa.String),
        sa.PrimaryKeyConstraint(
            "call_back_id", "attempt", name="pk_call_back_attempts"
        ),
    )
    op.create_index("ix_call_back_attempts_call_id", "call_back_attempts", ["call_id"])


def _survey_answers() -> None:
    op.create_table(
        "survey_answers",
        sa.Column("call_id", sa.String, nullable=False),
        sa.Column("step", sa.String, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("answer", sa.String, nullable=False),
        sa.Column("asked_in", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("call_id", "step", "at", name="pk_survey_answers"),
    )
    op.create_index("ix_survey_answers_at", "survey_answers", ["at"])
