"""The running service: it wires the rooms together, runs the loops, and is the only place that asks what time it is."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Protocol

from bot.access import alarm_access, mailbox_access, smtp_access, telegram_access
from bot.alarms import Alarms
from bot.doors import Unread
from bot.keeping_files import FileKeeper
from bot.leading import Seat, leading_on
from bot.listening import listening
from bot.loops import Loop, Stopped, Turn, each, unless_stopped
from bot.mail_rounds import MailRounds
from bot.mailbox_door import MailboxDoor
from bot.mailbox_door import Start as DoorStart
from bot.office import office_of
from bot.settings import Settings, Start, TelegramSettings
from bot.supervisor import stay_in_touch
from bot.telegram_door import TelegramDoor
from bot.trial_letters import TrialLetters
from bot.watch import Watch
from casework.office import Office
from intake.reception import Reception
from intake.representing import Manner
from notifications.alarms import AlarmSender
from notifications.at_once import AtOnce
from notifications.dispatch import Dispatch
from notifications.senders import EmailSender, Sender, TelegramSender
from notifications.wires import open_bot
from procedures.terms import Channel
from procedures.working_days import date_at_the_desk, moment_at_the_desk
from storage import heartbeats
from storage.cases import look_at_every_case
from storage.places import forget as forget_places
from storage.unit_of_work import Memory

if TYPE_CHECKING:
    from bot.telegram_webhook import TelegramWebhook

log = logging.getLogger(__name__)

STOP_WITHIN_SECONDS = 8.0
"""A loop finishes the unit in hand; what takes longer after SIGTERM is let go. Contract: the service ends within ten."""
LEASE = timedelta(minutes=5)
"""What we have held this long and are not sending was left by a mishap of our own."""
DEAD_LOOK_SECONDS = 3.0
"""How often one looks among several whether another has died with something in its hands."""
MORNING_LOOK_SECONDS = 20.0
MAIL_LOOK_SECONDS = 300.0
DOWNLOAD_LOOK_SECONDS = 2.0
WEBHOOK_LOOK_SECONDS = 15.0
DOORS_FIRST_SECONDS = 2.0
"""How long what is no door waits, at the start, for the doors to open: one that stays shut holds up nothing else."""
LATER = ("intake.desk", "intake.reader", "bot.mornings")
"""What the first arrival and the first morning need: loaded as soon as the doors are open. What comes sooner waits for it."""


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
    _group: asyncio.TaskGroup | None = None
    _taking_in: Reception | None = None
    _hook: "TelegramWebhook | None" = None
    """Where Telegram posts to us. It is heard only while the group is there that what it sets going begins in."""

    def __post_init__(self) -> None:
        self.leading = leading_on(self.memory, self.clock.now)

    async def run(self) -> None:
        """Open the doors, start every loop, and stay until the stop."""
        async with AsyncExitStack() as stack:
            stack.push_async_callback(self.leading.leave)
            await self.leading.enter()
            loops = await self._loops(stack)
            await self._begin_heartbeats(loops)
            try:
                async with asyncio.timeout(None) as limit, asyncio.TaskGroup() as group:
                    self._group = group
                    if self._hook is not None:
                        await self._hook.listen()
                    group.create_task(self.leading.stay(self.stop))
                    group.create_task(stay_in_touch(self.stop))
                    for loop in loops:
                        group.create_task(self._turn(loop), name=loop.name)
                    group.create_task(self._say_when_ready(loops))
                    await self.stop.wait()
                    limit.reschedule(asyncio.get_running_loop().time() + STOP_WITHIN_SECONDS)
                    if self._hook is not None:
                        await self._hook.close()  # first: what it set going is waited for
            except TimeoutError:
                log.warning("stopped with work in hand")
        log.info("stopped")

    async def _turn(self, loop: Loop) -> None:
        """Turn a loop until the stop. The doors, what leaves and what others left in hand begin at once; the rest after them."""
        if loop.name not in (*self.watched, "alarms", "left behind"):
            with suppress(TimeoutError, Stopped):
                async with asyncio.timeout(DOORS_FIRST_SECONDS):
                    await unless_stopped(self.ready.wait(), self.stop)
        await loop.supervise(self.stop, self.memory, self.clock.now)

    def _begin(self, work: Coroutine[object, object, None]) -> None:
        """Begin something beside the loops; the stop waits for its end as for theirs."""
        assert self._group is not None
        self._group.create_task(work)

    async def _begin_heartbeats(self, loops: list[Loop]) -> None:
        is_first = not await self.leading.others()
        async with self.memory.unit_of_work() as uow:
            if is_first:
                await heartbeats.forget(uow)
            for loop in loops:
                if loop.name in self.watched:
                    await heartbeats.expect(uow, loop.name)

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
        if not self.leading.name:
            log.info("ready")
        else:
            leads_a_door = any(loop.leads for loop in loops if loop.name in self.watched and loop.name != "outbox")
            log.info("ready role=%s", "leader" if leads_a_door else "follower")
        for name in LATER:  # here and not in a thread: two that import at once may see half a module
            import_module(name)
            await asyncio.sleep(0)

    async def _loops(self, stack: AsyncExitStack) -> list[Loop]:
        now, settings = self.clock.now, self.settings
        loops: list[Loop] = []
        senders: dict[Channel, Sender] = {}
        reception = self._taking_in = self._reception()
        stack.push_async_callback(reception.aclose)
        if settings.mailbox is not None:
            door = MailboxDoor(mailbox_access(settings, now), now=now, start=_start(settings.mailbox.start))
            stack.push_async_callback(door.close)
            unread = Unread()
            turn = listening(door, reception, self.memory, now, self.stop, self.leading.name, unread)
            loops.append(Loop("mailbox", turn, settings.mailbox.poll_seconds, may_turn=self._led(door.name), unread=unread))
            rounds = MailRounds(self.memory, door, reception, lambda: self.office, now, self.stop, self._trial())
            await rounds.heed_the_boundary()
            loops.append(Loop("mail rounds", rounds.turn, MAIL_LOOK_SECONDS, may_turn=self._led(door.name)))
        if settings.telegram is not None:
            loops += await self._chat_loops(settings.telegram, reception, stack)
            senders[Channel.TELEGRAM] = TelegramSender(await stack.enter_async_context(open_bot(telegram_access(settings))))
        if settings.smtp is not None:
            mail = EmailSender(smtp_access(settings, now))
            stack.push_async_callback(mail.close)
            senders[Channel.EMAIL] = mail
        dispatch = Dispatch(self.memory, lambda: self.office.council, now, senders, self.office.domain)
        dispatch.mails_a_day = settings.smtp.mails_a_day if settings.smtp else 0
        dispatch.process, dispatch.may_send = self.leading.name, lambda: self.leading.is_sure
        reception.joining = AtOnce(dispatch, self._begin, self.bell.set).joining
        if self.leading.name:
            loops.append(Loop("left behind", self._minding_the_dead(dispatch), DEAD_LOOK_SECONDS, may_turn=self._is_sure))
        else:
            await dispatch.take_up_what_a_crash_left()
        watch = Watch(self.memory, settings, lambda: self.office, now, self.watched)
        return [
            *loops,
            *self._alarm_loops(),
            Loop("outbox", self._dispatching(dispatch), settings.outbox.pause_seconds, self.bell, self._is_sure),
            Loop("office", self._look_at_the_office, MORNING_LOOK_SECONDS),
            Loop("mornings", self._look_at_the_day, MORNING_LOOK_SECONDS, self.day_bell, self._led("mornings")),
            Loop("watch", watch.look, MORNING_LOOK_SECONDS, may_turn=self._led("watch")),
        ]

    def _trial(self) -> TrialLetters | None:
        """Letters to ourselves, where both wires and a boundary are set up."""
        settings, now = self.settings, self.clock.now
        if settings.mailbox is None or settings.smtp is None or not settings.mailbox.authserv_id:
            return None
        address = self.office.council.from_address
        return TrialLetters(mailbox_access(settings, now), smtp_access(settings, now), address, now)

    def _reception(self) -> Reception:
        settings = self.settings
        return Reception(
            self.memory,
            lambda: self.office,
            boundary=settings.mailbox.boundary if settings.mailbox else "",
            our_addresses=(self.office.council.from_address,),
            manner=Manner(nothing_after=timedelta(seconds=settings.outbox.unknown_asker_seconds)),
            rang=self.bell.set,
            reads_apart=True,
            erasure_key=settings.erasure_key,
        )

    async def _chat_loops(self, telegram: TelegramSettings, reception: Reception, stack: AsyncExitStack) -> list[Loop]:
        """The chat's way in, by asking or by being told, and the files that came with it."""
        now, access = self.clock.now, telegram_access(self.settings)
        door = TelegramDoor(access, now=now, poll_seconds=telegram.poll_seconds, looks_first=True)
        stack.push_async_callback(door.close)
        files = Loop(
            "files", FileKeeper(self.memory, door.bot, now).fetch_some, DOWNLOAD_LOOK_SECONDS, may_turn=self._led("files")
        )
        if not telegram.webhook_url:
            unread = Unread()
            turn = listening(door, reception, self.memory, now, self.stop, self.leading.name, unread)
            return [Loop("telegram", turn, 0.05, may_turn=self._led(door.name), unread=unread), files]
        from bot.telegram_webhook import Place, TelegramWebhook  # noqa: PLC0415  # a web server, for those who are told

        place = Place(telegram.webhook_url, telegram.webhook_secret, telegram.webhook_host, telegram.webhook_port)
        hook = self._hook = TelegramWebhook(place, door.name, door.bot, reception, now)
        stack.push_async_callback(hook.close)
        await hook.open()
        return [Loop("telegram", hook.see_to_it, WEBHOOK_LOOK_SECONDS, may_turn=self._led(door.name)), files]

    def _alarm_loops(self) -> list[Loop]:
        """Alarms leave by a loop of their own: a mail server that says nothing for a minute must not hold one up."""
        if not self.settings.alarms.routes:
            return []
        sender = AlarmSender(alarm_access(self.settings))
        dispatch = Dispatch(self.memory, lambda: self.office.council, self.clock.now, {Channel.ALARM: sender}, self.office.domain)
        dispatch.process, dispatch.may_send = self.leading.name, lambda: self.leading.is_sure
        alarms = Alarms(dispatch, sender, self.settings, self.clock.now)
        return [
            Loop(
                "alarms", alarms.turn, self.settings.outbox.pause_seconds, may_turn=self._is_sure, on_ailing=alarms.ring_directly
            )
        ]

    def _led(self, role: str) -> Seat:
        return partial(self.leading.leads, role)

    async def _is_sure(self) -> bool:
        return self.leading.is_sure

    def _dispatching(self, dispatch: Dispatch) -> Turn:
        looked_at = self.clock.now()

        async def turn() -> bool:
            # Between two batches nothing of ours is on the wire: what has been on its way this long was left by a mishap.
            nonlocal looked_at
            if self.clock.now() - looked_at > LEASE / 5:
                looked_at = self.clock.now()
                await dispatch.take_up_what_a_crash_left(looked_at - LEASE)
            return await dispatch.dispatch_due() > 0

        return turn

    def _minding_the_dead(self, dispatch: Dispatch) -> Turn:
        """Apart from the sending: a mail server that hangs must not keep it waiting."""

        async def turn() -> bool:
            if await dispatch.take_up_from_the_dead():
                self.bell.set()
            return False

        return turn

    async def _look_at_the_office(self) -> bool:
        """The council's own days may have changed: every process goes by them, whoever leads."""
        self.office = await office_of(self.settings, self.memory)
        return False

    async def _look_at_the_day(self) -> bool:
        """Reminders, late letters and the weekly digest, each once a day from its hour on.

        They are planned from state and unique in the database: a restart that looks again changes nothing.
        """
        self.office = await office_of(self.settings, self.memory)
        now = self.clock.now()
        today = date_at_the_desk(now)
        await forget_places(self.memory, now)
        if not self.office.calendar.is_working_day(today):
            return False
        if not self._done_on:  # another version or other settings may count otherwise
            async with self.memory.unit_of_work() as uow:
                await look_at_every_case(uow, today)
        from bot.mornings import jobs  # noqa: PLC0415  # one of `LATER`

        planned = jobs(self.memory, self.office, now, partial(self._let_go, now))
        due = [(name, job) for name, at, job in planned if now >= moment_at_the_desk(today, at)]
        # A digest that fails must not keep the late letters back.
        await each(partial(self._once, name, today, job) for name, job in due if self._done_on.get(name) != today)
        return False

    async def _let_go(self, now: datetime) -> None:
        from intake.letting_go import let_go  # noqa: PLC0415  # as the desk, on which it stands

        if self._taking_in is not None:
            await let_go(self._taking_in, self.settings.keep_loose_days, now)

    async def _once(self, name: str, today: date, job: Callable[[], Awaitable[object]]) -> None:
        await job()
        self._done_on[name] = today
        self.bell.set()


def _start(start: Start) -> DoorStart:
    return DoorStart(start.value)
