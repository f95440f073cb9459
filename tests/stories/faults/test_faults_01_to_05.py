"""Faults 1 to 5 of law.md §6. Working days from Monday 10 March 2025: day 10 is 24 March; Easter is 18 to 21 April."""

from datetime import date

import pytest

from bot.cli.every import app
from casework import actions
from casework.acting import progress_of, the_case
from casework.decisions import course, second_look
from intake.classification.commands import says_not_happy
from notifications.ladder import rungs_on_the_way, rungs_until
from procedures.clocks import Deadline
from procedures.route_doubt import signs_of_childrens_law
from procedures.steps import steps
from procedures.terms import Event, Notice, Procedure
from storage import cases
from storage.tables import TaskKind
from tests.desk.test_afterwards import FRIDAY_WEEK, answered
from tests.desk.test_reception import letter, post
from tests.memory.rows import arrival, put
from tests.memory.rows import letter as letter_row
from tests.stories.faults.desk import HEAD, TOWN, Desk


class TestFault01WrongProcedure:
    """Wiltshire 23 000 003, Hull 24 006 478 and many more: the corporate procedure for what is children's law."""

    async def test_corporate_for_a_child_in_need_is_looked_at_twice_within_two_days_and_stays_on_the_list(
        self, desk: Desk
    ) -> None:
        await desk.opens(Procedure.UNDECIDED)
        await has_words(desk, "Our CIN plan promised short breaks, and we have had none.")

        await desk.routes(Procedure.CORPORATE, "it is about the website, I think")

        assert TaskKind.ROUTE_DOUBT in await desk.tasks()
        assert "route_doubt" in (await desk.told_this_morning(date(2025, 3, 12)))["officer@council.example"]
        async with desk.memory.reading() as uow:
            [doubt] = await second_look.route_doubts(uow)
        assert (doubt.case.reference, doubt.signs) == (desk.reference, ("child in need", "short breaks"))

        await desk.routes(Procedure.STATUTORY, "the child has a CIN plan: section 17")
        assert TaskKind.ROUTE_DOUBT not in await desk.tasks()

    async def test_nobody_but_an_officer_decides_and_never_without_a_reason(self, desk: Desk) -> None:
        await desk.opens(Procedure.UNDECIDED)
        await desk.cannot("needs its reason", actions.route, Procedure.CORPORATE, " ")

    async def test_until_somebody_decides_it_runs_under_the_fuller_protection(self, desk: Desk) -> None:
        await desk.opens(Procedure.UNDECIDED)
        assert (await desk.due())["s1_response"] == date(2025, 3, 24)

    @pytest.mark.parametrize(
        "words", ["a looked-after child", "her SGO allowance", "he is in foster care", "respite every month"]
    )
    def test_the_words_that_say_children_s_law_are_known(self, words: str) -> None:
        assert signs_of_childrens_law([words])
        assert not signs_of_childrens_law(["the admission form on the website"])


class TestFault02RefusingStage2:
    """Manchester 22 008 976, Lewisham 23 019 302: "nothing to add", "go to the Ombudsman"."""

    def test_no_command_refuses_a_stage_and_no_step_is_called_so(self) -> None:
        names = {command.name or command.callback.__name__ for command in app.registered_commands if command.callback}
        for group in app.registered_groups:
            assert group.typer_instance is not None
            names |= {one.name or one.callback.__name__ for one in group.typer_instance.registered_commands if one.callback}

        assert not [name for name in (*names, *(event.value for event in steps())) if "refuse" in name or "reject" in name]
        assert not [event for event in Event if event.value.startswith("s2") and "refus" in event.value]

    async def test_stage_2_runs_from_the_day_it_is_asked_for_also_after_the_close(self, desk: Desk) -> None:
        await desk.opens()
        await desk.answers(date(2025, 3, 20))
        await desk.does(actions.close, "nothing to add: they can go to the Ombudsman")
        await desk.records(Event.S2_REQUESTED, date(2025, 3, 24))

        assert (await desk.due())["s2_response"] == date(2025, 4, 30)
        await desk.cannot("stays open", actions.close, "the outcome would be the same")

    async def test_a_case_cannot_be_closed_unanswered(self, desk: Desk) -> None:
        await desk.opens()
        await desk.cannot("has had no answer", actions.close, "nothing to add")


class TestFault03ASpecialWording:
    """Lewisham 24 015 996: enough information is all that is needed."""

    @pytest.mark.parametrize(
        "words",
        [
            "I am not happy with this.",
            "That is not good enough!",
            "You haven't answered what I asked.",
            "I don't accept it",
            "take it further please",
        ],
    )
    def test_no_form_and_no_special_word_is_needed(self, words: str) -> None:
        assert says_not_happy(words)

    async def test_what_asks_for_nothing_in_so_many_words_is_still_read_by_the_next_working_day(self, desk: Desk) -> None:
        reference = await answered(desk.memory)
        async with desk.memory.reading() as uow:
            sent = next(row for row in await cases.sent_of(uow, reference) if row.notice == Notice.RESPONSE)
        [arrived] = await post(
            desk.memory, letter("Tom still walks home alone.", In_Reply_To=sent.message_id), now=FRIDAY_WEEK, start=2
        )

        assert arrived.reference == reference
        async with desk.memory.reading() as uow:
            tasks = await cases.tasks(uow, reference=reference)
        assert TaskKind.PLACE_LETTER in {row.kind for row in tasks}


