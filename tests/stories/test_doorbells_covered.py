"""A doorbell that is due again: never by itself in a chat that was emptied, and never before the words that it covers."""

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


async def test_a_letter_that_was_hidden_unread_is_there_again_for_who_asks(town: Town) -> None:
    await told(town)
    sam = town.person(SAM)
    sam.says("hide")
    await town.filed(2)
    await town.at_rest_after(seconds=61)
    assert sam.sees() == []

    sam.says("/check")
    await town.filed(3)

    [rung] = [shown for shown in sam.sees() if shown.text == BELL]
    assert rung.labels() == ["Read it"]
    assert "no one asked me" not in all_words(town), "behind the doorbell"
    sam.presses("Read it")
    await town.filed(4)
    assert "no one asked me" in all_words(town)
    sam.says("/check")
    await town.filed(5)
    assert BELL not in [shown.text for shown in sam.sees()], "once is enough"


async def test_who_had_to_hide_while_reading_reads_on_later(town: Town) -> None:
    await told(town, "private", "Yes, hide it again")
    sam = town.person(SAM)
    sam.presses("Read it")
    await town.filed(4)
    sam.says("hide")
    await town.filed(5)
    await town.at_rest_after(minutes=11)
    assert sam.sees() == []

    sam.says("/check")
    await town.filed(6)
    sam.presses("Read it")
    await town.filed(7)
    assert "no one asked me" in all_words(town)
    await town.at_rest_after(minutes=11)

    assert "no one asked me" not in all_words(town)
    assert [shown.labels() for shown in sam.sees() if shown.text == BELL] == [["Read it"]], "hidden again, as they had asked"


async def test_words_alone_bring_no_letter_back_into_a_chat_that_was_emptied(town: Town) -> None:
    await told(town)
    sam = town.person(SAM)
    sam.says("hide")
    await town.filed(2)

    sam.says("and my sister too")
    await town.filed(3)

    assert BELL not in [shown.text for shown in sam.sees()]


async def test_a_letter_that_was_shown_at_once_is_there_again_for_who_asks(town: Town) -> None:
    """They chose that no doorbell rings: what comes back into a chat that was emptied is one all the same."""
    await told(town, "Parent", "private", "Show it right away")
    sam = town.person(SAM)
    assert "no one asked me" in all_words(town)
    sam.says("hide")
    await town.filed(5)
    assert "no one asked me" not in all_words(town)

    sam.says("/check")
    await town.filed(6)

    [rung] = [shown for shown in sam.sees() if shown.text == BELL]
    assert rung.labels() == ["Read it"]
    assert "no one asked me" not in all_words(town), "behind the doorbell"
    sam.presses("Read it")
    await town.filed(7)
    assert "no one asked me" in all_words(town)
