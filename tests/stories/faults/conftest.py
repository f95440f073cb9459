import pytest

from storage.unit_of_work import Memory
from tests.stories.faults.desk import Desk


@pytest.fixture
def desk(memory: Memory) -> Desk:
    """An empty desk on each database."""
    return Desk(memory)
