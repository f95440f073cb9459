"""A freeze, a transfer and an overrun: each with its guards, its letter and its row, on both databases."""

import re
from datetime import date

from casework.decisions import course, discretions
from notifications.rendering import render
from procedures.terms import Event, Notice
from storage.tables import TaskKind
from storage.unit_of_work import Memory
from tests.stories.faults.desk import TOWN, Desk


async def test_a_change_waits_unless_there_is_a_good_reason_against_and_the_child_is_told(memory: Memory) -> None:
    desk = await Desk(memory).opens()
    await desk.records(Event.FREEZE_ASKED)
    assert TaskKind.FREEZE in await desk.tasks()
    assert (await desk.due())["freeze_decision"] == date(2025, 3, 11)
    decide = discretions.decide_freeze
    await desk.cannot("who told the child", decide, freeze=True, why="the move waits until we know", told_by="")
    await desk.cannot("good reason against", decide, freeze=False, why="the new home is ready now", told_by="Jo Field")

    await desk.does(decide, freeze=True, why="the move waits until we know", told_by="Jo Field")
    assert TaskKind.FREEZE not in await desk.tasks()


async def test_nothing_goes_to_another_body_without_consent_and_what_went_is_no_longer_owed(memory: Memory) -> None:
    desk = await Desk(memory).opens()
    why = "it is about the health visitor"
    await desk.cannot("Without their consent", course.transfer, "Anytown NHS Trust", "", "her letter", why)

    await desk.does(course.transfer, "Anytown NHS Trust", "by email on 3 March", "her letter", why)
    assert Event.TRANSFERRED in await desk.events()
    [told] = [letter for letter in await desk.letters() if "health visitor" in str(letter.facts)]
    text = render(Notice(told.notice), told.channel, "en", told.facts, TOWN.council).text
    assert "Anytown NHS Trust" in text and "for them to answer you now" in text
    for untrue in ("stage", "our answer", "We have looked into"):
        assert untrue not in text, untrue
    assert "s1_response" not in (await desk.told_this_morning(date(2025, 3, 24))).get("officer@council.example", set())


async def test_an_overrun_that_they_agree_to_moves_no_date(memory: Memory) -> None:
    desk = await Desk(memory).opens()
    await desk.cannot("It is due on", course.agree_overrun, date(2025, 3, 20), "she agreed on the telephone")
    await desk.does(course.agree_overrun, date(2025, 4, 30), "she agreed on the telephone")

    assert (await desk.due())["s1_response"] == date(2025, 3, 24)
    [told] = await desk.letters(Notice.EXTENSION)
    assert (told.facts["old_due_on"], told.facts["due_on"]) == ("2025-03-24", "2025-04-30")
    for voice, says in (("child", "You said that we may"), ("adult", "You said that we may"), ("professional", "counts as late")):
        text = render(Notice.EXTENSION, told.channel, "en", {**told.facts, "voice": voice}, TOWN.council).text
        assert says in text and not re.search(r"reg\. 14\(5\)|The law gives us more time|If we miss that date", text), voice
