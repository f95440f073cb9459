"""A step sends its letter in its own unit of work, once, to each reader by their own route, with the right next step."""

from datetime import date
from typing import Any

import pytest

from casework import actions
from casework.acting import Refused
from casework.decisions.acknowledging import Acknowledging
from casework.issues import findings, issue_list, remedies
from casework.issues.remedies import Deciding
from casework.letters import sending_letters
from casework.letters.of_steps import Saying
from casework.opening import task
from casework.receiving import Hearing, not_happy
from casework.recording import record
from casework.representation import Writer
from notifications.rendering import render
from procedures.people import CaseRole
from procedures.terms import Event, Kind, Notice, Outcome, Procedure, Remedy, Role
from storage import cases
from storage.filing import Filing, write
from storage.tables import CasePersonRow, EventRow, OutboxRow, PartyRole, PartyRow, TaskKind
from storage.unit_of_work import Memory
from tests.casework.rooms import OFFICE, a_case, acting, opened, told
from tests.casework.test_recording import on, routed

THURSDAY = date(2025, 3, 20)


async def letters_to(memory: Memory, reference: str, *notices: Notice) -> list[OutboxRow]:
    async with memory.reading() as uow:
        return [row for row in await cases.sent_of(uow, reference) if not notices or row.notice in notices]


async def recorded(memory: Memory, reference: str, event: Event, day: date, **more: Any) -> None:
    async with memory.unit_of_work() as uow:
        await record(uow, reference, event, acting(at=on(day)), **{"why": "because", **more})


async def at_stage_2(memory: Memory, procedure: Procedure = Procedure.STATUTORY) -> str:
    """Answered Thursday 20, stage 2 asked for on Monday 24 March 2025: day 25 is Wednesday 30 April, day 65 Friday 27 June."""
    reference = await routed(memory, procedure)
    async with memory.unit_of_work() as uow:
        letter = Acknowledging(["My worker does not call.", "I had to move."])
        await actions.acknowledge(uow, reference, letter, acting(at=on(date(2025, 3, 12))))
    async with memory.unit_of_work() as uow:
        await actions.respond(uow, reference, "No.", Outcome.NOT_UPHELD, acting(at=on(THURSDAY)))
    await recorded(memory, reference, Event.S2_REQUESTED, date(2025, 3, 24))
    return reference


async def has_an_advocate(memory: Memory, reference: str, *, confirmed_on: date | None) -> None:
    """An advocate with a route of their own, whom an officer has confirmed, or not yet."""
    filing = Filing()
    filing.add(PartyRow(case_reference=reference, role=PartyRole.ADVOCATE, name="Ada Bell", address="ada@advocates.example"))
    async with memory.unit_of_work() as uow:
        await write(uow, [filing])
        [party] = [one for one in (await cases.parties_of(uow, [reference]))[reference] if one.role is PartyRole.ADVOCATE]
        person = Filing()
        person.add(
            CasePersonRow(
                case_reference=reference,
                role=CaseRole.ADVOCATE,
                name="Ada Bell",
                party_id=party.id,
                appointed_on=confirmed_on,
                added_at=on(THURSDAY),
                added_by="officer@council.example",
            )
        )
        await write(uow, [person])


async def test_a_complex_complaint_tells_the_person_why_and_until_when(memory: Memory) -> None:
    reference = await routed(memory)
    await recorded(memory, reference, Event.COMPLEX_DECIDED, THURSDAY, why="Three agencies hold the file.")

    [letter] = await letters_to(memory, reference, Notice.EXTENSION)
    text = render(Notice.EXTENSION, letter.channel, letter.language, letter.facts, OFFICE.council).text
    assert (letter.facts["old_due_on"], letter.facts["due_on"]) == ("2025-03-24", "2025-04-07")
    assert "This is why: Three agencies hold the file." in text and "The new date is 7 April 2025." in text
    assert letter.facts["contact"] == "Ravi Shah" and letter.facts["written_on"] == "2025-03-20"


async def test_a_step_that_is_refused_sends_nothing(memory: Memory) -> None:
    reference = await routed(memory)
    before = await letters_to(memory, reference)
    with pytest.raises(Refused, match="is no ground"):
        await recorded(memory, reference, Event.COMPLEX_DECIDED, THURSDAY, why="staff leave")

    assert len(await letters_to(memory, reference)) == len(before)


