"""What was erased comes in again through no door, and the daily count knows its copies. On both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest

from intake.arrival import Arrival, Wire
from intake.letters import identity_of
from intake.reception import Reception
from storage import inbound
from storage.columns import PartyRole
from storage.erasing import Eraser, WrongKey, again, erase, marks_in, require_key
from storage.tables import ArrivalRow, CaseRow, ConversationRow, LetterRow, PartyRow
from storage.unit_of_work import Memory
from tests.casework.rooms import MONDAY, OFFICE
from tests.desk.test_reception import DOOR, count, letter, post

KEY = "0123456789abcdef0123456789abcdef"
OTHER_KEY = "another-key-another-key-another-key"


async def erased(memory: Memory, raw: bytes, key: str = KEY) -> str:
    [first] = await post(memory, raw)
    reference = first.reference or ""
    async with memory.unit_of_work() as uow:
        identities = {row.id: identity_of(row.raw) for row in await inbound.arrivals_of(uow, reference)}
        await erase(uow, reference, identities, Eraser(key, MONDAY, "officer@council.example"))
    return reference


def reception(memory: Memory) -> Reception:
    return Reception(memory, lambda: OFFICE, erasure_key=KEY)


async def test_a_letter_that_was_erased_is_not_stored_again_wherever_it_comes_from(memory: Memory) -> None:
    raw = letter()
    await erased(memory, raw)
    later = MONDAY + timedelta(days=30)
    same = Arrival(DOOR, Wire.EMAIL, b"Received: by another.server.example\n" + raw, later, 7, "2")

    told = await reception(memory).admit([same, replace(same, door="import", position=0)], later)
    async with memory.reading() as uow:
        known = await inbound.positions(uow, DOOR, "2"), await reception(memory).erased_among(uow, {identity_of(raw), "0"})

    assert [(one.result, one.erased_at) for one in told] == [(None, MONDAY)] * 2
    assert [await count(memory, table) for table in (ArrivalRow, CaseRow, LetterRow)] == [0, 0, 0]
    assert known == ({7}, {identity_of(raw)})


async def test_another_letter_of_the_same_person_is_let_in(memory: Memory) -> None:
    await erased(memory, letter())

    other = Arrival(DOOR, Wire.EMAIL, letter("Now it is about the taxi."), MONDAY, 2, "1")
    [told] = await reception(memory).admit([other], MONDAY)

    assert told.erased_at is None and told.reference


async def test_marks_hold_no_word_and_cannot_be_tried_without_the_key(memory: Memory) -> None:
    raw = letter()
    reference = await erased(memory, raw)

    async with memory.reading() as uow:
        marks = await marks_in(await uow.connection())
        with pytest.raises(WrongKey):
            await require_key(uow, OTHER_KEY)
        await require_key(uow, KEY)

    assert len(marks) == 4  # the case, the letter, its row of the ledger, the key
    assert reference not in str(marks) and identity_of(raw) not in str(marks) and "mum" not in str(marks)


async def test_a_copy_of_before_loses_again_what_the_marks_of_after_name(memory: Memory) -> None:
    """The copy is what stood here before: the same rows, put back beside the marks."""
    raw = letter()
    [first] = await post(memory, raw)
    reference, reached = first.reference or "", list[str]()
    async with memory.unit_of_work() as uow:
        identities = {row.id: identity_of(row.raw) for row in await inbound.arrivals_of(uow, reference)}
        await erase(uow, reference, identities, Eraser(KEY, MONDAY, "officer@council.example"))
        await uow.flush()
        marks = await marks_in(await uow.connection())
        await uow.rollback()
    assert await count(memory, CaseRow) == 1

    async def reach(_uow: object, name: str) -> None:
        reached.append(name)

    async with memory.unit_of_work() as uow:
        gone = await again(uow, marks, KEY, reach)

    assert gone == (reference,) and reached == [reference]
    assert [await count(memory, table) for table in (ArrivalRow, CaseRow, LetterRow)] == [0, 0, 0]


async def test_where_a_chat_stands_goes_with_its_last_case(memory: Memory) -> None:
    [one], [two] = await post(memory, letter()), await post(memory, letter("Another matter, the taxi.", subject="Taxi"), start=2)
    async with memory.unit_of_work() as uow:
        for admitted in (one, two):
            uow.add(PartyRow(case_reference=admitted.reference or "", role=PartyRole.COMPLAINANT, chat_id=77))
        uow.add(ConversationRow(chat_id=77, state={"said": "words"}, updated_at=MONDAY))
    left = []
    for admitted in (one, two):
        async with memory.unit_of_work() as uow:
            reference = admitted.reference or ""
            identities = {row.id: identity_of(row.raw) for row in await inbound.arrivals_of(uow, reference)}
            await erase(uow, reference, identities, Eraser(KEY, MONDAY, "officer@council.example"))
        left.append(await count(memory, ConversationRow))

    assert left == [1, 0]
