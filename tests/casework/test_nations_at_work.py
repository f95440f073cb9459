"""What waits, what is late and where an enquiry goes by the law of another nation: its file says it, and no code does."""

import re
from dataclasses import replace
from datetime import date

import pytest

from casework import actions
from casework.acting import Refused, progress_of, the_case
from casework.answers.checking_drafts import Rule, check_letter
from casework.answers.hands import Hands, answer
from casework.answers.word import Read
from casework.decisions import discretions, holds, second_look
from casework.decisions.acknowledging import Acknowledging
from casework.decisions.discretions import Weighed
from casework.decisions.duties import see_to_duties
from casework.decisions.holds import Hold
from casework.people import appointing, pool
from casework.people.appointing import Newcomer
from casework.people.pool import Candidate
from casework.progress import State
from casework.recordable import what_may_be_recorded
from notifications.rendering import render
from procedures.people import CaseRole
from procedures.terms import Channel, Event, Ground, Kind, Notice, Outcome, Procedure, Role
from storage import cases
from storage.columns import PoolRole, Tie
from storage.tables import TaskKind
from storage.unit_of_work import Memory
from tests.casework.test_checking_drafts import KNOWN
from tests.casework.test_other_nations import NATIONS, Elsewhere
from tests.law.test_refusals_cite import ENGLANDS
from tests.stories.faults.desk import Desk, at
from tests.stories.faults.test_faults_01_to_05 import has_words

COURT = Hold(
    Ground.COURT_OR_TRIBUNAL,
    "the family court at Anytown",
    "the judge decides on 12 May what happened that night",
    "her email of 9 March 2025",
)
SOONER = Weighed("sooner", "they were told of the right to complain then", holds=False)
FAIRLY = Weighed("fairly", "the file is whole and both workers are still here", holds=True)


async def words(desk: Desk, notice: Notice) -> str:
    """The letter as it is read, the latest of its kind."""
    sent = (await desk.letters(notice))[-1]
    return " ".join(render(notice, Channel.EMAIL, "en", sent.facts, desk.acting().office.council).text.split())


async def opened(memory: Memory, nation: str, procedure: Procedure = Procedure.STATUTORY) -> Elsewhere:
    desk = Elsewhere(memory, nation=nation)
    await desk.opens(procedure)
    return desk


@pytest.mark.parametrize(
    ("nation", "says", "last"), [("wales", "six months", date(2025, 11, 20)), ("england", "one year", date(2026, 5, 20))]
)
async def test_how_long_they_have_to_ask_again_is_what_their_nations_law_gives(
    memory: Memory, nation: str, says: str, last: date
) -> None:
    """SI 2014/1795 (W), reg. 12(6); SI 2006/1738, reg. 8(5). The court ends on 20 May 2025."""
    desk = await opened(memory, nation)
    await desk.does(holds.hold, [], COURT)
    assert f"You have {says} from the day that it ends" in await words(desk, Notice.HOLD)
    desk.today = date(2025, 5, 21)
    assert await desk.does(holds.proceedings_ended, [], date(2025, 5, 20)) == last

    told = await words(desk, Notice.RESUBMIT)
    assert f"{last.day} {last:%B %Y}" in told and f"That is {says} after it ended" in told
    assert (await desk.due())["resubmit_after_hold"] == last


async def test_in_wales_a_case_that_waits_as_a_whole_owes_no_answer_meanwhile(memory: Memory) -> None:
    desk = await opened(memory, "wales")
    await desk.does(actions.acknowledge, Acknowledging(["Nobody called."]))
    await desk.does(holds.hold, [], COURT)
    desk.today = date(2025, 6, 2)

    async with memory.reading() as uow:
        stands = await progress_of(uow, await the_case(uow, desk.reference), desk.acting().office, desk.today)
    assert stands.state is State.WAITING
    assert [one.deadline.clock for one in stands.open if one.deadline.rule.answers] == []


