"""What dates are counted by has changed: open cases are counted anew at the next sweep, which says from what to what and why."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlmodel import select

from casework import actions, recounting
from casework.counted_by import count_by_what_holds_now, what_holds
from casework.decisions.acknowledging import Acknowledging
from casework.office import Office
from procedures.rulebook import Rulebook, read_rulebook
from procedures.terms import Event, Kind, Notice, Outcome, Procedure
from storage import cases
from storage.tables import CaseRow, CountedByRow, DeadlineRow, OutboxRow
from storage.unit_of_work import Memory
from tests.casework.rooms import MANAGER, OFFICE, OFFICER, a_case, acting
from tests.registers.shelf import bring_in, complaint, full
from tests.registers.shelf import write as write_register

TUESDAY = datetime(2025, 3, 11, 6, tzinfo=UTC)
OWN_NUMBERS = replace(OFFICE, rulebook=read_rulebook({"corporate": {"s1_response": 15}}))
"""The council has published fifteen working days for its first answer."""


def with_rule(clock: str, procedure: Procedure, **otherwise: object) -> Office:
    """The office whose law book reads otherwise in one clock, as one that was mended."""
    rules = [
        replace(rule, **otherwise)  # type: ignore[arg-type]  # whatever a test gives
        if (rule.nation, rule.procedure, rule.name) == ("england", procedure, clock)
        else rule
        for rule in OFFICE.rulebook.clocks
    ]
    return replace(OFFICE, rulebook=Rulebook(tuple(rules)))


async def a_corporate_case(memory: Memory) -> str:
    """Received on Monday 10 March 2025, acknowledged on Wednesday 12: ten working days end on Wednesday 26."""
    reference = await a_case(memory)
    at = datetime(2025, 3, 12, 10, tzinfo=UTC)
    async with memory.unit_of_work() as uow:
        await actions.route(uow, reference, Procedure.CORPORATE, "a fence of the council", acting(at=at))
        await actions.assign(uow, reference, MANAGER.address, acting(at=at))
        await actions.acknowledge(uow, reference, Acknowledging(["The fence."]), acting(at=at))
    return reference


async def due_of(memory: Memory, reference: str, clock: str = "s1_response") -> date:
    async with memory.reading() as uow:
        [row] = [one for one in await cases.deadlines_of(uow, reference, standing_only=True) if one.clock == clock]
    return row.due_on


async def notes_of(memory: Memory, reference: str) -> list[tuple[str, str]]:
    async with memory.reading() as uow:
        rows = (await cases.events_of(uow, [reference]))[reference]
    return [(row.recorded_by, row.note) for row in rows if row.name is Event.NOTED]


async def mails(memory: Memory) -> list[tuple[str, str]]:
    async with memory.reading() as uow:
        rows = (await uow.exec(select(OutboxRow).where(OutboxRow.notice == Notice.TROUBLE.value))).all()
    return [(row.recipient, str(row.facts["detail"])) for row in rows]


async def test_a_number_that_the_council_set_anew_moves_its_open_cases_and_says_from_what_to_what_and_why(memory: Memory) -> None:
    """Fifteen working days after Wednesday 12 March 2025 end on Wednesday 2 April."""
    reference = await a_corporate_case(memory)
    await count_by_what_holds_now(memory, OFFICE, TUESDAY)

    moved = await count_by_what_holds_now(memory, OWN_NUMBERS, TUESDAY)

    assert moved == 1
    assert await due_of(memory, reference) == date(2025, 4, 2)
    said = "the rules have changed (corporate): s1 response from 2025-03-26 to 2025-04-02"
    assert ("service", said) in await notes_of(memory, reference)
    assert await mails(memory) == [
        (MANAGER.address, f"the rules have changed (corporate); {reference}: s1 response from 2025-03-26 to 2025-04-02")
    ]


async def test_a_rule_file_that_was_mended_moves_the_cases_of_its_procedure_and_no_other(memory: Memory) -> None:
    """Eleven working days after Monday 10 March 2025 end on Tuesday 25."""
    corporate, statutory = await a_corporate_case(memory), await a_case(memory)
    async with memory.unit_of_work() as uow:
        await actions.route(uow, statutory, Procedure.STATUTORY, "read with the file", acting())
    await count_by_what_holds_now(memory, OFFICE, TUESDAY)

    await count_by_what_holds_now(memory, with_rule("s1_response", Procedure.STATUTORY, working_days=11), TUESDAY)

    assert (await due_of(memory, statutory), await due_of(memory, corporate)) == (date(2025, 3, 25), date(2025, 3, 26))
    assert OFFICER.address in dict(await mails(memory))


async def test_a_closure_day_in_the_settings_moves_what_the_council_may_set_and_nothing_that_the_law_sets(memory: Memory) -> None:
    """Closed on Thursday 20 March 2025: the first answer is due on Thursday 27; under the Regulations still on Monday 24."""
    corporate, statutory = await a_corporate_case(memory), await a_case(memory)
    async with memory.unit_of_work() as uow:
        await actions.route(uow, statutory, Procedure.STATUTORY, "read with the file", acting())
    await count_by_what_holds_now(memory, OFFICE, TUESDAY)
    closed = replace(OFFICE, council=replace(OFFICE.council, closure_days=(date(2025, 3, 20),)))

    await count_by_what_holds_now(memory, closed.with_days({}, frozenset()), TUESDAY)

    assert (await due_of(memory, corporate), await due_of(memory, statutory)) == (date(2025, 3, 27), date(2025, 3, 24))
    assert any(note.startswith("the days that count have changed: ") for _, note in await notes_of(memory, corporate))


async def test_a_clock_that_was_added_runs_for_open_cases_from_then_on(memory: Memory) -> None:
    without = replace(OFFICE, rulebook=Rulebook(tuple(one for one in OFFICE.rulebook.clocks if one.name != "s1_response")))
    reference = await a_corporate_case(memory)
    await count_by_what_holds_now(memory, without, TUESDAY)

    await count_by_what_holds_now(memory, OFFICE, TUESDAY)

    assert await due_of(memory, reference) == date(2025, 3, 26)
    assert any("s1 response from no date to 2025-03-26" in note for _, note in await notes_of(memory, reference))


async def test_where_nothing_has_changed_nothing_is_counted_noted_or_told(memory: Memory) -> None:
    reference = await a_corporate_case(memory)
    before = await notes_of(memory, reference)
    first = await count_by_what_holds_now(memory, OFFICE, TUESDAY)

    again = await count_by_what_holds_now(memory, OFFICE, datetime(2025, 3, 12, 6, tzinfo=UTC))

    assert (first, again) == (0, 0)
    assert await notes_of(memory, reference) == before
    assert await mails(memory) == []
    async with memory.reading() as uow:
        kept = {row.part: (row.version, row.since) for row in await uow.exec(select(CountedByRow))}
    assert {part: version for part, (version, _) in kept.items()} == what_holds(OFFICE)
    assert {since for _, since in kept.values()} == {TUESDAY}


def said_to_the_writer(memory: Memory) -> list[str]:
    """What is asked of the one connection that writes, from now on."""
    said: list[str] = []

    def hear(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        said.append(statement)

    event.listen(memory.writer.sync_engine, "before_cursor_execute", hear)
    return said


async def test_where_no_date_moves_everything_is_counted_beside_the_writer(memory: Memory) -> None:
    """Nobody else writes while a unit of work is open: none is opened to count."""
    for _ in range(5):
        await a_corporate_case(memory)
    await count_by_what_holds_now(memory, OFFICE, TUESDAY)
    said = said_to_the_writer(memory)

    nothing_moves = with_rule("s1_response", Procedure.CORPORATE, answers=False)
    assert what_holds(nothing_moves) != what_holds(OFFICE)
    assert await count_by_what_holds_now(memory, nothing_moves, TUESDAY) == 0

    assert any("counted_by" in one for one in said)
    assert [one for one in said if "FROM deadline" in one or "FROM event" in one] == []


async def test_cases_are_moved_a_few_at_a_time_and_their_owner_hears_once(
    memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recounting, "AT_ONCE", 2)
    references = [await a_corporate_case(memory) for _ in range(5)]
    await count_by_what_holds_now(memory, OFFICE, TUESDAY)
    said = said_to_the_writer(memory)

    assert await count_by_what_holds_now(memory, OWN_NUMBERS, TUESDAY) == 5

    assert {await due_of(memory, reference) for reference in references} == {date(2025, 4, 2)}
    assert len([one for one in said if one.startswith("INSERT INTO event")]) == 3
    [(owner, detail)] = await mails(memory)
    assert owner == MANAGER.address
    assert all(reference in detail for reference in references)
    assert await count_by_what_holds_now(memory, OWN_NUMBERS, TUESDAY) == 0
    assert len(await mails(memory)) == 1


async def test_what_broke_off_between_two_groups_is_done_to_its_end_the_next_time(
    memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recounting, "AT_ONCE", 2)
    references = [await a_corporate_case(memory) for _ in range(3)]
    await count_by_what_holds_now(memory, OFFICE, TUESDAY)
    monkeypatch.setattr(recounting, "LISTED", "none")  # the letter to the owner, in the last unit, cannot be made
    with pytest.raises(TypeError):
        await count_by_what_holds_now(memory, OWN_NUMBERS, TUESDAY)
    assert sorted([await due_of(memory, one) for one in references]) == [date(2025, 3, 26), date(2025, 4, 2), date(2025, 4, 2)]
    monkeypatch.setattr(recounting, "LISTED", 40)

    assert await count_by_what_holds_now(memory, OWN_NUMBERS, TUESDAY) == 1

    assert {await due_of(memory, one) for one in references} == {date(2025, 4, 2)}
    said = "the rules have changed (corporate): s1 response from 2025-03-26 to 2025-04-02"
    assert [(await notes_of(memory, one)).count(("service", said)) for one in references] == [1, 1, 1]
    assert len(await mails(memory)) == 1


async def test_a_word_of_a_rule_that_was_mended_counts_nothing_anew(memory: Memory) -> None:
    await a_corporate_case(memory)
    await count_by_what_holds_now(memory, OFFICE, TUESDAY)
    said = said_to_the_writer(memory)
    words = {"note": "Spelt rightly.", "plain": "The day is", "authority": "Code, paragraph 1.1", "check": True}

    assert await count_by_what_holds_now(memory, with_rule("s1_response", Procedure.CORPORATE, **words), TUESDAY) == 0

    assert said == []


async def test_the_first_start_after_an_import_moves_nothing_of_the_register(memory: Memory, tmp_path: Path) -> None:
    """Its open complaint has had its dates since it was taken in; what a member asked, and nobody closed there, gets none."""
    rows = [
        {"reference": "E1", "kind": "enquiry", "received_on": "2026-03-02"},
        complaint("C1", "2026-03-02"),
    ]
    assert (await bring_in(memory, write_register(tmp_path, cases=full(rows)))).added == 2

    assert await count_by_what_holds_now(memory, OFFICE, datetime(2026, 11, 23, 6, tzinfo=UTC)) == 0

    async with memory.reading() as uow:
        standing = {row.case_reference for row in await uow.exec(select(DeadlineRow))}
        kinds = {row.reference: row.kind for row in await uow.exec(select(CaseRow))}
    assert {kinds[reference] for reference in standing} == {Kind.COMPLAINT}
    assert set(kinds.values()) == {Kind.COMPLAINT, Kind.ENQUIRY}
    assert await mails(memory) == []


async def test_another_rule_that_gives_the_same_date_is_kept_and_told_to_nobody(memory: Memory) -> None:
    reference = await a_corporate_case(memory)
    await count_by_what_holds_now(memory, OFFICE, TUESDAY)
    since = date(2024, 4, 2)

    moved = await count_by_what_holds_now(memory, with_rule("s1_response", Procedure.CORPORATE, applies_from=since), TUESDAY)

    async with memory.reading() as uow:
        [row] = [one for one in await cases.deadlines_of(uow, reference, standing_only=True) if one.clock == "s1_response"]
    assert (moved, row.rule_id, row.due_on) == (0, "england.corporate.s1_response@2024-04-02", date(2025, 3, 26))
    assert await mails(memory) == []


async def test_a_closed_case_keeps_the_dates_it_was_judged_by(memory: Memory) -> None:
    reference = await a_corporate_case(memory)
    at = acting(at=datetime(2025, 3, 13, 10, tzinfo=UTC))
    async with memory.unit_of_work() as uow:
        await actions.respond(uow, reference, "We do not agree, and this is why.", Outcome.NOT_UPHELD, at)
        await actions.close(uow, reference, "answered", at)
    await count_by_what_holds_now(memory, OFFICE, TUESDAY)

    assert await count_by_what_holds_now(memory, OWN_NUMBERS, TUESDAY) == 0
    assert await due_of(memory, reference) == date(2025, 3, 26)
