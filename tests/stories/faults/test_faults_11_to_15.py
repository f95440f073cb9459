"""Faults 11 to 15 of law.md §6."""

from datetime import date

import pytest

from casework import actions
from casework.acting import Refused
from casework.decisions import course, holds
from casework.decisions.acknowledging import Acknowledging
from casework.decisions.course import Choice
from casework.decisions.holds import Hold, held_of
from casework.issues import findings, issue_list, learning, remedies
from intake.conversation.words import Command, command_in
from notifications.reminders import remind
from notifications.rendering import render
from procedures.terms import ActionSource, Channel, Event, Ground, Kind, Notice, Outcome, Procedure, Remedy
from storage import issues as stored
from storage.filing import Filing, write
from storage.tables import TaskKind
from templates.screens import screens
from tests.casework.rooms import MANAGER
from tests.stories.faults.desk import MUM, TOWN, Desk, at

TRIAL = Hold(Ground.CRIMINAL_PROCEEDINGS, "the trial at Anytown Crown Court", "our findings could influence what witnesses say")


class TestFault11TheCourtAsAnExcuse:
    """Lancashire 16 017 549: held because a court was busy with the family, and nobody said that it could be brought back."""

    async def test_it_waits_issue_by_issue_with_a_ground_and_how_it_would_prejudice(self, desk: Desk) -> None:
        await with_issues(desk, "They moved me in the night.", "Nobody answers the telephone.")
        await desk.cannot("for each", holds.hold, [], TRIAL)
        await desk.cannot("Name the proceedings", holds.hold, [1], Hold(TRIAL.ground, "", TRIAL.prejudice))
        await desk.cannot("that they run is not enough", holds.hold, [1], Hold(TRIAL.ground, TRIAL.proceedings, "court"))
        family = Hold(Ground.COURT_OR_TRIBUNAL, "the family court", "it could be brought up in court")
        await desk.cannot("in writing", holds.hold, [1], family)

        await desk.does(holds.hold, [1], TRIAL)
        assert (await desk.due())["s1_response"] == date(2025, 3, 24), "what is not held goes on"
        [told] = await desk.letters(Notice.HOLD)
        assert "the trial at Anytown Crown Court" in told.facts["reason"]
        assert told.facts["goes_on"] == "We go on with point 2 of what you told us. The dates for that stay."
        await desk.cannot("waits already", holds.hold, [1], TRIAL)

    async def test_when_it_ends_they_hear_until_when_and_are_reminded_more_than_once(self, desk: Desk) -> None:
        """Ended Friday 29 August 2025: until 29 August 2026, whatever day that is."""
        await with_issues(desk, "They moved me in the night.", "Nobody answers the telephone.")
        await desk.does(holds.hold, [1], TRIAL)
        assert TaskKind.HOLD_REVIEW in await desk.tasks()
        desk.today = date(2025, 8, 29)
        assert await desk.does(holds.proceedings_ended, [1], date(2025, 8, 29)) == date(2026, 8, 29)

        for morning in (
            date(2025, 12, 1),
            date(2026, 3, 2),
            date(2026, 3, 3),
            date(2026, 6, 1),
            date(2026, 8, 3),
            date(2026, 8, 24),
        ):
            await desk.morning(morning)
        assert len(await desk.letters(Notice.RESUBMIT)) == 1 + 4
        assert {row.facts["resubmit_by"] for row in await desk.letters(Notice.RESUBMIT)} == {"2026-08-29"}

    async def test_what_is_asked_for_again_goes_through_the_stages_from_that_day(self, desk: Desk) -> None:
        """Asked for again on Monday 1 September 2025: stage 1 is due on Monday 15."""
        await with_issues(desk, "They moved me in the night.", "Nobody answers the telephone.")
        await desk.does(holds.hold, [1], TRIAL)
        desk.today = date(2025, 9, 1)
        await desk.cannot("record first that the proceedings ended", holds.resubmit, [1])
        await desk.does(holds.proceedings_ended, [1], date(2025, 8, 29))
        old, desk.reference = desk.reference, await desk.does(holds.resubmit, [1])

        assert (await desk.due())["s1_response"] == date(2025, 9, 15)
        async with desk.memory.reading() as uow:
            [held] = await held_of(uow, old)
        assert (held.resubmitted_on, held.continued_in) == (date(2025, 9, 1), desk.reference)

    async def test_all_of_it_may_wait_and_then_nobody_is_late(self, desk: Desk) -> None:
        await desk.opens()
        await desk.does(holds.hold, [], TRIAL)

        assert Event.WHOLLY_HELD in await desk.events()
        told = (await desk.told_this_morning(date(2025, 3, 26))).get("officer@council.example", set())
        assert "s1_response" not in told


