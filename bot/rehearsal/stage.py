"""The stage of a rehearsal: a mailbox, a mail server, a Bot API and the service itself, on loopback, with a clock to move."""

import asyncio
import email.policy
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from email.message import EmailMessage
from email.utils import make_msgid
from pathlib import Path

from bot.office import office_of
from bot.rehearsal.bot_api import BotApi
from bot.rehearsal.chats import Person as ChatPerson
from bot.rehearsal.post_office import PostedLetter, PostOffice
from bot.rehearsal.watching import WatchedMemory, WatchedService, everything_is_done
from bot.settings import AlarmSettings, MailboxSettings, OutboxSettings, Settings, SmtpSettings, TelegramSettings, Tls
from bot.settings import Start as MailboxStart
from casework.acting import Acting
from casework.council import Contacts, Council, Person, StaffRole, Team
from procedures.working_days import moment_at_the_desk
from storage.migrating import ensure_current

OFFICER = Person("officer@anytown.example", "Ravi Shah", StaffRole.OFFICER)
MANAGER = Person("manager@anytown.example", "Jo Field", StaffRole.MANAGER, "Team North")
HEAD = Person("head@anytown.example", "Ama Owusu", StaffRole.HEAD_OF_SERVICE)
DUTY = "duty@anytown.example"

PATIENCE_SECONDS = 60.0


class RehearsalClock:
    """A clock that runs as all clocks do, until it is moved."""

    def __init__(self, start: datetime) -> None:
        self.begins_at = self._start = start
        self._began = asyncio.get_running_loop().time()

    def now(self) -> datetime:
        passed = asyncio.get_running_loop().time() - self._began
        return (self._start + timedelta(seconds=passed)).astimezone(UTC)

    def move_to(self, moment: datetime) -> None:
        """Say that it is another moment now."""
        self._start, self._began = moment, asyncio.get_running_loop().time()


def rehearsal_council(address: str) -> Council:
    """An invented council with the people whom a story needs."""
    return Council(
        name="Anytown Council",
        service_name="Your Say",
        contacts=Contacts(email=address, checked_on=date(2026, 2, 16)),
        people=(OFFICER, MANAGER, HEAD),
        teams=(Team("Team North", MANAGER.address),),
        duty_addresses=(DUTY,),
        from_address=address,
        environment="rehearsal",
    )


@dataclass
class Stage:
    """Everything that is running. `service` comes and goes, the rest stays."""

    api: BotApi
    post: PostOffice
    clock: RehearsalClock
    settings: Settings
    memory: WatchedMemory
    service: WatchedService | None = None
    _running: asyncio.Task[None] | None = field(default=None, repr=False)

    async def switch_on(self) -> None:
        """Start the service, and wait until every door and the outbox have turned once."""
        self.service = WatchedService(self.settings, self.memory, await office_of(self.settings, self.memory), self.clock)
        self._running = asyncio.get_running_loop().create_task(self.service.run())
        ready = asyncio.ensure_future(self.service.ready.wait())
        await asyncio.wait({ready, self._running}, timeout=PATIENCE_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        ready.cancel()
        if not self.service.ready.is_set():
            raise RuntimeError("the service did not become ready")

    async def switch_off(self) -> None:
        """Stop the service as SIGTERM does."""
        if self.service is not None and self._running is not None:
            self.service.stop.set()
            await self._running
        self.service = self._running = None

    async def move_to(self, day: date, at: time) -> None:
        """Make it another moment, and let the service look at the day at once."""
        await self.switch_off()
        self.clock.move_to(moment_at_the_desk(day, at))
        await self.switch_on()

    async def begun(self) -> None:
        """Wait until the service has looked at its first day, and sent what was owed."""
        assert self.service is not None
        await self.service.has_looked_at(self.clock.begins_at, PATIENCE_SECONDS)
        await self.all_done()

    async def pass_to(self, moment: datetime) -> None:
        """Let it become a later moment while the service runs, and wait until it has looked at the day and done what follows.

        For moments that come one after another. It says nothing of silent doors: `alarms` of the stage must not look for any.
        """
        assert self.service is not None
        await self.all_done()
        self.clock.move_to(moment)
        self.service.day_bell.set()
        await self.service.has_looked_at(moment, PATIENCE_SECONDS)
        await self.all_done()

    async def all_done(self) -> None:
        """Wait until what people wrote is in the memory, and what is to be said has been said."""

        async def look() -> bool | None:
            return await everything_is_done(self.memory, self.api, self.post, self.clock.now()) or None

        await self.memory.changes.until_so(look, PATIENCE_SECONDS)

    async def acting(self, person: Person = OFFICER) -> Acting:
        """Somebody at work, now."""
        return Acting(person, await office_of(self.settings, self.memory), self.clock.now())

    def person(self, number: int, name: str) -> ChatPerson:
        return self.api.person(number, name)

    async def write(
        self, sender: str, name: str, subject: str, words: str, *, answering: EmailMessage | None = None
    ) -> EmailMessage:
        """Somebody writes a letter with their own mail program; it lands in the council's mailbox over the wire."""
        mail = EmailMessage(policy=email.policy.SMTP)
        mail["From"] = f"{name} <{sender}>" if name else sender
        mail["To"] = str(answering["Reply-To"] or answering["From"]) if answering else self.post.council_address
        mail["Subject"] = subject
        mail["Date"] = self.clock.now()
        mail["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
        if answering is not None:
            mail["In-Reply-To"] = str(answering["Message-ID"])
        mail.set_content(words)
        await self.post.deliver(mail.as_bytes())
        return mail

    async def letter(self, address: str, number: int) -> PostedLetter:
        """The letter with this number (from 1) that an address has got; waits for it."""
        return (await self.post.wait_for(address, number, PATIENCE_SECONDS))[number - 1]

    async def letter_saying(self, address: str, words: str) -> PostedLetter:
        """The newest letter to an address with these words in its subject or text; waits for it."""

        def look() -> PostedLetter | None:
            return next((one for one in reversed(self.post.letters_to(address)) if words in says(one)), None)

        return await self.post.changes.until(look, PATIENCE_SECONDS)


def says(letter: PostedLetter) -> str:
    """A letter's subject and plain text."""
    body = letter.message.get_body(("plain",))
    return f"{letter.message['Subject']}\n{body.get_content() if body is not None else ''}"


@asynccontextmanager
async def a_stage(folder: Path, start: datetime, *, alarms: AlarmSettings | None = None) -> AsyncIterator[Stage]:
    """Set the stage, with the service switched on; everything is ended on the way out."""
    clock = RehearsalClock(start)
    async with BotApi(clock.now) as api, PostOffice(clock.now) as post:
        settings = Settings(
            database_url=f"sqlite+aiosqlite:///{folder / 'heard.db'}",
            council=rehearsal_council(post.council_address),
            mailbox=MailboxSettings(
                "127.0.0.1",
                post.user,
                post.password,
                tls=Tls.NONE,
                port=post.imap_port,
                poll_seconds=0.1,
                start=MailboxStart.BEGINNING,
            ),
            smtp=SmtpSettings("127.0.0.1", tls=Tls.NONE, port=post.smtp_port),
            telegram=TelegramSettings(api.token, api.url, poll_seconds=2),
            outbox=replace(OutboxSettings(), pause_seconds=0.1, unknown_asker_seconds=0.5),
            alarms=alarms or AlarmSettings(),
        )
        await ensure_current(settings.database_url)
        memory = WatchedMemory.open(settings.database_url)
        stage = Stage(api, post, clock, settings, memory)
        try:
            await stage.switch_on()
            yield stage
        finally:
            await stage.switch_off()
            await memory.close()