@pytest.mark.parametrize("nation", ["scotland", "northern_ireland"])
async def test_where_the_law_knows_no_hold_nothing_waits(memory: Memory, nation: str) -> None:
    desk = await opened(memory, nation)

    await desk.cannot("Only what runs under a procedure whose law knows a hold", holds.hold, [], COURT)


async def test_every_refusal_of_a_hold_in_wales_cites_its_own_regulation(memory: Memory) -> None:
    desk = await opened(memory, "wales")
    no_prejudice = Hold(Ground.DISCIPLINARY, "the hearing of May", "it runs")

    await desk.cannot(r"SI 2014/1795 \(W\), reg. 12\)", holds.hold, [], no_prejudice)
    await desk.cannot(r"SI 2014/1795 \(W\), reg. 12\(6\)", holds.resubmit, [])


@pytest.mark.parametrize("nation", ["wales", "scotland", "northern_ireland"])
async def test_the_ombudsmans_enquiry_and_decision_are_recorded_with_the_days_that_they_name(memory: Memory, nation: str) -> None:
    desk = await opened(memory, nation)
    await desk.records(Event.OMBUDSMAN_ENQUIRY, date(2025, 4, 1), why="202500123: what was done")
    await desk.records(Event.OMBUDSMAN_REPLY_BY, date(2025, 4, 22), why="their letter of 31 March")
    assert (await desk.due())["ombudsman_enquiry"] == date(2025, 4, 22)
    await desk.records(Event.OMBUDSMAN_DECIDED, date(2025, 6, 2), why="upheld: say sorry")

    assert (await desk.due())["ombudsman_recommendations"] == date(2025, 7, 2)


@pytest.mark.parametrize(
    ("nation", "law", "due"),
    [
        ("wales", r"SI 2014/1795 (W), reg. 24", date(2025, 6, 27)),
        ("northern_ireland", "SR 1996/451, reg. 9", date(2026, 3, 31)),
        ("scotland", "", None),
    ],
)
async def test_the_report_of_the_year_is_owed_where_the_nations_file_has_it(
    memory: Memory, nation: str, law: str, due: date | None
) -> None:
    """Wales: sixty working days from Monday 31 March 2025, over Easter and two bank holidays in May: Friday 27 June."""
    desk = await opened(memory, nation)
    office = desk.acting().office
    await see_to_duties(memory, office, at(date(2025, 3, 31)))
    await see_to_duties(memory, office, at(date(2025, 4, 1)))

    async with memory.reading() as uow:
        owed = [row for row in await cases.tasks(uow) if row.kind is TaskKind.ANNUAL_REPORT]
    assert [row.due_at.date() for row in owed] == ([due] if due else [])
    assert all(law in row.detail for row in owed)


@pytest.mark.parametrize(("nation", "procedure"), [("scotland", Procedure.STATUTORY), ("northern_ireland", Procedure.CORPORATE)])
async def test_a_complex_complaint_goes_straight_to_the_investigation_by_the_model_procedures(
    memory: Memory, nation: str, procedure: Procedure
) -> None:
    """Received and taken up on Monday 10 March 2025: nobody has to ask, and no first answer is owed any more."""
    desk = await opened(memory, nation, procedure)
    await desk.cannot_record("Say what makes it complex", Event.SKIP_S1_AGREED, why="")
    await desk.records(Event.SKIP_S1_AGREED, date(2025, 3, 10), why="three agencies, and what each knew")

    due = await desk.due()
    async with memory.reading() as uow:
        stands = await progress_of(uow, await the_case(uow, desk.reference), desk.acting().office, date(2025, 3, 20))
    # Day 1 is the day itself in Scotland; in Northern Ireland St Patrick's Day, the 17th, is not counted
    assert due["s2_response"] == (date(2025, 4, 4) if nation == "scotland" else date(2025, 4, 8))
    assert (stands.stage, stands.state) == (2, State.STEP_2)
    assert "s1_response" not in {one.deadline.clock for one in stands.open}
    await desk.records(Event.S2_ACKNOWLEDGED, date(2025, 3, 11))
    told = await words(desk, Notice.S2_ACKNOWLEDGEMENT)
    assert "goes straight to the next step" in told and "Someone who was not part of it" in told
    assert not re.search("outside the team|does not work for us|more senior", told)


