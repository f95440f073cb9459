"""What every door promises, over each of them. A new door is added to `DOORS`."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

import pytest

from bot.doors import Door, DoorTrouble
from bot.mailbox_door import MailboxDoor, Start
from bot.rehearsal.bot_api import BotApi
from bot.telegram_door import TelegramDoor
from notifications.wires import TelegramAccess
from tests.doors.letters import letter
from tests.servers.clock import Clock
from tests.servers.dovecot import RealMailbox

DOORS = ["mailbox", "telegram"]


@dataclass
class Way:
    """A door, and the world on its other side."""

    door: Door
    someone_writes: Callable[[int], Awaitable[None]]
    number_of: Callable[[bytes], bool]
    goes_away: Callable[[], Awaitable[None]]
    comes_back: Callable[[], Awaitable[None]]


@pytest.fixture(params=DOORS)
async def way(request: pytest.FixtureRequest, dovecot: RealMailbox, bot_api: BotApi, clock: Clock) -> AsyncIterator[Way]:
    if request.param == "mailbox":

        async def posts(number: int) -> None:
            await dovecot.deliver(letter(number), at=clock())

        door: Door = MailboxDoor(dovecot.access(), now=clock, start=Start.BEGINNING)
        made = Way(door, posts, lambda raw: b"Subject: Letter" in raw, dovecot.goes_away, dovecot.comes_back)
    else:

        async def types(number: int) -> None:
            bot_api.person(11).says(f"Letter {number}")

        door = TelegramDoor(TelegramAccess(bot_api.token, bot_api.url, timeout_seconds=5), now=clock, poll_seconds=0)
        made = Way(door, types, lambda raw: b'"text": "Letter' in raw, bot_api.stop, bot_api.start)
    yield made
    await made.door.close()


async def test_what_came_is_given_oldest_first_under_the_doors_name_with_the_position_to_store(way: Way) -> None:
    for number in (1, 2, 3):
        await way.someone_writes(number)

    batch = await way.door.fetch(None)

    assert len(batch.arrivals) == 3
    assert all(way.number_of(arrival.raw) for arrival in batch.arrivals)
    positions = [arrival.position for arrival in batch.arrivals]
    assert positions == sorted(set(positions))
    assert batch.position
    assert batch.position.number == positions[-1]
    assert {arrival.validity for arrival in batch.arrivals} == {batch.position.validity}
    assert {arrival.door for arrival in batch.arrivals} == {way.door.name}
    assert all(arrival.received_at.tzinfo for arrival in batch.arrivals)


async def test_it_comes_again_until_the_position_is_stored_and_then_never(way: Way) -> None:
    await way.someone_writes(1)

    first, again = await way.door.fetch(None), await way.door.fetch(None)
    after = await way.door.fetch(again.position)

    assert first.arrivals == again.arrivals
    assert after.arrivals == ()
    assert after.position == again.position


async def test_a_quiet_door_gives_nothing_and_no_trouble(way: Way) -> None:
    first = await way.door.fetch(None)

    assert (await way.door.fetch(first.position)).arrivals == ()


async def test_a_door_that_cannot_be_read_is_trouble_and_loses_nothing(way: Way) -> None:
    await way.someone_writes(1)
    position = (await way.door.fetch(None)).position
    await way.someone_writes(2)

    await way.goes_away()
    try:
        with pytest.raises(DoorTrouble):
            await way.door.fetch(position)
    finally:
        await way.comes_back()

    assert len((await way.door.fetch(position)).arrivals) == 1


async def test_the_position_keeps_the_moment_that_the_door_was_opened_and_when_it_last_moved(way: Way, clock: Clock) -> None:
    await way.someone_writes(1)
    first = (await way.door.fetch(None)).position
    clock.goes_on(days=1)
    quiet = (await way.door.fetch(first)).position
    await way.someone_writes(2)
    moved = (await way.door.fetch(quiet)).position

    assert first and quiet and moved
    assert first.since == moved.since
    assert quiet == first
    assert moved.moved_at == clock()
