"""Letters of ours that come back: the address on the envelope names them, whatever the bounce quotes. On both databases."""

from collections.abc import AsyncIterator
from dataclasses import replace
from email.message import EmailMessage

import pytest

from intake.arrival import Arrival, Wire
from intake.reception import Reception
from notifications.dispatch import Dispatch
from notifications.senders import EmailSender
from procedures.terms import Channel, Notice
from storage.outbox import address_with_token
from storage.tables import CaseRow, LedgerResult, OutboxRow, TaskKind
from storage.unit_of_work import Memory
from tests.casework.rooms import MONDAY, OFFICE
from tests.desk.test_reception import DOOR, count, letter, post, queued, tasks
from tests.servers.postfix import Postfix


def returned(
    to: str, *, sender: str = "MAILER-DAEMON@relay.example", subject: str = "Undelivered mail", words: str = ""
) -> bytes:
    """A bounce that quotes nothing: plain words to the address that stood on the envelope."""
    mail = EmailMessage()
    mail["Return-Path"] = "<>"
    mail["From"] = sender
    mail["To"] = to
    mail["Subject"] = subject
    mail.set_content(words or "A letter could not be delivered: 550 no such person.\n")
    return mail.as_bytes()


async def the_receipt(memory: Memory) -> OutboxRow:
    await post(memory, letter())
    return next(row for row in await queued(memory) if row.notice == Notice.RECEIPT)


def envelope_of(row: OutboxRow) -> str:
    return address_with_token("yoursay@council.example", "b", row.message_id)


@pytest.mark.parametrize(
    ("sender", "subject", "words"),
    [
        ("MAILER-DAEMON@relay.example", "Undelivered Mail Returned to Sender", "550 5.1.1 user unknown"),
        ("postmaster@relay.example", "A levél nem kézbesíthető", "A címzett nem található."),
        (
            f"MicrosoftExchange{'329e71ec88ae4615bbc36ab6ce41109e'}@relay.example",
            "Não é possível entregar",
            "Não foi encontrado.",
        ),
    ],
)
async def test_a_bounce_that_quotes_nothing_is_a_task_of_the_case_whose_letter_failed(
    memory: Memory, sender: str, subject: str, words: str
) -> None:
    receipt = await the_receipt(memory)

    [came] = await post(memory, returned(envelope_of(receipt), sender=sender, subject=subject, words=words), start=2)

    assert (came.result, came.reference) == (LedgerResult.AUTOMATIC, receipt.case_reference)
    assert (TaskKind.CANNOT_REACH, receipt.case_reference) in await tasks(memory)
    assert len(await queued(memory, receipt.recipient)) == 1


async def test_an_address_that_a_mail_system_wrote_in_capitals_still_names_the_letter(memory: Memory) -> None:
    receipt = await the_receipt(memory)

    await post(memory, returned(envelope_of(receipt).upper()), start=2)

    assert (TaskKind.CANNOT_REACH, receipt.case_reference) in await tasks(memory)


async def test_a_forged_token_moves_nothing_and_tells_nobody(memory: Memory) -> None:
    receipt = await the_receipt(memory)
    before = await tasks(memory)

    [came] = await post(memory, returned("yoursay+b.aaaabbbbccccddddeeeeffff22@council.example"), start=2)

    assert (came.result, came.reference) == (LedgerResult.AUTOMATIC, None)
    assert await tasks(memory) == before
    assert len(await queued(memory, receipt.recipient)) == 1


async def test_who_is_away_answers_to_the_envelope_and_nothing_failed(memory: Memory) -> None:
    """RFC 3834, 4: such an answer goes to the address of the envelope."""
    receipt = await the_receipt(memory)
    away = EmailMessage()
    away["Return-Path"], away["From"], away["To"] = "<>", receipt.recipient, envelope_of(receipt)
    away["Subject"], away["Auto-Submitted"] = "Automatic reply: Your letter", "auto-replied"
    away["In-Reply-To"] = receipt.message_id
    away.set_content("I am away until Monday. 550 e-mails wait for me.\n")
    before = await tasks(memory)

    [came] = await post(memory, away.as_bytes(), start=2)

    assert (came.result, came.reference) == (LedgerResult.AUTOMATIC, receipt.case_reference)
    assert await tasks(memory) == before


async def test_a_report_that_our_letter_arrived_is_no_failure(memory: Memory) -> None:
    receipt = await the_receipt(memory)
    before = await tasks(memory)

    await post(memory, returned(envelope_of(receipt), subject="Delivered: Your letter", words="It was delivered."), start=2)

    assert await tasks(memory) == before


