"""A turn of a door's loop: what came in is fetched, stored in one commit with the position, and only then confirmed.

Where many letters wait in a mailbox, the next are fetched while these are stored.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import datetime

from bot.doors import Batch, Door, DoorTrouble, Position, Unread
from bot.loops import Stopped, Turn, unless_stopped
from bot.mailbox_door import MailboxDoor
from bot.telegram_door import TelegramDoor, group_of, pressed
from intake.reception import Reception
from storage import inbound
from storage.inbound import DoorStep
from storage.unit_of_work import Memory, UnitOfWork


def listening(
    door: Door,
    reception: Reception,
    memory: Memory,
    now: Callable[[], datetime],
    stop: asyncio.Event,
    process: str = "",
    unread: Unread | None = None,
) -> Turn:
    """Turns for a door's loop. `process` must still lead the door when what it fetched is stored; `unread` hears what waits."""
    unread = unread or Unread()
    stands_at: list[Position | None] = []
    """Where the last good turn left the door. Among several processes another may have moved it since: then it is always read."""
    ahead: list[Batch] = []
    """What follows there, where it was fetched already."""

    async def store(after: Position | None, batch: Batch) -> None:
        if batch.arrivals or batch.position != after:
            await reception.admit(batch.arrivals, now(), _step(door, batch, process))
        unread.stored(batch)

    async def turn() -> bool:
        after = stands_at.pop() if stands_at else await _position(memory, door.name)
        batch = ahead.pop() if ahead else await unless_stopped(door.fetch(after), stop)
        unread.seen(batch)
        reads_ahead = isinstance(door, MailboxDoor) and batch.waiting > 0 and not process
        stored, following = await asyncio.gather(
            store(after, batch), _following(door, batch, stop) if reads_ahead else _nothing(), return_exceptions=True
        )
        for end in (stored, following):
            if isinstance(end, BaseException):
                raise end
        ahead.extend([following] if isinstance(following, Batch) else [])
        if not process:
            stands_at.append(batch.position)
        if isinstance(door, TelegramDoor):
            await _after_storing(door, batch)
        return bool(batch.arrivals)

    return turn


async def _following(door: Door, batch: Batch, stop: asyncio.Event) -> Batch | None:
    """What follows a batch. None when it cannot be had now: the next turn asks again, and tells of the trouble.

    To ask a mailbox for more confirms nothing; to ask Telegram would.
    """
    try:
        return await unless_stopped(door.fetch(batch.position), stop)
    except (DoorTrouble, Stopped):
        return None


async def _nothing() -> None:
    return None


async def _position(memory: Memory, name: str) -> Position | None:
    async with memory.reading() as uow:
        return await position_of(uow, name)


async def position_of(uow: UnitOfWork, name: str) -> Position | None:
    """Where a door stands; None before its first turn."""
    row = await inbound.door(uow, name)
    return Position(row.position, row.validity, row.since, row.moved_at) if row else None


def _step(door: Door, batch: Batch, process: str) -> DoorStep | None:
    at = batch.position
    return DoorStep(door.name, at.validity, at.number, at.since, at.moved_at, process) if at else None


async def _after_storing(door: TelegramDoor, batch: Batch) -> None:
    """What Telegram is told once the updates are ours: that presses arrived, and that we leave a group."""
    told: list[Awaitable[bool]] = []
    for arrival in batch.arrivals:
        try:
            update = json.loads(arrival.raw)
        except ValueError:
            continue
        if press := pressed(update):
            told.append(door.answer_button(press))
        if group := group_of(update):
            told.append(door.leave(group))
    await asyncio.gather(*told)
