"""A letter at the desk: what becomes of it, on both databases. The words are read and classified for real."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest
from sqlmodel import SQLModel, select

from intake.arrival import Arrival, Wire
from intake.reception import Admitted, Reception
from intake.representing import Manner
from procedures.terms import Event, Notice
from storage import cases, inbound
from storage.inbound import DoorStep
from storage.outbox import token_of
from storage.tables import ArrivalRow, CaseRow, LedgerResult, OutboxRow, TaskKind
from storage.unit_of_work import Memory
from tests.casework.rooms import MONDAY, OFFICE

DOOR = "mailbox:yoursay@council.example/INBOX"
MUM = "mum@family.example"
BOUNDARY = "mx.council.example"
RESULTS = "mx.council.example; dmarc={} header.from=family.example"
"""What the council's own boundary notes of a sender (RFC 8601)."""
WORDS = "My son's social worker has not called us back for six weeks. I want to make a complaint."


def letter(words: str = WORDS, *, sender: str = MUM, subject: str = "My son", **headers: str) -> bytes:
    mail = EmailMessage()
    mail["From"] = sender
    mail["To"] = headers.pop("to", "yoursay@council.example")
    mail["Subject"] = subject
    mail["Message-ID"] = headers.pop("message_id", f"<{abs(hash((words, sender, subject)))}@family.example>")
    vouched = RESULTS.format("pass").replace("family.example", sender.rpartition("@")[2].rstrip(">"))
    if found := headers.pop("Authentication_Results", vouched):
        mail["Authentication-Results"] = found
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(words)
    return mail.as_bytes()


async def post(
    memory: Memory,
    *raws: bytes,
    now: datetime = MONDAY,
    manner: Manner | None = None,
    start: int = 1,
    boundary: str = BOUNDARY,
) -> list[Admitted]:
    arrivals = [Arrival(DOOR, Wire.EMAIL, raw, now, position, "1") for position, raw in enumerate(raws, start=start)]
    ours = ["yoursay@council.example"]
    reception = Reception(memory, lambda: OFFICE, boundary, our_addresses=ours, manner=manner or Manner())
    step = DoorStep(DOOR, "1", start + len(raws) - 1, MONDAY, now)
    return await reception.admit(arrivals, now, step)


async def queued(memory: Memory, to: str = MUM) -> list[OutboxRow]:
    async with memory.reading() as uow:
        # Allowed below: to SQLModel a column has the type of its value
        rows = await uow.exec(select(OutboxRow).where(OutboxRow.recipient == to).order_by(OutboxRow.id))  # type: ignore[arg-type]
        return list(rows)


async def tasks(memory: Memory) -> list[tuple[TaskKind, str | None]]:
    async with memory.reading() as uow:
        return [(row.kind, row.case_reference) for row in await cases.tasks(uow)]


async def count(memory: Memory, table: type[SQLModel]) -> int:
    async with memory.reading() as uow:
        return len((await uow.exec(select(table))).all())


async def test_a_letter_becomes_a_case_a_clock_a_receipt_and_a_moved_door_together(memory: Memory) -> None:
    [admitted] = await post(memory, letter())

    assert admitted.result is LedgerResult.OPENED
    assert [row.notice for row in await queued(memory)] == [Notice.RECEIPT]
    async with memory.reading() as uow:
        assert admitted.reference is not None
        assert await cases.deadlines_of(uow, admitted.reference)
        door = await inbound.door(uow, DOOR)
    assert door is not None
    assert door.position == 1


async def test_a_second_delivery_opens_nothing_twice(memory: Memory) -> None:
    await post(memory, letter())
    again = await post(memory, letter(), letter(), start=2)

    assert [one.result for one in again] == [None, None]
    assert await count(memory, CaseRow) == 1
    assert len(await queued(memory)) == 1


async def test_when_the_commit_fails_nothing_is_stored_and_the_door_has_not_moved(memory: Memory) -> None:
    class Failing:
        """A council whose officers cannot be named: every case fails while it is being opened."""

        def __getattr__(self, name: str) -> object:
            raise OSError(name)

    # Allowed below: another kind of thing than it takes, or a test knows it better
    reception = Reception(memory, Failing)  # type: ignore[arg-type]
    arrival = Arrival(DOOR, Wire.EMAIL, letter(), MONDAY, 1, "1")

    with pytest.raises(OSError, match=r"calendar|council|domain"):
        await reception.admit([arrival], MONDAY, DoorStep(DOOR, "1", 1, MONDAY, MONDAY))

    assert await count(memory, ArrivalRow) == 0
    async with memory.reading() as uow:
        assert await inbound.door(uow, DOOR) is None


