"""The mailbox is compared with the ledger, and its boundary is tried: over Dovecot, and a server that lets forgers in."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta

import pytest

from bot.listening import listening, position_of
from bot.mail_rounds import MailRounds
from bot.mailbox_door import MailboxDoor
from bot.rehearsal.post_office import PostOffice
from bot.trial_letters import TrialLetters
from intake.arrival import Arrival, Wire
from intake.reception import Admitted, Reception
from notifications.wires import MailboxAccess, SmtpAccess, Tls, Unreachable
from procedures.terms import Notice
from storage import inbound
from storage.inbound import DoorStep
from storage.unit_of_work import Memory
from tests.casework.rooms import OFFICE
from tests.desk.test_reception import letter, queued
from tests.servers import free_port
from tests.servers.clock import Clock
from tests.servers.dovecot import RealMailbox

BOUNDARY = "mx.council.example"
DUTY = OFFICE.council.duty_addresses[0]


def arrival_of(raw: bytes, at: datetime) -> Arrival:
    return Arrival("mailbox:other", Wire.EMAIL, raw, at)


def rounds_of(
    memory: Memory, door: MailboxDoor, clock: Clock, trial: TrialLetters | None = None, boundary: str = BOUNDARY
) -> MailRounds:
    reception = Reception(memory, lambda: OFFICE, boundary)
    return MailRounds(memory, door, reception, lambda: OFFICE, clock, asyncio.Event(), trial)


async def test_a_letter_that_the_ledger_lost_comes_in_the_next_day_and_staff_hear_of_it(
    memory: Memory, dovecot: RealMailbox, clock: Clock
) -> None:
    """A letter before the door's time and a second copy of one are not missing."""
    door = MailboxDoor(dovecot.access(), now=clock)
    await dovecot.deliver(letter("An old letter."), at=clock() - timedelta(days=30))
    listen = listening(door, rounds_of(memory, door, clock).reception, memory, clock, asyncio.Event())
    await listen()
    await dovecot.deliver(letter("The first."), letter("The first."), letter("The lost one."), at=clock() + timedelta(minutes=1))
    async with memory.reading() as uow:
        stands = await position_of(uow, door.name)
    first = (await door.fetch(stands)).arrivals[0]
    assert stands is not None
    async with memory.unit_of_work() as uow:  # the position stands behind letters that were never stored
        await inbound.move_door(uow, DoorStep(door.name, stands.validity, stands.number + 3, stands.since, clock()))
    rounds = rounds_of(memory, door, clock)
    await rounds.reception.admit([first], clock())

    missing = [await rounds.compare() for _ in range(2)]

    assert missing == [1, 0]
    told = [row for row in await queued(memory, DUTY) if row.notice == Notice.TROUBLE]
    assert [row.facts["what"] for row in told] == ["letters_missed"]


async def test_a_mailbox_that_agrees_with_the_ledger_is_no_trouble(memory: Memory, dovecot: RealMailbox, clock: Clock) -> None:
    door = MailboxDoor(dovecot.access(), now=clock)
    rounds = rounds_of(memory, door, clock)
    listen = listening(door, rounds.reception, memory, clock, asyncio.Event())
    await listen()
    await dovecot.deliver(letter("The first."), letter("The second."), at=clock() + timedelta(minutes=1))
    await listen()

    assert await rounds.compare() == 0
    assert [row for row in await queued(memory, DUTY) if row.notice == Notice.TROUBLE] == []


@pytest.fixture
async def office(clock: Clock) -> AsyncIterator[PostOffice]:
    async with PostOffice(clock) as office:
        office.boundary = BOUNDARY
        yield office


@pytest.mark.parametrize("takes_forged_away", [True, False])
async def test_while_a_forged_verdict_comes_through_nobody_is_vouched_for(
    memory: Memory, office: PostOffice, clock: Clock, takes_forged_away: bool
) -> None:
    office.takes_forged_away = takes_forged_away
    access = MailboxAccess("127.0.0.1", office.imap_port, office.user, office.password, tls=Tls.NONE)
    trial = TrialLetters(access, SmtpAccess("127.0.0.1", office.smtp_port, tls=Tls.NONE), office.council_address, clock)
    rounds = rounds_of(memory, MailboxDoor(access, now=clock), clock, trial)
    for _ in range(2):
        await rounds.turn()
    began = len(office.posted)
    clock.goes_on(days=8)
    await rounds.turn()
    status = letter("status", subject="Re: My son")

    await rounds.reception.admit([arrival_of(letter(), clock()), arrival_of(status, clock())], clock())

    assert (began, len(office.posted)) == (0, 1)
    assert rounds.reception.is_boundary_forgeable is not takes_forged_away
    answers = {row.notice for row in await queued(memory)}
    assert (Notice.STATUS in answers) is takes_forged_away
    troubles = [row.facts["what"] for row in await queued(memory, DUTY) if row.notice == Notice.TROUBLE]
    assert troubles == ([] if takes_forged_away else ["boundary_forgeable"])
    after_a_restart = rounds_of(memory, rounds.door, clock, trial)
    await after_a_restart.heed_the_boundary()
    assert after_a_restart.reception.is_boundary_forgeable is not takes_forged_away


