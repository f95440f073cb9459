"""V17: a holiday that is added inside an open clock moves its date, is noted, and its owner hears; on both databases."""

from dataclasses import replace
from datetime import UTC, date, datetime

from sqlmodel import select

from bot.rehearsal.putting_right import put_right
from casework import actions
from casework.decisions.acknowledging import Acknowledging
from casework.recording import record
from casework.recounting import recount_open_cases, those_not_counted
from notifications.rendering import render
from procedures.terms import Channel, Event, Notice, Outcome, Procedure
from storage import cases
from storage.filing import Filing, write
from storage.tables import DeadlineRow, OutboxRow
from storage.unit_of_work import Memory
from tests.casework.rooms import MANAGER, OFFICE, OFFICER, a_case, acting, opened, told

LATER = acting(at=datetime(2025, 3, 12, 9, tzinfo=UTC))
PROCLAIMED = replace(LATER, office=OFFICE.with_days({date(2025, 3, 20): "Proclaimed holiday"}, frozenset()))


async def due_of(memory: Memory, reference: str) -> dict[str, date]:
    async with memory.reading() as uow:
        return {row.clock: row.due_on for row in await cases.deadlines_of(uow, reference, standing_only=True)}


async def mails(memory: Memory) -> list[tuple[str, str]]:
    async with memory.reading() as uow:
        rows = (await uow.exec(select(OutboxRow).where(OutboxRow.notice == Notice.TROUBLE.value))).all()
    return [(row.recipient, str(row.facts["detail"])) for row in rows]


async def test_a_holiday_added_inside_an_open_clock_moves_its_date_notes_it_and_tells_the_owner(memory: Memory) -> None:
    reference, unowned = await a_case(memory), await a_case(memory)
    async with memory.unit_of_work() as uow:
        await actions.assign(uow, reference, MANAGER.address, LATER)

    moved = await recount_open_cases(memory, PROCLAIMED, "2025-03-20 is a bank holiday")

    assert (await due_of(memory, reference))["s1_response"] == date(2025, 3, 25)
    assert {one.case.reference for one in moved} == {reference, unowned}
    async with memory.reading() as uow:
        notes = [row.note for row in (await cases.events_of(uow, [reference]))[reference] if row.name is Event.NOTED]
    assert "2025-03-20 is a bank holiday: s1 response from 2025-03-24 to 2025-03-25" in notes
    heard = dict(await mails(memory))
    assert reference in heard[MANAGER.address]
    assert unowned not in heard[MANAGER.address]
    assert unowned in heard[OFFICER.address]


async def test_counting_again_without_a_change_moves_nothing_and_tells_nobody(memory: Memory) -> None:
    reference = await a_case(memory)
    before = await due_of(memory, reference)

    assert await recount_open_cases(memory, LATER, "nothing") == []

    assert await due_of(memory, reference) == before
    assert await mails(memory) == []


async def test_a_closed_case_keeps_the_dates_it_was_judged_by(memory: Memory) -> None:
    reference = await a_case(memory)
    async with memory.unit_of_work() as uow:
        await actions.route(uow, reference, Procedure.STATUTORY, "why", acting())
        await put_right(uow, reference, Outcome.UPHELD, "It was so.", "We are sorry.", acting())
        await actions.respond(uow, reference, "Sorry.", Outcome.UPHELD, acting())
        await actions.close(uow, reference, "answered", acting())
    before = await due_of(memory, reference)

    assert await recount_open_cases(memory, PROCLAIMED, "2025-03-20 is a bank holiday") == []

    assert await due_of(memory, reference) == before


async def rows_of(memory: Memory, reference: str, clock: str) -> list[DeadlineRow]:
    async with memory.reading() as uow:
        rows = await uow.exec(select(DeadlineRow).where(DeadlineRow.case_reference == reference, DeadlineRow.clock == clock))
        return sorted(rows.all(), key=lambda row: row.id or 0)


async def notes_of(memory: Memory, reference: str) -> list[str]:
    async with memory.reading() as uow:
        return [row.note for row in (await cases.events_of(uow, [reference]))[reference] if row.name is Event.NOTED]


