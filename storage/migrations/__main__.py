"""For developers, after a change to `storage/tables/`: `python -m storage.migrations "Add an owner to tasks."`

Writes the next revision beside the others, as the difference between the revisions and the tables. Read it, then name it in
`storage.migrating.REVISIONS`. What Alembic does not see (a word added to a CHECK, a moved column's data) is written by hand;
`tests/memory/test_migrations.py` tells what is missing.
"""

import asyncio
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from alembic import command
from sqlalchemy import Connection

from storage.migrating import REVISIONS, alembic_config, migrate
from storage.unit_of_work import open_memory


async def draft(message: str) -> None:
    """Bring an empty database to the newest revision, and write down what it lacks."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite+aiosqlite:///{Path(folder, 'scratch.db')}"
        if REVISIONS:
            await migrate(url, now=datetime.now(UTC))
        memory = open_memory(url)

        def write(connection: Connection) -> None:
            config = alembic_config(connection)
            command.revision(config, message, autogenerate=True, rev_id=f"{len(REVISIONS) + 1:04}")

        async with memory.unit_of_work() as uow:
            await (await uow.connection()).run_sync(write)
        await memory.close()


if __name__ == "__main__":
    asyncio.run(draft(" ".join(sys.argv[1:]) or sys.exit("What does the revision do? Say it in a sentence.")))
