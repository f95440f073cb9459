"""What an officer decides is told, whichever way it went: in words for its reader, with its reason and what happens now."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from casework import actions
from casework.acting import Refused
from casework.decisions import discretions
from casework.decisions.discretions import Weighed
from casework.people import appointing
from casework.people.appointing import Newcomer
from casework.recording import record
from notifications.rendering import render
from procedures.people import CaseRole
from procedures.terms import Event, Notice, Procedure, Role
from storage import cases
from storage.filing import Change, Filing, write
from storage.tables import OutboxRow, PartyRole, PartyRow, TaskKind
from storage.unit_of_work import Memory
from tests.casework.test_letters_of_steps import has_an_advocate
from tests.stories.faults.desk import MUM, TOWN, Desk
from tests.stories.faults.test_faults_06_to_10 import after_stage_2

MONDAY = date(2025, 3, 10)


def said(letter: OutboxRow) -> str:
    return " ".join(render(Notice(letter.notice), letter.channel, "en", letter.facts, TOWN.council).text.split())


async def test_who_is_found_close_enough_hears_so_with_the_day_from_which_it_counts(memory: Memory) -> None:
    """SI 2006/1738, reg. 14(3)(a): ten working days from Thursday 13 March end on Thursday 27 March 2025."""
    desk = await Desk(memory).opens()
    desk.today = date(2025, 3, 13)
    await desk.does(discretions.decide_interest, yes=True, why="He stays with you every weekend.")

    [letter] = await desk.letters(Notice.INTEREST_ACCEPTED)
    text = said(letter)
    assert "We think that you are close enough." in text and "This is why: He stays with you every weekend." in text
    assert "The time for our answer starts on 13 March 2025." in text and "You will have our answer by 27 March 2025." in text
    assert await desk.letters(Notice.INTEREST_REFUSED) == []


async def test_no_day_is_promised_while_the_route_is_open(memory: Memory) -> None:
    desk = await Desk(memory).opens(Procedure.UNDECIDED)
    await desk.does(discretions.decide_interest, yes=True, why="He stays with you every weekend.")

    [letter] = await desk.letters(Notice.INTEREST_ACCEPTED)
    assert letter.facts["due_on"] is None and "We will write to you with the date of our answer." in said(letter)


async def test_who_is_late_and_heard_all_the_same_learns_why(memory: Memory) -> None:
    """Received on Monday 10 March 2025: ten working days end on 24 March."""
    desk = await Desk(memory).opens()
    await desk.records(Event.GROUNDS_AROSE, date(2024, 1, 8), why="as she wrote")
    ill, here = Weighed("sooner", "she was ill until May", True), Weighed("fairly", "both workers are here", True)
    why = "You were ill, and we can still ask everyone."
    await desk.does(discretions.decide_late, accept=True, sooner=ill, fairly=here, why=why)

    [letter] = await desk.letters(Notice.LATE_ACCEPTED)
    text = said(letter)
    assert "We will look into it." in text and "You were ill, and we can still ask everyone." in text
    assert "You will have our answer by 24 March 2025." in text


async def test_whether_a_change_waits_is_told_to_child_and_advocate_and_anew_when_it_is_decided_anew(
    memory: Memory,
) -> None:
    desk = await Desk(memory).opens(raised_by=Role.CHILD)
    await has_an_advocate(memory, desk.reference, confirmed_on=MONDAY)
    decide = discretions.decide_freeze
    await desk.does(decide, freeze=True, why="You do well where you are.", told_by="Jo Field")

    child, advocate = await desk.letters(Notice.FREEZE)
    assert "It will wait until we have looked into what you told us." in said(child)
    assert "It waits until the complaint has been considered." in said(advocate)
    assert "You can have someone on your side." in said(child) and "Jo Field" not in said(child)

    desk.today = date(2025, 3, 11)
    why, against = "The home shuts on Friday.", "it has no staff after Friday"
    await desk.does(decide, freeze=False, told_by="Jo Field, on a visit", why=why, against=against)
    *_, again, _ = await desk.letters(Notice.FREEZE)
    text = said(again)
    assert "It will not wait." in text and "This is why: The home shuts on Friday." in text
    assert "If you think this is wrong" in text and "Ombudsman" in text and "Childline" in text


async def test_a_change_decided_twice_on_one_day_is_told_twice(memory: Memory) -> None:
    desk = await Desk(memory).opens(raised_by=Role.CHILD)
    by = desk.acting()
    for hours, freeze in enumerate((False, True)):
        async with memory.unit_of_work() as uow:
            more = {"why": "as we know it now", "told_by": "Jo Field", "against": "the home has no staff"}
            later = replace(by, now=by.now + timedelta(hours=hours))
            await discretions.decide_freeze(uow, desk.reference, later, freeze=freeze, **more)

    assert [one.facts["decision"] for one in await desk.letters(Notice.FREEZE)] == ["goes_on", "waits"]


async def test_a_later_start_says_that_they_asked_and_never_how_it_was_noted(memory: Memory) -> None:
    """SI 2006/1738, reg. 14(4). Ten working days from Monday 7 April 2025, with Easter between, end on Wednesday 23 April."""
    desk = await Desk(memory).opens(raised_by=Role.CHILD)
    async with memory.unit_of_work() as uow:
        await record(uow, desk.reference, Event.AGREED_START, desk.acting(), on=date(2025, 4, 7), why="exams, she wrote to Ravi")

    [letter] = await desk.letters(Notice.LATER_START)
    text = said(letter)
    assert "We start on 7 April 2025." in text and "We said that you would hear by Monday 24 March." in text
    assert "You will have our answer by 23 April 2025." in text
    assert "exams" not in text and "Did you not ask for this?" in text


async def test_whoever_agreed_a_later_start_is_not_told_that_it_counts_from_the_day_on_which_interest_was_decided(
    memory: Memory,
) -> None:
    """SI 2006/1738, reg. 14(3) and (4): it counts from the later of the two, 7 April 2025, and is due on 23 April."""
    desk = await Desk(memory).opens()
    async with memory.unit_of_work() as uow:
        await record(uow, desk.reference, Event.AGREED_START, desk.acting(), on=date(2025, 4, 7), why="exams, she wrote to Ravi")
    desk.today = date(2025, 3, 13)
    await desk.does(discretions.decide_interest, yes=True, why="He stays with you every weekend.")

    [letter] = await desk.letters(Notice.INTEREST_ACCEPTED)
    text = said(letter)
    assert "The time for our answer starts on 7 April 2025. That is the later day that we agreed with you." in text
    assert "starts on 13 March" not in text and "You will have our answer by 23 April 2025." in text


async def test_a_later_start_before_the_advocate_comes_says_that_it_counts_from_the_advocate(memory: Memory) -> None:
    """Reg. 14(3)(b). Ten working days from Thursday 20 March 2025 end on Thursday 3 April."""
    desk = await Desk(memory).opens(raised_by=Role.CHILD)
    await desk.records(Event.ADVOCATE_REQUESTED, date(2025, 3, 12))
    desk.today = date(2025, 3, 20)
    await desk.records(Event.ADVOCATE_APPOINTED, date(2025, 3, 20))
    async with memory.unit_of_work() as uow:
        await record(uow, desk.reference, Event.AGREED_START, desk.acting(), on=date(2025, 3, 17), why="exams, she wrote to Ravi")

    [letter] = await desk.letters(Notice.LATER_START)
    text = said(letter)
    assert "we agreed on 17 March 2025." in text and "You will have our answer by 3 April 2025." in text
    assert "The time for our answer starts on 20 March 2025. That is the day from which an advocate could help." in text


async def test_a_panel_asked_for_late_is_weighed_by_the_next_working_day_whatever_else_the_request_begins(memory: Memory) -> None:
    """targets.toml: Tuesday 24 June 2025, and so Wednesday 25; the two days of its acknowledgement are another matter."""
    desk = Desk(memory)
    await after_stage_2(desk)
    desk.today = date(2025, 6, 24)
    await desk.records(Event.S3_REQUESTED, date(2025, 6, 24), why="the report left out the school")

    async with memory.reading() as uow:
        [task] = [row for row in await cases.tasks(uow) if row.kind is TaskKind.LATE_PANEL]
    assert task.due_at.date() == date(2025, 6, 25)


async def test_a_panel_that_is_held_though_asked_for_late_is_told_with_its_day(memory: Memory) -> None:
    """law.md, V15: thirty working days from Tuesday 24 June 2025."""
    desk = Desk(memory)
    await after_stage_2(desk)
    await desk.records(Event.S3_REQUESTED, date(2025, 6, 24), why="the report left out the school")
    await desk.does(discretions.decide_late_panel, accept=True, why_late="", worth="", why="Our letter lay at an old address.")

    [letter] = await desk.letters(Notice.LATE_PANEL_ACCEPTED)
    text = said(letter)
    assert "You will have the next step." in text and "This is why: Our letter lay at an old address." in text
    assert "You asked for the next step on Tuesday 24 June." in text and "They meet by 5 August 2025." in text


async def test_a_decision_on_a_case_of_the_past_tells_nobody(memory: Memory) -> None:
    desk = await Desk(memory).opens(Procedure.UNDECIDED, is_imported=True)
    await desk.does(actions.route, Procedure.STATUTORY, "read with the file")
    await desk.does(discretions.decide_freeze, freeze=True, why="the move waits until we know", told_by="Jo Field")

    assert await desk.letters(Notice.FREEZE) == []


# The child whom it is about (SI 2006/1738, reg. 12)

NOT_CLOSE: dict[str, Any] = {
    "relation": "his football coach until 2023",
    "welfare": "nothing that touches how he is cared for",
    "child": "he told Sam that he does not want it",
}
TO_KIT = "Your old coach wrote to us. You told Sam that you do not want that."


async def about_a_child(desk: Desk) -> None:
    """A child on the case whom an officer put there, with an address of their own."""
    await desk.does(appointing.add, Newcomer(CaseRole.CHILD, "Kit", "kit@home.example"))


async def test_a_child_who_is_told_of_a_refusal_has_words_of_their_own_and_not_those_for_who_complained(memory: Memory) -> None:
    desk = await Desk(memory).opens()
    await about_a_child(desk)
    why = "You have not seen him since 2023."
    await desk.does(discretions.decide_interest, yes=False, why=why, to_child=TO_KIT, **NOT_CLOSE)

    first, second = await desk.letters(Notice.INTEREST_REFUSED)
    assert (first.recipient, second.recipient) == (MUM, "kit@home.example")
    assert why in said(first) and TO_KIT not in said(first) and "You will get" not in said(first)
    text = said(second)
    assert f"This is why: {TO_KIT}" in text and why not in text
    assert "We do not think that they are close enough." in text and "you are close enough" not in text
    assert "You can tell us yourself, at any age." in text and "Childline" in text and "To stop" not in text
    assert "to_child" not in first.facts and "to_child" not in second.facts
    async with memory.reading() as uow:
        [kept] = await discretions.decisions_of(uow, desk.reference)
    assert {one["test"]: one["weighed"] for one in kept.weighed}["what the child is told"] == TO_KIT


async def test_a_child_who_is_told_of_a_yes_hears_that_they_have_the_answer_who_asked_for_it(memory: Memory) -> None:
    desk = await Desk(memory).opens()
    await about_a_child(desk)
    words = "Your gran wants to see you more. We will ask what you want."
    await desk.does(discretions.decide_interest, yes=True, why="He stays with you every weekend.", to_child=words)

    first, second = await desk.letters(Notice.INTEREST_ACCEPTED)
    assert "This is why: He stays with you every weekend." in said(first)
    assert f"This is why: {words}" in said(second) and "They will have our answer by 24 March 2025." in said(second)
    assert "You can tell us too, in your own words." in said(second) and "You will have our answer" not in said(second)


async def test_without_words_the_child_of_an_advocates_case_hears_of_a_yes_alone_and_never_why_the_advocate_may(
    memory: Memory,
) -> None:
    desk = await Desk(memory).opens(raised_by=Role.ADVOCATE)
    async with memory.unit_of_work() as uow:
        uow.add(PartyRow(case_reference=desk.reference, role=PartyRole.CHILD, name="Kit", address="kit@home.example"))
    await desk.does(discretions.decide_interest, yes=True, why="The file shows that you knew him in 2021.")

    _, child = await desk.letters(Notice.INTEREST_ACCEPTED)
    assert child.recipient == "kit@home.example" and "This is why" not in said(child) and "2021" not in said(child)
    assert "We think that they are close enough." in said(child)


async def test_a_child_who_complains_of_what_is_done_to_another_reads_words_for_a_child_and_no_others(memory: Memory) -> None:
    desk = await Desk(memory).opens(raised_by=Role.CHILD)
    words = "You live far from Kit now. We asked him."
    why = "there is no link between the complainant and the placement"
    await desk.does(discretions.decide_interest, yes=False, why=why, to_child=words, **NOT_CLOSE)

    [letter] = await desk.letters(Notice.INTEREST_REFUSED)
    assert f"This is why: {words}" in said(letter) and why not in said(letter)
    assert "We do not think that you are close enough." in said(letter)


async def test_words_that_no_child_would_read_or_could_follow_are_refused(memory: Memory) -> None:
    desk = await Desk(memory).opens()
    decide, given = discretions.decide_interest, {"yes": False, "why": "You have not seen him since 2023.", **NOT_CLOSE}
    await desk.cannot(r"No child whom we may write to.*person add", decide, to_child=TO_KIT, **given)
    await about_a_child(desk)
    long = "Your old coach wrote to us about the club and the bus and all of the games that you went to with him."
    await desk.cannot(r"23 words; at most 15.*Make two of it", decide, to_child=f"Hello Kit. {long}", **given)

    assert await desk.letters(Notice.INTEREST_REFUSED) == []


async def test_who_complained_and_cannot_be_reached_is_a_task_though_the_child_was_told(memory: Memory) -> None:
    desk = await Desk(memory).opens()
    await about_a_child(desk)
    async with memory.unit_of_work() as uow:
        await write(uow, [Filing(changes=[Change(PartyRow, {"case_reference": desk.reference}, {"is_closed": True})])])
    await desk.does(discretions.decide_interest, yes=False, why="You have not seen him.", to_child=TO_KIT, **NOT_CLOSE)

    assert [one.recipient for one in await desk.letters(Notice.INTEREST_REFUSED)] == ["kit@home.example"]
    assert TaskKind.CANNOT_REACH in await desk.tasks()


@pytest.mark.parametrize("case", ["a child complained", "two children", "one mailbox"])
async def test_words_for_a_child_that_somebody_else_would_read_are_refused(memory: Memory, case: str) -> None:
    """What a child told somebody stands in them: no other child, nor who complained, nor a family's one mailbox is told of it."""
    desk = await Desk(memory).opens(raised_by=Role.CHILD if case == "a child complained" else Role.PARENT)
    await desk.does(appointing.add, Newcomer(CaseRole.CHILD, "Kit", MUM if case == "one mailbox" else "kit@home.example"))
    if case == "two children":
        await desk.does(appointing.add, Newcomer(CaseRole.CHILD, "Ann", "ann@other.example"))

    with pytest.raises(Refused, match="More than one person would read --to-child"):
        await desk.does(discretions.decide_interest, yes=False, why="You have not seen him.", to_child=TO_KIT, **NOT_CLOSE)
    assert await desk.letters(Notice.INTEREST_REFUSED) == []