async def test_stage_2_names_both_dates_and_the_points_and_a_delay_notice_the_date_it_promises(memory: Memory) -> None:
    reference = await at_stage_2(memory)
    await recorded(memory, reference, Event.DELAY_NOTICE, date(2025, 4, 29), why="Two people are away.", until=date(2025, 6, 6))

    [asked, delayed] = await letters_to(memory, reference, Notice.S2_ACKNOWLEDGEMENT, Notice.S2_DELAY)
    dates = (asked.facts["start_on"], asked.facts["due_on"], asked.facts["longest_on"])
    assert dates == ("2025-03-24", "2025-04-30", "2025-06-27")
    assert asked.facts["issues"] == ["My worker does not call.", "I had to move."]
    assert (delayed.facts["old_due_on"], delayed.facts["due_on"]) == ("2025-04-30", "2025-06-06")
    assert {asked.facts["next_step"], delayed.facts["next_step"]} == {"panel"}


async def test_an_answer_names_the_day_by_which_we_ask_them_to_come_back_whom_to_ask_and_how_to_stop(memory: Memory) -> None:
    """Twenty working days after Thursday 20 March 2025, the last one before Easter: Thursday 17 April."""
    reference = await at_stage_2(memory)

    [answer] = await letters_to(memory, reference, Notice.RESPONSE)
    text = render(Notice.RESPONSE, answer.channel, answer.language, answer.facts, OFFICE.council).text
    assert "Please ask by 17 April 2025. That is 20 working days. You can still ask later." in text
    assert "Ask for Ravi Shah." in text and "To stop, reply 'stop'." in text
    assert "We wrote this on 20 March 2025.\n\nYour Say team" in text, "who we are stands apart"
    [asked] = await letters_to(memory, reference, Notice.S2_ACKNOWLEDGEMENT)
    assert asked.facts["ask_by"] is None, "only an answer names it"


async def test_a_letter_lacks_nothing_that_the_law_wants_in_it_or_the_step_is_refused(memory: Memory) -> None:
    """SI 2006/1738, reg. 8(3): in writing, with the reasons."""
    reference = await routed(memory)
    await recorded(memory, reference, Event.PREJUDICE_DECIDED, THURSDAY, why="the trial of 2 July")
    with pytest.raises(Refused, match=r"reg\. 8\(3\).*--why"):
        await recorded(memory, reference, Event.HOLD_LETTER, THURSDAY, why="")
    assert await letters_to(memory, reference, Notice.HOLD) == []
    say = {"goes_on": "We go on with the bike."}
    await recorded(memory, reference, Event.HOLD_LETTER, THURSDAY, why="The move waits for the judge, on 2 July.", say=say)

    [letter] = await letters_to(memory, reference, Notice.HOLD)
    assert (letter.facts["reason"], letter.facts["goes_on"]) == ("The move waits for the judge, on 2 July.", say["goes_on"])


async def test_what_was_sent_before_today_or_in_somebodys_own_words_does_not_go_again(memory: Memory) -> None:
    """A step that is the sending itself says with an earlier day that it went by another route; so does one without its words."""
    reference = await at_stage_2(memory)
    async with memory.unit_of_work() as uow:
        later = acting(at=on(date(2025, 4, 29)))
        await record(uow, reference, Event.DELAY_NOTICE, later, on=date(2025, 4, 25), why="away", until=date(2025, 6, 6))
    await recorded(memory, reference, Event.IO_APPOINTED, date(2025, 4, 25))
    await recorded(memory, reference, Event.IP_APPOINTED, date(2025, 4, 25), why="Tom Field, no officer")
    await recorded(memory, reference, Event.S2_NOTICE_SENT, date(2025, 4, 30))

    assert await letters_to(memory, reference, Notice.S2_DELAY, Notice.S2_RESPONSE) == []


async def test_a_letter_goes_once_however_often_it_is_asked_for(memory: Memory) -> None:
    """Stage 2 was asked for in a message: its letter is sent by a person, and not a second time."""
    reference = await at_stage_2(memory)
    async with memory.unit_of_work() as uow:
        with pytest.raises(Refused, match="not said twice"):
            await sending_letters.send(uow, reference, Notice.S2_ACKNOWLEDGEMENT, Saying(THURSDAY), acting(at=on(THURSDAY)))
    with pytest.raises(Refused, match="on the case already"):
        await recorded(memory, reference, Event.S2_REQUESTED, date(2025, 3, 24))

    assert len(await letters_to(memory, reference, Notice.S2_ACKNOWLEDGEMENT)) == 1


async def test_a_letter_whose_step_came_in_a_message_is_sent_by_a_person_and_one_without_its_step_is_not(memory: Memory) -> None:
    reference = await routed(memory)
    asked = Filing()
    asked.add(acting(at=on(THURSDAY)).event(reference, Event.ADVOCATE_REQUESTED))
    async with memory.unit_of_work() as uow:
        await write(uow, [asked])
        await sending_letters.send(uow, reference, Notice.ADVOCATE_PENDING, Saying(THURSDAY), acting(at=on(THURSDAY)))
        for notice, how in ((Notice.EXTENSION, "complex_decided"), (Notice.REROUTED, "heard case route")):
            with pytest.raises(Refused, match=how):
                await sending_letters.send(uow, reference, notice, Saying(THURSDAY), acting(at=on(THURSDAY)))
        with pytest.raises(Refused, match="has no letter status"):
            await sending_letters.send(uow, reference, Notice.STATUS, Saying(THURSDAY), acting(at=on(THURSDAY)))

    [letter] = await letters_to(memory, reference, Notice.ADVOCATE_PENDING)
    assert (letter.facts["appointed"], letter.facts["due_on"]) == (False, "2025-03-24")