async def test_what_england_allows_only_with_both_sides_agreeing_stays_so(memory: Memory) -> None:
    desk = await Desk(memory).opens()

    await desk.cannot_record("Say how the person agreed", Event.SKIP_S1_AGREED, why="")


async def test_in_scotland_six_months_are_the_limit_and_the_letter_says_so(memory: Memory) -> None:
    """It happened on Monday 2 September 2024; six months ended on 2 March 2025, and it came on the 10th."""
    desk = await opened(memory, "scotland")
    await desk.records(Event.GROUNDS_AROSE, date(2024, 9, 2), why="their letter")
    assert TaskKind.LATE_COMPLAINT in await desk.tasks()
    await desk.does(
        discretions.decide_late, accept=False, sooner=SOONER, fairly=FAIRLY, why="they knew of it and nothing held them back"
    )

    told = await words(desk, Notice.LATE_REFUSED)
    assert "more than six months ago" in told


async def test_where_the_law_sets_no_limit_nobody_is_late(memory: Memory) -> None:
    desk = await opened(memory, "northern_ireland")

    await desk.cannot(
        "sets no time limit here", discretions.decide_late, accept=False, sooner=SOONER, fairly=FAIRLY, why="it is long ago now"
    )


async def test_the_acknowledgement_lists_the_steps_that_the_nation_has_and_no_other(memory: Memory) -> None:
    listed = {}
    for nation in ("england", "wales", "scotland", "northern_ireland"):
        desk = Elsewhere(memory, nation=nation)
        await desk.opens(Procedure.STATUTORY, raised_by=Role.PARENT)
        await desk.does(actions.acknowledge, Acknowledging(["Nobody called."]))
        listed[nation] = await words(desk, Notice.ACKNOWLEDGEMENT)

    assert "Three people who do not work for us" in listed["england"]
    assert "Two people from outside the team" in listed["wales"]
    assert "Someone who was not part of it looks again" in listed["scotland"]
    assert "ask for a panel, in writing" in listed["northern_ireland"]
    for nation in ("wales", "scotland", "northern_ireland"):
        assert not re.search("Three people|Children Act|up to three steps", listed[nation])


async def test_in_wales_stage_2_counts_from_the_written_record_and_its_letter_says_so(memory: Memory) -> None:
    """SI 2014/1795 (W), reg. 20: nobody is told that the time does not wait."""
    desk = await opened(memory, "wales")
    await desk.does(actions.respond, "We looked at it, and this is why.", Outcome.NOT_UPHELD)
    await desk.records(Event.S2_REQUESTED, date(2025, 3, 24))

    told = await words(desk, Notice.S2_ACKNOWLEDGEMENT)
    assert "Our time counts from the day that you agree to it" in told and "does not wait" not in told


async def test_what_may_not_be_recorded_in_wales_is_refused_by_its_own_law(memory: Memory) -> None:
    desk = await opened(memory, "wales")
    async with memory.reading() as uow:
        possible = await what_may_be_recorded(uow, desk.reference, desk.acting().office, desk.today)

    unknown = "nothing is written down of it here"
    refused = [one.why_not for one in possible if one.why_not and unknown not in one.why_not]
    assert refused
    assert [why_not for why_not in refused if re.search("2006/1738|Children Act|Complaint Handling Code", why_not)] == []


CHAIR = Newcomer(CaseRole.PANEL_CHAIR, "Ivy Chair", "ivy@chairs.example")
INDEPENDENT = Newcomer(CaseRole.INDEPENDENT_PERSON, "Tom Field", "tom@field.example")
OFFICER_TO_BE = Candidate("Ravi", (PoolRole.INDEPENDENT_PERSON,), tie=Tie.OFFICER)
INDEPENDENT_BY = {"wales": r"SI 2014/1795 \(W\), regs. 18 to 20", "northern_ireland": r"SR 1996/451, reg. 5"}
ANSWERED_BY = {
    "wales": r"SI 2014/1795 \(W\), reg. 17",
    "scotland": "SPSO Model CHP, frontline response",
    "northern_ireland": r"SR 1996/451, reg. 5",
}
OWN = "the council's own rule"


