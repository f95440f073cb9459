"""The whole database: every row of every table, to see that nothing was changed."""

import asyncio
import json
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import create_async_engine

from storage.tables import METADATA
from tests.commands.hearing import Heard


def every_row(heard: Heard) -> dict[str, list[str]]:
    """By table, in an order of their own."""
    return asyncio.run(_read(heard.database or f"sqlite+aiosqlite:///{heard.folder / 'heard.db'}"))


async def _read(url: str) -> dict[str, list[str]]:
    engine = create_async_engine(url)
    try:
        async with engine.connect() as connection:
            return {
                table.name: sorted(_one(row) for row in await connection.execute(select(table)))
                for table in METADATA.sorted_tables
            }
    finally:
        await engine.dispose()


def _one(row: Any) -> str:
    return json.dumps([repr(value) for value in row])