async def test_a_boundary_of_several_servers_is_tried_by_its_own_name(memory: Memory, office: PostOffice, clock: Clock) -> None:
    office.takes_forged_away = False
    access = MailboxAccess("127.0.0.1", office.imap_port, office.user, office.password, tls=Tls.NONE)
    trial = TrialLetters(access, SmtpAccess("127.0.0.1", office.smtp_port, tls=Tls.NONE), office.council_address, clock)
    rounds = rounds_of(memory, MailboxDoor(access, now=clock), clock, trial, boundary=f"{BOUNDARY} mx1.council.example")
    for _ in range(2):
        await rounds.turn()
    clock.goes_on(days=8)

    await rounds.turn()

    assert f"Authentication-Results: {BOUNDARY}; dmarc=pass".encode() in office.posted[-1].raw


class Killed(Exception):
    """The process ends here."""


class KilledAfterwards(Reception):
    async def admit(self, arrivals: Sequence[Arrival], now: datetime, door: DoorStep | None = None) -> list[Admitted]:
        await super().admit(arrivals, now, door)
        raise Killed


async def past(memory: Memory, door: MailboxDoor, dovecot: RealMailbox, clock: Clock, letters: int) -> None:
    """The door stands behind this many letters, and none of them is in the ledger."""
    listen = listening(door, rounds_of(memory, door, clock).reception, memory, clock, asyncio.Event())
    await listen()
    await dovecot.deliver(*(letter(f"Lost, number {number}.") for number in range(letters)), at=clock() + timedelta(minutes=1))
    async with memory.reading() as uow:
        stands = await position_of(uow, door.name)
    assert stands is not None
    async with memory.unit_of_work() as uow:
        await inbound.move_door(uow, DoorStep(door.name, stands.validity, stands.number + letters, stands.since, clock()))


async def troubles(memory: Memory) -> list[str]:
    return [row.facts["detail"] for row in await queued(memory, DUTY) if row.notice == Notice.TROUBLE]


async def test_staff_hear_of_missed_letters_although_the_service_is_killed_as_they_come_in(
    memory: Memory, dovecot: RealMailbox, clock: Clock
) -> None:
    door = MailboxDoor(dovecot.access(), now=clock)
    await past(memory, door, dovecot, clock, 1)
    rounds = rounds_of(memory, door, clock)
    rounds.reception = KilledAfterwards(memory, lambda: OFFICE, BOUNDARY)

    with pytest.raises(Killed):
        await rounds.compare()
    assert await rounds_of(memory, door, clock).compare() == 0

    assert await troubles(memory) == ["the mailbox has 1 letters, the ledger had 0: 1 come in now"]


async def test_more_letters_than_a_turn_takes_come_in_the_same_day_and_a_mail_server_that_is_away_stops_none(
    memory: Memory, dovecot: RealMailbox, clock: Clock
) -> None:
    door = MailboxDoor(dovecot.access(), now=clock)
    await past(memory, door, dovecot, clock, 102)
    away = TrialLetters(dovecot.access(), SmtpAccess("127.0.0.1", free_port(), tls=Tls.NONE), "yoursay@council.example", clock)
    rounds = rounds_of(memory, door, clock, away)
    async with memory.unit_of_work() as uow:
        tried_at = clock() - timedelta(days=8)
        await inbound.move_door(uow, DoorStep(f"canary:{door.name}", "boundary", 0, tried_at, tried_at))

    await rounds.turn()
    for _ in range(2):
        with pytest.raises(Unreachable):
            await rounds.turn()

    async with memory.reading() as uow:
        stands = await position_of(uow, door.name)
        assert stands is not None
        assert len(await inbound.positions(uow, door.name, stands.validity)) == 102
    [told] = await troubles(memory)
    assert "100 come in now, and 2 more" in told


async def test_a_mended_boundary_is_believed_again_within_the_hour(memory: Memory, office: PostOffice, clock: Clock) -> None:
    office.takes_forged_away = False
    access = MailboxAccess("127.0.0.1", office.imap_port, office.user, office.password, tls=Tls.NONE)
    trial = TrialLetters(access, SmtpAccess("127.0.0.1", office.smtp_port, tls=Tls.NONE), office.council_address, clock)
    rounds = rounds_of(memory, MailboxDoor(access, now=clock), clock, trial)
    for days in (0, 0, 8):
        clock.goes_on(days=days)
        await rounds.turn()
    office.takes_forged_away = True
    seen = [rounds.reception.is_boundary_forgeable]

    for minutes in (50, 10):
        clock.goes_on(minutes=minutes)
        await rounds.turn()
        seen.append(rounds.reception.is_boundary_forgeable)

    assert seen == [True, True, False]
