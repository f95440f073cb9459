"""Several `heard run` as real processes on one PostgreSQL database, and the wires of a rehearsal in another."""

import asyncio
import json
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg  # type: ignore[import-untyped]  # the library has no types
import pytest

from tests.commands.conftest import rehearsal
from tests.commands.hearing import PATIENCE_SECONDS, SETTINGS, Heard
from tests.commands.serving import QUICK, Rehearsal, Running, running

__all__ = ["rehearsal"]


@dataclass
class Several:
    """Processes come and go; the database and the wires stay."""

    heard: Heard
    wires: Rehearsal
    stack: ExitStack
    processes: list[Running] = field(default_factory=list)

    def starts(self, **settings: str) -> Running:
        """One more `heard run`."""
        one = Heard(self.heard.folder, self.heard.database, self.heard.settings | settings)
        self.processes.append(self.stack.enter_context(running(one)))
        return self.processes[-1]

    def get(self, name: str) -> Any:
        """What the wires' control tells."""
        with urllib.request.urlopen(f"{self.wires.control}/{name}", timeout=PATIENCE_SECONDS) as answer:
            return json.load(answer)

    def asks(self, question: str) -> list[tuple[Any, ...]]:
        """Ask the database itself."""

        async def asking() -> list[tuple[Any, ...]]:
            connection = await asyncpg.connect(self.heard.database.replace("+asyncpg", ""))
            rows = await connection.fetch(question)
            await connection.close()
            return [tuple(row) for row in rows]

        return asyncio.run(asking())


@pytest.fixture
def several(tmp_path: Path, database_url: str, rehearsal: Rehearsal) -> Iterator[Several]:
    heard = Heard(tmp_path, database_url, SETTINGS | rehearsal.environment | QUICK | {"HEARD_TELEGRAM_POLL_SECONDS": "2"})
    with ExitStack() as stack:
        yield Several(heard, rehearsal, stack)
