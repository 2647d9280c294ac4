"""What Alembic runs: the steps, on the connection and in the transaction that `migrate` has opened."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection

from web.desk.migrations.scope import ours
from web.desk.tables import Base

connection: Connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    include_name=ours,
    render_as_batch=connection.dialect.name == "sqlite",
)
with context.begin_transaction():
    context.run_migrations()
