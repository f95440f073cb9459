"""What hangs on a case comes in the order in which it was filed, also after a row of it was changed. On both databases."""

from sqlalchemy import text, update

from procedures.terms import Event
from storage import cases
from storage.filing import table_of
from storage.tables import EventRow, PartyRow
from storage.unit_of_work import Memory
from tests.casework.rooms import a_case


async def test_events_and_people_stand_in_the_order_in_which_they_were_filed(memory: Memory) -> None:
    """PostgreSQL gives rows as they lie, and one that was changed lies behind all others: the first became the last."""
    reference = await a_case(memory)
    async with memory.unit_of_work() as uow:
        [party] = (await cases.parties_of(uow, [reference]))[reference]
        [received] = (await cases.events_of(uow, [reference]))[reference]
        uow.add(
            EventRow(
                case_reference=reference,
                name=Event.NOTED,
                happened_on=received.happened_on,
                recorded_at=received.recorded_at,
                recorded_by=received.recorded_by,
            )
        )
        uow.add(PartyRow(case_reference=reference, role=party.role, name="Alex"))
    events, parties = table_of(EventRow), table_of(PartyRow)
    async with memory.reading() as uow:
        recorded = [row.id or 0 for row in (await cases.events_of(uow, [reference]))[reference]]
        people = [row.id or 0 for row in (await cases.parties_of(uow, [reference]))[reference]]
    assert (len(recorded), len(people)) == (2, 2)

    async with memory.unit_of_work() as uow:
        connection = await uow.connection()
        await connection.execute(update(events).where(events.c.id == min(recorded)).values(note="said otherwise"))
        await connection.execute(update(parties).where(parties.c.id == min(people)).values(name="Sam"))
        for table in (events, parties):  # of a few rows that it has counted, PostgreSQL reads all
            await connection.execute(text(f"ANALYZE {table.name}"))

    async with memory.reading() as uow:
        assert [row.id for row in (await cases.events_of(uow, [reference]))[reference]] == sorted(recorded)
        assert [row.id for row in (await cases.parties_of(uow, [reference]))[reference]] == sorted(people)