async def test_an_answer_to_our_letter_from_a_known_party_is_added_and_says_so(memory: Memory) -> None:
    [first] = await post(memory, letter())
    [receipt] = await queued(memory)
    later = MONDAY + timedelta(hours=3)

    [answer] = await post(memory, letter("One more thing: they also lost his papers.", In_Reply_To=receipt.message_id), now=later)

    assert (answer.result, answer.reference) == (LedgerResult.ADDED, first.reference)
    assert [row.notice for row in await queued(memory)] == [Notice.RECEIPT, Notice.ADDED]


async def test_the_reply_address_is_a_key_too(memory: Memory) -> None:
    [first] = await post(memory, letter())
    [receipt] = await queued(memory)

    to = f"yoursay+c.{token_of(receipt.message_id)}@council.example"
    [answer] = await post(memory, letter("They lost his papers.", to=to), now=MONDAY + timedelta(hours=3))

    assert answer.reference == first.reference


async def test_a_reference_from_a_party_is_added_marked_and_not_answered(memory: Memory) -> None:
    [first] = await post(memory, letter())

    [answer] = await post(memory, letter("It is about the same again.", subject=f"Re: {first.reference}"), start=2)

    assert (answer.result, answer.reference) == (LedgerResult.ADDED, first.reference)
    assert len(await queued(memory)) == 1
    assert (TaskKind.PLACE_LETTER, first.reference) in await tasks(memory)
    async with memory.reading() as uow:
        assert [row.is_unverified for row in await cases.letters_of(uow, first.reference or "")] == [False, True]


@pytest.mark.parametrize("key", ["reference", "message-id"])
async def test_a_stranger_with_a_reference_or_a_forwarded_letter_gets_into_no_case(memory: Memory, key: str) -> None:
    [first] = await post(memory, letter())
    [receipt] = await queued(memory)
    stranger = "dad@elsewhere.example"
    raw = (
        letter("Tell me what she wrote about me.", sender=stranger, subject=f"About {first.reference}")
        if key == "reference"
        else letter("Tell me what she wrote about me.", sender=stranger, In_Reply_To=receipt.message_id)
    )

    [other] = await post(memory, raw, start=2)

    assert other.result is LedgerResult.OPENED
    assert other.reference != first.reference
    said = str([(row.notice, row.facts) for row in await queued(memory, stranger)])
    assert str(first.reference) not in said
    assert (TaskKind.PLACE_LETTER, other.reference) in await tasks(memory)
    assert len(await queued(memory)) == 1


async def test_status_is_told_only_to_the_address_on_file(memory: Memory) -> None:
    await post(memory, letter())

    await post(memory, letter("status", subject="status"), start=2)

    notices = await queued(memory)
    assert [row.notice for row in notices] == [Notice.RECEIPT, Notice.STATUS]
    assert notices[1].facts["state"] == "received"
    assert notices[1].facts["due_on"] == "2025-03-24"


async def test_a_stranger_who_asks_gets_the_same_whether_a_case_exists_or_not(memory: Memory) -> None:
    [first] = await post(memory, letter())
    real, made_up = "one@elsewhere.example", "two@elsewhere.example"

    await post(memory, letter("status", sender=real, subject=f"status {first.reference}"), start=2)
    await post(memory, letter("status", sender=made_up, subject="status K7M-W92-RXHM"), start=3)

    [told], [other] = await queued(memory, real), await queued(memory, made_up)
    assert (told.notice, told.facts, told.due_at - told.queued_at) == (other.notice, other.facts, other.due_at - other.queued_at)
    assert told.notice == Notice.NOTHING
    assert len(await queued(memory)) == 1
    assert (TaskKind.ASKED_BY_STRANGER, first.reference) in await tasks(memory)


