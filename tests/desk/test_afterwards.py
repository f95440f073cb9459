"""What comes after the answer, the thank-you or the close: it is read by a person, and its clock runs. On both databases."""

from datetime import date, timedelta
from email.message import EmailMessage

import pytest

from casework import actions
from casework.clockwork import events_of
from casework.decisions.acknowledging import Acknowledging
from casework.progress import where_it_stands
from intake.arrival import Arrival, Wire
from intake.reception import Reception
from notifications.rendering import render
from procedures.terms import Channel, Event, Kind, Notice, Procedure
from storage import cases
from storage.filing import Filing, write
from storage.outbox import outgoing
from storage.tables import CaseRow, LedgerResult, TaskKind
from storage.unit_of_work import Memory
from tests.casework.rooms import MONDAY, OFFICE, acting
from tests.desk.test_reception import DOOR, letter, post, queued, tasks

TUESDAY_WEEK = MONDAY + timedelta(days=8)
FRIDAY_WEEK = MONDAY + timedelta(days=11)


async def answered(memory: Memory, procedure: Procedure = Procedure.STATUTORY, *, is_closed: bool = False) -> str:
    """A complaint of Mum's, answered on Tuesday week; its reference."""
    [first] = await post(memory, letter())
    reference = first.reference or ""
    officer = acting(at=TUESDAY_WEEK)
    async with memory.unit_of_work() as uow:
        await actions.route(uow, reference, procedure, "her child is looked after", officer)
    async with memory.unit_of_work() as uow:
        await actions.acknowledge(uow, reference, Acknowledging(["No one called back."]), officer)
    async with memory.unit_of_work() as uow:
        await actions.respond(uow, reference, "We should have called. We are sorry.", None, officer)
    if is_closed:
        async with memory.unit_of_work() as uow:
            await actions.close(uow, reference, "answered", officer)
    return reference


async def standing(memory: Memory, reference: str) -> tuple[CaseRow, dict[Event, date], dict[str, date]]:
    async with memory.reading() as uow:
        case = await cases.find(uow, reference)
        events = events_of((await cases.events_of(uow, [reference]))[reference])
        due = {row.clock: row.due_on for row in await cases.deadlines_of(uow, reference, standing_only=True)}
    assert case is not None
    return case, events, due


async def the_answer(memory: Memory) -> str:
    """The Message-ID of our answer."""
    return next(row.message_id for row in await queued(memory) if row.notice == Notice.RESPONSE)


@pytest.mark.parametrize("is_thread", [True, False])
async def test_not_happy_after_the_close_is_stage_2_from_that_day(memory: Memory, is_thread: bool) -> None:
    reference = await answered(memory, is_closed=True)
    headers = {"In_Reply_To": await the_answer(memory)} if is_thread else {}

    await post(memory, letter("Not happy.", subject="Your answer", **headers), start=2, now=FRIDAY_WEEK)

    case, events, due = await standing(memory, reference)
    assert events[Event.S2_REQUESTED] == date(2025, 3, 21)
    assert due["s2_response"] == date(2025, 4, 29)  # 25 working days, Good Friday and Easter Monday between
    assert case.closed_on is None
    assert not where_it_stands(case.kind, case.procedure, case.form, events, OFFICE, date(2025, 3, 24)).is_closed
    assert (TaskKind.NOT_HAPPY, reference) in await tasks(memory)


async def test_not_happy_is_stage_2_although_they_once_asked_to_stop(memory: Memory) -> None:
    [first] = await post(memory, letter())
    reference = first.reference or ""
    await post(memory, letter("stop", subject="stop"), start=2)
    officer = acting(at=TUESDAY_WEEK)
    async with memory.unit_of_work() as uow:
        await actions.route(uow, reference, Procedure.STATUTORY, "her child is looked after", officer)
    async with memory.unit_of_work() as uow:
        await actions.respond(uow, reference, "We should have called.", None, officer)

    await post(memory, letter("not happy", subject="again"), start=3, now=FRIDAY_WEEK)

    _, events, _ = await standing(memory, reference)
    assert events[Event.S2_REQUESTED] == date(2025, 3, 21)


async def test_no_stage_2_is_promised_where_the_law_has_none(memory: Memory) -> None:
    reference = await answered(memory, Procedure.ADULTS)

    await post(memory, letter("not happy", subject="Your answer"), start=2, now=FRIDAY_WEEK)

    _, events, _ = await standing(memory, reference)
    assert Event.S2_REQUESTED not in events
    assert (await queued(memory))[-1].facts["what"] == "look"
    assert (TaskKind.NOT_HAPPY, reference) in await tasks(memory)


@pytest.mark.parametrize("is_closed", [False, True])
async def test_what_is_written_after_the_answer_is_put_before_a_person(memory: Memory, is_closed: bool) -> None:
    reference = await answered(memory, is_closed=is_closed)
    words = "My new telephone number is 01632 960 555. Please note it."

    [added] = await post(memory, letter(words, In_Reply_To=await the_answer(memory)), start=2, now=FRIDAY_WEEK)

    assert (added.result, added.reference) == (LedgerResult.ADDED, reference)
    assert (TaskKind.PLACE_LETTER, reference) in await tasks(memory)


