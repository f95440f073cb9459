"""Another nation's complainant hears of their own procedure and their own Ombudsman, and never of England's."""

import io
import re
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from docx import Document

from casework import actions
from casework.acting import Acting, Refused, the_case
from casework.answers.checking_drafts import Rule, check_letter
from casework.answers.writing_drafts import blank
from casework.council import Contacts, Person
from casework.decisions import course, discretions
from casework.decisions.acknowledging import Acknowledging
from casework.issues import findings, issue_list
from casework.recording import correct, record
from notifications.rendering import render
from procedures.letters import After, letters
from procedures.ombudsmen import ombudsmen, whose
from procedures.terms import Channel, Event, Notice, Outcome, Procedure, Role
from procedures.working_days import WorkingCalendar
from storage.unit_of_work import Memory
from tests.casework.test_checking_drafts import KNOWN, letter
from tests.stories.faults.desk import TOWN, Desk, at

NATIONS = ("wales", "scotland", "northern_ireland")
OFFICER = TOWN.council.people[0]
ENGLANDS = re.compile(
    r"Local Government and Social Care|0300\W*061\W*0614|SI 2006/1738|Children Act 1989|Complaint Handling Code"
)


@dataclass
class Elsewhere(Desk):
    """The same desk in another nation."""

    nation: str = "wales"

    def acting(self, person: Person = OFFICER) -> Acting:
        own = ombudsmen()[self.nation]
        council = replace(TOWN.council, contacts=Contacts(ombudsman_phone=own.phone, ombudsman_name=own.name))
        calendar = WorkingCalendar.of(self.nation)
        return Acting(
            person, replace(TOWN, council=council, nation=self.nation, calendar=calendar, open_days=calendar), at(self.today)
        )


@pytest.mark.parametrize("nation", NATIONS)
@pytest.mark.parametrize("raised_by", [Role.CHILD, Role.PARENT, Role.ADVOCATE])
async def test_acknowledgement_and_answer_name_the_nations_own(memory: Memory, nation: str, raised_by: Role) -> None:
    desk = Elsewhere(memory, nation=nation)
    await desk.opens(Procedure.STATUTORY, raised_by=raised_by)
    await desk.does(actions.acknowledge, Acknowledging(["Nobody called."], answerer_name="Jo Field"))
    if nation == "northern_ireland":
        await desk.does(record, Event.IP_APPOINTED, why="I. Person, who is neither of the council nor married to it")
    await desk.does(actions.respond, "We looked at it, and this is why.", Outcome.NOT_UPHELD)

    for notice in (Notice.ACKNOWLEDGEMENT, Notice.RESPONSE):
        [sent] = await desk.letters(notice)
        text = render(notice, Channel.EMAIL, "en", sent.facts, desk.acting().office.council).text
        assert not ENGLANDS.search(text), (notice, ENGLANDS.findall(text))
    assert re.sub(r"\D", "", ombudsmen()[nation].phone) in re.sub(r"\D", "", text)


@pytest.mark.parametrize("nation", NATIONS)
async def test_in_northern_ireland_alone_no_first_answer_goes_without_an_independent_person(memory: Memory, nation: str) -> None:
    """SR 1996/451, reg. 5: the answer is formulated with them. By email, and as one that went by post."""
    desk = Elsewhere(memory, nation=nation)
    await desk.opens(Procedure.STATUTORY)
    answering = desk.does(actions.respond, "We looked at it, and this is why.", Outcome.NOT_UPHELD)
    if nation != "northern_ireland":
        await answering
        assert await desk.letters(Notice.RESPONSE)
        return

    with pytest.raises(Refused, match=r"needs independent person appointed first \(SR 1996/451, reg. 5\)"):
        await answering
    with pytest.raises(Refused, match="needs independent person appointed first"):
        await desk.does(record, Event.S1_REPLY_SENT, why="by post")
    assert await desk.letters(Notice.RESPONSE) == []
    await desk.does(record, Event.IP_APPOINTED, why="I. Person, who is neither of the council nor married to it")
    await desk.does(record, Event.S1_REPLY_SENT, why="by post")