async def test_a_person_who_writes_to_the_address_of_an_envelope_is_a_person(memory: Memory) -> None:
    """Whoever is on file is added to their case; anybody else is not, though they know the address."""
    receipt = await the_receipt(memory)
    to = envelope_of(receipt)

    [own] = await post(memory, letter("They also lost his bicycle.", to=to), start=2)
    [other] = await post(memory, letter("Tell me what it says.", sender="uncle@elsewhere.example", to=to), start=3)

    assert (own.result, own.reference) == (LedgerResult.ADDED, receipt.case_reference)
    assert (other.result, other.reference != receipt.case_reference) == (LedgerResult.OPENED, True)
    assert await count(memory, CaseRow) == 2


async def test_a_persons_letter_with_a_null_path_is_filed_shown_to_staff_and_answered_by_no_machine(memory: Memory) -> None:
    """RFC 3834, 2: nothing answers a null path. What somebody wrote is read by a person all the same."""
    receipt = await the_receipt(memory)
    more = letter("They also lost his bicycle.", Return_Path="<>", In_Reply_To=receipt.message_id)
    new = letter("Nobody has visited us since January.", sender="aunt@post.example", Return_Path="<>")

    [added, opened] = await post(memory, more, new, start=2)

    assert (added.result, added.reference) == (LedgerResult.ADDED, receipt.case_reference)
    assert opened.result is LedgerResult.OPENED
    assert {(TaskKind.PLACE_LETTER, added.reference), (TaskKind.CANNOT_REACH, opened.reference)} <= set(await tasks(memory))
    assert [row.id for row in await queued(memory)] == [receipt.id]
    assert await queued(memory, "aunt@post.example") == []


@pytest.fixture
async def mouth(memory: Memory, postfix: Postfix) -> AsyncIterator[Dispatch]:
    sender = EmailSender(postfix.access())
    council = replace(OFFICE.council, from_address=postfix.address)
    yield Dispatch(memory, lambda: council, lambda: MONDAY, {Channel.EMAIL: sender}, "anytown.example")
    await sender.close()


async def test_a_letter_that_a_real_relay_takes_and_returns_without_its_message_id_is_a_task(
    memory: Memory, mouth: Dispatch, postfix: Postfix
) -> None:
    office = replace(OFFICE, council=mouth.council())
    reception = Reception(memory, lambda: office, our_addresses=[postfix.address])
    [first] = await reception.admit([Arrival(DOOR, Wire.EMAIL, letter(sender=postfix.nobody), MONDAY, 1, "1")], MONDAY)
    while await mouth.dispatch_due():
        pass
    [receipt] = await queued(memory, postfix.nobody)
    came_back = await postfix.next_letter()

    [came] = await reception.admit([Arrival(DOOR, Wire.EMAIL, came_back, MONDAY, 2, "1")], MONDAY)

    assert receipt.message_id.encode() not in came_back
    assert (came.result, came.reference) == (LedgerResult.AUTOMATIC, first.reference)
    assert (TaskKind.CANNOT_REACH, first.reference) in await tasks(memory)


def reported(receipt: OutboxRow, *groups: tuple[str, str]) -> bytes:
    """What a mail system says by RFC 3464 of one recipient after another: (action, status)."""
    told = "".join(
        f"\nFinal-Recipient: rfc822; {receipt.recipient}\nAction: {action}\nStatus: {code}\n" for action, code in groups
    )
    return (
        f"Return-Path: <>\nFrom: MAILER-DAEMON@relay.example\nTo: {envelope_of(receipt)}\nSubject: Delayed Mail\n"
        "Auto-Submitted: auto-replied\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n--b\n\nSee below.\n'
        f"--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; relay.example\n{told}\n--b--\n"
    ).encode()


async def test_a_letter_that_is_still_being_tried_has_not_come_back(memory: Memory) -> None:
    """It lies on its case, and nobody is told: what fails in the end is told of again."""
    receipt = await the_receipt(memory)
    before = await tasks(memory)

    [came] = await post(memory, reported(receipt, ("delayed", "4.4.1")), start=2)

    assert (came.result, came.reference) == (LedgerResult.AUTOMATIC, receipt.case_reference)
    assert await tasks(memory) == before


async def test_of_one_that_waits_and_one_that_failed_the_failure_is_told(memory: Memory) -> None:
    receipt = await the_receipt(memory)

    await post(memory, reported(receipt, ("delayed", "4.4.1"), ("failed", "5.1.1")), start=2)

    assert (TaskKind.CANNOT_REACH, receipt.case_reference) in await tasks(memory)
