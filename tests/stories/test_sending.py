"""What leaves: sent once, tried again, given up loudly, braked, and never in a circle."""

import asyncio
import shutil
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import access
from bot.health import look_at_health
from bot.office import office_of
from bot.rehearsal import errors
from bot.rehearsal.post_office import MailFault, PostOffice
from notifications.wires import SmtpAccess
from procedures.terms import Event, Notice, Procedure
from storage.tables import ArrivalRow, CaseRow, EventRow, OutboxState, PartyRow
from storage.unit_of_work import Memory, open_memory
from tests.servers.clock import Clock
from tests.servers.dovecot import PymapMailbox
from tests.stories.letters import mail, text_of
from tests.stories.log import Log
from tests.stories.town import DUTY, OFFICER, Town, a_council

MUM = "r.green@family.example"
SAM = 70_010_001


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A mail server that says nothing is waited for five seconds, and not for twenty."""

    def smtp_access(settings: Any, now: Any) -> SmtpAccess:
        return replace(access.smtp_access(settings, now), timeout_seconds=5)

    monkeypatch.setattr("bot.service.smtp_access", smtp_access)


def of_receipts(town: Town, address: str = MUM) -> list[str]:
    return [str(letter["Message-ID"]) for letter in town.letters_to(address) if "We got your message" in str(letter["Subject"])]


async def test_a_server_that_says_451_gets_the_letter_a_little_later_and_once(town: Town) -> None:
    town.post.next_letters(MailFault.TRY_LATER)
    await town.opens(chat=False)
    await town.gets(mail(MUM))
    await town.log_says("outbox tries later notice=receipt")
    assert of_receipts(town) == []

    await town.goes_on(seconds=31)
    await town.at_rest()

    (receipt,) = await town.sent(notice=Notice.RECEIPT)
    assert (receipt.state, receipt.tries) == (OutboxState.SENT, 1)
    assert of_receipts(town) == [receipt.message_id]
    assert await town.tasks() == {"confirm_route": 1}


async def test_a_mail_server_that_takes_nothing_for_half_an_hour_is_told_and_every_letter_leaves_once(town: Town) -> None:
    await town.opens(chat=False)
    await town.post.close_smtp()
    await town.gets(mail(MUM))
    await town.log_says("outbox tries later notice=receipt")
    (queued,) = [row.queued_at for row in await town.sent(notice=Notice.RECEIPT)]
    for _ in range(12):
        # Between two tries it waits, put off; it is late all the same.
        await town.goes_on(minutes=2.5)
        await town.at_rest()
    office = await office_of(town.settings(), town.memory)
    health = await look_at_health(town.memory, office, ("outbox",), town.clock(), timedelta(minutes=3))
    assert health.oldest_unsent == queued

    await town.until(lambda: _is_said_to_wait(town))
    # What tells of it is tried while nobody answers: put off by a clock two hours on, it would leave after all was looked at.
    await town.at_rest()
    await town.post.open_smtp()
    await town.goes_on(hours=2)
    await town.at_rest()

    assert [letter for letter in town.letters_to(DUTY) if "messages wait in the outbox and do not leave" in text_of(letter)]
    assert len(of_receipts(town)) == 1
    assert {row.state for row in await town.sent()} == {OutboxState.SENT}


async def _is_said_to_wait(town: Town) -> bool:
    return any(row.facts["what"] == "unsent" for row in await town.sent(notice=Notice.TROUBLE))


async def test_an_address_that_does_not_exist_is_given_up_at_once_and_a_person_told(town: Town) -> None:
    town.post.next_letters(MailFault.NO_SUCH_PERSON)
    await town.opens(chat=False)

    await town.gets(mail(MUM))
    await town.filed(1)
    await town.goes_on(days=1)
    await town.at_rest()

    case = await town.case(address=MUM)
    (receipt,) = await town.sent(notice=Notice.RECEIPT)
    assert receipt.state is OutboxState.FAILED
    assert town.letters_to(MUM) == []
    assert (await town.tasks(case.reference))["cannot_reach"] == 1
    gave_up = [letter for letter in town.letters_to(DUTY) if "could not be sent" in str(letter["Subject"])]
    assert len(gave_up) == 1
    assert MUM not in gave_up[0].as_string()
    assert Event.RECEIPT_SENT not in {row.name for row in await town.rows(EventRow)}
    assert town.log.said("error", "outbox gave up notice=receipt channel=email")


@pytest.mark.parametrize("fault", [MailFault.SILENT_AFTER_DATA, MailFault.DROPPED_AFTER_DATA, MailFault.DROPPED_AND_LOST])
async def test_silence_after_the_letter_was_handed_over_means_the_same_letter_again_and_no_second_one(
    town: Town, impatient: None, fault: MailFault
) -> None:
    town.post.next_letters(fault)
    await town.opens(chat=False)
    await town.gets(mail(MUM))
    await town.log_says("outbox ambiguous notice=receipt")

    await town.goes_on(seconds=31)
    await town.at_rest()

    (receipt,) = await town.sent(notice=Notice.RECEIPT)
    assert (receipt.state, receipt.may_repeat) == (OutboxState.SENT, True)
    assert len(of_receipts(town)) == (1 if fault is MailFault.DROPPED_AND_LOST else 2)
    assert set(of_receipts(town)) == {receipt.message_id}, "the reader's mailbox folds what has one Message-ID"
    assert [row.name for row in await town.rows(EventRow)].count(Event.RECEIPT_SENT) == 1


# --- the bot is blocked --------------------------------------------------------------------------------------------


async def test_who_blocks_the_bot_is_written_to_no_more_and_their_case_goes_on(town: Town) -> None:
    await town.opens(mail=False)
    sam = town.person(SAM)
    sam.says("They moved me without a word.")
    await town.filed(1)
    sam.blocks()
    await town.filed(2)
    case = await town.case(chat=SAM)
    calls = len(town.api.calls_of("sendMessage"))

    await town.route(case.reference, Procedure.STATUTORY)
    await town.acknowledge(case.reference)
    await town.at_rest()

    assert len(town.api.calls_of("sendMessage")) == calls
    (party,) = await town.rows(PartyRow, chat_id=SAM)
    assert party.is_closed
    assert (await town.case(chat=SAM)).closed_on is None
    assert (await town.tasks(case.reference))["cannot_reach"] >= 2, "the block itself, and the letter that has no route"
    assert town.letters_to(MUM) == []

    await town.goes_on(seconds=2)
    sam.unblocks()
    sam.says("I am back.")
    await town.filed(4)
    assert not (await town.rows(PartyRow, chat_id=SAM))[0].is_closed
    assert len(town.api.calls_of("sendMessage")) > calls


async def test_a_block_that_only_the_refusal_tells_of_closes_the_route_and_is_told_once(town: Town) -> None:
    await town.opens(mail=False)
    town.api.next_calls(errors.forbidden(), count=5)
    town.person(SAM).says("They moved me without a word.")
    await town.filed(1)
    await town.goes_on(days=1)
    await town.at_rest()

    case = await town.case(chat=SAM)
    assert (await town.rows(PartyRow, chat_id=SAM))[0].is_closed
    (receipt,) = await town.sent(notice=Notice.RECEIPT)
    assert receipt.state is OutboxState.FAILED
    assert len(town.api.calls_of("sendMessage")) == 1
    assert (await town.tasks(case.reference))["cannot_reach"] == 1
    assert len([one for one in town.letters_to(DUTY) if "could not be sent" in str(one["Subject"])]) == 1
    assert str(SAM) not in "".join(one.as_string() for one in town.letters_to(DUTY))


async def test_a_bot_api_that_asks_to_wait_is_not_disturbed_sooner(town: Town) -> None:
    await town.opens(mail=False)
    town.api.next_calls(errors.too_many_requests(20))
    town.person(SAM).says("They moved me without a word.")
    await town.log_says("outbox tries later notice=receipt")
    await town.goes_on(seconds=19)
    await town.at_rest()
    assert len(town.api.calls_of("sendMessage")) == 1

    await town.goes_on(seconds=2)
    await town.at_rest()

    assert len([one for one in town.api.ever_sent_to(SAM) if "Your number is" in one.text]) == 1


async def test_a_chat_message_whose_answer_was_lost_says_that_it_may_be_a_repeat(town: Town) -> None:
    await town.opens(mail=False)
    town.api.next_calls(errors.dropped_after_accepting())
    town.person(SAM).says("They moved me without a word.")
    await town.log_says("outbox ambiguous notice=receipt")
    await town.goes_on(seconds=31)
    await town.at_rest()

    first, second = town.api.ever_sent_to(SAM)
    assert first.text in second.text
    assert len(second.text) > len(first.text)
    (receipt,) = await town.sent(notice=Notice.RECEIPT)
    assert receipt.may_repeat


# --- the brake -----------------------------------------------------------------------------------------------------


async def test_one_address_gets_at_most_2_automatic_answers_an_hour_and_10_a_day_and_nothing_is_lost(town: Town) -> None:
    await town.opens(chat=False)
    sent: Counter[int] = Counter()
    for hour in range(7):
        await town.gets(*[mail(MUM, f"Complaint {hour} {n}: the trombone again.", number=10 * hour + n) for n in range(4)])
        await town.filed(4 * (hour + 1))
        sent[hour] = len(town.letters_to(MUM)) - sum(sent.values())
        await town.goes_on(hours=1, seconds=1)

    assert [sent[hour] for hour in range(7)] == [2, 2, 2, 2, 2, 0, 0]
    assert len(await town.rows(CaseRow)) == 28
    assert (await town.tasks())["many_letters"] == 1
    assert (await town.tasks())["confirm_route"] == 28

    await town.goes_on(days=1)
    await town.gets(mail(MUM, "The day after.", number=99))
    await town.filed(29)
    assert len(of_receipts(town)) >= 11


async def test_50_answers_of_a_machine_that_does_not_say_so_get_two_of_ours_and_one_task(town: Town) -> None:
    await town.opens(chat=False)

    await town.gets(*[mail(MUM, f"We have received your mail. Ticket {n}.", number=n, subject=f"Ticket {n}") for n in range(50)])
    await town.filed(50)

    assert len(town.letters_to(MUM)) == 2
    assert (await town.tasks())["many_letters"] == 1
    assert len(await town.rows(ArrivalRow)) == 50


# --- two copies ----------------------------------------------------------------------------------------------------


@asynccontextmanager
async def another_town(folder: Path, template: Path, clock: Clock, log: Log, address: str) -> AsyncIterator[Town]:
    """A second council with the same service, on wires of its own."""
    file = folder / f"{address.partition('@')[2]}.db"
    shutil.copy(template, file)
    memory: Memory = open_memory(f"sqlite+aiosqlite:///{file}")
    async with PostOffice(clock, council_address=address) as post:
        api: Any = None
        town = Town(memory, PymapMailbox(post), post, api, clock, log, council=replace(a_council(address), people=()))
        try:
            yield town
        finally:
            await town.closes()
            await memory.close()


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
async def test_two_copies_of_the_service_that_write_to_each_other_stop_after_one_letter_each(
    town: Town, tmp_path: Path, migrated_sqlite: Path
) -> None:
    addresses = ("yoursay@north.example", "yoursay@south.example")
    async with (
        another_town(tmp_path, migrated_sqlite, town.clock, town.log, addresses[0]) as north,
        another_town(tmp_path, migrated_sqlite, town.clock, town.log, addresses[1]) as south,
    ):
        await north.opens(chat=False)
        await south.opens(chat=False)
        carrier = asyncio.ensure_future(carry(north, south))
        # Somebody forged the first letter: to one, from the other.
        await north.gets(mail(addresses[1], "I complain about everything.", to=addresses[0], name="Your Say"))

        (row,) = await south.until(lambda: south.rows(ArrivalRow))
        await north.at_rest()
        await south.at_rest()
        await north.gets(mail("neighbour@home.example", "Something else.", to=addresses[0], number=2))
        await north.until(lambda: _has(north, 2))
        await north.at_rest()
        carrier.cancel()
        await asyncio.gather(carrier, return_exceptions=True)

        assert len(north.letters_to(addresses[1])) == 1
        assert south.letters_to(addresses[0]) == []
        assert row.result == "automatic"
        assert [len(await council.rows(CaseRow)) for council in (north, south)] == [2, 0]


async def _has(town: Town, count: int) -> bool:
    return len(await town.rows(ArrivalRow)) >= count


async def carry(north: Town, south: Town) -> None:
    """Carry letters from either post office to the other's council, for as long as this runs."""
    carried = {id(north): 0, id(south): 0}
    while True:
        for home, away in ((north, south), (south, north)):
            letters = home.post.letters_to(away.post.council_address)
            for letter in letters[carried[id(home)] :]:
                await away.post.deliver(b"Return-Path: <" + letter.sender.encode() + b">\r\n" + letter.raw)
            carried[id(home)] = len(letters)
        await asyncio.sleep(0.01)


async def test_staff_letters_never_carry_a_word_or_a_name(town: Town) -> None:
    await town.opens(chat=False)
    await town.gets(mail(MUM, "My foster dad hit me with the trombone.", name="Rosalind Green"))
    await town.filed(1)

    staff = [letter.message for letter in town.post.posted if letter.recipient in (OFFICER.address, DUTY)]
    assert len(staff) >= 2
    for letter in staff:
        whole = letter.as_string().lower()
        assert not any(word in whole for word in ("trombone", "rosalind", MUM))