async def test_a_child_who_was_told_of_a_refusal_is_told_when_it_becomes_a_yes(memory: Memory) -> None:
    desk = await Desk(memory).opens()
    await about_a_child(desk)
    await desk.does(discretions.decide_interest, yes=False, why="You have not seen him.", to_child=TO_KIT, **NOT_CLOSE)
    desk.today = MONDAY + timedelta(days=1)
    anew: dict[str, Any] = {"yes": True, "why": "He stays with you.", "new": "his carer told us of the weekends"}

    with pytest.raises(Refused, match="was told of the refusal, in words of their own"):
        await desk.does(discretions.decide_interest, **anew)
    await desk.does(discretions.decide_interest, to_child="You told us of your weekends.", **anew)

    [letter] = [one for one in await desk.letters(Notice.INTEREST_ACCEPTED) if one.recipient == "kit@home.example"]
    assert "We looked at this again, with what we know now." in said(letter)
    assert "You told us of your weekends." in said(letter)


async def test_where_no_letter_can_go_to_that_child_alone_any_more_a_person_tells_them(memory: Memory) -> None:
    """A second child came onto the case: the decision is made all the same, and nobody reads what was meant for the first."""
    desk = await Desk(memory).opens()
    await about_a_child(desk)
    await desk.does(discretions.decide_interest, yes=False, why="You have not seen him.", to_child=TO_KIT, **NOT_CLOSE)
    await desk.does(appointing.add, Newcomer(CaseRole.CHILD, "Ann", "ann@other.example"))
    desk.today = MONDAY + timedelta(days=1)
    await desk.does(discretions.decide_interest, yes=True, why="He stays with you.", new="his carer told us of the weekends")

    assert [one.recipient for one in await desk.letters(Notice.INTEREST_ACCEPTED)] == [MUM]
    async with memory.reading() as uow:
        told = [row.detail for row in await cases.tasks(uow) if row.kind is TaskKind.CANNOT_REACH]
    assert any("the child was told of the refusal" in one for one in told)


async def test_a_child_who_had_no_first_letter_is_not_told_that_we_look_again(memory: Memory) -> None:
    desk = await Desk(memory).opens()
    await about_a_child(desk)
    await desk.does(discretions.decide_interest, yes=False, why="You have not seen him.", **NOT_CLOSE)
    desk.today = MONDAY + timedelta(days=1)
    again: dict[str, Any] = {"new": "he wrote to us again today", "to_child": TO_KIT, **NOT_CLOSE}
    await desk.does(discretions.decide_interest, yes=False, why="Nothing else is known.", **again)

    found = [(one.recipient, "We looked at this again" in said(one)) for one in await desk.letters(Notice.INTEREST_REFUSED)]
    assert found == [(MUM, False), (MUM, True), ("kit@home.example", False)]