async def step(memory: Memory, reference: str, event: Event, day: int, why: str) -> None:
    at = datetime(2025, 3, day, 10, tzinfo=UTC)
    async with memory.unit_of_work() as uow:
        await record(uow, reference, event, acting(at=at), why=why)


async def rerouted(memory: Memory, reference: str, procedure: Procedure, day: int) -> None:
    async with memory.unit_of_work() as uow:
        await actions.route(uow, reference, procedure, "read again", acting(at=datetime(2025, 3, day, 11, tzinfo=UTC)))


async def test_a_case_that_is_rerouted_while_extended_is_counted_again_from_its_base_and_its_owner_hears(
    memory: Memory,
) -> None:
    """Received Monday 10, acknowledged Friday 14, extended to Friday 11 April 2025; under the Regulations due Monday 24 March."""
    reference = await a_case(memory)
    await rerouted(memory, reference, Procedure.CORPORATE, 12)
    async with memory.unit_of_work() as uow:
        await actions.assign(uow, reference, MANAGER.address, LATER)
        friday = acting(at=datetime(2025, 3, 14, 10, tzinfo=UTC))
        await actions.acknowledge(uow, reference, Acknowledging(["a"]), friday)
    await step(memory, reference, Event.EXTENDED, 20, "files to read")
    assert (await due_of(memory, reference))["s1_response"] == date(2025, 4, 11)

    await rerouted(memory, reference, Procedure.STATUTORY, 21)
    assert (await due_of(memory, reference))["s1_response"] == date(2025, 3, 24)
    await rerouted(memory, reference, Procedure.CORPORATE, 21)
    assert (await due_of(memory, reference))["s1_response"] == date(2025, 4, 11)

    *_, extended, statutory, again = await rows_of(memory, reference, "s1_response")
    assert (statutory.supersedes, again.supersedes) == (extended.id, statutory.id)
    assert [extended.is_superseded, statutory.is_superseded, again.is_superseded] == [True, True, False]
    assert extended.superseded_why == "corporate to statutory: read again"
    assert (again.rule_id, again.base_event) == ("england.corporate.s1_response@2024-04-01", Event.ACKNOWLEDGED)
    said = "deadline s1_response: from 2025-04-11 to 2025-03-24 (corporate to statutory: read again)"
    assert said in await notes_of(memory, reference)
    assert any(address == MANAGER.address and "2025-03-24" in detail for address, detail in await mails(memory))


async def test_who_moved_a_date_is_not_written_to_about_it(memory: Memory) -> None:
    reference = await a_case(memory)
    await rerouted(memory, reference, Procedure.STATUTORY, 12)
    async with memory.unit_of_work() as uow:
        await actions.assign(uow, reference, OFFICER.address, LATER)
    await step(memory, reference, Event.COMPLEX_DECIDED, 20, "three agencies over two years")

    assert (await due_of(memory, reference))["s1_response"] == date(2025, 4, 7)
    assert await mails(memory) == []


async def test_a_case_that_is_rerouted_while_part_of_it_is_held_keeps_the_hold_and_is_counted_from_its_base(
    memory: Memory,
) -> None:
    reference = await a_case(memory)
    await rerouted(memory, reference, Procedure.STATUTORY, 12)
    filing = Filing()
    filing.add(acting(at=datetime(2025, 3, 13, 10, tzinfo=UTC)).event(reference, Event.PREJUDICE_DECIDED, "issue 2 waits"))
    async with memory.unit_of_work() as uow:
        await write(uow, [filing])
        await actions.recounted(uow, reference, LATER)
    before = await due_of(memory, reference)
    await rerouted(memory, reference, Procedure.CORPORATE, 14)
    assert "hold_letter" not in await due_of(memory, reference)
    await rerouted(memory, reference, Procedure.STATUTORY, 17)

    assert await due_of(memory, reference) == before
    assert before["hold_letter"] == date(2025, 3, 14)
    assert before["s1_response"] == date(2025, 3, 24)


