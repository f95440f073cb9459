"""What Alembic runs for each of its commands: on the connection, and in the transaction, that `storage.migrating` gives it."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

from storage.columns import tell_postgresql
from storage.tables import METADATA


def in_plain_words(kind: str, item: Any, _generating: AutogenContext) -> str | Literal[False]:
    """Write column types as SQLAlchemy's own, so that an old revision does not change with a library."""
    if kind == "type" and isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, AutoString):
        return f"sa.String(length={item.length})"
    return False


for one in METADATA.tables.values():
    tell_postgresql(one)  # what is written here is read by both
context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    # SQLite changes a table by building it anew: the same revision then runs on both.
    render_as_batch=True,
    render_item=in_plain_words,
    on_version_apply=context.config.attributes.get("on_version_apply"),
)
with context.begin_transaction():
    context.run_migrations()
