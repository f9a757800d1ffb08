"""One table of people: the agents of before have the phones post; and their shifts."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_LISTS = ("qualifications", "leave", "prefers", "avoids")
_FIGURES = {"home_minutes": sa.Integer, "home_km": sa.Float, "week_hours": sa.Float}


def upgrade() -> None:
    """Whoever is there is on the phones, and keeps all that he has."""
    op.rename_table("agents", "people")
    posts = sa.Column("posts", sa.JSON, nullable=False, server_default='["phones"]')
    number = sa.Column("recall_number", sa.String, nullable=False, server_default="")
    for column in (
        posts,
        number,
        *(sa.Column(n, sa.JSON, nullable=False, server_default="[]") for n in _LISTS),
        *(sa.Column(name, kind) for name, kind in _FIGURES.items()),
    ):
        op.add_column("people", column)
    op.create_table(
        "shifts",
        sa.Column("person_id", sa.String, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("cells", sa.String, nullable=False),
        sa.Column("backs", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("person_id", "day", "start", name="pk_shifts"),
    )
    op.create_index("ix_shifts_day", "shifts", ["day"])
    op.create_table(
        "roster_requirements",
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("post", sa.String, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("source", sa.String, nullable=False),
        sa.Column("needed", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("day", "post", "at", name="pk_roster_requirements"),
    )


def downgrade() -> None:
    """Agents again; whoever is none is lost, and all that only people have."""
    op.drop_table("roster_requirements")
    op.drop_table("shifts")
    op.execute("DELETE FROM people WHERE contact = ''")
    for name in ("posts", "recall_number", *_LISTS, *_FIGURES):
        op.drop_column("people", name)
    op.rename_table("people", "agents")
