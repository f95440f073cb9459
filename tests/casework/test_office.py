"""A council's own numbers and closure days: they move what the council may set, and nothing that the law sets."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.office import office_of
from bot.settings import SettingsError, load
from casework.clockwork import deadlines_of
from casework.office import Office
from procedures.terms import Event, Form, Kind, Procedure
from storage.unit_of_work import Memory

RECEIVED = {Event.RECEIVED: date(2026, 12, 21)}
ACKNOWLEDGED = {**RECEIVED, Event.ACKNOWLEDGED: date(2026, 12, 22)}
CLOSED = "2026-12-29, 2026-12-30, 2026-12-31"


async def the_office(memory: Memory, **variables: str) -> Office:
    return await office_of(load({f"HEARD_{name.upper()}": value for name, value in variables.items()}), memory)


def due(office: Office, procedure: Procedure, events: dict[Event, date]) -> dict[str, date]:
    return {one.clock: one.due_on for one in deadlines_of(Kind.COMPLAINT, procedure, Form.WRITTEN, events, office)}


async def test_closure_days_move_what_the_council_may_set_and_never_a_date_of_the_law(memory: Memory) -> None:
    """law.md 9.10. Christmas 2026: Friday 25, Monday 28 (for Boxing Day) and Friday 1 January are bank holidays."""
    plain = await the_office(memory)
    closed = await the_office(memory, council_closure_days=CLOSED)

    statutory = due(plain, Procedure.STATUTORY, RECEIVED)["s1_response"]
    assert due(closed, Procedure.STATUTORY, RECEIVED)["s1_response"] == statutory == date(2027, 1, 7)
    assert due(plain, Procedure.CORPORATE, ACKNOWLEDGED)["s1_response"] == date(2027, 1, 8)
    assert due(closed, Procedure.CORPORATE, ACKNOWLEDGED)["s1_response"] == date(2027, 1, 13)


async def test_on_a_closure_day_nobody_is_said_to_be_at_work(memory: Memory) -> None:
    closed = await the_office(memory, council_closure_days=CLOSED)
    noon = datetime(2026, 12, 29, 12, tzinfo=UTC)

    assert not closed.council.is_staffed(noon, closed.open_days)
    assert closed.council.next_staffed(noon, closed.open_days).date() == date(2027, 1, 4)
    assert closed.council.read_by(date(2026, 12, 24), closed.open_days) == date(2027, 1, 4)


async def test_a_number_of_the_councils_own_counts_and_says_whose_it_is(memory: Memory) -> None:
    own = await the_office(memory, council_own_clocks="corporate.s1_response = 15, corporate.acknowledgement = 3")
    found = {one.clock: one for one in deadlines_of(Kind.COMPLAINT, Procedure.CORPORATE, Form.WRITTEN, ACKNOWLEDGED, own)}

    assert found["s1_response"].due_on == date(2027, 1, 15)
    assert found["acknowledgement"].due_on == date(2026, 12, 24)
    assert found["s1_response"].authority.startswith("the council's own policy")


@pytest.mark.parametrize(
    ("name", "given", "mistake"),
    [
        ("own_clocks", "statutory.s1_response = 20", "the law sets this number"),
        ("own_clocks", "corporate.s9_response = 20", "there is no such clock"),
        ("own_clocks", "corporate.s1_response = soon", "wanted clocks with their periods"),
        ("own_clocks", "corporate.s1_response = 0", "1 or more"),
        ("closure_days", "2026-12-29, Christmas", "wanted dates in a list"),
    ],
)
def test_a_number_that_cannot_be_is_a_mistake_in_the_settings(name: str, given: str, mistake: str) -> None:
    with pytest.raises(SettingsError, match=mistake):
        load({f"HEARD_COUNCIL_{name.upper()}": given})


async def test_a_holiday_that_came_later_closes_the_office_too(memory: Memory) -> None:
    office = (await the_office(memory, council_closure_days=CLOSED)).with_days({date(2027, 1, 4): "Proclaimed"}, frozenset())

    assert not office.open_days.is_working_day(date(2027, 1, 4))
    assert not office.open_days.is_working_day(date(2026, 12, 30))
    assert office.calendar.is_working_day(date(2026, 12, 30))
    assert replace(office).open_days is office.open_days
