"""Late: the person is told at nine, once, and a head of service the same minute; from a real memory, on both databases."""

from dataclasses import replace
from datetime import date, datetime

import pytest
from sqlmodel import select

from notifications.late_letters import tell_late
from notifications.rendering import render
from procedures.letters import After
from procedures.letters import letters as book_of_letters
from procedures.people import Basis, CaseRole
from procedures.terms import Channel, Event, Notice, Procedure
from procedures.working_days import WorkingCalendar
from storage.outbox import outgoing
from storage.tables import AuthorityRow, CasePersonRow, PartyRole, PartyRow, TaskRow
from storage.unit_of_work import Memory
from tests.mouth.offices import HEAD, OFFICE, REFERENCE, at, case, happened, keep, outbox, party, record

DUE = date(2026, 4, 2)
ADA = "ada@advocates.example"


async def test_the_person_is_told_at_nine_the_next_working_day_and_once(memory: Memory) -> None:
    await keep(memory, case())
    await record(memory, party(address="kim@example.org"))

    for moment in (at(DUE, 17), at(date(2026, 4, 3), 9), at(date(2026, 4, 7), 8, 59)):
        assert await tell_late(memory, OFFICE, moment) == []
    assert len(await tell_late(memory, OFFICE, at(date(2026, 4, 7), 9))) == 1
    for moment in (at(date(2026, 4, 7), 9, 1), at(date(2026, 4, 8), 9), at(date(2026, 4, 30), 9)):
        assert await tell_late(memory, OFFICE, moment) == []

    queued = {row.key: row for row in await outbox(memory)}
    assert set(queued) == {"late:K7M-W92-RXH4:s1_response:2026-04-02", "late:hal@council.example:2026-04-07:K7M-W92-RXH4"}
    letter, word = queued["late:K7M-W92-RXH4:s1_response:2026-04-02"], queued["late:hal@council.example:2026-04-07:K7M-W92-RXH4"]
    assert (letter.notice, letter.recipient) == (Notice.LATE, "kim@example.org")
    assert letter.facts == {
        "reference": REFERENCE,
        "voice": "child",
        "due_on": "2026-04-02",
        "tell_by": "2026-04-08",
        "procedure": "statutory",
        "stage": 1,
        "next_step": "stage_2",
    }
    assert (word.notice, word.recipient, word.queued_at) == (Notice.REMINDERS, HEAD.address, letter.queued_at)
    assert [item["days"] for item in word.facts["overdue"]] == [1]


@pytest.mark.parametrize("channel", [Channel.EMAIL, Channel.TELEGRAM])
@pytest.mark.parametrize(
    ("procedure", "named", "not_named"),
    [
        (Procedure.ADULTS, ("You can ask the Ombudsman to look at it now.", "0300 061 0614"), "next step"),
        (Procedure.PUBLIC_HEALTH, ("You can ask the Ombudsman to look at it now.", "0300 061 0614"), "next step"),
        (
            Procedure.DATA_PROTECTION,
            ("You can ask the Information Commissioner to look at it now.", "0303 123 1113"),
            "Ombudsman",
        ),
    ],
)
async def test_where_no_stage_of_ours_follows_it_names_who_looks_at_it_from_outside(
    procedure: Procedure, named: tuple[str, ...], not_named: str, channel: Channel
) -> None:
    """The law book's step in England (SI 2009/309; SI 2012/3094; Data Protection Act 2018, s. 165), and no step that is none."""
    step = book_of_letters().after(procedure, 1).step
    facts: dict[str, object] = {"reference": REFERENCE, "voice": "adult", "due_on": "2026-04-02", "tell_by": "2026-04-08"}
    facts |= {"procedure": procedure.value, "stage": 1, "next_step": step.value}
    text = " ".join(render(Notice.LATE, channel, "en", facts, OFFICE.council).text.split())

    assert [one for one in named if one not in text] == []
    assert not_named not in text


