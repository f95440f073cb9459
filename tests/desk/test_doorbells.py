"""At the real desk: who may read what is behind a doorbell, and what else a tap does."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import col, select

from casework import delivery
from casework.people import appointing, authority
from casework.people.appointing import Newcomer
from casework.people.authority import Authority
from notifications.felt import ask_who_was_answered
from procedures.people import Basis, CaseRole
from procedures.terms import Channel, Notice
from storage import cases
from storage.outbox import outgoing
from storage.tables import ConversationRow, OutboxRow, PartyRow
from storage.unit_of_work import Memory
from tests.casework.rooms import MONDAY, OFFICE, acting
from tests.desk.test_chat_filed import ALEX, SAM, WORDS, Chats, answer

SECRET = "what the child said"


@pytest.fixture
def chats(memory: Memory) -> Chats:
    return Chats(memory)


async def rings(memory: Memory, chat: int, reference: str) -> OutboxRow:
    """A letter for this chat, which lies in it as a doorbell."""
    async with memory.unit_of_work() as uow:
        row = outgoing(
            key=f"letter:{chat}",
            notice=Notice.ACKNOWLEDGEMENT,
            channel=Channel.TELEGRAM,
            recipient=str(chat),
            now=MONDAY,
            domain="council.example",
            facts={"said": SECRET},
            case_reference=reference,
        )
        uow.add(row)
    async with memory.reading() as uow:
        return (await uow.exec(select(OutboxRow).where(OutboxRow.key == f"letter:{chat}"))).one()


async def has_an_advocate(memory: Memory, reference: str, until: date) -> None:
    async with memory.unit_of_work() as uow:
        one = await appointing.add(uow, reference, Newcomer(CaseRole.ADVOCATE, "A Dvocate", "a@advocates.example"), acting())
        await appointing.appoint(uow, reference, one.number, acting(), evidence="the provider's letter")
        await authority.record_authority(uow, reference, one.number, Authority(Basis.ADVOCATE, "letter", until=until), acting())
        party = next(row for row in (await cases.parties_of(uow, [reference]))[reference] if row.address == "a@advocates.example")
        party.chat_id = ALEX
        uow.add(party)


@pytest.mark.parametrize(("day", "is_read"), [(14, True), (15, False)])
async def test_who_speaks_for_nobody_any_more_reads_no_letter_that_still_lies_unopened(
    chats: Chats, memory: Memory, day: int, is_read: bool
) -> None:
    """The authority ends on Friday 14 March: that day still counts."""
    await chats.hears(chats.says(WORDS))
    [case] = await chats.cases()
    await has_an_advocate(memory, case.reference, date(2025, 3, 14))
    rung = await rings(memory, ALEX, case.reference)
    at = datetime(2025, 3, day, 10, tzinfo=UTC)

    for seconds, button in ((0, "bell"), (5, "cover"), (10, "bell")):
        await chats.hears(chats.presses_data(f"{button}.{rung.id}", chat=ALEX, at=at + timedelta(seconds=seconds)))

    said = (await chats.screens(ALEX))[1:]
    shown = [row for row in said if SECRET in str(row.facts)]
    assert len(shown) == (2 if is_read else 0)
    assert [row.facts.get("screen") for row in said if "screen" in row.facts] == ([] if is_read else ["ended", "ended"])


async def test_a_tap_opens_a_route_that_was_taken_for_closed(chats: Chats, memory: Memory) -> None:
    await chats.hears(chats.says(WORDS))
    [case] = await chats.cases()
    rung = await rings(memory, SAM, case.reference)
    async with memory.unit_of_work() as uow:
        receipt = (await uow.exec(select(OutboxRow).where(col(OutboxRow.key).startswith("receipt")))).one()
        await delivery.failed(uow, receipt, "BadRequest", MONDAY, OFFICE.council, domain="council.example", closes_route=True)

    await chats.hears(chats.presses_data(f"bell.{rung.id}", at=MONDAY + timedelta(minutes=5)))

    async with memory.reading() as uow:
        assert [row.is_closed for row in await uow.exec(select(PartyRow))] == [False]
        assert [row.is_blocked for row in await uow.exec(select(ConversationRow))] == [False]


async def test_who_speaks_for_nobody_any_more_changes_nothing_in_the_case_and_is_not_asked_how_it_was(
    chats: Chats, memory: Memory
) -> None:
    await chats.hears(chats.says(WORDS))
    [case] = await chats.cases()
    await has_an_advocate(memory, case.reference, date(2025, 3, 14))
    await answer(memory, case.reference, MONDAY + timedelta(days=1))
    async with memory.reading() as uow:
        before = [row.name for row in (await cases.events_of(uow, [case.reference]))[case.reference]]

    for minute, words in ((0, "stop"), (5, "I am not happy with the answer")):
        at = datetime(2025, 3, 20, 10, minute, tzinfo=UTC)
        await chats.hears(chats.says(words, chat=ALEX, at=at))
    asked = await ask_who_was_answered(memory, OFFICE, datetime(2025, 3, 20, 11, tzinfo=UTC))

    async with memory.reading() as uow:
        after = [row.name for row in (await cases.events_of(uow, [case.reference]))[case.reference]]
    assert after == before
    assert [row.facts.get("screen") for row in await chats.screens(ALEX)][-2:] == ["ended", "ended"]
    assert asked == 1
