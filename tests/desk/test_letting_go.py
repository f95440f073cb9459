"""What became no case is kept for a while and then erased, and does not come in again; what a person must see stays."""

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from bot.listening import listening
from bot.mail_rounds import MailRounds
from bot.mailbox_door import MailboxDoor
from intake.arrival import Arrival, Wire
from intake.letting_go import LetGo, let_go
from intake.reception import Reception
from storage import loose
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
