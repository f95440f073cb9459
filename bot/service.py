"""The running service: it wires the rooms together, runs the loops, and is the only place that asks what time it is."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Protocol

from bot.access import mailbox_access, smtp_access, telegram_access
from bot.doors import Batch, Door, Position
from bot.keeping_files import FileKeeper
from bot.loops import Loop, Stopped, Turn, each, unless_stopped
from bot.mailbox_door import MailboxDoor
from bot.mailbox_door import Start as DoorStart
from bot.office import office_of
from bot.settings import Settings, Start
from bot.telegram_door import TelegramDoor
from bot.watch import Watch
from casework.office import Office
from intake.reception import Reception
from intake.representing import Manner
from notifications.digest import queue_digests
from notifications.dispatch import Dispatch
from notifications.late_letters import LATE_AT, tell_late
from notifications.reminders import remind
from notifications.senders import EmailSender, Sender, TelegramSender
from notifications.wires import open_bot
from procedures.terms import Channel
from procedures.working_days import date_at_the_desk, moment_at_the_desk
from storage import heartbeats, inbound
from storage.inbound import DoorStep
from storage.unit_of_work import Memory

log = logging.getLogger(__name__)

STOP_WITHIN_SECONDS = 8.0
"""A loop finishes the unit in hand; what takes longer after SIGTERM is let go. Contract: the service ends within ten."""
LEASE = timedelta(minutes=5)
"""On PostgreSQL another process may be sending: only what it has held this long was left by a crash."""
MORNING_LOOK_SECONDS = 20.0
DOWNLOAD_LOOK_SECONDS = 2.0


class Clock(Protocol):
    """Who says what time it is."""

    def now(self) -> datetime:
        """The moment, in UTC."""
        ...


class WallClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass
class Service:
    """Everything that runs. `run` returns when `stop` is set and the unit in hand is finished."""

    settings: Settings
    memory: Memory
    office: Office
    clock: Clock = field(default_factory=WallClock)
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    bell: asyncio.Event = field(default_factory=asyncio.Event)
    """Rings when something was put in the outbox."""
    day_bell: asyncio.Event = field(default_factory=asyncio.Event)
    """Rings when the day should be looked at now: a rehearsal moves the clock."""
    _done_on: dict[str, date] = field(default_factory=dict)

    async def run(self) -> None:
        """Open the doors, start every loop, and stay until the stop."""
        async with AsyncExitStack() as stack:
            loops = await self._loops(stack)
            async with self.memory.unit_of_work() as uow:
                await heartbeats.forget(uow)
                for loop in loops:
                    if loop.name in self.watched:
                        await heartbeats.expect(uow, loop.name)
            try:
                async with asyncio.timeout(None) as limit, asyncio.TaskGroup() as group:
                    for loop in loops:
                        group.create_task(loop.supervise(self.stop, self.memory, self.clock.now), name=loop.name)
                    group.create_task(self._say_when_ready(loops))
                    await self.stop.wait()
                    limit.reschedule(asyncio.get_running_loop().time() + STOP_WITHIN_SECONDS)
            except TimeoutError:
                log.warning("stopped with work in hand")
        log.info("stopped")

    @property
    def watched(self) -> tuple[str, ...]:
        """The loops whose silence is trouble: every door, and the outbox."""
        doors = [name for name, there in (("mailbox", self.settings.mailbox), ("telegram", self.settings.telegram)) if there]
        return (*doors, "outbox")

    async def _say_when_ready(self, loops: list[Loop]) -> None:
        for loop in loops:
            if loop.name in self.watched:
                try:
                    await unless_stopped(loop.has_turned.wait(), self.stop)
                except Stopped:
                    return
        self.ready.set()
        log.info("ready")

    async def _loops(self, stack: AsyncExitStack) -> list[Loop]:
        now, settings = self.clock.now, self.settings
        loops: list[Loop] = []
        senders: dict[Channel, Sender] = {}
        reception = Reception(
            self.memory,
            lambda: self.office,
            boundary=settings.mailbox.authserv_id if settings.mailbox else "",
            our_addresses=(self.office.council.from_address,),
            manner=Manner(nothing_after=timedelta(seconds=settings.outbox.unknown_asker_seconds)),
            rang=self.bell.set,
        )
        if settings.mailbox is not None:
            door = MailboxDoor(mailbox_access(settings), now=now, start=_start(settings.mailbox.start))
            stack.push_async_callback(door.close)
            loops.append(Loop("mailbox", self._listening(door, reception), settings.mailbox.poll_seconds))
        if settings.telegram is not None:
            bot_door = TelegramDoor(
                telegram_access(settings), now=now, poll_seconds=settings.telegram.poll_seconds, looks_first=True
            )
            stack.push_async_callback(bot_door.close)
            loops.append(Loop("telegram", self._listening(bot_door, reception), 0.05))
            files = FileKeeper(self.memory, bot_door.bot, now)
            loops.append(Loop("files", files.fetch_some, DOWNLOAD_LOOK_SECONDS))
            senders[Channel.TELEGRAM] = TelegramSender(await stack.enter_async_context(open_bot(telegram_access(settings))))
        if settings.smtp is not None:
            mail = EmailSender(smtp_access(settings))
            stack.push_async_callback(mail.close)
            senders[Channel.EMAIL] = mail
        dispatch = Dispatch(self.memory, lambda: self.office.council, now, senders, self.office.domain)
        await dispatch.take_up_what_a_crash_left(None if self.memory.is_sqlite else now() - LEASE)
        loops.append(Loop("outbox", self._dispatching(dispatch), settings.outbox.pause_seconds, self.bell))
        loops.append(Loop("mornings", self._look_at_the_day, MORNING_LOOK_SECONDS, self.day_bell))
        loops.append(
            Loop("watch", Watch(self.memory, settings, lambda: self.office, now, self.watched).look, MORNING_LOOK_SECONDS)
        )
        return loops

    def _listening(self, door: Door, reception: Reception) -> Turn:
        async def turn() -> bool:
            async with self.memory.reading() as uow:
                row = await inbound.door(uow, door.name)
            after = Position(row.position, row.validity, row.since, row.moved_at) if row else None
            batch = await unless_stopped(door.fetch(after), self.stop)
            if batch.arrivals or batch.position != after:
                await reception.admit(batch.arrivals, self.clock.now(), _step(door, batch))
            if isinstance(door, TelegramDoor):
                await _after_storing(door, batch)
            return bool(batch.arrivals)

        return turn

    def _dispatching(self, dispatch: Dispatch) -> Turn:
        looked_at = self.clock.now()

        async def turn() -> bool:
            # Between two batches nothing of ours is on the wire: what has been on its way this long was left by a crash.
            nonlocal looked_at
            if self.clock.now() - looked_at > LEASE / 5:
                looked_at = self.clock.now()
                await dispatch.take_up_what_a_crash_left(looked_at - LEASE)
            return await dispatch.dispatch_due() > 0

        return turn

    async def _look_at_the_day(self) -> bool:
        """Reminders, late letters and the weekly digest, each once a day from its hour on.

        They are planned from state and unique in the database: a restart that looks again changes nothing.
        """
        self.office = await office_of(self.settings, self.memory)
        now, council = self.clock.now(), self.office.council
        today = date_at_the_desk(now)
        if not self.office.calendar.is_working_day(today):
            return False
        jobs: tuple[tuple[str, time, Callable[[], Awaitable[object]]], ...] = (
            # Looked for every working day: a Monday that was a holiday, or on which the machine was off, is made up for.
            ("digest", council.digest_at, lambda: queue_digests(self.memory, self.office, now)),
            ("reminders", council.reminders_at, lambda: remind(self.memory, self.office, now)),
            ("late letters", LATE_AT, lambda: tell_late(self.memory, self.office, now)),
        )
        due = [(name, job) for name, at, job in jobs if now >= moment_at_the_desk(today, at)]
        # A digest that fails must not keep the late letters back.
        await each(partial(self._once, name, today, job) for name, job in due if self._done_on.get(name) != today)
        return False

    async def _once(self, name: str, today: date, job: Callable[[], Awaitable[object]]) -> None:
        await job()
        self._done_on[name] = today
        self.bell.set()


def _step(door: Door, batch: Batch) -> DoorStep | None:
    at = batch.position
    return DoorStep(door.name, at.validity, at.number, at.since, at.moved_at) if at else None


async def _after_storing(door: TelegramDoor, batch: Batch) -> None:
    """What Telegram is told once the updates are ours: that a press arrived, and that we leave a group."""
    for arrival in batch.arrivals:
        try:
            update = json.loads(arrival.raw)
        except ValueError:
            continue
        if not isinstance(update, dict):
            continue
        if press := (update.get("callback_query") or {}).get("id"):
            await door.answer_button(press)
        about = update.get("message") or update.get("my_chat_member") or {}
        chat = about.get("chat") or {}
        if chat.get("type") in ("group", "supergroup", "channel") and isinstance(chat.get("id"), int):
            await door.leave(chat["id"])


def _start(start: Start) -> DoorStart:
    return DoorStart(start.value)
