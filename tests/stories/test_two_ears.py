"""Two ears and one unit of work: what came in is filed whole, once, and answered."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import event, func
from sqlalchemy.exc import OperationalError
from sqlmodel import SQLModel, select

from bot.office import office_of
from bot.settings import Start
from intake.arrival import Arrival, Wire
from intake.reception import Reception
from procedures.terms import Channel, Event, Notice
from storage.inbound import DoorStep
from storage.tables import (
    ArrivalRow,
    CaseRow,
    ClassificationRow,
    DeadlineRow,
    DoorRow,
    EventRow,
    LedgerResult,
    LetterRow,
    OutboxRow,
    PartyRow,
    TaskRow,
)
from storage.unit_of_work import Memory
from tests.stories.letters import answer_to, mail, plain, text_of
from tests.stories.town import OFFICER, Town

MUM = "r.green@family.example"
UNCLE = "uncle@elsewhere.example"
SAM = 70_010_001
ALL = (ArrivalRow, CaseRow, LetterRow, PartyRow, ClassificationRow, EventRow, DeadlineRow, OutboxRow, TaskRow, DoorRow)


async def test_the_service_is_ready_at_once_though_nobody_writes(town: Town) -> None:
    settings = town.settings()
    assert settings.telegram is not None
    patient = replace(settings, telegram=replace(settings.telegram, poll_seconds=50))

    async with asyncio.timeout(10):
        await town.opens(patient)

    assert town.log.said("bot.service ready")


async def test_a_letter_and_a_chat_message_become_cases_of_one_shape(town: Town) -> None:
    words = "My foster carer keeps the biscuit tin locked and nobody listens."
    await town.opens()

    await town.gets(mail(MUM, words))
    town.person(SAM).says(words)
    await town.filed(2)

    by_mail, by_chat = await town.case(address=MUM), await town.case(chat=SAM)
    assert (by_mail.channel, by_chat.channel) == (Channel.EMAIL, Channel.TELEGRAM)
    for same in ("kind", "procedure", "suggested", "form", "received_at", "received_on", "raised_by", "risk"):
        assert getattr(by_mail, same) == getattr(by_chat, same), same
    for case in (by_mail, by_chat):
        assert await town.words_of(case.reference) == [words]
        events = {row.name for row in await town.rows(EventRow, case_reference=case.reference)}
        assert events == {Event.RECEIVED, Event.RECEIPT_SENT}
        assert await town.rows(ClassificationRow, case_reference=case.reference)
        assert await town.tasks(case.reference) == {"confirm_route": 1}
    dates = [
        {(row.clock, row.due_on) for row in await town.rows(DeadlineRow, case_reference=case.reference)}
        for case in (by_mail, by_chat)
    ]
    assert dates[0] == dates[1] != set()
    assert by_mail.reference in text_of(town.letters_to(MUM)[0])
    assert by_chat.reference in plain(town.api.sent_to(SAM)[0].text)
    assert len(town.letters_to(OFFICER.address)) == 2
    assert [len(await town.sent(case.reference, Notice.RECEIPT)) for case in (by_mail, by_chat)] == [1, 1]
    assert await town.count(CaseRow, LetterRow) == {"cases": 2, "letter": 2}


# --- one unit of work ----------------------------------------------------------------------------------------------


class Broken(Exception):
    """A statement went wrong."""


@contextmanager
def failing(memory: Memory, at: int, error: Exception) -> Iterator[list[str]]:
    """Let the statement with this number (from 1) fail, once; gives the statements as they are made, COMMIT among them."""
    made: list[str] = []

    def before(statement: str) -> None:
        made.append(statement)
        if len(made) == at:
            raise error

    def statement(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith("BEGIN"):
            before(statement)

    def commit(_connection: Any) -> None:
        before("COMMIT")

    engine = memory.writer.sync_engine
    event.listen(engine, "before_cursor_execute", statement)
    event.listen(engine, "commit", commit)
    try:
        yield made
    finally:
        event.remove(engine, "before_cursor_execute", statement)
        event.remove(engine, "commit", commit)


async def a_reception(town: Town) -> tuple[Reception, Arrival, DoorStep]:
    """A reception, a letter at its door, and the step that the door makes with it."""
    office = await office_of(town.settings(), town.memory)
    now = town.clock()
    arrival = Arrival("mailbox:x", Wire.EMAIL, mail(MUM), now, position=7, validity="1")
    return Reception(town.memory, lambda: office), arrival, DoorStep("mailbox:x", "1", 7, now, now)


async def counts(memory: Memory, *tables: type[SQLModel]) -> list[int]:
    async with memory.reading() as uow:
        return [(await uow.exec(select(func.count()).select_from(table))).one() for table in tables]


async def test_whatever_statement_fails_nothing_of_a_letter_is_stored_and_the_door_stands_still(town: Town) -> None:
    reception, arrival, step = await a_reception(town)
    at = 0
    while True:
        at += 1
        with failing(town.memory, at, OperationalError("down", None, Broken())) as made:
            try:
                await reception.admit([arrival], town.clock(), step)
                break
            except OperationalError:
                assert await counts(town.memory, *ALL) == [0] * len(ALL), made[-1]

    assert made[-1] == "COMMIT"
    assert at > len(ALL)
    assert all(await counts(town.memory, *ALL))
    assert (await counts(town.memory, ArrivalRow, CaseRow, DoorRow)) == [1, 1, 1]
    (door,) = await town.rows(DoorRow)
    assert door.position == 7


async def test_a_mistake_at_any_statement_is_tried_again_and_the_letter_filed_once(town: Town) -> None:
    reception, arrival, step = await a_reception(town)
    with failing(town.memory, 0, Broken()) as made:
        await reception.admit([arrival], town.clock(), step)
    statements = len(made)

    for at in range(1, statements + 1):
        letter = replace(arrival, raw=mail(f"person{at}@home.example", number=at), position=7 + at)
        with failing(town.memory, at, Broken()):
            (admitted,) = await reception.admit([letter], town.clock(), replace(step, position=7 + at))
        assert admitted.result is LedgerResult.OPENED
        assert (await counts(town.memory, ArrivalRow, CaseRow)) == [1 + at, 1 + at]
        (door,) = await town.rows(DoorRow)
        assert door.position == 7 + at


async def test_a_letter_that_the_memory_never_takes_is_shelved_with_its_bytes_and_blocks_nobody(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    reception, arrival, step = await a_reception(town)
    good = [replace(arrival, raw=mail(f"person{n}@home.example", number=n), position=n) for n in (5, 7)]
    bad = replace(arrival, raw=mail("badger@home.example", "the poisoned one"), position=6)

    def refuse(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.startswith("INSERT INTO letter") and "the poisoned one" in str(parameters):
            raise Broken

    event.listen(town.memory.writer.sync_engine, "before_cursor_execute", refuse)
    admitted = await reception.admit([good[0], bad, good[1]], town.clock(), step)
    event.remove(town.memory.writer.sync_engine, "before_cursor_execute", refuse)

    assert [one.result for one in admitted] == [LedgerResult.OPENED, LedgerResult.QUARANTINED, LedgerResult.OPENED]
    (shelved,) = await town.rows(ArrivalRow, result=LedgerResult.QUARANTINED)
    assert shelved.raw == bad.raw
    assert shelved.problem == "Broken"
    assert (await counts(town.memory, CaseRow)) == [2]
    assert town.log.said("error", "arrival shelved problem=Broken")


# --- once ----------------------------------------------------------------------------------------------------------


async def test_a_letter_delivered_twice_opens_nothing_twice_and_is_answered_once(town: Town) -> None:
    once = mail(MUM)
    again = b"Received: from relay.example by mx.anytown.example; Wed, 1 Jul 2026 10:05:00 +0100\r\n" + once
    await town.opens(chat=False)

    await town.gets(once, again)
    await town.filed(1)
    await town.gets(once)
    await town.gets(mail("somebody@else.example", "Something else altogether.", number=2))
    await town.filed(2)

    assert await town.count(CaseRow) == {"cases": 2}
    assert len(town.letters_to(MUM)) == 1
    assert len(town.letters_to(OFFICER.address)) == 2


async def test_a_door_that_forgot_how_far_it_was_opens_nothing_twice(town: Town) -> None:
    await town.opens()
    await town.gets(mail(MUM), mail("two@home.example", number=2))
    town.person(SAM).says("They moved me without a word.")
    before = await town.filed(3)
    await town.closes()
    posted, said = len(town.post.posted), len(town.api.ever_sent_to(SAM))

    async with town.memory.unit_of_work() as uow:
        for row in await uow.exec(select(DoorRow)):
            await uow.delete(row)
    await town.opens()
    await town.gets(mail("three@home.example", number=3))
    after = await town.filed(4)

    assert {row.id for row in before} < {row.id for row in after}
    assert await town.count(CaseRow) == {"cases": 4}
    assert len(town.api.ever_sent_to(SAM)) == said
    assert len(town.post.posted) == posted + 2


# --- the past ------------------------------------------------------------------------------------------------------


async def test_an_old_mailbox_starts_from_now_and_misses_nothing_after(town: Town) -> None:
    await town.gets(*[mail(f"past{n}@home.example", f"An old matter, number {n}.", number=n) for n in range(3)])
    await town.opens(chat=False, start=Start.NOW)
    await town.gets(mail(MUM))
    await town.filed(1)
    await town.closes()
    await town.gets(mail("meanwhile@home.example", number=8))
    await town.opens(chat=False, start=Start.NOW)

    rows = await town.filed(2)

    assert [row.position for row in rows] == (await town.uids())[3:]
    assert len(town.letters_to(MUM)) == len(town.letters_to("meanwhile@home.example")) == 1
    assert not any(town.letters_to(f"past{n}@home.example") for n in range(3))


async def test_an_imported_letter_has_the_clocks_of_its_day_and_sends_nothing_to_anyone(town: Town) -> None:
    office = await office_of(town.settings(), town.memory)
    from intake.letters import received_at_of
    from intake.representing import Manner

    old = mail(MUM, "My foster dad hit me. Please help, nobody came.", Date="Mon, 01 Jun 2026 11:00:00 +0100")
    reception = Reception(town.memory, lambda: office, manner=Manner(is_imported=True, answer=False))
    await reception.admit([Arrival("import", Wire.EMAIL, old, received_at_of(old, town.clock()))], town.clock())

    await town.opens()
    await town.goes_on(days=1)
    town.person(SAM).says("A message of today.")
    await town.filed(2)

    case = await town.case(address=MUM)
    assert case.received_on.isoformat() == "2026-06-01"
    assert {row.due_on.isoformat() for row in await town.rows(DeadlineRow, case_reference=case.reference)} >= {"2026-06-15"}
    assert await town.sent(case.reference) == []
    assert town.letters_to(MUM) == []
    assert (await town.tasks(case.reference))["confirm_route"] == 1


# --- what belongs together -----------------------------------------------------------------------------------------


async def test_an_answer_to_our_letter_by_somebody_on_the_case_is_added_to_it(town: Town) -> None:
    await town.opens(chat=False)
    await town.gets(mail(MUM))
    await town.filed(1)
    case = await town.case(address=MUM)
    (receipt,) = town.letters_to(MUM)

    await town.goes_on(hours=2)
    await town.gets(answer_to(receipt, "I forgot to mention the trombone.", sender=MUM))
    await town.filed(2)

    assert (await town.words_of(case.reference))[1] == "I forgot to mention the trombone."
    assert await town.count(CaseRow) == {"cases": 1}
    _, added = town.letters_to(MUM)
    assert "added this to " + case.reference in text_of(added)
    assert str(added["In-Reply-To"]).endswith(f"{MUM}>")
    (letter, second) = await town.rows(LetterRow, case_reference=case.reference)
    assert not letter.is_unverified and not second.is_unverified


async def test_the_same_answer_from_a_stranger_opens_a_case_of_its_own_and_tells_nothing(town: Town) -> None:
    await town.opens(chat=False)
    await town.gets(mail(MUM))
    await town.filed(1)
    hers = (await town.case(address=MUM)).reference
    (receipt,) = town.letters_to(MUM)

    await town.gets(answer_to(receipt, "She forwarded me this. I disagree with her.", sender=UNCLE, name="Uncle"))
    await town.filed(2)

    own = (await town.case(address=UNCLE)).reference
    (told,) = town.letters_to(UNCLE)
    assert hers not in told.as_string()
    assert str(receipt["Message-ID"]) not in text_of(told)
    assert len(town.letters_to(MUM)) == 1
    assert await town.words_of(hers) != await town.words_of(own)
    (task,) = await town.rows(TaskRow, case_reference=own, kind="place_letter")
    assert hers in task.detail
    assert hers in text_of(town.letters_to(OFFICER.address)[-1])


async def test_a_reference_from_a_stranger_is_a_name_and_no_key(town: Town) -> None:
    await town.opens(chat=False)
    await town.gets(mail(MUM))
    await town.filed(1)
    hers = (await town.case(address=MUM)).reference

    await town.gets(mail(UNCLE, f"It is about {hers}. She exaggerates about the trombone.", name="Uncle", subject=hers))
    await town.filed(2)

    own = (await town.case(address=UNCLE)).reference
    assert own != hers
    (told,) = town.letters_to(UNCLE)
    assert hers not in told.as_string()
    assert len(town.letters_to(MUM)) == 1
    assert len(await town.words_of(hers)) == 1
    assert (await town.tasks(own)) == {"confirm_route": 1, "place_letter": 1}


async def test_a_follow_up_on_the_thread_alone_is_added_marked_and_not_answered(town: Town) -> None:
    first = mail(MUM, Message_ID="<first@family.example>")
    await town.opens(chat=False)
    await town.gets(first)
    await town.filed(1)
    case = await town.case(address=MUM)

    await town.goes_on(hours=2)
    await town.gets(mail(MUM, "And another thing: the trombone.", number=2, In_Reply_To="<first@family.example>"))
    await town.filed(2)

    assert len(town.letters_to(MUM)) == 1
    first_letter, second = await town.rows(LetterRow, case_reference=case.reference)
    assert (first_letter.is_unverified, second.is_unverified) == (False, True)
    assert (await town.tasks(case.reference))["place_letter"] == 1
