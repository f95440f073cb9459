"""The ledger and the doors: nothing comes in twice, a door is not read backwards, and a group's question is answered whole."""

from datetime import timedelta
from typing import Any

import pytest

from procedures.terms import Channel, Event, Notice
from storage.filing import Filing
from storage.inbound import (
    DoorStep,
    Known,
    Question,
    already_received,
    arrival_id,
    arrivals_starting,
    count_quarantined,
    door,
    ledger_of,
    look_up,
    move_door,
    quarantined,
)
from storage.tables import ConversationRow, DoorRow, LedgerResult
from storage.unit_of_work import Memory
from tests.memory import rows
from tests.memory.rows import NOW, minutes, put

KIT = "kit@example.org"


async def known(memory: Memory, question: Question) -> Known:
    async with memory.reading() as uow:
        return await look_up(uow, question, NOW)


def step(position: int, validity: str = "1", **more: Any) -> DoorStep:
    values: dict[str, Any] = {"name": "mailbox", "since": NOW, "moved_at": NOW}
    return DoorStep(validity=validity, position=position, **(values | more))


async def moved(memory: Memory, to: DoorStep) -> DoorRow:
    """Move a door, and see where it stands then."""
    async with memory.unit_of_work() as uow:
        await move_door(uow, to)
    async with memory.reading() as uow:
        row = await door(uow, to.name)
    assert row is not None
    return row


def test_the_same_letter_through_another_door_is_another_arrival() -> None:
    assert arrival_id("mailbox", "digest") == arrival_id("mailbox", "digest")
    assert arrival_id("mailbox", "digest") != arrival_id("chat", "digest")
    assert len(arrival_id("mailbox", "digest")) == 64


async def test_what_is_in_the_ledger_was_received(memory: Memory) -> None:
    await put(memory, rows.arrival("a"), rows.arrival("b", result=LedgerResult.QUARANTINED))

    async with memory.reading() as uow:
        assert await already_received(uow, ["a", "b", "c"]) == {"a", "b"}
        assert await already_received(uow, []) == set()


async def test_the_ledger_answers_for_a_thousand_at_once(memory: Memory) -> None:
    await put(memory, *(rows.arrival(f"{n}") for n in range(0, 1000, 2)))

    async with memory.reading() as uow:
        assert len(await already_received(uow, [f"{n}" for n in range(1000)])) == 500


async def test_a_door_that_was_never_read_has_no_place(memory: Memory) -> None:
    async with memory.reading() as uow:
        assert await door(uow, "mailbox") is None


async def test_a_door_stands_where_the_last_step_put_it(memory: Memory) -> None:
    """Further back too: Telegram's update ids start anew after a quiet week. What comes twice meets the ledger."""
    assert (await moved(memory, step(40))).position == 40
    assert (await moved(memory, step(43))).position == 43
    assert (await moved(memory, step(41))).position == 41


async def test_a_position_is_kept_with_its_validity(memory: Memory) -> None:
    """A mailbox that was made anew numbers its letters from one."""
    await moved(memory, step(43))

    row = await moved(memory, step(2, validity="2"))

    assert (row.position, row.validity) == (2, "2")


async def test_a_doors_first_moment_stays_when_it_moves(memory: Memory) -> None:
    await moved(memory, step(1))

    row = await moved(memory, step(2, since=NOW + minutes(5), moved_at=NOW + minutes(5)))

    assert (row.since, row.moved_at) == (NOW, NOW + minutes(5))


async def test_doors_are_moved_each_for_itself(memory: Memory) -> None:
    await moved(memory, step(43))

    chat = await moved(memory, step(900_000_000_000, name="chat"))

    assert chat.position == 900_000_000_000
    assert (await moved(memory, step(44))).position == 44


async def test_a_door_that_moves_in_a_unit_that_fails_has_not_moved(memory: Memory) -> None:
    await moved(memory, step(43))

    with pytest.raises(RuntimeError):
        async with memory.unit_of_work() as uow:
            await move_door(uow, step(50))
            raise RuntimeError("the letters could not be written")

    async with memory.reading() as uow:
        row = await door(uow, "mailbox")
    assert row is not None
    assert row.position == 43


async def test_the_shelf_is_shown_oldest_first_and_emptied_by_a_person(memory: Memory) -> None:
    await put(
        memory,
        rows.arrival("new", result=LedgerResult.QUARANTINED, received_at=NOW),
        rows.arrival("old", result=LedgerResult.QUARANTINED, problem="LookupError", received_at=NOW - timedelta(days=2)),
        rows.arrival("dealt with", result=LedgerResult.RELEASED),
        rows.arrival("opened"),
    )

    async with memory.reading() as uow:
        shelf = await quarantined(uow)
        assert await count_quarantined(uow) == 2
    assert [(row.id, row.problem) for row in shelf] == [("old", "LookupError"), ("new", "")]
    assert all("raw" not in vars(row) for row in shelf), "a shelf of large letters is not read to be counted"


async def test_an_arrival_is_found_by_the_first_symbols_of_its_id(memory: Memory) -> None:
    await put(memory, rows.arrival("ab12"), rows.arrival("ab13"), rows.arrival("ab14"), rows.arrival("cd%5"))

    async with memory.reading() as uow:
        assert [row.id for row in await arrivals_starting(uow, "ab13")] == ["ab13"]
        assert len(await arrivals_starting(uow, "ab")) == 2, "enough to know that it is not one"
        assert [row.id for row in await arrivals_starting(uow, "cd%")] == ["cd%5"]
        assert await arrivals_starting(uow, "%") == []