class TestFault12RecommendationsNotDone:
    """Lambeth 24 009 478: agreed, and never done."""

    async def test_a_recommendation_is_an_action_with_owner_and_day_that_outlives_its_case(self, desk: Desk) -> None:
        await desk.opens()
        await desk.answers(date(2025, 3, 20))
        await desk.does(actions.close, "answered, and nothing more was asked")
        given = ("Review every placement move of the year", MANAGER.address, date(2025, 5, 30), ActionSource.OMBUDSMAN)
        number = await desk.does(learning.add_action, *given)

        async with desk.memory.unit_of_work() as uow:
            with pytest.raises(Refused, match="--evidence"):
                await learning.finish(uow, number, "", desk.acting())
        async with desk.memory.unit_of_work() as uow:
            with pytest.raises(Refused, match="theirs to agree to"):
                await learning.move(uow, number, date(2025, 9, 30), "the team is busy", desk.acting())
        async with desk.memory.reading() as uow:
            [action] = await stored.actions(uow, reference=desk.reference, open_only=True)
        assert (action.owner, action.due_on) == (MANAGER.address, date(2025, 5, 30))

    async def test_whoever_owes_it_is_told_before_its_day_and_the_officer_too_once_it_is_late(self, desk: Desk) -> None:
        """Due Friday 30 May 2025: told two working days before; late on Monday 2 June."""
        await desk.opens()
        await desk.answers(date(2025, 3, 20))
        given = ("Review every placement move of the year", MANAGER.address, date(2025, 5, 30), ActionSource.OMBUDSMAN)
        number = await desk.does(learning.add_action, *given)

        assert await told_of_action(desk, number, date(2025, 5, 27)) == set()
        assert await told_of_action(desk, number, date(2025, 5, 28)) == {MANAGER.address}
        assert await told_of_action(desk, number, date(2025, 6, 2)) >= {MANAGER.address, "officer@council.example"}

    async def test_a_case_whose_decision_wants_something_done_is_not_closed_before_it_is(self, desk: Desk) -> None:
        await desk.opens()
        await desk.answers(date(2025, 3, 20))
        desk.today = date(2025, 4, 1)
        await desk.records(Event.OMBUDSMAN_DECIDED, date(2025, 4, 1), why="fault, and an apology")
        await desk.records(Event.RECOMMENDATIONS_BY, date(2025, 5, 30), why="within two months")

        await desk.cannot("stays open", actions.close, "we wrote to the Ombudsman")


class TestFault13UpheldWithoutARemedy:
    """Westmorland and Furness 23 001 448, Ealing 24 021 647."""

    async def test_what_is_upheld_is_not_answered_before_its_remedy_is_decided(self, desk: Desk) -> None:
        await with_issues(desk, "They moved me in the night.")
        await desk.does(findings.find, 1, Outcome.UPHELD, "nobody had asked her")
        await desk.cannot("without a remedy is fault", actions.respond, "You were right.", Outcome.UPHELD)
        await desk.cannot_record("without a remedy is fault", Event.S1_REPLY_SENT)

        await desk.does(remedies.decide, 1, remedies.Deciding(Remedy.APOLOGY, "We are sorry that nobody asked you."))
        await desk.does(actions.respond, "You were right, and we are sorry.", Outcome.UPHELD)
        assert Event.S1_REPLY_SENT in await desk.events()


class TestFault14NoReplyOrASilentReroute:
    """Staffordshire 25 010 090, Leeds 24 013 350, Redbridge 24 020 172."""

    async def test_no_reply_is_told_of_before_it_is_late_and_after_and_lets_stage_2_begin(self, desk: Desk) -> None:
        await desk.opens()
        assert "s1_response" in (await desk.told_this_morning(date(2025, 3, 17)))["officer@council.example"]
        assert "s1_response" in (await desk.told_this_morning(date(2025, 3, 27)))["head@council.example"]
        await desk.records(Event.S2_REQUESTED, date(2025, 3, 25))
        assert (await desk.due())["s2_response"] == date(2025, 5, 1)

    async def test_a_reroute_is_told_with_its_reason_and_keeps_the_day_it_came(self, desk: Desk) -> None:
        await desk.opens(Procedure.CORPORATE)
        desk.today = date(2025, 3, 17)
        await desk.routes(Procedure.STATUTORY, "You lived with a foster family then.")

        [told] = await desk.letters(Notice.REROUTED)
        assert (told.recipient, told.facts["received_on"], told.facts["due_on"]) == (MUM, "2025-03-10", "2025-03-24")
        assert "foster family" in render(Notice.REROUTED, Channel.EMAIL, "en", told.facts, TOWN.council).text
        await desk.cannot("needs its reason", actions.route, Procedure.CORPORATE, "")

    @pytest.mark.parametrize("kind", [Kind.ENQUIRY, Kind.COMMENT, Kind.COMPLIMENT])
    async def test_what_is_handled_as_a_complaint_does_not_become_something_without_clocks(self, desk: Desk, kind: Kind) -> None:
        await desk.opens()
        await desk.answers(date(2025, 3, 20))
        await desk.records(Event.S2_REQUESTED, date(2025, 3, 24))
        await desk.cannot("it stays one, and nothing ends it silently", actions.change_kind, kind, "it was a question, really")

        assert (await desk.due())["s2_response"] == date(2025, 4, 30)

    async def test_nothing_closes_because_time_has_passed(self, desk: Desk) -> None:
        await desk.opens()
        for morning in (date(2025, 4, 1), date(2025, 9, 1), date(2026, 3, 2)):
            await desk.morning(morning)
        assert Event.CLOSED not in await desk.events()


