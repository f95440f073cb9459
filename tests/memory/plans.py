"""How SQLite goes about a statement of ours."""

from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy import event

from storage.unit_of_work import Memory, UnitOfWork


async def steps_of(memory: Memory, table: str, ask: Callable[[UnitOfWork], Awaitable[object]]) -> list[str]:
    """The steps, of those that concern `table`, by which SQLite does the one statement about it that `ask` gives.

    They are words such as `SEARCH cases USING INDEX ix_cases_open (closed_on=?)` (https://www.sqlite.org/eqp.html).
    """
    asked: list[tuple[str, Any]] = []

    def listen(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        asked.append((statement, parameters))

    event.listen(memory.writer.sync_engine, "before_cursor_execute", listen)
    async with memory.unit_of_work(alone=False) as uow:
        await ask(uow)
    event.remove(memory.writer.sync_engine, "before_cursor_execute", listen)
    [(statement, parameters)] = [one for one in asked if f"FROM {table}" in one[0]]
    async with memory.reading() as uow:
        plan = await (await uow.connection()).exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        return [row[-1] for row in plan if f" {table} " in f"{row[-1]} "]
