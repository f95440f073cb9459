"""SQLite's driver is asked once a statement, and answers as before."""

import asyncio
import logging
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError

from storage.unit_of_work import Memory, open_memory


@pytest.fixture
def lines(tmp_path: Path) -> Memory:
    return open_memory(f"sqlite+aiosqlite:///{tmp_path / 'lines.db'}")


async def test_a_statement_and_its_rows_are_one_question(lines: Memory, caplog: pytest.LogCaptureFixture) -> None:
    """The library's own cursor is opened, asked, read and closed: four times through the driver's thread."""
    async with lines.unit_of_work() as uow:
        connection = await uow.connection()
        await connection.execute(text("create table line (number integer primary key, said text)"))
        with caplog.at_level(logging.DEBUG, "aiosqlite"):
            await connection.execute(text("insert into line (said) values (:said)"), [{"said": "one"}, {"said": "two"}])
            found = (await connection.execute(text("select number, said from line order by number"))).all()
    asked = [record for record in caplog.records if record.message.startswith("executing")]
    await lines.close()

    assert found == [(1, "one"), (2, "two")]
    assert len(asked) == 2


async def test_how_many_rows_were_changed_and_which_was_made_are_known(lines: Memory) -> None:
    async with lines.unit_of_work() as uow:
        connection = await uow.connection()
        await connection.execute(text("create table line (number integer primary key, said text)"))
        made = await connection.execute(text("insert into line (said) values ('one')"))
        await connection.execute(text("insert into line (said) values ('two')"))
        changed = await connection.execute(text("update line set said = 'both'"))
        none = await connection.execute(text("select said from line where number = 9"))

        assert (made.lastrowid, changed.rowcount) == (1, 2)
        assert (list(none.keys()), none.all()) == (["said"], [])
    await lines.close()


async def test_what_was_refused_is_told_and_the_next_unit_goes(lines: Memory) -> None:
    async with lines.unit_of_work() as uow:
        await (await uow.connection()).execute(text("create table line (number integer primary key)"))

    with pytest.raises(IntegrityError):
        async with lines.unit_of_work() as uow:
            await (await uow.connection()).execute(text("insert into line values (:n)"), [{"n": 1}, {"n": 1}])
    with pytest.raises(OperationalError):
        async with lines.reading() as uow:
            await (await uow.connection()).execute(text("select nothing from nowhere"))
    async with lines.unit_of_work() as uow:
        left = (await (await uow.connection()).execute(text("select count(*) from line"))).scalar_one()
    await lines.close()

    assert left == 0


async def test_a_small_unit_asks_the_drivers_thread_for_its_commit_alone(lines: Memory, caplog: pytest.LogCaptureFixture) -> None:
    async with lines.unit_of_work() as uow:
        await (await uow.connection()).execute(text("create table line (number integer primary key, said text)"))

    with caplog.at_level(logging.DEBUG, "aiosqlite"):
        async with lines.unit_of_work(is_small=True) as uow:
            connection = await uow.connection()
            await connection.execute(text("insert into line (said) values (:said)"), [{"said": "one"}, {"said": "two"}])
            found = (await connection.execute(text("select said from line order by number"))).all()
    asked = [record.message for record in caplog.records if record.message.startswith("executing")]
    await lines.close()

    assert found == [("one",), ("two",)]
    assert len(asked) == 1
    assert "commit" in asked[0]


async def test_a_small_unit_waits_for_another_writer_while_the_loop_goes_on(lines: Memory, tmp_path: Path) -> None:
    async with lines.unit_of_work() as uow:
        await (await uow.connection()).execute(text("create table line (number integer primary key)"))
    other = open_memory(lines.url)
    turns: list[str] = []

    async def small() -> None:
        turns.append("asked")
        async with lines.unit_of_work(is_small=True) as uow:
            turns.append("begun")
            await (await uow.connection()).execute(text("insert into line values (2)"))

    async with asyncio.TaskGroup() as group, other.unit_of_work() as uow:
        await (await uow.connection()).execute(text("insert into line values (1)"))
        group.create_task(small())
        async with lines.reading() as beside:  # it is let in while the small unit waits in this very process
            await (await beside.connection()).execute(text("select 1"))
        turns.append("other done")
    async with lines.reading() as uow:
        found = (await (await uow.connection()).execute(text("select number from line"))).all()
    await other.close()
    await lines.close()

    assert turns == ["asked", "other done", "begun"]
    assert found == [(1,), (2,)]


async def test_a_small_unit_that_fails_leaves_nothing_and_a_long_one_goes_through_the_thread_again(
    lines: Memory, caplog: pytest.LogCaptureFixture
) -> None:
    async with lines.unit_of_work() as uow:
        await (await uow.connection()).execute(text("create table line (number integer primary key)"))

    with pytest.raises(IntegrityError):
        async with lines.unit_of_work(is_small=True) as uow:
            await (await uow.connection()).execute(text("insert into line values (1)"))
            await (await uow.connection()).execute(text("insert into line values (1)"))
    with caplog.at_level(logging.DEBUG, "aiosqlite"):
        async with lines.unit_of_work() as uow:
            left = (await (await uow.connection()).execute(text("select count(*) from line"))).scalar_one()
    asked = [record for record in caplog.records if record.message.startswith("executing")]
    await lines.close()

    assert left == 0
    assert len(asked) == 3  # begin, ask, commit
