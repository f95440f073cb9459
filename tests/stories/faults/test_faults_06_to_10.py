"""Faults 6 to 10 of law.md §6. Stage 2 of Monday 24 March 2025: day 5 is the 31st, day 10 is 7 April, day 25 is 30 April."""

from dataclasses import replace
from datetime import date
from typing import Any

from casework import actions
from casework.decisions import discretions
from casework.decisions.discretions import EARLY_REFERRAL, Weighed
from procedures.terms import Event, Notice, Procedure, Role
from storage import cases
from storage.tables import CaseRow, TaskKind
from tests.desk.test_afterwards import standing
from tests.desk.test_reception import letter, post
from tests.stories.faults.desk import MUM, Desk, at
from tests.stories.faults.test_faults_01_to_05 import at_stage_2

PANEL_ASKED_BY = date(2025, 6, 23)
"""Twenty working days after the notice was received on Friday 23 May 2025 (26 May is a bank holiday)."""


class TestFault06ASlowStatement:
    """Somerset 23 013 837: from December to March."""

    async def test_the_clock_does_not_wait_for_the_statement(self, desk: Desk) -> None:
        await at_stage_2(desk)
        before = (await desk.due())["s2_response"]
        await desk.records(Event.RECORD_DRAFT, date(2025, 4, 1))
        await desk.records(Event.RECORD_FINAL, date(2025, 4, 14))

        assert before == (await desk.due())["s2_response"] == date(2025, 4, 30)

    async def test_it_is_chased_on_days_5_and_10_and_the_chase_ends_with_it(self, desk: Desk) -> None:
        await at_stage_2(desk)
        await desk.morning(date(2025, 3, 28))
        assert TaskKind.STATEMENT not in await desk.tasks()
        await desk.morning(date(2025, 3, 31))
        await desk.morning(date(2025, 4, 7))
        await desk.morning(date(2025, 4, 8))

        async with desk.memory.reading() as uow:
            chased = [row for row in await cases.tasks(uow, reference=desk.reference) if row.kind is TaskKind.STATEMENT]
        assert len(chased) == 2
        assert "statement" in (await desk.told_this_morning(date(2025, 4, 8)))["officer@council.example"]
        await desk.records(Event.RECORD_FINAL)
        assert TaskKind.STATEMENT not in await desk.tasks()


