"""A database with rows in it."""

from collections.abc import AsyncIterator

import pytest

from storage.unit_of_work import open_memory
from tests.memory import rows


@pytest.fixture
async def filled(database_url: str) -> AsyncIterator[str]:
    """A database with rows, and a message that waits."""
    memory = open_memory(database_url)
    await rows.put(memory, rows.case(), rows.arrival("a", case_reference="CSF-0001"), rows.letter("a"), rows.event())
    await rows.put(memory, rows.message("receipt:1", case_reference="CSF-0001"), rows.reminder())
    yield database_url
    await memory.close()