async def test_an_older_case_stays_on_the_older_rule_whenever_it_is_counted_again(memory: Memory) -> None:
    """The thirty days for data-protection complaints began on 19 June 2026; this one came the day before."""
    came = datetime(2026, 6, 18, 9, tzinfo=UTC)
    case, filing = opened(told(received_at=came), now=came)
    reference = case.case.reference
    async with memory.unit_of_work() as uow:
        await write(uow, [filing])
        await actions.route(uow, reference, Procedure.DATA_PROTECTION, "a leaked letter", acting(at=came))
    later = replace(PROCLAIMED, now=datetime(2026, 6, 22, 9, tzinfo=UTC))
    assert await recount_open_cases(memory, later, "2025-03-20 is a bank holiday") == []

    [acknowledgement] = [row for row in await rows_of(memory, reference, "acknowledgement") if not row.is_superseded]
    assert acknowledgement.rule_id == "england.data_protection.acknowledgement@2006-01-01"
    assert acknowledgement.due_on == date(2026, 6, 25)


async def test_a_closure_day_that_comes_later_moves_what_the_council_may_set_and_nothing_else(memory: Memory) -> None:
    """law.md 9.10."""
    statutory, corporate = await a_case(memory), await a_case(memory)
    await rerouted(memory, statutory, Procedure.STATUTORY, 12)
    await rerouted(memory, corporate, Procedure.CORPORATE, 12)
    async with memory.unit_of_work() as uow:
        await actions.acknowledge(uow, corporate, Acknowledging(["a"]), LATER)
    assert (await due_of(memory, corporate))["s1_response"] == date(2025, 3, 26)
    council = replace(OFFICE.council, closure_days=(date(2025, 3, 20), date(2025, 3, 21)))
    closed = replace(LATER, office=replace(OFFICE, council=council).with_days({}, frozenset()))
    await recount_open_cases(memory, closed, "closed on two days")

    assert (await due_of(memory, statutory))["s1_response"] == date(2025, 3, 24)
    assert (await due_of(memory, corporate))["s1_response"] == date(2025, 3, 28)


async def test_a_case_that_cannot_be_counted_keeps_its_dates_is_told_and_holds_up_no_other(memory: Memory) -> None:
    """Its advocate was appointed in the last week that the calendar knows: stage 1 would end beyond it."""
    odd, other = await a_case(memory), await a_case(memory)
    last = OFFICE.calendar.known_until
    async with memory.unit_of_work() as uow:
        await actions.assign(uow, odd, MANAGER.address, LATER)
        filing = Filing()
        filing.add(
            LATER.event(odd, Event.ADVOCATE_REQUESTED, on=date(2025, 3, 10)), LATER.event(odd, Event.ADVOCATE_APPOINTED, on=last)
        )
        await write(uow, [filing])
    before = await due_of(memory, odd)

    moved = await recount_open_cases(memory, PROCLAIMED, "2025-03-20 is a bank holiday")

    assert {one.case.reference for one in moved} == {other}
    assert (await due_of(memory, other))["s1_response"] == date(2025, 3, 25)
    assert await due_of(memory, odd) == before
    assert [(one.case.reference, one.words) for one in await those_not_counted(memory, PROCLAIMED.office)] == [
        (
            odd,
            f"10 working days after {last} lies outside the calendar {PROCLAIMED.office.calendar.version}, which knows bank "
            f"holidays from 2006-01-01 to {last}",
        )
    ]
    [told_of_it] = [detail for to, detail in await mails(memory) if to == MANAGER.address]
    assert odd in told_of_it and other not in told_of_it
    [row] = [one for one in await mail_rows(memory) if one.recipient == MANAGER.address]
    assert "they keep the dates that they had" in render(Notice.TROUBLE, Channel.EMAIL, "en", row.facts, OFFICE.council).text


async def mail_rows(memory: Memory) -> list[OutboxRow]:
    async with memory.reading() as uow:
        return list((await uow.exec(select(OutboxRow).where(OutboxRow.notice == Notice.TROUBLE.value))).all())
