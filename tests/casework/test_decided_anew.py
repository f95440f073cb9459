"""A refusal is decided anew where something is known that was not: the letter promised it (SI 2006/1738, regs. 9, 12)."""

from datetime import date
from typing import Any

from casework import actions
from casework.decisions import course, discretions
from casework.decisions.discretions import NEW, Weighed
from notifications.rendering import render
from procedures.terms import Event, Notice, Role
from storage import cases
from storage.tables import OutboxRow, TaskKind
from storage.unit_of_work import Memory
from tests.stories.faults.desk import TOWN, Desk

NOT_CLOSE: dict[str, Any] = {
    "relation": "his great aunt, who met him once",
    "welfare": "it is about her own letters",
    "child": "he was asked and does not know her",
}
LEARNED = "his school says that she collects him each day"
ILL = Weighed("sooner", "She was in hospital until May 2024.", holds=True)
GONE = Weighed("fairly", "Both workers have left, and no record was kept.", holds=False)
FOUND = Weighed("fairly", "One worker is back, and her notes are here.", holds=True)


def said(letter: OutboxRow) -> str:
    return " ".join(render(Notice(letter.notice), letter.channel, "en", letter.facts, TOWN.council).text.split())


async def no_interest(memory: Memory) -> Desk:
    """Received on Monday 10 March 2025, refused that day."""
    desk = await Desk(memory).opens(raised_by=Role.RELATIVE)
    await desk.does(discretions.decide_interest, yes=False, why="she is no part of his life", **NOT_CLOSE)
    return desk


async def too_late(memory: Memory) -> Desk:
    """Received on Monday 10 March 2025, of what happened on 15 January 2024; refused on the day it came."""
    desk = await Desk(memory).opens()
    await desk.records(Event.GROUNDS_AROSE, date(2024, 1, 15))
    await desk.does(discretions.decide_late, accept=False, sooner=ILL, fairly=GONE, why="nobody could say what happened")
    return desk


async def history(desk: Desk, *names: Event) -> list[tuple[Event, date, bool]]:
    """What is on record of these, and whether it stands."""
    async with desk.memory.reading() as uow:
        rows = (await cases.events_of(uow, [desk.reference]))[desk.reference]
    rows.sort(key=lambda row: row.id or 0)
    return [(row.name, row.happened_on, not row.is_superseded) for row in rows if row.name in names]


async def test_who_turns_out_to_be_close_enough_is_heard_and_stage_1_starts_on_that_day(memory: Memory) -> None:
    """SI 2006/1738, reg. 14(3)(a): ten working days from Monday 31 March end on Monday 14 April 2025."""
    desk = await no_interest(memory)
    desk.today = date(2025, 3, 31)
    await desk.does(discretions.decide_interest, yes=True, why="She cares for him each day.", new=LEARNED)

    assert await history(desk, Event.INTEREST_QUESTIONED, Event.INTEREST_REFUSED, Event.INTEREST_DECIDED) == [
        (Event.INTEREST_QUESTIONED, date(2025, 3, 10), False),
        (Event.INTEREST_REFUSED, date(2025, 3, 10), False),
        (Event.INTEREST_QUESTIONED, date(2025, 3, 31), True),
        (Event.INTEREST_DECIDED, date(2025, 3, 31), True),
    ]
    due = await desk.due()
    assert due["s1_response"] == date(2025, 4, 14)
    assert due["sufficient_interest"] == date(2025, 4, 3), "three working days from the day on which it was asked anew"
    assert "s1_response" in (await desk.told_this_morning(date(2025, 4, 15)))["officer@council.example"]
    [letter] = await desk.letters(Notice.INTEREST_ACCEPTED)
    assert "We looked at this again, with what we know now." in said(letter)
    assert "You will have our answer by 14 April 2025." in said(letter) and LEARNED not in said(letter)
    async with memory.reading() as uow:
        first, second = await discretions.decisions_of(uow, desk.reference)
    assert (first.is_yes, second.is_yes) == (False, True)
    assert second.weighed == [{"test": NEW, "weighed": LEARNED, "holds": None}]