async def test_a_confirmed_advocate_gets_a_letter_of_their_own_in_formal_words(memory: Memory) -> None:
    """SI 2006/1738, regs. 7(2), 15(1): to the advocate too. One who waits to be confirmed gets nothing."""
    reference, waits = await routed(memory), await routed(memory)
    await has_an_advocate(memory, reference, confirmed_on=THURSDAY)
    await has_an_advocate(memory, waits, confirmed_on=None)
    for one in (reference, waits):
        await recorded(memory, one, Event.COMPLEX_DECIDED, THURSDAY, why="Three agencies hold the file.")

    told = {row.recipient: row for row in await letters_to(memory, reference, Notice.EXTENSION)}
    assert set(told) == {"mum@family.example", "ada@advocates.example"}
    formal = render(
        Notice.EXTENSION, told["ada@advocates.example"].channel, "en", told["ada@advocates.example"].facts, OFFICE.council
    )
    assert "reg. 14(5)" in formal.text and told["mum@family.example"].facts["voice"] == "unknown"
    assert [row.recipient for row in await letters_to(memory, waits, Notice.EXTENSION)] == ["mum@family.example"]


@pytest.mark.parametrize("is_in_danger", [False, True])
async def test_the_last_letter_asks_nobody_who_they_are_while_an_alert_is_open(memory: Memory, is_in_danger: bool) -> None:
    reference = await routed(memory)
    if is_in_danger:
        filing = Filing()
        filing.add(task(f"safety:{reference}", TaskKind.SAFETY, reference, on(THURSDAY), on(THURSDAY), "harm"))
        async with memory.unit_of_work() as uow:
            await write(uow, [filing])
    async with memory.unit_of_work() as uow:
        await actions.respond(uow, reference, "No.", Outcome.NOT_UPHELD, acting(at=on(THURSDAY)))
    async with memory.unit_of_work() as uow:
        await actions.close(uow, reference, "answered", acting(at=on(date(2025, 3, 21))))

    [letter] = await letters_to(memory, reference, Notice.CLOSURE)
    adult = {**letter.facts, "voice": "adult"}
    text = render(Notice.CLOSURE, letter.channel, "en", adult, OFFICE.council).text
    assert ("You need not say who you are." in text) is not is_in_danger


async def test_a_closed_case_says_what_comes_next_and_never_that_nothing_does(memory: Memory) -> None:
    reference = await routed(memory)
    async with memory.unit_of_work() as uow:
        await actions.respond(uow, reference, "No.", Outcome.NOT_UPHELD, acting(at=on(THURSDAY)))
    async with memory.unit_of_work() as uow:
        await actions.close(uow, reference, "answered", acting(at=on(date(2025, 3, 21))))

    [letter] = await letters_to(memory, reference, Notice.CLOSURE)
    text = render(Notice.CLOSURE, letter.channel, "en", letter.facts, OFFICE.council).text
    assert text.index("It is called stage 2.") < text.index("The Ombudsman") and "You can still ask later." in text
    assert "last step" not in text and "Our answer says why." in text


async def test_a_closed_case_says_what_the_last_answer_found_and_not_what_the_first_did(memory: Memory) -> None:
    """Stage 1 upheld nothing, stage 2 the one point: who was right in the end is not told that they were not."""
    reference = await routed(memory)
    monday = on(date(2025, 3, 24))
    async with memory.unit_of_work() as uow:
        number = await issue_list.add(uow, reference, "Nobody rang.", acting(at=on(THURSDAY)))
        await findings.find(uow, reference, number, Outcome.NOT_UPHELD, "The log has a call.", acting(at=on(THURSDAY)))
        await actions.respond(uow, reference, "No.", None, acting(at=on(THURSDAY)))
    async with memory.unit_of_work() as uow:
        await record(uow, reference, Event.S2_REQUESTED, acting(at=monday))
        await record(uow, reference, Event.IP_APPOINTED, acting(at=monday), why="B. Moss, of no council")
        await findings.find(uow, reference, number, Outcome.UPHELD, "The call was to another family.", acting(at=monday))
        await remedies.decide(uow, reference, number, Deciding(Remedy.APOLOGY, "We say sorry."), acting(at=monday))
        await record(uow, reference, Event.S2_NOTICE_SENT, acting(at=monday), say={"words": "You were right."})
    async with memory.unit_of_work() as uow:
        await actions.close(uow, reference, "answered", acting(at=monday))

    [letter] = await letters_to(memory, reference, Notice.CLOSURE)
    text = render(Notice.CLOSURE, letter.channel, "en", letter.facts, OFFICE.council).text
    assert "You were right." in text and "not upheld" not in text