class TestAWithdrawalThatIsNobodysChoice:
    """Practice: a child's withdrawal waits until a person has spoken with them."""

    async def test_nothing_stops_before_a_person_spoke_with_them_and_who_is_made_to_stop_goes_on(self, desk: Desk) -> None:
        await desk.opens()
        await desk.cannot("Nobody asked to stop", course.decide_withdrawal, Choice("Ravi Shah by phone today", is_theirs=True))
        await asks_to_stop(desk)
        await desk.cannot("Say who spoke with them", course.decide_withdrawal, Choice("", is_theirs=True))
        await desk.does(
            course.decide_withdrawal, Choice("Ravi Shah by phone, alone with her", is_theirs=False, pressed_by="her carer")
        )

        assert TaskKind.SAFETY in await desk.tasks()
        assert Event.WITHDRAWAL_ASKED not in await desk.events()
        assert (await desk.due())["s1_response"] == date(2025, 3, 24)

    async def test_their_own_choice_dates_from_the_day_they_asked_and_is_confirmed_in_writing_and_can_be_undone(
        self, desk: Desk
    ) -> None:
        await desk.opens()
        await asks_to_stop(desk)
        desk.today = date(2025, 3, 13)
        await desk.does(course.decide_withdrawal, Choice("Ravi Shah by phone, with her advocate", is_theirs=True))

        assert (await desk.events())[Event.WITHDRAWN] == date(2025, 3, 10)
        assert len(await desk.letters(Notice.WITHDRAWAL_CONFIRMED)) == 1
        await desk.does(course.reopen, "she wrote that it began again")
        assert Event.WITHDRAWN not in await desk.events()


class TestFault15APolicyThatNobodyCanRead:
    """Suffolk 23 015 464: the policy was not published."""

    def test_the_chat_says_how_it_works_when_asked_and_by_a_command_that_people_see(self) -> None:
        for words in ("/procedure", "/policy", "procedure"):
            assert command_in(words) is Command.PROCEDURE
        said, _ = screens("en").show("procedure", {"council": TOWN.council, "reference": ""}, "n1", None)
        assert TOWN.council.contacts.policy_url in said
        assert "10 working days" in said and "25 working days" in said

    @pytest.mark.parametrize("procedure", [Procedure.STATUTORY, Procedure.CORPORATE])
    async def test_the_acknowledgement_says_where_to_read_it(self, desk: Desk, procedure: Procedure) -> None:
        await desk.opens(procedure)
        await desk.does(actions.acknowledge, Acknowledging(["Nobody called."], answerer_name="Jo Field"))

        [told] = await desk.letters(Notice.ACKNOWLEDGEMENT)
        assert (
            TOWN.council.contacts.policy_url in render(Notice.ACKNOWLEDGEMENT, Channel.EMAIL, "en", told.facts, TOWN.council).text
        )


async def told_of_action(desk: Desk, number: int, day: date) -> set[str]:
    """Who is told of an action on a morning, by the reminders themselves."""
    bundles = await remind(desk.memory, TOWN, at(day))
    lines = {one.person.address: (*one.overdue, *one.due_today, *one.due_soon) for one in bundles}
    return {address for address, told in lines.items() if number in {line.action for line in told}}


async def asks_to_stop(desk: Desk) -> None:
    filing = Filing()
    filing.add(desk.acting().event(desk.reference, Event.WITHDRAWAL_ASKED))
    async with desk.memory.unit_of_work() as uow:
        await write(uow, [filing])


async def with_issues(desk: Desk, *words: str) -> None:
    await desk.opens()
    for one in words:
        await desk.does(issue_list.add, one)
