"""Something is about to change this week: that is why children write, and whether it waits is decided the next working day."""

import pytest

from intake.classification.commands import says_about_to_change
from storage import cases
from storage.tables import TaskKind
from storage.unit_of_work import Memory
from tests.desk.test_reception import letter, post


@pytest.mark.parametrize(
    "words",
    [
        "they are moving me on friday and no one told me why",
        "I don’t want to go. I am being moved tomorrow.",
        "They say we have to leave our foster home this week",
        "You are ending my placement in two days",
        "The council is stopping our short breaks on Monday",
        "they want to send him back tonight",
    ],
)
def test_words_that_say_it_is_soon(words: str) -> None:
    assert says_about_to_change(words)


@pytest.mark.parametrize(
    "words",
    [
        "They moved me last year and nobody told me why.",
        "My worker never calls on Friday.",
        "I want to move. Call me tomorrow.",
        "the home is cold",
    ],
)
def test_words_that_do_not(words: str) -> None:
    assert not says_about_to_change(words)


async def test_it_is_a_task_with_a_clock_from_the_first_second(memory: Memory) -> None:
    """Received on Monday 10 March 2025: to be decided by Tuesday 11."""
    [arrived] = await post(
        memory, letter("They are moving my daughter on Friday. Moving her on Friday is wrong. I want to complain.")
    )
    async with memory.reading() as uow:
        kinds = {row.kind for row in await cases.tasks(uow, reference=arrived.reference)}
        due = {row.clock: str(row.due_on) for row in await cases.deadlines_of(uow, arrived.reference or "", standing_only=True)}

    assert TaskKind.FREEZE in kinds
    assert due["freeze_decision"] == "2025-03-11"
