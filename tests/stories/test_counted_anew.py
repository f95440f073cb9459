"""A council changes a number of its own and starts its service again: the dates of open cases follow, and somebody is told."""

from dataclasses import replace
from datetime import UTC, date, datetime

from procedures.own_numbers import OwnNumber
from procedures.terms import Event, Procedure
from storage.tables import CaseRow, DeadlineRow, EventRow
from tests.stories.letters import mail, text_of
from tests.stories.town import OFFICER, Town

MUM = "r.green@family.example"


async def first_answer(town: Town, reference: str) -> date:
    [row] = await town.rows(DeadlineRow, case_reference=reference, clock="s1_response", is_superseded=False)
    return row.due_on


async def test_a_service_that_starts_with_another_number_counts_open_cases_by_it_and_tells_an_officer(town: Town) -> None:
    """Acknowledged on Wednesday 1 July 2026: ten working days end on Wednesday 15, fifteen on Wednesday 22."""
    await town.opens(chat=False)
    await town.gets(mail(MUM))
    await town.filed(1)
    [case] = await town.rows(CaseRow)
    await town.route(case.reference, Procedure.CORPORATE)
    await town.acknowledge(case.reference)
    await town.at_rest()
    assert await first_answer(town, case.reference) == date(2026, 7, 15)
    await town.closes()

    town.council = replace(town.council, own_clocks=(("corporate", "s1_response", OwnNumber(15)),))
    await town.comes_to(datetime(2026, 7, 2, 5, 0, tzinfo=UTC))
    await town.opens(chat=False)

    async def told() -> str:
        mails = [text_of(one) for one in town.letters_to(OFFICER.address) if "Dates of your cases" in str(one["Subject"])]
        return mails[0] if mails else ""

    said = await town.until(told)
    assert f"{case.reference}: s1 response from 2026-07-15 to 2026-07-22" in said
    assert "the rules have changed (corporate)" in said
    assert await first_answer(town, case.reference) == date(2026, 7, 22)
    notes = [row.note for row in await town.rows(EventRow, case_reference=case.reference) if row.name is Event.NOTED]
    assert "the rules have changed (corporate): s1 response from 2026-07-15 to 2026-07-22" in notes
