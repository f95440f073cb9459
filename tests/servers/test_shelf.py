"""Databases that are used again: the next test finds one as if it were new."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from procedures.terms import Event
from storage.tables import EventRow
from storage.unit_of_work import open_memory
from tests.memory_fixtures import Shelf
from tests.mouth.offices import case, keep, record


async def test_what_was_written_is_gone_and_numbers_begin_again(shelf: Shelf) -> None:
    name = shelf.take()
    numbers = [await the_number_of_an_event(shelf, name)]
    shelf.give_back(name)
    again = shelf.take()
    numbers.append(await the_number_of_an_event(shelf, again))
    shelf.give_back(again)

    assert again == name
    assert numbers == [4, 4], "three events of the case came before it"


@pytest.mark.parametrize(
    "change",
    [
        "CREATE TABLE stray (id int)",
        "ALTER TABLE letter DROP COLUMN subject",
        "ALTER TABLE letter ALTER COLUMN words DROP NOT NULL",
        "CREATE SCHEMA kept_by_a_restore",
        "UPDATE alembic_version SET version_num = '0001'",
        "DROP TABLE alembic_version",
        "DROP INDEX {index}",
    ],
)
async def test_a_database_whose_tables_were_changed_is_not_used_again(shelf: Shelf, change: str) -> None:
    name = shelf.take()
    memory = open_memory(shelf.postgres.url(name))
    async with memory.unit_of_work() as uow:
        connection = await uow.connection()
        query = text("SELECT min(indexname) FROM pg_indexes WHERE schemaname = 'public' AND indexname LIKE 'ix%'")
        index = (await connection.execute(query)).scalar_one()
        await connection.execute(text(change.format(index=index)))
    await memory.close()

    shelf.give_back(name)

    other = shelf.take()
    shelf.give_back(other)
    assert other != name


async def the_number_of_an_event(shelf: Shelf, name: str) -> int | None:
    memory = open_memory(shelf.postgres.url(name))
    await keep(memory, case())
    now = datetime(2026, 3, 20, 9, tzinfo=UTC)
    row = EventRow(
        case_reference=case().reference,
        name=Event.COMPLEX_DECIDED,
        happened_on=now.date(),
        recorded_at=now,
        recorded_by="service",
    )
    await record(memory, row)
    async with memory.reading() as uow:
        last = (await (await uow.connection()).execute(text("SELECT max(id) FROM event"))).scalar_one()
    await memory.close()
    return int(last)