async def test_a_refusal_is_decided_anew_only_with_what_is_new_and_a_yes_is_never_taken_back(memory: Memory) -> None:
    desk = await no_interest(memory)
    decide = discretions.decide_interest
    await desk.cannot(r"--new, what is known now.*", decide, yes=True, why="She cares for him each day.")
    await desk.cannot(r"reg\. 12.*--new", decide, yes=True, why="She cares for him each day.", new="a call")
    await desk.cannot(
        "Only a complaints officer", decide, yes=True, why="as we know it now", new=LEARNED, person=TOWN.council.people[1]
    )
    await desk.does(decide, yes=True, why="She cares for him each day.", new=LEARNED)

    taken_back: dict[str, Any] = {**NOT_CLOSE, "yes": False, "why": "she is no part of his life", "new": LEARNED}
    await desk.cannot("stands on Monday 10 March 2025", decide, **taken_back)


async def test_where_nothing_was_refused_nothing_is_decided_anew(memory: Memory) -> None:
    desk = await Desk(memory).opens(raised_by=Role.RELATIVE)

    await desk.cannot("leave --new out", discretions.decide_interest, yes=True, why="She cares for him.", new=LEARNED)


async def test_a_refusal_that_is_confirmed_is_told_again_and_keeps_its_first_day(memory: Memory) -> None:
    desk = await no_interest(memory)
    desk.today = date(2025, 3, 31)
    why = "a second visit changes nothing"
    await desk.does(discretions.decide_interest, yes=False, why=why, new="she visited once more in March", **NOT_CLOSE)

    assert (await desk.events())[Event.INTEREST_REFUSED] == date(2025, 3, 10)
    *_, letter = await desk.letters(Notice.INTEREST_REFUSED)
    assert "We looked at this again, with what we know now." in said(letter) and why in said(letter)
    assert "s1_response" not in (await desk.told_this_morning(date(2025, 4, 15))).get("officer@council.example", set())


async def test_what_came_too_late_is_considered_once_somebody_can_say_what_happened(memory: Memory) -> None:
    """No decision on lateness moves a start (reg. 14(3), (4)): the answer was due on 24 March, and is late."""
    desk = await too_late(memory)
    desk.today = date(2025, 4, 1)
    decide, why = discretions.decide_late, "We can look into it fairly now."
    await desk.cannot("--new", decide, accept=True, sooner=ILL, fairly=FOUND, why=why)
    await desk.does(decide, accept=True, sooner=ILL, fairly=FOUND, why=why, new="one of the workers has come back")

    assert await history(desk, Event.LATE_REFUSED, Event.LATE_ACCEPTED) == [
        (Event.LATE_REFUSED, date(2025, 3, 10), False),
        (Event.LATE_ACCEPTED, date(2025, 4, 1), True),
    ]
    assert (await desk.due())["s1_response"] == date(2025, 3, 24)
    assert "s1_response" in (await desk.told_this_morning(date(2025, 4, 2)))["officer@council.example"]
    [letter] = await desk.letters(Notice.LATE_ACCEPTED)
    assert "We looked at this again" in said(letter) and "We will look into it." in said(letter)
    assert "24 March" not in said(letter), "no day is promised that has passed"
    await desk.cannot(
        "stands on Tuesday 1 April 2025", decide, accept=False, sooner=ILL, fairly=GONE, why=why, new="she left once more today"
    )


async def test_what_was_refused_and_closed_is_an_officers_task_as_soon_as_it_is_opened_again(memory: Memory) -> None:
    desk = await too_late(memory)
    await desk.does(actions.close, "refused, and they were told")
    desk.today = date(2025, 4, 1)
    again: dict[str, Any] = {
        "accept": True,
        "sooner": ILL,
        "fairly": FOUND,
        "why": "We can look into it fairly now.",
        "new": LEARNED,
    }
    await desk.cannot("was closed on Monday 10 March 2025.*heard decide reopen", discretions.decide_late, **again)
    await desk.does(course.reopen, "their email of today brings something new")
    assert TaskKind.LATE_COMPLAINT in await desk.tasks()

    await desk.does(discretions.decide_late, **again)
    assert TaskKind.LATE_COMPLAINT not in await desk.tasks()
    assert Event.LATE_REFUSED not in await desk.events()