@pytest.mark.parametrize(
    ("nation", "step", "words"),
    [
        ("england", After.STAGE_2, "Two people from outside the team will look into it."),
        ("scotland", After.INVESTIGATION, "Someone who was not part of it will look at it."),
        ("northern_ireland", After.PANEL_IN_WRITING, "Please ask in writing."),
    ],
)
async def test_the_next_step_that_it_offers_is_that_of_the_nation(memory: Memory, nation: str, step: After, words: str) -> None:
    """The days of procedures/letters.toml: England's step is offered to nobody elsewhere."""
    await keep(memory, case())
    await record(memory, party(address="kim@example.org"))
    calendar = WorkingCalendar.of(nation)
    office = replace(OFFICE, nation=nation, calendar=calendar, open_days=calendar)

    assert [one.next_step for one in await tell_late(memory, office, at(date(2026, 5, 20), 9))] == [step]

    [letter] = [row for row in await outbox(memory) if row.notice == Notice.LATE]
    text = " ".join(render(Notice.LATE, Channel.EMAIL, "en", letter.facts, office.council).text.split())
    assert words in text
    assert ("Two people from outside" in text) == (nation == "england")


@pytest.mark.parametrize("ending", [Event.S1_REPLY_SENT, Event.S1_RESOLVED, Event.CLOSED, Event.WITHDRAWN, Event.S2_REQUESTED])
async def test_who_was_answered_is_not_told_that_we_are_late(memory: Memory, ending: Event) -> None:
    await keep(memory, case())
    await record(memory, party(address="kim@example.org"), happened(REFERENCE, ending, date(2026, 4, 7), at(date(2026, 4, 7), 8)))

    await tell_late(memory, OFFICE, at(date(2026, 4, 7), 9))

    assert await outbox(memory) == []


async def test_the_letter_that_offers_stage_2_is_not_sent_when_stage_2_is_late(memory: Memory) -> None:
    """Stage 2 asked for on 13 April 2026 was due on 19 May."""
    await keep(memory, case(events={Event.S1_REPLY_SENT: DUE, Event.S2_REQUESTED: date(2026, 4, 13)}))
    await record(memory, party(address="kim@example.org"))

    await tell_late(memory, OFFICE, at(date(2026, 5, 20), 9))

    assert await outbox(memory) == []


async def test_a_case_from_the_past_sends_nothing_to_anyone(memory: Memory) -> None:
    await keep(memory, case(is_imported=True))
    await record(memory, party(address="kim@example.org"))

    assert await tell_late(memory, OFFICE, at(date(2026, 4, 7), 9)) == []
    assert await outbox(memory) == []


async def test_an_undecided_case_is_told_only_where_the_person_has_heard_from_us(memory: Memory) -> None:
    silent, heard = case("4HX-C9Y-2RM8", procedure=Procedure.UNDECIDED), case("8RC-2HK-47XW", procedure=Procedure.UNDECIDED)
    await keep(memory, silent, heard)
    await record(
        memory,
        party("4HX-C9Y-2RM8", address="a@example.org"),
        party("8RC-2HK-47XW", chat_id=77),
        happened("8RC-2HK-47XW", Event.RECEIPT_SENT, date(2026, 3, 19)),
    )

    await tell_late(memory, OFFICE, at(date(2026, 4, 7), 9))

    letters = [row for row in await outbox(memory) if row.notice == Notice.LATE]
    assert [(row.channel, row.recipient) for row in letters] == [(Channel.TELEGRAM, "77")]