async def test_an_address_is_known_by_the_cases_on_which_it_is_a_party(memory: Memory) -> None:
    await put(
        memory,
        rows.case("CSF-0001", received_at=NOW - timedelta(days=9)),
        rows.case("CSF-0002", received_at=NOW, closed_on=NOW.date()),
        rows.case("CSF-0003"),
        rows.party("CSF-0001", address=KIT),
        rows.party("CSF-0002", address=KIT),
        rows.party("CSF-0003", address="sam@example.org"),
        rows.event("CSF-0001", name=Event.RECEIVED),
        rows.event("CSF-0001", name=Event.READ),
    )

    found = await known(memory, Question(addresses=[KIT, "nobody@example.org"]))

    assert [case.reference for case in found.parties_cases(KIT)] == ["CSF-0002", "CSF-0001"]
    assert [case.reference for case in found.open_cases(found.parties_cases(KIT))] == ["CSF-0001"]
    assert found.parties_cases("nobody@example.org") == []
    assert [event.name for event in found.events["CSF-0001"]] == [Event.RECEIVED, Event.READ]
    assert set(found.cases) == {"CSF-0001", "CSF-0002"}, "and of nobody else"


async def test_a_chat_is_known_by_its_cases_and_where_it_stands(memory: Memory) -> None:
    chat = 7_123_456_789_012
    await put(
        memory,
        rows.case("CSF-0001"),
        rows.party("CSF-0001", chat_id=chat),
        ConversationRow(chat_id=chat, state={"screen": "start"}, updated_at=NOW),
        ConversationRow(chat_id=8, state={"screen": "sent"}, updated_at=NOW),
    )

    found = await known(memory, Question(chat_ids=[chat]))

    assert [case.reference for case in found.chats_cases(chat)] == ["CSF-0001"]
    assert {chat_id: row.state for chat_id, row in found.conversations.items()} == {chat: {"screen": "start"}}


async def test_a_party_without_address_or_chat_is_nobodys_case(memory: Memory) -> None:
    await put(memory, rows.case("CSF-0001"), rows.party("CSF-0001", phone="01632 960 000"))

    found = await known(memory, Question(addresses=[KIT], chat_ids=[0]))

    assert (found.by_address, found.by_chat, found.cases) == ({}, {}, {})


async def test_a_reply_finds_what_it_answers_and_the_case(memory: Memory) -> None:
    ours = rows.message("receipt:1", KIT, case_reference="CSF-0001")
    await put(
        memory,
        rows.case("CSF-0001"),
        rows.case("CSF-0002"),
        ours,
        rows.message("digest", "duty@council.example", notice=Notice.DIGEST),
        rows.arrival("a", message_id="<theirs@example.org>", case_reference="CSF-0002"),
        rows.arrival("b", message_id="<unfiled@example.org>"),
    )
    asked = [ours.message_id, "<theirs@example.org>", "<unfiled@example.org>", "<unknown@example.org>"]

    found = await known(memory, Question(message_ids=asked))

    assert {name: (sent.key, sent.case_reference, sent.recipient) for name, sent in found.sent.items()} == {
        ours.message_id: ("receipt:1", "CSF-0001", KIT)
    }
    assert found.written == {"<theirs@example.org>": "CSF-0002"}
    assert set(found.cases) == {"CSF-0001", "CSF-0002"}


async def test_a_chat_messages_empty_id_is_no_thread(memory: Memory) -> None:
    """Chat messages have no Message-ID, and neither have some letters: an empty one must not link them all."""
    await put(
        memory,
        rows.case("CSF-0001"),
        rows.message("chat", "7", case_reference="CSF-0001"),
        rows.arrival("a", case_reference="CSF-0001"),
    )

    found = await known(memory, Question(message_ids=[""]))

    assert (found.sent, found.written, found.cases) == ({}, {}, {})


async def test_a_reference_is_looked_up_as_it_is(memory: Memory) -> None:
    await put(memory, rows.case("CSF-0001"))

    found = await known(memory, Question(references=["CSF-0001", "CSF-9999"]))

    assert set(found.cases) == {"CSF-0001"}


async def test_an_edit_finds_the_case_in_which_its_message_was_filed(memory: Memory) -> None:
    await put(
        memory,
        rows.case("CSF-0001"),
        rows.arrival("a"),
        rows.letter("a", chat_id=7, message_number=41),
        rows.arrival("b"),
        rows.letter("b", chat_id=8, message_number=42),
    )

    found = await known(memory, Question(edits=[(7, 41), (8, 43)]))

    assert found.message_numbers == {(7, 41): "CSF-0001"}


async def test_the_automatic_answers_of_the_last_day_count_and_nothing_else(memory: Memory) -> None:
    """The brake of practice.md §7: at most 10 a day to one address."""
    day = timedelta(days=1)
    await put(
        memory,
        rows.message("receipt:1", KIT, now=NOW - minutes(1)),
        rows.message("thanks:1", KIT, notice=Notice.THANKS, now=NOW - day + minutes(1)),
        rows.message("too old", KIT, now=NOW - day),
        rows.message("from a person", KIT, notice=Notice.RESPONSE),
        rows.message("to another", "sam@example.org"),
        rows.message("a chat", "7", channel=Channel.TELEGRAM),
    )

    found = await known(memory, Question(addresses=[KIT]))

    assert {address: sorted(moments) for address, moments in found.answers.items()} == {
        KIT: [NOW - day + minutes(1), NOW - minutes(1)]
    }


async def test_a_question_about_nothing_is_answered_with_nothing(memory: Memory) -> None:
    await put(memory, rows.case("CSF-0001"), rows.message("a"))

    assert await known(memory, Question()) == Known()


def test_the_ledger_rows_of_filings_are_told_apart() -> None:
    filing, ledger_row = Filing(), rows.arrival("a")
    filing.add(rows.case(), ledger_row)

    assert ledger_of([filing, Filing()]) == [ledger_row]
