"""One case whose dates lie beyond the calendar stops no command: it is shown with what is known, and all others as ever."""

import asyncio
from datetime import UTC, date, datetime

import pytest

from procedures.terms import Event
from storage.filing import Filing, write
from storage.tables import EventRow
from storage.unit_of_work import open_memory
from tests.commands.hearing import OFFICER, Heard

BEYOND = date(2035, 12, 27)
SAID = f"its dates cannot be counted: 10 working days after {BEYOND} lies outside the calendar"


@pytest.fixture
def both(heard: Heard) -> tuple[Heard, str, str]:
    """One with a later start in the calendar's last week, and another."""
    odd, other = heard.log("--email", "r.green@family.example"), heard.log("--email", "s.blue@family.example")
    asyncio.run(_recorded(heard.database, odd))
    return heard, odd, other


async def _recorded(url: str, reference: str) -> None:
    """As a service with a longer calendar would have recorded it."""
    filing, memory = Filing(), open_memory(url)
    at = datetime(2025, 3, 11, 9, tzinfo=UTC)
    filing.add(
        EventRow(case_reference=reference, name=Event.AGREED_START, happened_on=BEYOND, recorded_at=at, recorded_by=OFFICER)
    )
    try:
        async with memory.unit_of_work() as uow:
            await write(uow, [filing])
    finally:
        await memory.close()


def test_the_list_shows_it_and_every_other(both: tuple[Heard, str, str]) -> None:
    heard, odd, other = both

    listed, said = heard("case", "list", "--json"), heard("case", "list")

    assert (listed.code, said.code) == (0, 0), listed.err + said.err
    found = {one["reference"]: one["not_counted"] for one in listed.json}
    assert found[other] is None
    assert found[odd].startswith(f"10 working days after {BEYOND} lies outside the calendar")
    assert f"{odd}: {SAID}" in said.flat and other in said.out


def test_its_own_page_says_what_is_known_and_what_is_not(both: tuple[Heard, str, str]) -> None:
    heard, odd, _ = both

    page = heard("case", "show", odd)

    assert page.code == 0, page.err
    assert SAID in page.flat and "Nobody has called me back." in page.flat
    clocks = {one["clock"]: one["due"] for one in heard.show(odd)["clocks"]}
    assert clocks["s1_response"] == "2025-03-24"


@pytest.mark.parametrize(
    "words",
    [
        ("remind", "--date", "2034-03-20"),
        ("digest", "--date", "2034-03-20"),
        ("report", "--from", "2025-01-01", "--to", "2025-12-31"),
        ("export-register", "register"),
        ("tasks", "list"),
        ("case", "list", "--date", "2034-03-20"),
    ],
)
def test_no_command_about_all_cases_stops_at_it(both: tuple[Heard, str, str], words: tuple[str, ...]) -> None:
    heard, _, _ = both

    done = heard(*words, person=OFFICER)

    assert done.code == 0, done.err
    assert "lies outside the calendar" not in done.err


def test_check_names_it(both: tuple[Heard, str, str]) -> None:
    heard, odd, other = both

    said = heard("check").flat

    assert f"{odd}: 10 working days after {BEYOND}" in said and other not in said


def test_a_note_can_still_be_taken(both: tuple[Heard, str, str]) -> None:
    heard, odd, _ = both

    noted = heard("case", "note", odd, "The year was mistyped.", person=OFFICER)

    assert noted.code == 0, noted.err
