"""Accounts, their sessions and tokens, failures to log in, and the audit trail."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_REFUSED = """
CREATE TRIGGER audit_no_{action} BEFORE {action} ON audit
BEGIN SELECT raise(ABORT, 'the audit trail is kept as it was'); END
"""


def upgrade() -> None:
    """Five tables; of the last one no line can be changed or taken away."""
    op.create_table(
        "accounts",
        sa.Column("name", sa.String, nullable=False),
        sa.Column("role", sa.String, nullable=False),
        sa.Column("person_id", sa.String, nullable=False),
        sa.Column("password_hash", sa.String, nullable=False),
        sa.Column("totp_sealed", sa.String, nullable=False, server_default=""),
        sa.Column("totp_last_step", sa.Integer, nullable=False, server_default="0"),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.Column("disabled_at", sa.DateTime),
        sa.PrimaryKeyConstraint("name", name="pk_accounts"),
    )
    op.create_table(
        "console_sessions",
        sa.Column("id_hash", sa.String, nullable=False),
        sa.Column("account", sa.String, nullable=False),
        sa.Column("began_at", sa.DateTime, nullable=False),
        sa.Column("seen_at", sa.DateTime, nullable=False),
        sa.Column("code_wanted", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id_hash", name="pk_console_sessions"),
    )
    op.create_index("ix_console_sessions_account", "console_sessions", ["account"])
    _make_tokens()
    op.create_table(
        "log_in_failures",
        sa.Column("key", sa.String, nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("last_at", sa.DateTime, nullable=False),
        sa.Column("locked_until", sa.DateTime),
        sa.PrimaryKeyConstraint("key", name="pk_log_in_failures"),
    )
    _make_audit()


def _make_tokens() -> None:
    op.create_table(
        "api_tokens",
        sa.Column("id", sa.String, nullable=False),
        sa.Column("secret_hash", sa.String, nullable=False),
        sa.Column("title", sa.String, nullable=False),
        sa.Column("scopes", sa.JSON, nullable=False),
        sa.Column("person_id", sa.String, nullable=False),
        sa.Column("created_by", sa.String, nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.Column("expires_at", sa.DateTime),
        sa.Column("revoked_at", sa.DateTime),
        sa.PrimaryKeyConstraint("id", name="pk_api_tokens"),
        sa.UniqueConstraint("secret_hash", name="uq_api_tokens_secret_hash"),
    )


def _make_audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("who", sa.String, nullable=False),
        sa.Column("way", sa.String, nullable=False),
        sa.Column("peer", sa.String, nullable=False),
        sa.Column("operation", sa.String, nullable=False),
        sa.Column("object", sa.String, nullable=False),
        sa.Column("result", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )
    op.create_index("ix_audit_who", "audit", ["who", "id"])
    for action in ("UPDATE", "DELETE"):
        op.execute(_REFUSED.format(action=action))


def downgrade() -> None:
    """Who could log in, and what was done, is lost."""
    for table in (
        *("audit", "log_in_failures", "api_tokens"),
        *("console_sessions", "accounts"),
    ):
        op.drop_table(table)