@pytest.mark.parametrize(("ends_on", "is_told"), [(date(2026, 4, 6), False), (date(2026, 4, 7), True), (None, True)])
async def test_whose_authority_has_ended_is_not_told_that_we_are_late(
    memory: Memory, ends_on: date | None, is_told: bool
) -> None:
    """From the day after its end nothing goes to who only spoke for somebody (`casework.people.told`)."""
    await keep(memory, case())
    await record(
        memory, party(address="kim@example.org"), PartyRow(case_reference=REFERENCE, role=PartyRole.ADVOCATE, address=ADA)
    )
    async with memory.unit_of_work() as uow:
        [ada] = [one for one in await uow.exec(select(PartyRow)) if one.address == ADA]
        person = CasePersonRow(
            case_reference=REFERENCE,
            role=CaseRole.ADVOCATE,
            address=ADA,
            party_id=ada.id,
            added_at=at(DUE, 9),
            added_by=HEAD.address,
        )
        uow.add(person)
        await uow.flush()
        assert person.id is not None
        uow.add(
            AuthorityRow(
                case_reference=REFERENCE,
                person_id=person.id,
                basis=Basis.ADVOCATE,
                begins_on=DUE,
                ends_on=ends_on,
                recorded_at=at(DUE, 9),
                recorded_by=HEAD.address,
            )
        )

    await tell_late(memory, OFFICE, at(date(2026, 4, 7), 9))

    told = {row.recipient for row in await outbox(memory) if row.notice == Notice.LATE}
    assert told == ({"kim@example.org", ADA} if is_told else {"kim@example.org"})


async def test_who_was_told_is_not_told_again_because_the_day_was_only_counted_again(memory: Memory) -> None:
    """2 April 2026 became a day that does not count: the answer is due on Tuesday the 7th, after Easter. No letter says so."""
    await keep(memory, case())
    await record(memory, party(address="kim@example.org"))
    later = OFFICE.with_days({DUE: "Proclaimed holiday"}, frozenset())

    [first] = await tell_late(memory, OFFICE, at(date(2026, 4, 7), 9))
    again = await tell_late(memory, later, at(date(2026, 4, 8), 9))

    assert (first.due_on, again) == (DUE, [])
    assert [row.facts["due_on"] for row in await outbox(memory) if row.notice == Notice.LATE] == ["2026-04-02"]


@pytest.mark.parametrize(
    ("notice", "promised", "written", "is_told"),
    [
        (Notice.INTEREST_ACCEPTED, date(2026, 4, 7), at(date(2026, 4, 7), 12), True),
        (Notice.INTEREST_ACCEPTED, date(2026, 4, 7), at(date(2026, 4, 1), 12), False),  # before they were told
        (Notice.INTEREST_ACCEPTED, DUE, at(date(2026, 4, 7), 12), False),  # the day of which they were told
        (Notice.INTEREST_ACCEPTED, date(2026, 4, 9), at(date(2026, 4, 7), 12), False),  # that day is still to come
        (Notice.STATUS, date(2026, 4, 7), at(date(2026, 4, 7), 12), False),  # nobody decided it
    ],
)
async def test_a_day_that_a_letter_promised_since_and_that_was_missed_too_is_told(
    memory: Memory, notice: Notice, promised: date, written: datetime, is_told: bool
) -> None:
    """practice.md §1: what is promised stands in a letter that a person had sent."""
    await keep(memory, case())
    await record(memory, party(address="kim@example.org"))
    later = OFFICE.with_days({DUE: "Proclaimed holiday"}, frozenset())
    await tell_late(memory, OFFICE, at(date(2026, 4, 7), 9))
    letter = outgoing(
        key=f"{notice}:{REFERENCE}",
        notice=notice,
        channel=Channel.EMAIL,
        recipient="kim@example.org",
        now=written,
        domain=OFFICE.domain,
        facts={"reference": REFERENCE, "due_on": promised.isoformat()},
        case_reference=REFERENCE,
    )
    await record(memory, letter)

    told = [await tell_late(memory, later, at(date(2026, 4, day), 9)) for day in (8, 9)]

    assert [[one.due_on for one in day] for day in told] == [[date(2026, 4, 7)] if is_told else [], []]


async def test_a_closed_route_is_a_task_and_never_another_route(memory: Memory) -> None:
    await keep(memory, case())
    await record(memory, party(chat_id=77, is_closed=True))

    await tell_late(memory, OFFICE, at(date(2026, 4, 7), 9))
    await tell_late(memory, OFFICE, at(date(2026, 4, 8), 9))

    assert [row.recipient for row in await outbox(memory)] == [HEAD.address]
    async with memory.reading() as uow:
        tasks = [row.key for row in await uow.exec(select(TaskRow))]
    assert tasks == ["reach:late:K7M-W92-RXH4:s1_response:2026-04-02"]
