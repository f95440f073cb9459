"""Which cases the morning looks at: found by an index, without a walk through all that are open."""

from datetime import date

import pytest

from storage.cases import due_a_look
from storage.unit_of_work import Memory, UnitOfWork
from tests.memory.plans import steps_of


@pytest.mark.parametrize("backend", ["sqlite"])
async def test_the_cases_that_want_a_look_are_found_by_their_day(memory: Memory) -> None:
    """PostgreSQL counts what it holds and chooses by that; SQLite chooses by the statement and the indexes alone."""

    async def asks(uow: UnitOfWork) -> None:
        await due_a_look(uow, date(2025, 3, 10))

    assert await steps_of(memory, "cases", asks) == ["SEARCH cases USING INDEX ix_cases_remind (closed_on=? AND remind_from<?)"]
