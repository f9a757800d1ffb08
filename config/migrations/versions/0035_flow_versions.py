"""Versions of flows, their publications, and which of them a call met."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

_REFUSED = """
CREATE TRIGGER {table}_no_{action} BEFORE {action} ON {table}
BEGIN SELECT raise(ABORT, 'versions of flows are kept as they were'); END
"""
_TABLES = ("flow_versions", "flow_publications")


def upgrade() -> None:
    """Two tables, of which no line can be changed or taken away."""
    op.create_table(
        "flow_versions",
        sa.Column("name", sa.String, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("saved_by", sa.String, nullable=False),
        sa.Column("peer", sa.String, nullable=False),
        sa.Column("note", sa.String, nullable=False),
        sa.Column("from_file", sa.Boolean, nullable=False),
        sa.Column("text", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("name", "number", name="pk_flow_versions"),
    )
    op.create_table(
        "flow_publications",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("instead_of", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("published_by", sa.String, nullable=False),
        sa.Column("peer", sa.String, nullable=False),
        sa.Column("note", sa.String, nullable=False),
        sa.Column("from_file", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_flow_publications"),
    )
    op.create_index("ix_flow_publications_name", "flow_publications", ["name", "id"])
    for table in _TABLES:
        for action in ("UPDATE", "DELETE"):
            op.execute(_REFUSED.format(table=table, action=action))
    op.add_column("calls", sa.Column("flow", sa.String))
    op.add_column("calls", sa.Column("flow_version", sa.Integer))


def downgrade() -> None:
    """All versions are lost; the files count again."""
    op.drop_column("calls", "flow_version")
    op.drop_column("calls", "flow")
    for table in reversed(_TABLES):
        op.drop_table(table)
