"""Runs the migrations on the connection that `config.database` gives.

There is no alembic.ini: `Database.__aenter__` is the one way in. SQLite's DDL is
transactional once the driver lets it be, so an interrupted upgrade leaves nothing.
"""

from alembic import context

from config.database import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