async def test_another_way_is_never_taken_silently(memory: Memory) -> None:
    """law.md §6, fault 14. The first decision is told by the acknowledgement; a later one by a letter with the reason."""
    reference = await routed(memory, Procedure.CORPORATE)
    assert await letters_to(memory, reference, Notice.REROUTED) == []
    async with memory.unit_of_work() as uow:
        await actions.route(uow, reference, Procedure.STATUTORY, "You lived with a foster family.", acting(at=on(THURSDAY)))

    [letter] = await letters_to(memory, reference, Notice.REROUTED)
    facts = letter.facts
    assert (facts["procedure"], facts["received_on"], facts["due_on"]) == ("statutory", "2025-03-10", "2025-03-24")
    assert facts["reason"] == "You lived with a foster family."


async def test_nobody_hears_of_an_imported_case_and_whoever_has_no_route_is_a_task(memory: Memory) -> None:
    imported, nowhere = (
        await a_case(memory, is_imported=True),
        await a_case(memory, writer=Writer(name="R Green", phone="01632 960 001")),
    )
    for reference in (imported, nowhere):
        async with memory.unit_of_work() as uow:
            await actions.route(uow, reference, Procedure.STATUTORY, "read with the file", acting())
        await recorded(memory, reference, Event.COMPLEX_DECIDED, THURSDAY, why="Three agencies hold the file.")

    assert await letters_to(memory, imported, Notice.EXTENSION) == await letters_to(memory, nowhere, Notice.EXTENSION) == []
    async with memory.reading() as uow:
        tasks = {row.kind for row in await cases.tasks(uow, reference=nowhere)}
    assert TaskKind.CANNOT_REACH in tasks


async def test_each_reader_gets_the_words_that_are_theirs(memory: Memory) -> None:
    voices = {Role.CHILD: "child", Role.CARE_LEAVER: "young", Role.PARENT: "adult", Role.PROFESSIONAL: "professional"}
    for role, voice in voices.items():
        reference = await a_case(memory, raised_by=role, kind=Kind.COMPLAINT)
        async with memory.unit_of_work() as uow:
            await actions.route(uow, reference, Procedure.STATUTORY, "read with the file", acting())
        await recorded(memory, reference, Event.COMPLEX_DECIDED, THURSDAY, why="Three agencies hold the file.")

        assert [row.facts["voice"] for row in await letters_to(memory, reference, Notice.EXTENSION)] == [voice]


@pytest.mark.parametrize("procedure", [Procedure.STATUTORY, Procedure.CORPORATE])
def test_who_is_not_happy_hears_day_25_and_day_65_at_once_where_the_route_is_decided(procedure: Procedure) -> None:
    """practice.md §3: answered Thursday 20, not happy on Monday 24 March 2025: Wednesday 30 April, Friday 27 June."""
    case, filing = opened()
    case.case.procedure = procedure
    answered = acting(at=on(THURSDAY)).event(case.case.reference, Event.S1_REPLY_SENT)
    events = [*(row for row in filing.rows if isinstance(row, EventRow)), answered]
    monday, said = on(date(2025, 3, 24)), Filing()

    not_happy(Hearing(case.case, events, told().writer, "letter", monday, OFFICE, monday, said))

    [answer] = [row for row in said.rows if isinstance(row, OutboxRow)]
    text = render(Notice.PASSED_TO_TEAM, answer.channel, "en", answer.facts, OFFICE.council).text
    assert ("You will hear by 30 April 2025, and no later than 27 June 2025." in text) == (procedure is Procedure.STATUTORY)


async def test_that_an_advocate_has_the_letter_is_not_enough_where_who_complained_has_no_route(memory: Memory) -> None:
    nowhere = await a_case(memory, writer=Writer(name="R Green", phone="01632 960 001"))
    async with memory.unit_of_work() as uow:
        await actions.route(uow, nowhere, Procedure.STATUTORY, "read with the file", acting())
    await has_an_advocate(memory, nowhere, confirmed_on=THURSDAY)
    await recorded(memory, nowhere, Event.COMPLEX_DECIDED, THURSDAY, why="Three agencies hold the file.")

    assert [row.recipient for row in await letters_to(memory, nowhere, Notice.EXTENSION)] == ["ada@advocates.example"]
    async with memory.reading() as uow:
        tasks = {row.kind for row in await cases.tasks(uow, reference=nowhere)}
    assert TaskKind.CANNOT_REACH in tasks
