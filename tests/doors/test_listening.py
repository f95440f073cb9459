"""A turn of a door's loop: the next letters are fetched while the last are stored, and never a letter is lost for it."""

import asyncio

import pytest
from sqlalchemy import event, text
from sqlmodel import func, select

from bot.doors import Batch, DoorTrouble, Position
from bot.listening import listening, position_of
from bot.loops import Turn
from bot.mailbox_door import MailboxDoor, Start
from intake.reception import Reception
from storage.tables import ArrivalRow
from storage.unit_of_work import Memory
from tests.casework.rooms import OFFICE
from tests.doors.letters import letter
from tests.servers.clock import Clock
from tests.servers.dovecot import RealMailbox

A_TURN = 100
LETTERS = 103


class Told(MailboxDoor):
    """A door that tells when it is asked, and at one asking finds nobody at home."""

    asked: list[str]
    away_at: int = 0

    async def fetch(self, after: Position | None) -> Batch:
        self.asked.append("asked")
        if self.asked.count("asked") == self.away_at:
            raise DoorTrouble("mailbox closed")
        return await super().fetch(after)


@pytest.fixture
async def door(dovecot: RealMailbox, clock: Clock) -> Told:
    await dovecot.deliver(*map(letter, range(LETTERS)), at=clock())
    door = Told(dovecot.access(), now=clock, start=Start.BEGINNING)
    door.asked = []
    return door


def turn_of(door: Told, memory: Memory, clock: Clock) -> Turn:
    event.listen(memory.writer.sync_engine, "commit", lambda _: door.asked.append("stored"))
    return listening(door, Reception(memory, lambda: OFFICE), memory, clock, asyncio.Event())


async def stored(memory: Memory) -> int:
    async with memory.reading() as uow:
        return (await uow.exec(select(func.count()).select_from(ArrivalRow))).one()


async def test_the_next_letters_are_fetched_while_the_last_are_stored(door: Told, memory: Memory, clock: Clock) -> None:
    turn = turn_of(door, memory, clock)

    assert await turn()
    assert await stored(memory) == A_TURN
    assert door.asked == ["asked", "asked", "stored", "stored"]
    assert await turn()
    assert door.asked.count("asked") == 2, "what was fetched ahead is used"
    assert not await turn()
    assert await stored(memory) == LETTERS
    async with memory.reading() as uow:
        stands = await position_of(uow, door.name)
    assert stands is not None
    assert stands.number == LETTERS


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)  # the database is not what is looked at
async def test_a_server_that_goes_away_meanwhile_is_asked_again_in_the_next_turn(
    door: Told, memory: Memory, clock: Clock
) -> None:
    door.away_at = 2
    turn = turn_of(door, memory, clock)

    assert await turn()
    assert await stored(memory) == A_TURN
    assert await turn()
    assert await stored(memory) == LETTERS


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)  # the database is not what is looked at
async def test_what_was_fetched_ahead_is_forgotten_when_what_comes_before_it_was_not_stored(
    door: Told, memory: Memory, clock: Clock
) -> None:
    turn = turn_of(door, memory, clock)
    async with memory.unit_of_work() as uow:
        await (await uow.connection()).execute(text("alter table door rename to gone"))
    with pytest.raises(Exception, match="door"):
        await turn()
    async with memory.unit_of_work() as uow:
        await (await uow.connection()).execute(text("alter table gone rename to door"))

    while await turn():
        pass

    assert await stored(memory) == LETTERS
