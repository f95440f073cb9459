"""A panel that is not held, or is passed over because both sides want it: each has a letter of its own, and can be had after all.

SI 2006/1738, regs. 18 and 19; Getting the Best from Complaints, early referral. The notice of stage 2 was received on Friday
23 May 2025, so that the time to ask for a panel ended on Monday 23 June (26 May is a bank holiday).
"""

from datetime import date
from typing import Any

from casework import actions
from casework.decisions import course, discretions
from casework.decisions.discretions import EARLY_REFERRAL, NEW
from casework.recording import correct
from notifications.rendering import render
from procedures.terms import Event, Notice, Procedure
from storage.tables import OutboxRow, TaskKind
from storage.unit_of_work import Memory
from tests.stories.faults.desk import TOWN, Desk
from tests.stories.faults.test_faults_06_to_10 import after_stage_2

NO: dict[str, Any] = {
    "accept": False,
    "why_late": "You told us that you forgot, and we do not blame you.",
    "worth": "Not much: each point was found to be right.",
    "why": "Three people could not give you more than you have.",
}
YES: dict[str, Any] = {"accept": True, "why_late": "", "worth": "", "why": "We know now that you were ill."}
LEARNED = "her doctor writes that she was in hospital in June"
CONFIRMED = dict.fromkeys(EARLY_REFERRAL, "shown by the report of 20 May")


def said(letter: OutboxRow) -> str:
    return " ".join(render(Notice(letter.notice), letter.channel, "en", letter.facts, TOWN.council).text.split())


async def refused(memory: Memory) -> Desk:
    """Asked for on Tuesday 24 June 2025, one day late, and refused that day."""
    desk = Desk(memory)
    await after_stage_2(desk)
    await desk.records(Event.S3_REQUESTED, date(2025, 6, 24), why="the report left out the school")
    await desk.does(discretions.decide_late_panel, **NO)
    return desk


async def test_who_gets_no_panel_hears_what_was_weighed_why_and_how_to_ask_again(memory: Memory) -> None:
    desk = await refused(memory)

    [letter] = await desk.letters(Notice.LATE_PANEL_REFUSED)
    text = said(letter)
    assert "You asked for the next step on Tuesday 24 June." in text and "up to 23 June 2025." in text
    assert "1. Why did you ask later? You told us that you forgot" in text
    assert "2. What could the next step still do? Not much: each point was found to be right." in text
    assert "you will not have the next step." in text and "This is why: Three people could not give you more" in text
    assert "Tell us in any words, and we will look again." in text and "Call 0300 061 0614" in text
    answers = [one for one in await desk.letters(Notice.RESPONSE) if "Three people" in str(one.facts)]
    assert answers == [], "it is no answer to the complaint"
    assert "s3_panel_meets" not in (await desk.told_this_morning(date(2025, 8, 5))).get("officer@council.example", set())


async def test_a_panel_that_was_refused_is_decided_anew_with_what_is_known_now(memory: Memory) -> None:
    """Its thirty working days count from the request (reg. 19(4)) and ended on Tuesday 5 August 2025: no day is promised."""
    desk = await refused(memory)
    desk.today = date(2025, 8, 11)
    decide = discretions.decide_late_panel
    await desk.cannot("--new, what is known now", decide, **YES)
    await desk.does(decide, **YES, new=LEARNED)

    events = await desk.events()
    assert Event.S3_LATE_REFUSED not in events and events[Event.S3_LATE_ACCEPTED] == date(2025, 8, 11)
    [letter] = await desk.letters(Notice.LATE_PANEL_ACCEPTED)
    text = said(letter)
    assert "We looked at this again, with what we know now." in text and "You will have the next step." in text
    assert "5 August" not in text and LEARNED not in text
    assert "s3_panel_meets" in (await desk.told_this_morning(date(2025, 8, 12)))["officer@council.example"]
    async with memory.reading() as uow:
        _, anew = await discretions.decisions_of(uow, desk.reference)
    assert anew.weighed[-1] == {"test": NEW, "weighed": LEARNED, "holds": None}
    await desk.cannot("stands on Monday 11 August 2025", decide, **NO, new=LEARNED)


async def test_a_no_that_is_confirmed_is_told_again_and_keeps_its_first_day(memory: Memory) -> None:
    desk = await refused(memory)
    desk.today = date(2025, 7, 1)
    await desk.does(discretions.decide_late_panel, **NO, new="her sister called and said the same once more")

    assert (await desk.events())[Event.S3_LATE_REFUSED] == date(2025, 6, 24)
    *_, letter = await desk.letters(Notice.LATE_PANEL_REFUSED)
    assert "We looked at this again, with what we know now." in said(letter)


