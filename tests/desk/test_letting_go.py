"""What became no case is kept for a while and then erased, and does not come in again; what a person must see stays."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import select

from bot.listening import listening
from bot.mail_rounds import MailRounds
from bot.mailbox_door import MailboxDoor
from intake.arrival import Arrival, Wire
from intake.letters import identity_of
from intake.letting_go import LetGo, let_go
from intake.reception import Reception
from storage import inbound, loose
from storage.erasing import WrongKey
from storage.holding import hold
from storage.tables import ArrivalRow, ErasedRow, LedgerResult, TaskRow
from storage.unit_of_work import Memory
from tests.casework.rooms import MONDAY, OFFICE
from tests.desk.test_reception import DOOR, letter
from tests.servers.clock import Clock
from tests.servers.dovecot import RealMailbox

KEY = "0123456789abcdef0123456789abcdef"
DAYS = 30
LATER = MONDAY + timedelta(days=DAYS)
MACHINE = {"Auto_Submitted": "auto-replied"}


def reception_of(memory: Memory, key: str = KEY) -> Reception:
    return Reception(memory, lambda: OFFICE, "mx.council.example", erasure_key=key)


async def bring(memory: Memory, *raw: bytes, at: datetime = MONDAY) -> list[str]:
    arrivals = [Arrival(DOOR, Wire.EMAIL, one, at, number, "1") for number, one in enumerate(raw, start=1)]
    return [one.arrival_id for one in await reception_of(memory).admit(arrivals, at)]


async def there(memory: Memory) -> dict[str, ArrivalRow]:
    async with memory.reading() as uow:
        return {row.id: row for row in await uow.exec(select(ArrivalRow))}


async def test_a_machines_letter_is_kept_for_its_days_then_erased_and_known_when_it_comes_again(memory: Memory) -> None:
    mail = letter("I am away until Tuesday.", **MACHINE)
    [one] = await bring(memory, mail)

    early = await let_go(reception_of(memory), DAYS, LATER - timedelta(seconds=1))
    gone = await let_go(reception_of(memory), DAYS, LATER)

    assert (early, gone) == (LetGo(), LetGo(erased=1))
    assert await there(memory) == {}
    [again] = await reception_of(memory).admit([Arrival("import", Wire.EMAIL, mail, LATER)], LATER)
    assert (again.result, again.erased_at) == (None, LATER)
    assert await there(memory) == {}
    async with memory.reading() as uow:
        assert await loose.count(uow) == loose.Loose(kept=0, stay=0, erased=1)
        assert {row.erased_by for row in await uow.exec(select(ErasedRow))} == {loose.ERASED_BY}
    assert one not in await there(memory)


async def test_a_case_its_letters_and_what_lies_in_quarantine_are_never_let_go(memory: Memory) -> None:
    nothing = Arrival(DOOR, Wire.EMAIL, b"From: x\r\n\r\n", MONDAY, 9, "1", problem="cannot be fetched")
    ids = await bring(memory, letter(), letter("Away.", **MACHINE))
    [shelved] = await reception_of(memory).admit([nothing], MONDAY)

    gone = await let_go(reception_of(memory), DAYS, LATER + timedelta(days=4000))

    assert gone == LetGo(erased=1)
    assert set(await there(memory)) == {ids[0], shelved.arrival_id}


async def test_a_machines_letter_with_words_of_danger_stays_until_a_person_has_looked(memory: Memory) -> None:
    words = "Your message was not delivered: my dad hits me every night."
    [one] = await bring(memory, letter(words, **MACHINE))

    first = await let_go(reception_of(memory), DAYS, LATER)
    second = await let_go(reception_of(memory), DAYS, LATER + timedelta(days=1))

    assert (first, second) == (LetGo(stay=1), LetGo())
    async with memory.unit_of_work() as uow:
        [row] = await loose.staying(uow)
        assert (row.id, row.problem) == (one, "stays: it holds words of danger")
        row.result, row.dealt_with_by, row.dealt_with_at = LedgerResult.RELEASED, "officer@council.example", LATER
        uow.add(row)
    assert await let_go(reception_of(memory), DAYS, LATER + timedelta(days=DAYS - 1)) == LetGo()
    assert await let_go(reception_of(memory), DAYS, LATER + timedelta(days=DAYS)) == LetGo(erased=1)


async def test_what_is_no_machines_letter_to_the_reader_of_today_stays(memory: Memory) -> None:
    [one] = await bring(memory, letter("Nobody has called me back for three weeks."))
    async with memory.unit_of_work() as uow:  # as an older reader may have filed it
        row = (await uow.exec(select(ArrivalRow))).one()
        copy = {name: getattr(row, name) for name in ("door", "wire", "received_at", "stored_at", "raw")}
        uow.add(ArrivalRow(id="f" * 64, result=LedgerResult.AUTOMATIC, **copy))

    assert await let_go(reception_of(memory), DAYS, LATER) == LetGo(stay=1)
    rows = await there(memory)
    assert set(rows) == {one, "f" * 64}
    assert rows["f" * 64].problem == "stays: a person may have written it"


async def test_a_question_whose_task_is_open_stays_and_its_days_run_from_the_answer(memory: Memory) -> None:
    [one] = await bring(memory, letter("status", sender="stranger@other.example"))
    assert (await there(memory))[one].result is LedgerResult.ASKED

    while_open = await let_go(reception_of(memory), DAYS, LATER + timedelta(days=60))
    async with memory.unit_of_work() as uow:
        task = (await uow.exec(select(TaskRow).where(TaskRow.key == f"asked:{one}"))).one()
        task.done_at, task.done_by = LATER, "officer@council.example"
        uow.add(task)

    assert while_open == LetGo()
    assert await let_go(reception_of(memory), DAYS, LATER + timedelta(days=DAYS - 1)) == LetGo()
    assert await let_go(reception_of(memory), DAYS, LATER + timedelta(days=DAYS)) == LetGo(erased=1)


async def test_without_a_key_with_no_days_and_behind_a_restore_nothing_goes(memory: Memory) -> None:
    [one] = await bring(memory, letter("Away.", **MACHINE))

    assert await let_go(reception_of(memory, key=""), DAYS, LATER) == LetGo()
    assert await let_go(reception_of(memory), 0, LATER) == LetGo()
    async with memory.unit_of_work() as uow:
        await hold(uow, since=LATER, held_by="officer@council.example", made_at=None)
    assert await let_go(reception_of(memory), DAYS, LATER) == LetGo()
    assert set(await there(memory)) == {one}


async def test_what_a_person_took_off_the_quarantine_shelf_is_never_let_go(memory: Memory) -> None:
    """It may have been logged by hand: then its bytes are the original of a letter on a case."""
    shelved = Arrival(DOOR, Wire.EMAIL, letter("You lost her things."), MONDAY, 9, "1", problem="cannot be fetched")
    [one] = await reception_of(memory).admit([shelved], MONDAY)
    await take_off_the_shelf(memory, one.arrival_id, MONDAY)

    assert await let_go(reception_of(memory), DAYS, LATER + timedelta(days=4000)) == LetGo()
    async with memory.reading() as uow:
        assert await loose.count(uow) == loose.Loose(kept=0, stay=0, erased=0)
    assert (await there(memory))[one.arrival_id].raw == shelved.raw


async def test_a_letter_that_could_be_read_in_the_end_is_not_known_as_erased(memory: Memory) -> None:
    mail = letter("You lost her things.")
    shelved = Arrival(DOOR, Wire.EMAIL, mail, MONDAY, 9, "1", problem="cannot be fetched")
    [unread] = await reception_of(memory).admit([shelved], MONDAY)
    [opened] = await reception_of(memory).admit([Arrival(DOOR, Wire.EMAIL, mail, MONDAY, 9, "1")], MONDAY)
    await take_off_the_shelf(memory, unread.arrival_id, MONDAY)

    assert await let_go(reception_of(memory), DAYS, LATER) == LetGo()
    assert opened.result is LedgerResult.OPENED
    async with memory.reading() as uow:
        assert await reception_of(memory).erased_among(uow, {identity_of(mail)}) == set()


async def test_a_letter_that_came_twice_is_known_as_erased_once_both_are_gone(memory: Memory) -> None:
    mail = letter("Away.", **MACHINE)
    await bring(memory, mail)
    [imported] = await reception_of(memory).admit([Arrival("import", Wire.EMAIL, mail, LATER)], LATER)

    assert await let_go(reception_of(memory), DAYS, LATER) == LetGo(erased=1)
    assert set(await there(memory)) == {imported.arrival_id}
    assert await known(memory, mail) == (False, {1}, 1)
    [again] = await reception_of(memory).admit([Arrival("import", Wire.EMAIL, mail, LATER)], LATER)
    assert again.erased_at is None
    assert await let_go(reception_of(memory), DAYS, LATER + timedelta(days=DAYS)) == LetGo(erased=1)
    assert await known(memory, mail) == (True, {1}, 2)


async def test_of_two_copies_that_go_together_both_places_are_known(memory: Memory) -> None:
    mail = letter("Away.", **MACHINE)
    await bring(memory, mail)
    await reception_of(memory).admit([Arrival("mailbox:other", Wire.EMAIL, mail, MONDAY, 5, "1")], MONDAY)

    assert await let_go(reception_of(memory), DAYS, LATER) == LetGo(erased=2)
    assert await known(memory, mail) == (True, {1}, 2)
    async with memory.reading() as uow:
        assert await inbound.positions(uow, "mailbox:other", "1") == {5}


async def known(memory: Memory, mail: bytes) -> tuple[bool, set[int], int]:
    """Whether it counts as erased, where at the mailbox copies are known, and how many were erased."""
    async with memory.reading() as uow:
        is_erased = bool(await reception_of(memory).erased_among(uow, {identity_of(mail)}))
        return is_erased, await inbound.positions(uow, DOOR, "1"), (await loose.count(uow)).erased


async def take_off_the_shelf(memory: Memory, one: str, now: datetime) -> None:
    async with memory.unit_of_work() as uow:
        row = (await uow.exec(select(ArrivalRow).where(ArrivalRow.id == one))).one()
        assert row.result is LedgerResult.QUARANTINED
        row.result, row.dealt_with_by, row.dealt_with_at = LedgerResult.RELEASED, "officer@council.example", now
        uow.add(row)


async def test_the_key_is_asked_before_any_letter_is_looked_at(memory: Memory) -> None:
    await bring(memory, letter("Away.", **MACHINE))
    await let_go(reception_of(memory), DAYS, LATER)
    await bring(memory, letter("Away again.", **MACHINE), at=LATER)

    with statements(memory.reader) as made, pytest.raises(WrongKey):
        await let_go(reception_of(memory, key=KEY[::-1]), DAYS, LATER + timedelta(days=DAYS))

    assert made and not [one for one in made if "FROM arrival" in one]


async def test_while_others_cannot_write_letters_are_found_by_their_key_alone(memory: Memory) -> None:
    await bring(memory, *(letter(f"Away {number}.", **MACHINE) for number in range(3)))

    with statements(memory.writer) as made:
        assert await let_go(reception_of(memory), DAYS, LATER) == LetGo(erased=3)

    asked = [one for one in made if "FROM arrival" in one]
    assert asked and all("arrival.id IN" in one for one in asked), asked


@contextmanager
def statements(engine: AsyncEngine) -> Iterator[list[str]]:
    """What is asked of the database meanwhile."""
    made: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        made.append(" ".join(statement.split()))

    event.listen(engine.sync_engine, "before_cursor_execute", note)
    try:
        yield made
    finally:
        event.remove(engine.sync_engine, "before_cursor_execute", note)


async def test_with_another_key_nothing_goes(memory: Memory) -> None:
    await bring(memory, letter("Away.", **MACHINE))
    await let_go(reception_of(memory), DAYS, LATER)
    [one] = await bring(memory, letter("Away again.", **MACHINE), at=LATER)

    with pytest.raises(WrongKey):
        await let_go(reception_of(memory, key=KEY[::-1]), DAYS, LATER + timedelta(days=DAYS))
    assert set(await there(memory)) == {one}


async def test_many_go_in_turn_and_what_stays_keeps_none_of_the_others_back(memory: Memory) -> None:
    danger = [letter(f"Not delivered {number}: my dad hits me.", **MACHINE) for number in range(120)]
    others = [letter(f"Away {number}.", **MACHINE) for number in range(120)]
    ids = await bring(memory, *danger, *others)

    assert await let_go(reception_of(memory), DAYS, LATER) == LetGo(erased=120, stay=120)
    assert set(await there(memory)) == set(ids[:120])


async def test_the_daily_comparison_misses_nothing_that_was_let_go(memory: Memory, dovecot: RealMailbox, clock: Clock) -> None:
    """Nor does a mailbox that is numbered anew bring it in."""
    door, reception = MailboxDoor(dovecot.access(), now=clock), reception_of(memory)
    listen = listening(door, reception, memory, clock, asyncio.Event())
    await listen()
    await dovecot.deliver(letter("Away.", **MACHINE), at=clock() + timedelta(minutes=1))
    await listen()
    assert len(await there(memory)) == 1
    assert await let_go(reception, DAYS, clock() + timedelta(days=DAYS + 1)) == LetGo(erased=1)
    rounds = MailRounds(memory, door, reception, lambda: OFFICE, clock, asyncio.Event())

    assert await rounds.compare() == 0
    assert await there(memory) == {}