class TestFault07RefusingThePanel:
    """South Gloucestershire 21 007 738, Surrey 20 003 273: a late request is weighed, never refused by the calendar."""

    async def test_a_request_on_day_21_is_taken_and_a_person_weighs_it(self, desk: Desk) -> None:
        """V15."""
        await after_stage_2(desk)
        await desk.records(Event.S3_REQUESTED, date(2025, 6, 24), why="the report left out the school")

        assert TaskKind.LATE_PANEL in await desk.tasks()
        assert (await desk.due())["s3_panel_meets"] == date(2025, 8, 5)
        await desk.cannot(
            "Not weighed", discretions.decide_late_panel, accept=False, why_late="", worth="", why="it came one day late"
        )
        await desk.cannot(
            "needs its reason",
            discretions.decide_late_panel,
            accept=False,
            why_late="her mother was ill",
            worth="nothing is left to look at",
            why="late",
        )

        await desk.does(discretions.decide_late_panel, accept=True, why_late="", worth="", why="one day is nobody's loss")
        assert TaskKind.LATE_PANEL not in await desk.tasks()
        assert "s3_panel_meets" in (await desk.told_this_morning(date(2025, 8, 5)))["officer@council.example"]

    async def test_one_in_time_cannot_be_refused_at_all(self, desk: Desk) -> None:
        await after_stage_2(desk)
        await desk.records(Event.S3_REQUESTED, PANEL_ASKED_BY, why="the report left out the school")

        assert TaskKind.LATE_PANEL not in await desk.tasks()
        weighed = {"why_late": "it did not come late", "worth": "much could still be done", "why": "we have nothing to add to it"}
        await desk.cannot("came in time", discretions.decide_late_panel, accept=False, **weighed)

    async def test_without_reasons_it_is_taken_and_somebody_helps_to_say_them(self, desk: Desk) -> None:
        await after_stage_2(desk)
        await desk.records(Event.S3_REQUESTED, date(2025, 6, 10), why="")

        assert TaskKind.PANEL_REASONS in await desk.tasks()

    async def test_not_happy_after_the_second_answer_asks_for_the_panel_in_any_words(self, desk: Desk) -> None:
        [first] = await post(desk.memory, letter())
        desk.reference = first.reference or ""
        await desk.does(actions.route, Procedure.STATUTORY, "her child is looked after")
        await stage_2_answered(desk)
        await post(desk.memory, letter("I still do not agree with this."), now=at(date(2025, 6, 2)), start=2)
        async with desk.memory.reading() as uow:
            [thread] = [row.message_id for row in await cases.sent_of(uow, desk.reference) if row.notice == Notice.RECEIPT]
        await post(
            desk.memory, letter("That is not right, I do not accept it.", In_Reply_To=thread), now=at(date(2025, 6, 3)), start=3
        )

        _, events, due = await standing(desk.memory, desk.reference)
        assert events[Event.S3_REQUESTED] == date(2025, 6, 3)
        assert due["s3_panel_meets"] == date(2025, 7, 15)

    async def test_early_referral_needs_every_criterion_confirmed(self, desk: Desk) -> None:
        await after_stage_2(desk)
        confirmed = dict.fromkeys(EARLY_REFERRAL, "shown by the report of 20 May")
        without = {name: words for name, words in confirmed.items() if name != "they_agree"}
        await desk.cannot(
            "they agree to go to the Ombudsman", discretions.refer_early, confirmed=without, why="it is all upheld anyway"
        )
        await desk.cannot(
            "Not confirmed", discretions.refer_early, confirmed=confirmed | {"upheld": "yes"}, why="it is all upheld anyway"
        )

        await desk.does(discretions.refer_early, confirmed=confirmed, why="all was upheld, and both want it")
        assert Event.EARLY_REFERRED in await desk.events()

    async def test_before_stage_2_is_answered_nobody_is_sent_on(self, desk: Desk) -> None:
        await at_stage_2(desk)
        await desk.cannot("comes after it", discretions.refer_early, confirmed={}, why="they may as well go there now")


class TestFault08LateWithoutWeighing:
    """West Sussex 20 006 409, Lambeth 23 005 162: a refusal by the date alone."""

    async def test_a_complaint_after_a_year_is_no_refusal_but_a_task(self, desk: Desk) -> None:
        await desk.opens()
        await desk.records(Event.GROUNDS_AROSE, date(2024, 1, 15))

        assert TaskKind.LATE_COMPLAINT in await desk.tasks()
        assert "late_complaint" in (await desk.told_this_morning(date(2025, 3, 13)))["officer@council.example"]
        assert (await desk.due())["s1_response"] == date(2025, 3, 24)

    async def test_it_is_refused_only_with_both_tests_weighed_and_one_that_does_not_hold(self, desk: Desk) -> None:
        await desk.opens()
        await desk.records(Event.GROUNDS_AROSE, date(2024, 1, 15))
        sooner, fairly = Weighed("sooner", "She was in hospital until May 2024.", holds=True), Weighed("fairly", "", holds=False)
        decide = discretions.decide_late
        await desk.cannot(
            "Not weighed.*fairly", decide, accept=False, sooner=sooner, fairly=fairly, why="more than a year has passed"
        )
        both = replace(fairly, what="The file and both workers are here.", holds=True)
        await desk.cannot("Both tests hold", decide, accept=False, sooner=sooner, fairly=both, why="more than a year has passed")
        gone = replace(fairly, what="Both workers have left, and no record was kept.")
        await desk.cannot("needs its reason", decide, accept=False, sooner=sooner, fairly=gone, why="out of time")

        await desk.does(decide, accept=False, sooner=sooner, fairly=gone, why="nobody could say fairly what happened")
        [told] = await desk.letters(Notice.LATE_REFUSED)
        assert told.recipient == MUM
        assert "no record was kept" in told.facts["fairly"]
        assert TaskKind.LATE_COMPLAINT not in await desk.tasks()
        assert "s1_response" not in (await desk.told_this_morning(date(2025, 3, 24))).get("officer@council.example", set())

    async def test_what_came_within_the_year_cannot_be_refused_as_late(self, desk: Desk) -> None:
        """Grounds of 10 March 2024: the year ends on 10 March 2025, the day it came."""
        await desk.opens()
        await desk.records(Event.GROUNDS_AROSE, date(2024, 3, 10))
        test = Weighed("t", "it was weighed in words", holds=False)
        await desk.cannot(
            "made in time", discretions.decide_late, accept=False, sooner=test, fairly=test, why="it feels long ago"
        )


