"""What staff may do to a case in which state: a table written from the law, held cell by cell, and the rule of every no.

The commands that are no plain step (`tests/law/test_permitted.py` has those): holds, decisions, issues, remedies, drafts, joint
and linked cases, plans, actions, and what begins and ends a case. `y`: with good reasons it is done there; `-`: it is refused.
"""

import csv
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from casework import actions
from casework.acting import Refused, the_case
from casework.issues import remedies
from procedures.terms import Notice, Procedure
from storage import cases
from storage.tables import METADATA
from storage.unit_of_work import Memory
from tests.casework.command_states import COMMANDS, STATES, Command, Place, finds, interest_refused, late_refused
from tests.law.test_refusals_cite import CITED

TABLE = Path(__file__).parents[1] / "law" / "permitted_commands.csv"
BOTH = pytest.mark.parametrize("backend", ["sqlite", pytest.param("postgresql", marks=pytest.mark.prove)], indirect=True)
"""What is refused hangs on no database: the second is tried with the long proofs."""


LAW_OF_AN_ANSWER = {
    Procedure.CORPORATE: r"LGSCO Complaint Handling Code 2024, 6\.3",
    Procedure.DATA_PROTECTION: r"Data Protection Act 2018, s\. 164A",
}


class Undone(Exception):
    """It may be done, and is taken back, so that the next command finds the case as it stood."""


def table() -> dict[str, dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {row.pop("command"): row for row in csv.DictReader(file)}


async def why_not(place: Place, command: Command) -> str:
    """The words of the refusal; empty where it may be done."""
    try:
        async with place.memory.unit_of_work() as uow:
            await command(uow, place)
            raise Undone
    except Undone:
        return ""
    except Refused as refused:
        return str(refused)


async def every_row(memory: Memory) -> dict[str, list[str]]:
    """Every row of every table."""
    async with memory.reading() as uow:
        connection = await uow.connection()
        return {one.name: sorted(map(repr, await connection.execute(select(one)))) for one in METADATA.sorted_tables}


@BOTH
@pytest.mark.parametrize("state", STATES)
async def test_a_command_does_in_this_state_what_the_law_lets_it_do_else_it_names_its_rule_and_changes_nothing(
    memory: Memory, state: str
) -> None:
    place = Place(memory)
    await STATES[state](place)
    before = await every_row(memory)

    said = {name: await why_not(place, command) for name, command in COMMANDS.items()}

    assert {name: "-" if refused else "y" for name, refused in said.items()} == {
        name: cells[state] for name, cells in table().items()
    }
    assert [f"{name}: {refused}" for name, refused in said.items() if refused and not CITED.search(refused)] == []
    assert await every_row(memory) == before


@BOTH
@pytest.mark.parametrize("state", ["transferred", "late_refused", "interest_refused"])
async def test_what_ended_with_a_letter_of_its_own_is_closed_without_another(memory: Memory, state: str) -> None:
    """The closing letter tells what our answer found and what comes after it; here none was given."""
    place = Place(memory)
    await STATES[state](place)

    await place.does(actions.close, "there is nothing left to do")

    async with memory.reading() as uow:
        assert Notice.CLOSURE not in {row.notice for row in await cases.sent_of(uow, place.reference)}


@pytest.mark.parametrize(
    ("refused", "procedure"),
    [
        (interest_refused, Procedure.CORPORATE),
        (interest_refused, Procedure.DATA_PROTECTION),
        (late_refused, Procedure.DATA_PROTECTION),
    ],
)
async def test_what_was_refused_under_one_procedure_and_taken_up_under_another_is_closed_only_after_an_answer(
    memory: Memory, refused: Callable[[Place], Awaitable[None]], procedure: Procedure
) -> None:
    """They were told a new day of an answer: a refusal ends nothing under a procedure that does not know it."""
    place = Place(memory)
    await refused(place)
    await place.does(actions.route, procedure, "read again with the file")
    before = await every_row(memory)

    with pytest.raises(
        Refused, match=rf"has had no answer\. A complaint is closed after its answer \({LAW_OF_AN_ANSWER[procedure]}\)"
    ):
        await place.does(actions.close, "there is nothing left to do")

    assert await every_row(memory) == before
    await finds(place)
    await place.does(actions.respond, "This is what we found.", None)
    for remedy in (place.remedy - 1, place.remedy):
        await place.does(remedies.give, remedy)
    await place.does(actions.close, "answered")
    async with memory.reading() as uow:
        told = [row.notice for row in await cases.sent_of(uow, place.reference)]
        assert (await the_case(uow, place.reference)).closed_on == place.today
    assert told[-2:] == [Notice.RESPONSE, Notice.CLOSURE]


def test_the_table_has_a_row_for_every_command_a_column_for_every_state_and_one_of_two_words_in_every_cell() -> None:
    rows = table()

    assert list(rows) == list(COMMANDS)
    for cells in rows.values():
        assert list(cells) == list(STATES)
        assert set(cells.values()) <= {"y", "-"}