@pytest.mark.parametrize(
    "words",
    [
        "I do not agree with this. Nobody asked my son, and I want somebody else to look at it.",
        "I'm not happy with this at all",
        "im not happy i want stage 2",
        "i dont agree i want the next step",
        "This doesn't answer anything. How do I appeal?",
        "Dear Ms Shah,\n\nThank you for your letter. What it says about 3 May is not true, and I would like to take it further.",
    ],
)
async def test_who_says_after_the_answer_in_any_words_that_it_is_not_right_has_asked_for_stage_2(
    memory: Memory, words: str
) -> None:
    """practice.md §3; the Ombudsman's fault 3: a form or special words are never needed."""
    reference = await answered(memory)

    await post(memory, letter(words, In_Reply_To=await the_answer(memory)), start=2, now=FRIDAY_WEEK)

    _, events, due = await standing(memory, reference)
    assert events[Event.S2_REQUESTED] == date(2025, 3, 21)
    assert "s2_response" in due
    assert (await queued(memory))[-1].notice == Notice.PASSED_TO_TEAM


@pytest.mark.parametrize(
    "words",
    [
        "Thank you for saying that it was wrong. We are grateful.",
        "I don't want to take this any further, thank you.",
        "No need for stage 2. I am happy with your answer.",
        "We will not appeal. Thank you for the apology.",
    ],
)
async def test_who_is_content_with_the_answer_has_not_asked_for_stage_2_and_a_person_reads_it(memory: Memory, words: str) -> None:
    reference = await answered(memory)

    await post(memory, letter(words, In_Reply_To=await the_answer(memory)), start=2, now=FRIDAY_WEEK)

    _, events, _ = await standing(memory, reference)
    assert Event.S2_REQUESTED not in events
    assert Notice.PASSED_TO_TEAM not in {row.notice for row in await queued(memory)}


async def test_before_the_answer_nobody_who_is_not_happy_has_asked_for_stage_2(memory: Memory) -> None:
    [first] = await post(memory, letter())
    [receipt] = await queued(memory)

    await post(memory, letter("I'm not happy with the school bus either.", In_Reply_To=receipt.message_id), start=2)

    _, events, _ = await standing(memory, first.reference or "")
    assert Event.S2_REQUESTED not in events


async def test_a_problem_in_answer_to_our_thanks_is_a_complaint_of_its_own(memory: Memory) -> None:
    [thanks] = await post(memory, letter("Thank you so much, Ade was brilliant with my son.", subject="Thank you"))
    [row] = await queued(memory)
    assert row.notice == Notice.THANKS

    words = "Actually, my social worker has not called us back for six weeks. I want to make a complaint."
    [one] = await post(memory, letter(words, In_Reply_To=row.message_id), start=2, now=MONDAY + timedelta(hours=3))

    assert one.result is LedgerResult.OPENED
    case, _, due = await standing(memory, one.reference or "")
    assert case.kind is Kind.COMPLAINT
    assert "s1_response" in due
    assert one.reference != thanks.reference
    async with memory.reading() as uow:
        details = [task.detail for task in await cases.tasks(uow, reference=one.reference)]
    assert f"may belong to {thanks.reference}" in details


async def test_status_after_stage_2_was_asked_for_has_words_by_mail(memory: Memory) -> None:
    await answered(memory)
    await post(memory, letter("not happy", subject="Your answer"), start=2, now=FRIDAY_WEEK)

    await post(memory, letter("status", subject="status"), start=3, now=FRIDAY_WEEK + timedelta(hours=3))

    row = (await queued(memory))[-1]
    assert row.notice == Notice.STATUS
    words = render(Notice.STATUS, Channel.EMAIL, "en", row.facts, OFFICE.council).text
    assert "You asked for the next step" in words
    assert "Tuesday 29 April" in words


async def test_who_has_only_a_finished_case_is_told_that_it_is_finished(memory: Memory) -> None:
    reference = await answered(memory, is_closed=True)

    await post(memory, letter("status", subject="status"), start=2, now=FRIDAY_WEEK)

    row = (await queued(memory))[-1]
    assert (row.notice, row.facts.get("state"), row.case_reference) == (Notice.STATUS, "finished", reference)


async def test_status_in_the_same_group_as_the_complaint_names_its_date(memory: Memory) -> None:
    await post(memory, letter(), letter("status", subject="status"))

    [_, status] = await queued(memory)
    assert status.facts["due_on"] == "2025-03-24"


async def test_one_question_about_many_cases_keeps_to_the_brake(memory: Memory) -> None:
    for number in range(3):
        words = f"Complaint number {number}: nobody called me back."
        await post(memory, letter(words, subject=f"Letter {number}"), start=number + 1, now=MONDAY + timedelta(hours=number * 2))

    await post(memory, letter("status", subject="status"), start=4, now=MONDAY + timedelta(hours=8))

    notices = [row.notice for row in await queued(memory)]
    assert notices == [Notice.RECEIPT] * 3 + [Notice.STATUS] * 2
    assert TaskKind.MANY_LETTERS in {kind for kind, _ in await tasks(memory)}