class TestFault09TheChildsConsent:
    """Lancashire, 2019: a parent complains in their own right."""

    async def test_nothing_of_a_parents_complaint_asks_for_the_childs_consent(self, desk: Desk) -> None:
        assert not [name for name in CaseRow.model_fields if "consent" in name]
        await desk.opens(raised_by=Role.PARENT)
        await desk.answers(date(2025, 3, 20))
        await desk.records(Event.S2_REQUESTED, date(2025, 3, 24))

        assert (await desk.due())["s2_response"] == date(2025, 4, 30)

    async def test_no_consent_is_no_reason_to_say_no_to_anybody(self, desk: Desk) -> None:
        await desk.opens(raised_by=Role.PARENT)
        await desk.cannot("Not weighed", discretions.decide_interest, yes=False, why="the child has not given any consent")


class TestFault10RelativesWithoutReasons:
    """Devon 24 019 922: grandparents refused without weighing what mattered."""

    async def test_a_no_needs_three_things_weighed_and_a_reason_and_is_told(self, desk: Desk) -> None:
        await desk.opens(raised_by=Role.RELATIVE)
        await desk.records(Event.INTEREST_QUESTIONED)
        assert TaskKind.INTEREST in await desk.tasks()
        assert "interest" in (await desk.told_this_morning(date(2025, 3, 13)))["officer@council.example"]
        weighed: dict[str, Any] = {
            "relation": "his great aunt, who met him once",
            "welfare": "it is about her own letters",
            "child": "",
        }
        await desk.cannot("child's view", discretions.decide_interest, yes=False, why="she is not close to him", **weighed)
        weighed["child"] = "he was asked and does not know her"
        await desk.cannot("needs its reason", discretions.decide_interest, yes=False, why="no PR", **weighed)

        await desk.does(discretions.decide_interest, yes=False, why="she is no part of his life", **weighed)
        [told] = await desk.letters(Notice.INTEREST_REFUSED)
        assert told.facts["reason"] == "she is no part of his life"
        assert TaskKind.INTEREST not in await desk.tasks()
        async with desk.memory.reading() as uow:
            [kept] = await discretions.decisions_of(uow, desk.reference)
        assert [one["test"] for one in kept.weighed] == ["relation", "welfare", "child's view"]
        assert (kept.decided_by, kept.decided_on) == ("officer@council.example", date(2025, 3, 10))

    async def test_a_yes_starts_stage_1_on_that_day(self, desk: Desk) -> None:
        """Table E: received 10, decided Friday 14 March 2025, due Friday 28."""
        await desk.opens(raised_by=Role.RELATIVE)
        desk.today = date(2025, 3, 14)
        await desk.does(discretions.decide_interest, yes=True, why="he stays with her every weekend")

        assert (await desk.due())["s1_response"] == date(2025, 3, 28)


async def stage_2_answered(desk: Desk) -> None:
    """Stage 2 of 24 March 2025, its notice sent on Tuesday 20 May and received on Friday 23 May."""
    await desk.answers(date(2025, 3, 20))
    await desk.records(Event.S2_REQUESTED, date(2025, 3, 24))
    await desk.records(Event.IP_APPOINTED, date(2025, 3, 26), why="B. Moss")
    await desk.records(Event.DELAY_NOTICE, date(2025, 4, 29), why="two witnesses are ill", until=date(2025, 5, 30))
    await desk.records(Event.S2_NOTICE_SENT, date(2025, 5, 20))
    await desk.records(Event.S2_NOTICE_RECEIVED, date(2025, 5, 23))


async def after_stage_2(desk: Desk) -> None:
    await desk.opens()
    await stage_2_answered(desk)