async def test_in_northern_ireland_an_answer_is_of_no_day_before_the_independent_person_was_appointed(memory: Memory) -> None:
    """SR 1996/451, reg. 5: made with them, and so not a week before there was one; nor is that corrected into the record."""
    desk = Elsewhere(memory, nation="northern_ireland")
    await desk.opens(Procedure.STATUTORY)
    appointed_on = desk.today + timedelta(days=8)
    await desk.records(Event.IP_APPOINTED, appointed_on, why="I. Person, who is neither of the council nor married to it")
    before, after = appointed_on - timedelta(days=7), appointed_on + timedelta(days=1)
    late = r"independent person appointed is of .* the answer would be before it \(SR 1996/451, reg. 5\)"

    await desk.cannot_record(late, Event.S1_REPLY_SENT, on=before)
    await desk.records(Event.S1_REPLY_SENT, after)
    desk.today = after + timedelta(days=7)
    await desk.cannot(late, correct, Event.S1_REPLY_SENT, on=before, why="typed wrongly")
    await desk.cannot(late, correct, Event.IP_APPOINTED, on=after + timedelta(days=1), why="typed wrongly")
    await desk.cannot("The answer is not given alone", correct, Event.IP_APPOINTED, on=None, why="nobody was")
    await desk.does(correct, Event.S1_REPLY_SENT, on=appointed_on, why="typed wrongly")


@pytest.mark.parametrize("raised_by", [Role.CHILD, Role.PARENT, Role.ADVOCATE])
@pytest.mark.parametrize("accept", [True, False])
async def test_a_panel_of_another_nation_is_told_of_as_that_nation_has_it(memory: Memory, raised_by: Role, accept: bool) -> None:
    """SR 1996/451, regs. 7 and 8: a panel follows the first answer, and nothing there is called stage 3 or has three people."""
    desk = Elsewhere(memory, nation="northern_ireland")
    await desk.opens(Procedure.STATUTORY, raised_by=raised_by)
    await desk.does(record, Event.IP_APPOINTED, why="I. Person, who is neither of the council nor married to it")
    await desk.does(actions.respond, "We looked at it, and this is why.", Outcome.NOT_UPHELD)
    await desk.records(Event.S3_REQUESTED, desk.today + timedelta(days=60), why="nobody asked the school")
    late, worth = "The letter lay at an old address.", "Nobody has asked the school, and a panel could."
    why = "We weighed both, and the letter did lie at an old address."
    await desk.does(discretions.decide_late_panel, accept=accept, why_late=late, worth=worth, why=why)
    told = [Notice.LATE_PANEL_ACCEPTED if accept else Notice.LATE_PANEL_REFUSED]
    if accept:
        await desk.records(Event.PANEL)
        said = {"summary": "They found that nobody asked the school.", "recommendations": "Ask the school."}
        await desk.records(Event.PANEL_REPORT, say=said)
        told.append(Notice.PANEL_REPORT)

    for notice in told:
        [sent] = await desk.letters(notice)
        text = render(notice, Channel.EMAIL, "en", sent.facts, desk.acting().office.council).text
        assert not re.search(r"[Ss]tage [23]|[Tt]hree (independent )?people|reg\. ", text), (notice, text)
        assert not ENGLANDS.search(text), (notice, ENGLANDS.findall(text))


