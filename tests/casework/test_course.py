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
    how, why = "she agreed on the telephone", "we want to hear both people who were there"
    await desk.cannot("It is due on", course.agree_overrun, date(2025, 3, 20), how, why)
    await desk.cannot("how and when they agreed", course.agree_overrun, date(2025, 4, 30), "", why)
    await desk.cannot("--why why it takes longer", course.agree_overrun, date(2025, 4, 30), how, "")
    await desk.does(course.agree_overrun, date(2025, 4, 30), how, why)

    assert (await desk.due())["s1_response"] == date(2025, 3, 24)
    [told] = await desk.letters(Notice.EXTENSION)
    assert (told.facts["old_due_on"], told.facts["due_on"]) == ("2025-03-24", "2025-04-30")
    for voice, says in (("child", "You said that we may"), ("adult", "You said that we may"), ("professional", "counts as late")):
        text = render(Notice.EXTENSION, told.channel, "en", {**told.facts, "voice": voice}, TOWN.council).text
        assert f"This is why: {why}" in text and how not in text
        assert says in text and not re.search(r"reg\. 14\(5\)|The law gives us more time|If we miss that date", text), voice
    async with memory.reading() as uow:
        [kept] = await discretions.decisions_of(uow, desk.reference)
    assert kept.why == why and kept.weighed[1] == {"test": "how they agreed", "weighed": how, "holds": None}


async def at_stage_2(memory: Memory) -> Desk:
    """Answered on 20 March 2025, asked for stage 2 on Tuesday 25 March: day 25 is Thursday 1 May, day 65 Friday 27 June."""
    desk = await Desk(memory).opens()
    await desk.answers(date(2025, 3, 20))
    await desk.records(Event.S2_REQUESTED, date(2025, 3, 25))
    return desk


async def test_an_overrun_agreed_at_stage_2_is_its_delay_notice_and_nothing_asks_for_another(memory: Memory) -> None:
    """They may agree, and still have the right to the reason and the date in writing before day 25 passes (reg. 17(6))."""
    desk = await at_stage_2(memory)
    desk.today = date(2025, 4, 22)
    how, why = "she agreed on the telephone", "two people who were there are ill"
    await desk.does(course.agree_overrun, date(2025, 6, 12), how, why)

    events = await desk.events()
    assert (events[Event.DELAY_NOTICE], events[Event.OVERRUN_AGREED]) == (date(2025, 4, 22), date(2025, 4, 22))
    [told] = await desk.letters(Notice.S2_DELAY)
    assert (told.facts["due_on"], told.facts["reason"]) == ("2025-06-12", why)
    for voice, says in (("child", "You said that we may"), ("adult", "You said that we may"), ("professional", "was agreed")):
        text = render(Notice.S2_DELAY, told.channel, "en", {**told.facts, "voice": voice}, TOWN.council).text
        assert says in text and f"This is why: {why}" in text and how not in text and "We need more time for" not in text, voice
    for day in (date(2025, 4, 30), date(2025, 5, 1), date(2025, 5, 2)):
        await desk.morning(day)
    assert TaskKind.DELAY_NOTICE not in await desk.tasks()
    await desk.records(Event.IO_APPOINTED, date(2025, 5, 2), why="A. Bell")
    assert len(await desk.letters(Notice.S2_DELAY)) == 1


async def test_after_the_delay_notice_an_agreed_overrun_is_told_and_is_no_second_notice(memory: Memory) -> None:
    desk = await at_stage_2(memory)
    await desk.records(Event.DELAY_NOTICE, date(2025, 4, 29), why="two witnesses are ill", until=date(2025, 5, 30))
    how, why = "she agreed on the telephone", "they are still ill, and both must be heard"
    await desk.cannot("is not to come", course.agree_overrun, date(2024, 6, 12), how, why)
    for day in (date(2025, 5, 20), date(2025, 5, 30)):
        await desk.cannot("notice promised Friday 30 May 2025.*17\\(6\\)", course.agree_overrun, day, how, why)
    await desk.does(course.agree_overrun, date(2025, 6, 12), how, why)

    first, second = await desk.letters(Notice.S2_DELAY)
    assert (first.facts.get("agreed"), second.facts["agreed"]) == (None, True)
    assert (second.facts["due_on"], second.facts["reason"]) == ("2025-06-12", why)
    assert (await desk.events())[Event.DELAY_NOTICE] == date(2025, 4, 29)
