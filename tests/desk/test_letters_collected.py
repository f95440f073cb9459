"""Three hundred letters of people and machines, each named for what it is; letters.toml says what must become of it."""

from collections.abc import Callable

import pytest
from sqlmodel import select

from intake.arrival import Letter
from intake.letters import read_letter
from intake.reception import Reception
from storage.inbound import DoorStep
from storage.tables import ArrivalRow
from storage.unit_of_work import Memory
from tests.casework.rooms import MONDAY, OFFICE
from tests.desk.letters import BOUNDARY, DOOR, NAMES, OURS, arrivals, expected

FIELDS: dict[str, Callable[[Letter], object]] = {
    "words": lambda letter: letter.words,
    "length": lambda letter: len(letter.words),
    "is_quoted": lambda letter: bool(letter.quoted),
    "subject": lambda letter: letter.subject,
    "sender": lambda letter: letter.sender,
    "automatic": lambda letter: letter.automatic_reason,
    "failed": lambda letter: [letter.failed_message_id, letter.failed_recipient, letter.failure_is_permanent],
    "authentication": lambda letter: letter.authentication,
    "attachments": lambda letter: [file.name for file in letter.attachments],
}


def test_every_letter_says_what_must_become_of_it() -> None:
    assert sorted(expected()) == NAMES
    assert len(NAMES) >= 150
    assert all(set(told) - {"has", "becomes"} <= set(FIELDS) and "becomes" in told for told in expected().values())


@pytest.mark.parametrize("name", NAMES)
def test_a_letter_is_read_for_what_it_is(name: str) -> None:
    letter: Letter = read_letter(arrivals()[NAMES.index(name)], boundary=BOUNDARY, our_addresses=OURS)
    told = expected()[name]

    assert {field: FIELDS[field](letter) for field in FIELDS if field in told} == {
        field: value for field, value in told.items() if field in FIELDS
    }
    assert told.get("has", "") in letter.words


async def test_every_letter_is_one_row_of_the_ledger_however_often_it_comes(memory: Memory) -> None:
    """As fetched, and fetched again from a mailbox that was numbered anew."""
    reception = Reception(memory, lambda: OFFICE, BOUNDARY, OURS, reads_apart=True)
    step = DoorStep(DOOR, "1", len(NAMES), MONDAY, MONDAY)

    first = await reception.admit(arrivals(), MONDAY, step)
    again = await reception.admit(arrivals(validity="2"), MONDAY)
    await reception.aclose()

    assert {name: one.result for name, one in zip(NAMES, first, strict=True)} == {
        name: told["becomes"] for name, told in expected().items()
    }
    assert [one for one in again if one.result is not None] == []
    async with memory.reading() as uow:
        rows = (await uow.exec(select(ArrivalRow))).all()
    assert {(row.position, bytes(row.raw)) for row in rows} == {(each.position, each.raw) for each in arrivals()}
    assert len(rows) == len(NAMES)