def bounce(of: str) -> bytes:
    mail = EmailMessage()
    mail["From"] = "mailer-daemon@relay.example"
    mail["To"] = "yoursay@council.example"
    mail["Subject"] = "Undelivered Mail Returned to Sender"
    mail["Message-ID"] = "<bounce1@relay.example>"
    mail["Auto-Submitted"] = "auto-replied"
    mail["Return-Path"] = "<>"
    mail.set_content(f"550 5.1.1 user unknown\n\nMessage-ID: {of}\n")
    return mail.as_bytes()


async def test_a_safety_alert_that_comes_back_is_told_to_somebody_else_at_once(memory: Memory) -> None:
    await post(memory, letter("My stepdad hit me again last night and I am scared to go home.", sender="kit@family.example"))
    [alert] = await queued(memory, "duty@council.example")

    [came_back] = await post(memory, bounce(alert.message_id), start=2)

    assert came_back.result is LedgerResult.AUTOMATIC
    notices = [(row.notice, row.facts.get("what")) for row in await queued(memory, "officer@council.example")]
    assert (Notice.TROUBLE, "gave_up") in notices


async def test_a_letter_to_staff_that_comes_back_is_a_task_although_it_has_no_case(memory: Memory) -> None:
    row = outgoing(
        key="reminders:officer@council.example:2025-03-10",
        notice=Notice.REMINDERS,
        channel=Channel.EMAIL,
        recipient="officer@council.example",
        now=MONDAY,
        domain=OFFICE.domain,
        facts={},
    )
    filing = Filing()
    filing.add(row)
    async with memory.unit_of_work() as uow:
        await write(uow, [filing])

    await post(memory, bounce(row.message_id))

    assert (TaskKind.CANNOT_REACH, None) in await tasks(memory)


@pytest.mark.parametrize("words", ["status", "stop"])
async def test_who_writes_in_anothers_name_makes_nobodys_phone_ring(memory: Memory, words: str) -> None:
    await post(memory, letter())
    forged = letter(words, subject=words, Authentication_Results="mx.council.example; dmarc=fail header.from=family.example")
    arrival = Arrival(DOOR, Wire.EMAIL, forged, MONDAY, 2, "1")

    await Reception(memory, lambda: OFFICE, boundary="mx.council.example").admit([arrival], MONDAY)

    assert [row.notice for row in await queued(memory)] == [Notice.RECEIPT]
    assert TaskKind.ASKED_BY_STRANGER in {kind for kind, _ in await tasks(memory)}


async def test_without_a_boundary_a_bare_question_is_answered_to_nobody_and_shown_to_staff(memory: Memory) -> None:
    [first] = await post(memory, letter(), boundary="")

    await post(memory, letter("status", subject=f"status {first.reference}"), start=2, boundary="")

    assert [row.notice for row in await queued(memory)] == [Notice.RECEIPT]  # anybody may write any From
    assert (TaskKind.ASKED_BY_STRANGER, first.reference) in await tasks(memory)


@pytest.mark.parametrize("boundary", ["", "mx.council.example"])
async def test_status_in_answer_to_our_letter_is_told_with_or_without_a_boundary(memory: Memory, boundary: str) -> None:
    await post(memory, letter(), boundary=boundary)
    [receipt] = await queued(memory)

    answer = letter("status", subject="Re: We got your message", In_Reply_To=receipt.message_id)
    await post(memory, answer, start=2, boundary=boundary)

    assert [row.notice for row in await queued(memory)] == [Notice.RECEIPT, Notice.STATUS]


async def test_what_an_unknown_hand_asks_in_their_name_is_dated_and_looked_at_and_nobody_is_answered(memory: Memory) -> None:
    reference = await answered(memory)
    told = len(await queued(memory))

    await post(memory, letter("not happy", subject="Your answer"), start=2, now=FRIDAY_WEEK, boundary="")

    assert len(await queued(memory)) == told
    _, events, due = await standing(memory, reference)
    assert events[Event.S2_REQUESTED] == FRIDAY_WEEK.date()  # SI 2006/1738, reg. 15: the clock runs from the day it was asked
    assert "s2_response" in due
    assert {TaskKind.NOT_HAPPY, TaskKind.PLACE_LETTER} <= {kind for kind, _ in await tasks(memory)}


@pytest.mark.parametrize(
    ("words", "clock", "due_on"),
    [("advocate", "advocate_appointed", date(2025, 3, 13)), ("stop", "withdrawal_check", date(2025, 3, 17))],
)
async def test_what_is_asked_for_in_a_letter_has_its_clock_at_once_and_only_one(
    memory: Memory, words: str, clock: str, due_on: date
) -> None:
    [first] = await post(memory, letter())
    for start, hours in ((2, 2), (3, 26)):
        await post(memory, letter(words, subject=f"{words} {start}"), start=start, now=MONDAY + timedelta(hours=hours))

    async with memory.reading() as uow:
        rows = [row for row in await cases.deadlines_of(uow, first.reference or "") if row.clock == clock]
    assert [row.due_on for row in rows] == [due_on]