async def test_in_wales_a_formal_investigation_follows_and_after_it_the_ombudsman_for_wales(memory: Memory) -> None:
    desk = Elsewhere(memory)
    await desk.opens(Procedure.STATUTORY)
    await desk.does(actions.respond, "We looked at it, and this is why.", Outcome.NOT_UPHELD)

    [sent] = await desk.letters(Notice.RESPONSE)
    text = render(Notice.RESPONSE, Channel.EMAIL, "en", sent.facts, desk.acting().office.council).text
    assert sent.facts["next_step"] == "stage_2"
    assert re.search(r"stage 2.*Ombudsman", text, re.DOTALL) and "20 working days" not in text
    assert letters().after(Procedure.STATUTORY, 2, "wales").step is After.OMBUDSMAN
    assert letters().known_after(Procedure.STATUTORY, 3, "wales") is None


@pytest.mark.parametrize("nation", NATIONS)
def test_what_a_nation_has_no_line_for_ends_with_a_person_and_with_no_step_of_england(nation: str) -> None:
    assert letters().after(Procedure.PUBLIC_HEALTH, 1, nation).step is After.PERSON
    assert letters().after(Procedure.DATA_PROTECTION, 1, nation).step is After.COMMISSIONER


async def test_the_word_file_of_an_answer_says_the_nations_own(memory: Memory) -> None:
    desk = Elsewhere(memory)
    await desk.opens(Procedure.STATUTORY, raised_by=Role.CHILD)
    await desk.does(issue_list.add, "They moved me in the night.")
    await desk.does(findings.find, 1, Outcome.NOT_UPHELD, "We looked at the file and spoke with the home.")
    async with memory.reading() as uow:
        made = await blank(uow, await the_case(uow, desk.reference), 1, desk.acting(), b"")
    for file in (made.letter, made.child_letter):
        words = "\n".join(paragraph.text for paragraph in Document(io.BytesIO(file)).paragraphs)
        assert "stage 2" in words and not ENGLANDS.search(words), ENGLANDS.findall(words)


@pytest.mark.parametrize(
    ("words", "stops"),
    [
        ("You can ask the Local Government and Social Care Ombudsman.", True),
        ("You can ask the Ombudsman on 0300 061 0614.", True),
        ("You can ask the Public Services Ombudsman for Wales on 0300 790 0203.", False),
    ],
)
def test_the_check_stops_an_answer_that_sends_somebody_to_another_nations_ombudsman(words: str, stops: bool) -> None:
    known = replace(KNOWN, nation="wales")
    every = check_letter(letter(f"{words} Your number is {known.reference}."), None, known)
    found = [one.words for one in every if one.rule is Rule.OMBUDSMAN and one.holds_it_up]

    assert bool(found) is stops
    assert all("Public Services Ombudsman for Wales" in one for one in found)


def test_a_number_tells_whose_ombudsman_it_is() -> None:
    assert [whose("0300 061 0614"), whose("03007900203"), whose("01632 960 000"), whose("")] == ["england", "wales", None, None]
    assert whose("", "Scottish Public Services Ombudsman") == "scotland"


@pytest.mark.parametrize("nation", NATIONS)
async def test_what_staff_are_refused_cites_no_law_of_england_as_if_it_held(memory: Memory, nation: str) -> None:
    desk = Elsewhere(memory, nation=nation)
    await desk.opens(Procedure.STATUTORY)
    told = []
    refused_here: list[tuple[Any, ...]] = [
        *([(record, Event.GROUNDS_AROSE)] if nation == "northern_ireland" else []),  # no clock of theirs knows it
        (issue_list.ask,),
        (issue_list.confirm, "by phone"),
        (actions.acknowledge, Acknowledging([], answerer_name="Jo Field")),
        (course.decide_withdrawal, course.Choice("Jo Field rang them on Monday", True)),
        (course.agree_overrun, desk.today, "by phone", "two people are away"),
    ]
    for wanted in refused_here:
        with pytest.raises(Refused) as refused:
            await desk.does(*wanted)
        told.append(str(refused.value))

    unknown_here = "nothing is written down of it here; at home [^)]*"
    assert [words for words in told if ENGLANDS.search(re.sub(unknown_here, "", words))] == []
