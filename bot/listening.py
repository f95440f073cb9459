"""A turn of a door's loop: what came in is fetched, stored in one commit with the position, and only then confirmed."""

import asyncio
import json
from collections.abc import Callable
from datetime import datetime

from bot.doors import Batch, Door, Position, Unread
from bot.loops import Turn, unless_stopped
from bot.telegram_door import TelegramDoor, group_of, pressed
from intake.reception import Reception
from storage import inbound
from storage.inbound import DoorStep
from storage.unit_of_work import Memory


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

    async def turn() -> bool:
        async with memory.reading() as uow:
            row = await inbound.door(uow, door.name)
        after = Position(row.position, row.validity, row.since, row.moved_at) if row else None
        batch = await unless_stopped(door.fetch(after), stop)
        unread.seen(batch)
        if batch.arrivals or batch.position != after:
            await reception.admit(batch.arrivals, now(), _step(door, batch, process))
        unread.stored(batch)
        if isinstance(door, TelegramDoor):
            await _after_storing(door, batch)
        return bool(batch.arrivals)

    return turn


def _step(door: Door, batch: Batch, process: str) -> DoorStep | None:
    at = batch.position
    return DoorStep(door.name, at.validity, at.number, at.since, at.moved_at, process) if at else None


async def _after_storing(door: TelegramDoor, batch: Batch) -> None:
    """What Telegram is told once the updates are ours: that a press arrived, and that we leave a group."""
    for arrival in batch.arrivals:
        try:
            update = json.loads(arrival.raw)
        except ValueError:
            continue
        if press := pressed(update):
            await door.answer_button(press)
        if group := group_of(update):
            await door.leave(group)