async def test_stop_asks_a_person_and_stops_nothing(memory: Memory) -> None:
    [first] = await post(memory, letter())

    await post(memory, letter("stop", subject="stop"), start=2)

    async with memory.reading() as uow:
        case = await cases.find(uow, first.reference or "")
        events = [row.name for row in (await cases.events_of(uow, [first.reference or ""]))[first.reference or ""]]
    assert case is not None
    assert case.closed_on is None
    assert Event.WITHDRAWAL_ASKED in events
    assert (TaskKind.WITHDRAWAL, first.reference) in await tasks(memory)
    assert [row.notice for row in await queued(memory)][-1] == Notice.WITHDRAWAL_ASKED


async def test_please_do_not_stop_is_not_a_stop(memory: Memory) -> None:
    await post(memory, letter())
    [answer] = await post(memory, letter("Please do not stop looking into this.", subject="Hello"), start=2)

    assert (TaskKind.WITHDRAWAL, answer.reference) not in await tasks(memory)


async def test_an_out_of_office_is_kept_never_answered_and_moves_nothing(memory: Memory) -> None:
    [first] = await post(memory, letter())
    [receipt] = await queued(memory)

    [auto] = await post(
        memory,
        letter("I am away until Monday.", In_Reply_To=receipt.message_id, Auto_Submitted="auto-replied", subject="Away"),
        start=2,
    )

    assert (auto.result, auto.reference) == (LedgerResult.AUTOMATIC, first.reference)
    assert len(await queued(memory)) == 1
    async with memory.reading() as uow:
        assert len(await cases.letters_of(uow, first.reference or "")) == 1


async def test_our_own_letter_is_never_a_case(memory: Memory) -> None:
    [own] = await post(memory, letter(sender="yoursay@council.example"))

    assert own.result is LedgerResult.AUTOMATIC
    assert await count(memory, CaseRow) == 0


async def test_the_third_automatic_answer_within_an_hour_is_a_task_for_a_person(memory: Memory) -> None:
    raws = [letter(f"Complaint number {number}: nobody called me back.", subject=f"Letter {number}") for number in range(4)]

    admitted = await post(memory, *raws)

    assert [one.result for one in admitted] == [LedgerResult.OPENED] * 4
    assert len(await queued(memory)) == 2
    assert TaskKind.MANY_LETTERS in {kind for kind, _ in await tasks(memory)}


async def test_an_imported_letter_sends_nothing_to_anyone(memory: Memory) -> None:
    past = Manner(is_imported=True, answer=False)
    [one] = await post(memory, letter("He hits me when no one looks. I am scared."), manner=past)

    assert one.result is LedgerResult.OPENED
    async with memory.reading() as uow:
        assert not (await uow.exec(select(OutboxRow))).all()


async def test_an_unreadable_letter_between_two_good_ones_is_shelved_and_blocks_nothing(memory: Memory) -> None:
    good, other = letter(), letter("Another: my review was cancelled twice.", sender="two@family.example")
    arrivals = [
        Arrival(DOOR, Wire.EMAIL, good, MONDAY, 1, "1"),
        Arrival(DOOR, Wire.EMAIL, b"", MONDAY, 2, "1", problem="unfetchable"),
        Arrival(DOOR, Wire.EMAIL, other, MONDAY, 3, "1"),
    ]

    admitted = await Reception(memory, lambda: OFFICE).admit(arrivals, MONDAY, DoorStep(DOOR, "1", 3, MONDAY, MONDAY))

    assert [one.result for one in admitted] == [LedgerResult.OPENED, LedgerResult.QUARANTINED, LedgerResult.OPENED]
    async with memory.reading() as uow:
        [shelved] = await inbound.quarantined(uow)
    assert shelved.problem == "unfetchable"


async def test_a_letter_that_cannot_be_filed_is_shelved_alone_and_the_others_of_its_group_are_filed(memory: Memory) -> None:
    """Its date lies beyond the known bank holidays: no deadline can be counted, and none is guessed."""
    good = [letter(f"Number {n}: nobody calls back.", sender=f"p{n}@family.example") for n in range(3)]
    arrivals = [
        Arrival(DOOR, Wire.EMAIL, good[0], MONDAY, 1, "1"),
        Arrival(DOOR, Wire.EMAIL, good[1], datetime(2040, 1, 2, tzinfo=UTC), 2, "1"),
        Arrival(DOOR, Wire.EMAIL, good[2], MONDAY, 3, "1"),
    ]

    admitted = await Reception(memory, lambda: OFFICE).admit(arrivals, MONDAY, DoorStep(DOOR, "1", 3, MONDAY, MONDAY))

    assert [one.result for one in admitted] == [LedgerResult.OPENED, LedgerResult.QUARANTINED, LedgerResult.OPENED]
    async with memory.reading() as uow:
        [shelved] = await inbound.quarantined(uow)
        door = await inbound.door(uow, DOOR)
    assert shelved.problem == "UnknownDates"
    assert door is not None
    assert door.position == 3