class TestFault04Over65Days:
    """Cornwall 25 005 179, Bromley 19 014 754. Asked for on Thursday 29 August 2024, the last day is 28 November (V1)."""

    async def test_no_date_beyond_day_65_can_be_promised_or_agreed(self, desk: Desk) -> None:
        await at_stage_2(desk)
        beyond = date(2025, 6, 30)
        await desk.cannot_record("the last day is Friday 27 June", Event.DELAY_NOTICE, until=beyond)
        how, why = "she said on the phone that she waits", "two people are still ill"
        await desk.cannot("nobody can agree otherwise", course.agree_overrun, beyond, how, why)

    async def test_the_alarms_come_on_the_way_to_day_65(self, desk: Desk) -> None:
        await at_stage_2(desk)
        await desk.records(Event.DELAY_NOTICE, date(2025, 4, 29), why="two witnesses are ill", until=date(2025, 6, 27))
        found = await standing(desk)

        assert [rung for rung, _ in rungs_on_the_way(found, TOWN.calendar)] == ["day 45", "day 55", "day 60"]
        ahead = rungs_on_the_way(found, TOWN.calendar)
        assert rungs_until(found.due_on, date(2025, 6, 27), TOWN.calendar, ahead)[-2:] == ("T-2", "due")

    async def test_officer_and_independent_person_have_a_clock_of_their_own(self, desk: Desk) -> None:
        await at_stage_2(desk)
        due = await desk.due()
        assert (due["s2_io_appointed"], due["s2_ip_appointed"]) == (date(2025, 3, 31), date(2025, 3, 31))
        assert {"s2_io_appointed", "s2_ip_appointed"} <= (await desk.told_this_morning(date(2025, 3, 31)))[
            "officer@council.example"
        ]


class TestFault05NoWarningNotice:
    """Cornwall 25 002 762, Suffolk 23 015 464. Stage 2 of 24 March 2025: day 24 is Tuesday 29 April, day 25 the 30th."""

    async def test_day_24_brings_a_task_and_day_25_blocks_and_tells_the_head_of_service(self, desk: Desk) -> None:
        await at_stage_2(desk)
        await desk.morning(date(2025, 4, 28))
        assert TaskKind.DELAY_NOTICE not in await desk.tasks()

        await desk.morning(date(2025, 4, 29))
        assert TaskKind.DELAY_NOTICE in await desk.tasks()
        assert "delay_notice" in (await desk.told_this_morning(date(2025, 4, 29)))["officer@council.example"]
        await desk.records(Event.RECORD_DRAFT)  # it does not block yet

        await desk.morning(date(2025, 4, 30))
        assert HEAD.address in {row.recipient for row in await desk.letters(Notice.TROUBLE)}
        await desk.cannot_record("delay notice of .* is owed: day 25 is Wednesday 30 April", Event.RECORD_FINAL)
        await desk.cannot("stays open", actions.close, "nobody has time")

    async def test_the_notice_itself_unblocks_and_once_after_day_25_it_is_a_breach_on_record(self, desk: Desk) -> None:
        await at_stage_2(desk)
        await desk.morning(date(2025, 5, 1))
        await desk.cannot_record("is owed", Event.RECORD_FINAL)
        await desk.records(Event.DELAY_NOTICE, why="the file is long", until=date(2025, 6, 20))
        await desk.records(Event.RECORD_FINAL)

        assert TaskKind.DELAY_NOTICE not in await desk.tasks()
        assert "s2_response" in await desk.due()

    async def test_safety_and_notes_are_never_blocked_nor_what_the_answer_needs(self, desk: Desk) -> None:
        await at_stage_2(desk)
        desk.today = date(2025, 5, 2)
        await desk.does(actions.note, "She telephoned.")
        await desk.records(Event.IP_APPOINTED, why="B. Moss")
        await desk.records(Event.S2_NOTICE_SENT)

        assert Event.S2_NOTICE_SENT in await desk.events()


async def at_stage_2(desk: Desk) -> None:
    """Answered on Thursday 20, stage 2 asked for on Monday 24 March 2025: day 25 is 30 April, day 65 is 27 June."""
    await desk.opens()
    await desk.answers(date(2025, 3, 20))
    await desk.records(Event.S2_REQUESTED, date(2025, 3, 24))


async def has_words(desk: Desk, words: str) -> None:
    await put(desk.memory, arrival("a1"), letter_row("a1", desk.reference, words=words))


async def standing(desk: Desk) -> Deadline:
    """The clock of the stage 2 answer."""
    async with desk.memory.reading() as uow:
        progress = await progress_of(uow, await the_case(uow, desk.reference), TOWN, desk.today)
    assert progress.answer is not None
    return progress.answer.deadline