@pytest.mark.parametrize("nation", NATIONS)
async def test_who_may_hold_an_office_is_refused_by_the_nations_own_law_or_by_the_councils_own_rule(
    memory: Memory, nation: str
) -> None:
    desk = await opened(memory, nation)
    by = INDEPENDENT_BY.get(nation, OWN)

    await desk.cannot(rf"\({by}.*--independent", appointing.add, INDEPENDENT)
    await desk.cannot(rf"\({OWN}\).*--independent", appointing.add, CHAIR)
    await desk.cannot(r"They are the only complainant.*\((?!SI 2006)", appointing.end, 1, "she moved away")
    async with memory.unit_of_work() as uow:
        with pytest.raises(Refused, match=rf"somebody independent \({by}"):
            await pool.join(uow, OFFICER_TO_BE, desk.acting())


@pytest.mark.parametrize("nation", NATIONS)
async def test_a_complaint_without_its_answer_is_not_closed_by_the_nations_own_law(memory: Memory, nation: str) -> None:
    desk = await opened(memory, nation)
    await desk.cannot(rf"has had no answer.*\({ANSWERED_BY[nation]}", actions.close, "nobody asked again")
    await desk.does(actions.acknowledge, Acknowledging(["Nobody called."]))

    await desk.cannot(rf"told so: it stays one.*\({OWN}\)", actions.change_kind, Kind.ENQUIRY, "it was a question")


@pytest.mark.parametrize("nation", NATIONS)
async def test_a_second_look_and_a_change_that_waits_cite_no_law_of_england(memory: Memory, nation: str) -> None:
    words = "My son is a looked after child in foster care and nobody follows his care plan."
    desk = await opened(memory, nation, Procedure.UNDECIDED)
    await has_words(desk, words)
    await desk.does(second_look.decide_route, Procedure.CORPORATE, "it is about how a form was handled")
    await desk.cannot(
        rf"needs its reason.*\({OWN}\)", discretions.decide_freeze, freeze=True, why="because", told_by="Jo Field, by phone"
    )

    async with memory.reading() as uow:
        [look] = [row for row in await cases.tasks(uow, reference=desk.reference) if row.kind is TaskKind.ROUTE_DOUBT]
    assert f"says why not ({OWN})" in look.detail


@pytest.mark.parametrize("nation", NATIONS)
def test_what_stands_between_a_draft_and_its_signature_cites_no_law_of_england(nation: str) -> None:
    known = replace(KNOWN, nation=nation, needs=("large print",), is_for_a_child=True)
    found = check_letter(Read((), "", b""), None, known)

    assert {Rule.ISSUE, Rule.NEEDS, Rule.CHILD, Rule.CONTACT} <= {one.rule for one in found}
    assert [one.authority for one in found if ENGLANDS.search(one.authority)] == []
    needs = next(one.authority for one in found if one.rule is Rule.NEEDS)
    assert needs.startswith("Disability Discrimination Act 1995" if nation == "northern_ireland" else "Equality Act 2010")


async def test_in_northern_ireland_somebody_else_investigates_by_the_model_procedure(memory: Memory) -> None:
    """NIPSO Model CHP: whoever answered first does not look into it again."""
    desk = await opened(memory, "northern_ireland", Procedure.CORPORATE)
    await desk.does(answer, "We looked at it.", Outcome.NOT_UPHELD, Hands("manager@council.example", "head@council.example"))

    again = Newcomer(CaseRole.ADJUDICATOR, "Ravi Shah", "officer@council.example")
    await desk.cannot(r"somebody else considers stage 2 \(NIPSO Model CHP", appointing.add, again)