async def test_words_of_danger_by_email_alert_the_duty_address_and_change_nothing_in_the_answer(memory: Memory) -> None:
    await post(memory, letter("My stepdad hit me again last night and I am scared to go home.", sender="kit@family.example"))

    [receipt] = await queued(memory, "kit@family.example")
    [alert] = await queued(memory, "duty@council.example")
    assert receipt.notice == Notice.RECEIPT
    assert "danger" not in str(receipt.facts)
    assert alert.notice == Notice.SAFETY_ALERT
    assert alert.urgency < receipt.urgency


async def test_twenty_letters_at_once_get_twenty_references(memory: Memory) -> None:
    reception = Reception(memory, lambda: OFFICE)
    arrivals = [
        Arrival(DOOR, Wire.EMAIL, letter(sender=f"p{number}@family.example"), datetime(2025, 3, 10, 9, tzinfo=UTC), number, "1")
        for number in range(1, 21)
    ]

    admitted = await asyncio.gather(*(reception.admit([arrival], MONDAY) for arrival in arrivals))

    assert len({one.reference for [one] in admitted}) == 20


async def test_an_address_longer_than_any_can_be_has_a_case_and_no_answer(memory: Memory) -> None:
    [one] = await post(memory, letter(sender=f"{'a' * 400}@family.example"))

    assert one.result is LedgerResult.OPENED
    async with memory.reading() as uow:
        sent = await cases.sent_of(uow, one.reference or "")
    assert Notice.RECEIPT not in {row.notice for row in sent}


async def test_a_place_on_a_map_is_in_no_arrival(memory: Memory) -> None:
    update = {
        "update_id": 9,
        "message": {
            "message_id": 4,
            "date": int(MONDAY.timestamp()),
            "chat": {"id": 77, "type": "private", "first_name": "Sam"},
            "from": {"id": 77, "is_bot": False, "first_name": "Sam"},
            "location": {"latitude": 51.501476, "longitude": -0.140634},
        },
    }
    arrival = Arrival("telegram:1", Wire.TELEGRAM, json.dumps(update).encode(), MONDAY, 9, "1")

    await Reception(memory, lambda: OFFICE).admit([arrival], MONDAY)

    async with memory.reading() as uow:
        [row] = (await uow.exec(select(ArrivalRow))).all()
    assert b"51.50" not in row.raw
    assert b'"message_id"' in row.raw
    assert await count(memory, CaseRow) == 0


async def test_the_same_letter_twice_in_one_group_is_one_case(memory: Memory) -> None:
    both = await post(memory, letter(), letter())

    assert [one.result for one in both] == [LedgerResult.OPENED, None]
    assert len(await queued(memory)) == 1


async def test_groups_are_read_a_little_ahead_of_the_filing_and_given_in_their_order(memory: Memory) -> None:
    taken = list[int]()

    def groups() -> Iterator[list[Arrival]]:
        for number in range(5):
            taken.append(number)
            yield [Arrival(DOOR, Wire.EMAIL, letter(subject=f"Letter {number}"), MONDAY, number + 1, "1")]

    reception = Reception(memory, lambda: OFFICE, manner=Manner(is_imported=True, answer=False))
    step = DoorStep(DOOR, "1", 5, MONDAY, MONDAY)
    seen = []
    async with aclosing(reception.admit_each(groups(), MONDAY, step)) as each:
        async for [one] in each:
            async with memory.reading() as uow:
                reached = await inbound.door(uow, DOOR)
                [stored] = await cases.letters_of(uow, one.reference or "")
            assert reached
            seen.append((stored.subject, reached.position, len(taken)))
            if len(seen) == 4:
                break  # what was read beyond it is given up, and stays where it came from

    assert seen == [("Letter 0", 1, 3), ("Letter 1", 2, 4), ("Letter 2", 3, 5), ("Letter 3", 4, 5)]
    async with memory.reading() as uow:
        assert len(list(await uow.exec(select(ArrivalRow.id)))) == 4