async def test_nothing_is_decided_anew_that_nobody_refused(memory: Memory) -> None:
    desk = Desk(memory)
    await after_stage_2(desk)
    await desk.records(Event.S3_REQUESTED, date(2025, 6, 24), why="the report left out the school")

    await desk.cannot("leave --new out", discretions.decide_late_panel, **YES, new=LEARNED)


async def test_a_panel_that_was_refused_is_an_officers_task_as_soon_as_the_case_is_opened_again(memory: Memory) -> None:
    desk = await refused(memory)
    await desk.does(actions.close, "no panel is held, and they were told")
    desk.today = date(2025, 8, 11)
    await desk.does(course.reopen, "You wrote to us with something new.")

    assert TaskKind.LATE_PANEL in await desk.tasks()
    [letter] = await desk.letters(Notice.REOPENED)
    assert "We had told you that you would not have the next step." in said(letter)
    await desk.does(discretions.decide_late_panel, **YES, new=LEARNED)
    assert TaskKind.LATE_PANEL not in await desk.tasks()


async def test_who_goes_to_the_ombudsman_early_hears_what_was_checked_and_what_happens_next(memory: Memory) -> None:
    desk = Desk(memory)
    await after_stage_2(desk)
    await desk.does(discretions.refer_early, confirmed=CONFIRMED, why="You do not want to wait for a panel.")

    [letter] = await desk.letters(Notice.EARLY_REFERRAL)
    text = said(letter)
    assert "You can go to the Ombudsman now. You do not need to have stage 3 first. You said yes to this" in text
    assert text.count("•") >= 7 or text.count("- ") >= 7, "each criterion"
    assert "This is why: You do not want to wait for a panel." in text and "You ask the Ombudsman. Call 0300 061 0614" in text
    assert "Have you changed your mind? Tell us in any words by 23 June 2025. Then you can still have stage 3." in text
    assert "Is it later than that? Tell us all the same." in text and "shown by the report" not in text


async def test_no_panel_is_promised_once_the_time_to_ask_is_over(memory: Memory) -> None:
    desk = Desk(memory)
    await after_stage_2(desk)
    desk.today = date(2025, 6, 24)
    await desk.does(discretions.refer_early, confirmed=CONFIRMED, why="You do not want to wait for a panel.")

    [letter] = await desk.letters(Notice.EARLY_REFERRAL)
    assert "Tell us in any words. We will see if you can still have stage 3." in said(letter)


async def test_who_asks_for_a_panel_after_all_has_it(memory: Memory) -> None:
    """Thirty working days from Monday 2 June 2025 end on Monday 14 July."""
    desk = Desk(memory)
    await after_stage_2(desk)
    await desk.does(discretions.refer_early, confirmed=CONFIRMED, why="You do not want to wait for a panel.")
    await desk.records(Event.S3_REQUESTED, date(2025, 6, 2), why="she wants the panel after all")

    assert Event.EARLY_REFERRED not in await desk.events()
    assert (await desk.due())["s3_panel_meets"] == date(2025, 7, 14)
    assert "s3_panel_meets" in (await desk.told_this_morning(date(2025, 7, 14)))["officer@council.example"]


async def test_who_had_asked_for_a_panel_before_they_agreed_has_it_back_once_that_is_taken_back(memory: Memory) -> None:
    desk = Desk(memory)
    await after_stage_2(desk)
    await desk.records(Event.S3_REQUESTED, date(2025, 6, 2), why="the report left out the school")
    await desk.does(discretions.refer_early, confirmed=CONFIRMED, why="You do not want to wait for a panel.")
    [letter] = await desk.letters(Notice.EARLY_REFERRAL)
    assert "Tell us in any words. Then you can still have stage 3." in said(letter)
    assert "s3_panel_meets" not in (await desk.told_this_morning(date(2025, 7, 14))).get("officer@council.example", set())
    async with memory.unit_of_work() as uow:
        await correct(uow, desk.reference, Event.EARLY_REFERRED, desk.acting(), on=None, why="she wants the panel after all")

    assert "s3_panel_meets" in (await desk.told_this_morning(date(2025, 7, 14)))["officer@council.example"]


async def test_only_a_procedure_with_a_panel_has_one_to_pass_over(memory: Memory) -> None:
    desk = await Desk(memory).opens(Procedure.CORPORATE)

    await desk.cannot(
        "Only England's statutory procedure", discretions.refer_early, confirmed=CONFIRMED, why="all was upheld here"
    )
