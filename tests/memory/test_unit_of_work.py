"""Units of work: all or nothing, one writer at a time, and a schema that refuses what no code should write."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import insert, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, StatementError
from sqlmodel import SQLModel, col, func, select

from procedures.terms import Kind
from storage import unit_of_work
from storage.cases import find, find_all
from storage.filing import Filing, table_of, values_of, write
from storage.tables import CaseRow, DoorRow, EventRow, LedgerResult, OutboxRow, OutboxState
from storage.unit_of_work import Memory, open_memory
from tests.memory import rows
from tests.memory.rows import NOW, put


class Crash(Exception):
    """Something went wrong in the middle of a unit."""


async def count(memory: Memory, table: type[SQLModel]) -> int:
    async with memory.reading() as uow:
        return (await uow.exec(select(func.count()).select_from(table))).one()


async def read_then_add_one(memory: Memory) -> None:
    async with memory.unit_of_work() as uow:
        position = (await uow.exec(select(DoorRow.position).where(DoorRow.name == "mailbox"))).one()
        # Whoever else is in here has read the same number by now.
        await asyncio.sleep(0)
        await (await uow.connection()).execute(update(table_of(DoorRow)).values(position=position + 1))


async def test_a_clean_exit_commits(memory: Memory) -> None:
    await put(memory, rows.case())

    assert await count(memory, CaseRow) == 1


async def test_an_exception_takes_everything_back(memory: Memory) -> None:
    filing = Filing()
    filing.add(rows.case(), rows.event())

    with pytest.raises(Crash):
        async with memory.unit_of_work() as uow:
            await write(uow, [filing])
            raise Crash

    assert (await count(memory, CaseRow), await count(memory, EventRow)) == (0, 0)


async def test_the_next_unit_after_an_exception_works(memory: Memory) -> None:
    with pytest.raises(IntegrityError):
        await put(memory, rows.event("CSF-9999"))

    await put(memory, rows.case())

    assert await count(memory, CaseRow) == 1


async def test_twenty_that_read_and_then_write_at_once_end_at_twenty(memory: Memory) -> None:
    await put_door(memory)

    await asyncio.gather(*(read_then_add_one(memory) for _ in range(20)))

    async with memory.reading() as uow:
        assert (await uow.exec(select(DoorRow.position))).one() == 20


async def test_two_programs_that_read_and_then_write_wait_for_each_other(memory: Memory, database_url: str) -> None:
    """The service and the command line: two memories on one database."""
    await put_door(memory)
    other = open_memory(database_url)

    await asyncio.gather(*(read_then_add_one(one) for one in [memory, other] * 10))

    await other.close()
    async with memory.reading() as uow:
        assert (await uow.exec(select(DoorRow.position))).one() == 20


async def test_units_that_wait_for_each_other_do_not_keep_a_reading_waiting(memory: Memory) -> None:
    await put_door(memory)

    async with memory.unit_of_work() as uow:
        await uow.get(DoorRow, "mailbox")
        waiting = [asyncio.ensure_future(read_then_add_one(memory)) for _ in range(12)]
        async with asyncio.timeout(5), memory.reading() as reading:
            assert (await reading.exec(select(DoorRow.position))).one() == 0

    await asyncio.gather(*waiting)


async def test_what_is_read_stays_as_it_was_while_a_writer_writes(memory: Memory) -> None:
    await put(memory, rows.case("CSF-0001"))

    async with memory.reading() as uow:
        before = len(await find_all(uow))
        await put(memory, rows.case("CSF-0002"))
        meanwhile = len(await find_all(uow))

    assert (before, meanwhile, await count(memory, CaseRow)) == (1, 1, 2)


async def test_what_is_changed_in_a_reading_is_thrown_away(memory: Memory) -> None:
    async with memory.reading() as uow:
        uow.add(rows.case())

    assert await count(memory, CaseRow) == 0


async def test_an_event_of_no_case_is_refused(memory: Memory) -> None:
    with pytest.raises(IntegrityError):
        await put(memory, rows.event("CSF-9999"))


async def test_a_case_with_events_cannot_be_deleted_from_under_them(memory: Memory) -> None:
    await put(memory, rows.case(), rows.event())

    with pytest.raises(IntegrityError):
        async with memory.unit_of_work() as uow:
            await (await uow.connection()).execute(text("DELETE FROM cases"))


@pytest.mark.parametrize("stray", ["COMPLAINT", "nonsense", ""])
async def test_a_stray_word_is_refused_by_the_schema(memory: Memory, stray: str) -> None:
    """Not by the library alone: whoever writes past it is refused too."""
    await put(memory, rows.case())

    with pytest.raises(IntegrityError):
        async with memory.unit_of_work() as uow:
            await (await uow.connection()).execute(text("UPDATE cases SET kind = :stray"), {"stray": stray})


async def test_a_stray_word_is_refused_by_the_library(memory: Memory) -> None:
    values = values_of(rows.case()) | {"kind": "nonsense"}

    with pytest.raises(StatementError):
        async with memory.unit_of_work() as uow:
            await (await uow.connection()).execute(insert(table_of(CaseRow)), values)


async def test_words_are_stored_by_value_and_come_back_as_words(memory: Memory) -> None:
    await put(memory, rows.case(kind=Kind.COMPLIMENT))

    async with memory.reading() as uow:
        raw = (await (await uow.connection()).execute(text("SELECT kind FROM cases"))).scalar_one()
        found = await find(uow, "CSF-0001")
    assert raw == "compliment"
    assert found is not None
    assert found.kind is Kind.COMPLIMENT
    assert found.outcome is None


async def test_moments_come_back_aware_and_in_utc(memory: Memory) -> None:
    summer = timezone(timedelta(hours=1))
    await put(memory, rows.case(received_at=datetime(2026, 7, 1, 0, 30, tzinfo=summer)))

    async with memory.reading() as uow:
        found = await find(uow, "CSF-0001")
    assert found is not None
    assert found.received_at == datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    assert found.received_at.utcoffset() == timedelta(0)


async def test_the_latest_of_several_moments_is_aware_too(memory: Memory) -> None:
    """What an aggregate gives is typed by us, not by the column that the database reports."""
    await put(memory, rows.message("a"), rows.message("b"))

    async with memory.reading() as uow:
        assert (await uow.exec(select(func.max(OutboxRow.due_at)))).one() == NOW


NAIVE: tuple[tuple[str, Callable[[datetime], SQLModel]], ...] = (
    ("case", lambda naive: rows.case(received_at=naive)),
    ("outbox", lambda naive: rows.message("k", now=naive)),
)


@pytest.mark.parametrize(("_name", "row"), NAIVE)
async def test_a_moment_without_a_zone_is_refused(memory: Memory, _name: str, row: Callable[[datetime], SQLModel]) -> None:
    with pytest.raises(StatementError, match="timezone information"):
        await put(memory, row(datetime(2026, 3, 2, 9, 30)))  # noqa: DTZ001 - that is the test


async def test_a_moment_without_a_zone_is_refused_in_a_question_too(memory: Memory) -> None:
    naive = datetime(2026, 3, 2, 9, 30)  # noqa: DTZ001 - that is the test

    async with memory.reading() as uow:
        with pytest.raises(StatementError, match="timezone information"):
            await uow.exec(select(OutboxRow).where(OutboxRow.due_at <= naive))


async def test_the_same_arrival_twice_is_refused(memory: Memory) -> None:
    await put(memory, rows.arrival("same"))

    with pytest.raises(IntegrityError):
        await put(memory, rows.arrival("same", result=LedgerResult.AUTOMATIC))


async def test_any_bytes_are_kept_as_they_came(memory: Memory) -> None:
    every = bytes(range(256)) * 4
    await put(memory, rows.arrival("a", raw=every))

    async with memory.reading() as uow:
        assert (await (await uow.connection()).execute(text("SELECT raw FROM arrival"))).scalar_one() == every


async def test_a_unit_cancelled_half_way_leaves_nothing_and_frees_the_writer(memory: Memory) -> None:
    written = asyncio.Event()

    async def never_ends() -> None:
        filing = Filing()
        filing.add(rows.case("CSF-0001"))
        async with memory.unit_of_work() as uow:
            await write(uow, [filing])
            written.set()
            await asyncio.Event().wait()

    unit = asyncio.ensure_future(never_ends())
    async with asyncio.timeout(5):
        await written.wait()
    unit.cancel()
    await asyncio.gather(unit, return_exceptions=True)

    await put(memory, rows.case("CSF-0002"))
    async with memory.reading() as uow:
        assert [case.reference for case in await find_all(uow)] == ["CSF-0002"]


async def test_a_writer_that_froze_is_not_waited_for_for_ever(
    memory: Memory, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unit_of_work, "BUSY_MILLISECONDS", 50)
    other = open_memory(database_url)

    async with memory.unit_of_work() as uow:
        await uow.get(CaseRow, "CSF-0001")
        with pytest.raises(DBAPIError):
            await put(other, rows.case())

    await put(other, rows.case())
    await other.close()


async def test_rows_read_stay_readable_after_the_commit(memory: Memory) -> None:
    await put(memory, rows.message("a"))

    async with memory.unit_of_work() as uow:
        row = (await uow.exec(select(OutboxRow).where(col(OutboxRow.state) == OutboxState.QUEUED))).one()

    assert row.key == "a"


async def put_door(memory: Memory) -> None:
    async with memory.unit_of_work() as uow:
        uow.add(DoorRow(name="mailbox", since=NOW, moved_at=NOW))


async def test_a_lock_that_was_waited_for_too_long_is_the_databases_trouble(memory: Memory) -> None:
    """PostgreSQL says 55P03 in an error of no class of its own, SQLite that it is locked."""
    if memory.is_sqlite:
        pytest.skip("SQLite's is an OperationalError; the next test and the full disk's hold that")
    async with memory.unit_of_work(), memory.unit_of_work(alone=False) as second:
        connection = await second.connection()
        await connection.execute(text("SELECT set_config('lock_timeout', '50', true)"))
        with pytest.raises(DBAPIError) as waited:
            await connection.execute(text(f"SELECT pg_advisory_xact_lock({unit_of_work.WRITERS_LOCK})"))
        await second.rollback()

    assert not isinstance(waited.value, OperationalError)
    assert unit_of_work.is_the_databases_trouble(waited.value)


async def test_a_bad_row_is_not_the_databases_trouble(memory: Memory) -> None:
    async with memory.unit_of_work() as uow:
        connection = await uow.connection()
        await connection.execute(text("CREATE TABLE one (id integer PRIMARY KEY)"))
        await connection.execute(text("INSERT INTO one VALUES (1)"))
        with pytest.raises(IntegrityError) as twice:
            await connection.execute(text("INSERT INTO one VALUES (1)"))
        await uow.rollback()

    assert not unit_of_work.is_the_databases_trouble(twice.value)
