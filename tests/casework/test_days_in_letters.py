"""The days that a letter names are those of the answer at its stage, whatever the nation calls that clock."""

from datetime import date

from casework import actions
from casework.decisions import discretions
from casework.decisions.acknowledging import Acknowledging
from casework.decisions.discretions import Weighed
from procedures.steps import words_of
from procedures.terms import Event, Notice, Procedure
from storage.unit_of_work import Memory
from tests.casework.test_nations_at_work import opened, words
from tests.stories.faults.desk import Desk

ILL = Weighed("sooner", "they were in hospital until the winter", holds=True)
FOUND = Weighed("fairly", "the file is whole and both workers are here", holds=True)


async def test_in_wales_who_asked_for_an_advocate_reads_the_day_that_stands_and_then_the_new_one(memory: Memory) -> None:
    """SI 2014/1795 (W), reg. 17: ten working days from Monday 10 March 2025 end on the 24th, from the 20th on 3 April."""
    desk = await opened(memory, "wales")
    await desk.does(actions.acknowledge, Acknowledging(["Nobody called."]))
    await desk.records(Event.ADVOCATE_REQUESTED, date(2025, 3, 12))
    assert "Until then the date stays as it is: 24 March 2025." in await words(desk, Notice.ADVOCATE_PENDING)

    await desk.records(Event.ADVOCATE_APPOINTED, date(2025, 3, 20))
    assert "The new date for our reply is 3 April 2025." in await words(desk, Notice.ADVOCATE_PENDING)


async def test_in_northern_ireland_who_goes_another_way_reads_the_day_of_its_one_answer(memory: Memory) -> None:
    """SR 1996/451: twenty-eight days from Monday 10 March end on Monday 7 April 2025."""
    desk = await opened(memory, "northern_ireland", Procedure.CORPORATE)
    await desk.does(actions.route, Procedure.STATUTORY, "it is about a child whom we look after")

    told = await words(desk, Notice.REROUTED)
    assert "The new date for our reply is 7 April 2025." in told


async def test_who_goes_another_way_at_stage_2_reads_the_day_of_stage_2(memory: Memory) -> None:
    """SI 2006/1738, reg. 17(3): asked on Monday 24 March 2025, twenty-five working days over Easter end on 30 April."""
    desk = await Desk(memory).opens(Procedure.CORPORATE)
    await desk.does(actions.acknowledge, Acknowledging(["Nobody called."]))
    await desk.answers(date(2025, 3, 20))
    await desk.records(Event.S2_REQUESTED, date(2025, 3, 24))
    await desk.does(actions.route, Procedure.STATUTORY, "it is about a child in need")

    told = await words(desk, Notice.REROUTED)
    assert "The new date for our reply is 30 April 2025." in told


async def test_a_day_that_has_passed_is_promised_to_nobody_who_goes_another_way(memory: Memory) -> None:
    desk = await Desk(memory).opens(Procedure.CORPORATE)
    desk.today = date(2025, 3, 26)
    await desk.does(actions.route, Procedure.STATUTORY, "it is about a child in need")

    assert "The new date" not in await words(desk, Notice.REROUTED)


async def test_in_scotland_what_is_late_and_heard_all_the_same_came_after_six_months(memory: Memory) -> None:
    desk = await opened(memory, "scotland")
    await desk.records(Event.GROUNDS_AROSE, date(2024, 9, 2), why="their letter")
    await desk.does(discretions.decide_late, accept=True, sooner=ILL, fairly=FOUND, why="they could not write before")

    told = await words(desk, Notice.LATE_ACCEPTED)
    assert "was more than six months ago" in told and "a year" not in told


def test_the_history_says_nowhere_that_somebody_agreed_where_the_law_asks_for_nobodys_agreement() -> None:
    assert words_of(Event.SKIP_S1_AGREED) == "straight to stage 2"


async def test_what_was_closed_is_refused_by_its_rule_and_with_the_way_to_take_it_up(memory: Memory) -> None:
    desk = await Desk(memory).opens()
    await desk.answers(date(2025, 3, 20))
    await desk.does(actions.close, "answered, and they are content")

    rule = r"closed on Thursday 20 March 2025.*\(the council's own rule\).*heard decide reopen"
    await desk.cannot(rule, actions.assign, "officer@council.example")
