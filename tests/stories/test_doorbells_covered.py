"""A doorbell that is due again: never in a chat that was emptied meanwhile, and never before the words that it covers."""

from datetime import timedelta

from storage.tables import OutboxRow, OutboxState
from tests.stories.test_private import BELL, SAM, all_words, last, told
from tests.stories.town import Town


async def test_no_doorbell_comes_back_into_a_chat_that_was_emptied(town: Town) -> None:
    await told(town, "private", "Yes, hide it again")
    sam = town.person(SAM)
    sam.presses("Read it")
    await town.filed(4)

    sam.says("hide")
    await town.filed(5)
    await town.at_rest_after(minutes=11)

    assert sam.sees() == []


async def test_words_that_came_late_are_hidden_all_the_same(town: Town) -> None:
    await told(town, "private", "Yes, hide it again")
    sam, rung = town.person(SAM), last(town)
    sam.presses("Read it")
    await town.filed(4)
    assert "no one asked me" in all_words(town)
    async with town.memory.unit_of_work() as uow:
        [read] = [row for row in await town.rows(OutboxRow) if ":read:" in row.key]
        read.state, read.due_at, read.sent_at = OutboxState.QUEUED, town.clock() + timedelta(minutes=15), None
        await uow.merge(read)

    await town.at_rest_after(minutes=11)
    await town.at_rest_after(minutes=5)
    await town.at_rest_after(minutes=60)

    assert "no one asked me" not in all_words(town)
    assert (rung.text, rung.labels()) == (BELL, ["Read it"])
