"""A town for stories: the whole service on real wires, with a clock that stands still until it is moved."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime, time
from email.message import EmailMessage
from typing import Any, TypeVar

from sqlmodel import SQLModel, col, select

from bot.loops import Loop, Turn
from bot.office import office_of
from bot.rehearsal.bot_api import BotApi
from bot.rehearsal.chats import Person as ChatPerson
from bot.rehearsal.post_office import PostOffice
from bot.rehearsal.putting_right import put_right
from bot.rehearsal.stage import DUTY, HEAD, MANAGER, OFFICER, rehearsal_council
from bot.service import Service
from bot.settings import AlarmSettings, MailboxSettings, OutboxSettings, Settings, SmtpSettings, TelegramSettings, Tls
from bot.settings import Start as MailboxStart
from casework import actions
from casework.acting import Acting
from casework.council import Council, Person
from casework.decisions.acknowledging import Acknowledging
from casework.issues.numbered import UPHELD, issues_of
from notifications.wires import MailboxAccess, open_mailbox
from procedures.terms import Notice, Outcome, Procedure
from storage.tables import ArrivalRow, CaseRow, DoorRow, LetterRow, OutboxRow, OutboxState, PartyRow, TaskRow
from storage.unit_of_work import Memory
from tests.servers.clock import Clock
from tests.servers.dovecot import RealMailbox
from tests.stories.letters import COUNCIL
from tests.stories.log import Log

__all__ = ["DUTY", "HEAD", "MANAGER", "OFFICER", "Town"]

PATIENCE_SECONDS = 120.0
"""How long a story waits for what must happen: long, since a machine may be busy with something else."""
LOOKERS = ("mornings", "watch")
"""The loops that see for themselves what time it is, and put something into the outbox for it."""

T = TypeVar("T")
Row = TypeVar("Row", bound=SQLModel)


class SeenService(Service):
    """The service, and what time it was when each loop last began a turn that has ended."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.looked_at: dict[str, datetime] = {}

    async def _loops(self, stack: AsyncExitStack) -> list[Loop]:
        loops = await super()._loops(stack)
        for loop in loops:
            loop.turn = self._seen(loop.name, loop.turn)
        return loops

    def _seen(self, name: str, turn: Turn) -> Turn:
        async def seen() -> bool:
            began = self.clock.now()
            try:
                return await turn()
            finally:
                self.looked_at[name] = began

        return seen


class Now:
    """The clock as the service asks it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def now(self) -> datetime:
        return self._clock()


def a_council(address: str) -> Council:
    """The council of the rehearsal; its digest comes only to a story that sets an hour for it."""
    return replace(rehearsal_council(address), digest_at=time(23, 59))


@dataclass
class Town:
    """Everything that a story needs. The service is opened by the story itself."""

    memory: Memory
    mailbox: RealMailbox
    post: PostOffice
    api: BotApi
    clock: Clock
    log: Log
    council: Council = field(default_factory=lambda: a_council(COUNCIL))
    service: SeenService | None = None
    _running: asyncio.Task[None] | None = field(default=None, repr=False)

    # the service

    def settings(
        self,
        *,
        mail: bool = True,
        chat: bool = True,
        start: MailboxStart = MailboxStart.BEGINNING,
        through: MailboxAccess | None = None,
    ) -> Settings:
        """Settings for these wires. `through` is another way to the mailbox."""
        access = through or self.mailbox.access()
        mailbox = MailboxSettings(
            access.host, access.user, access.password, tls=Tls.NONE, port=access.port, poll_seconds=0.1, start=start
        )
        return Settings(
            database_url=self.memory.url,
            council=self.council,
            mailbox=mailbox if mail else None,
            smtp=SmtpSettings("127.0.0.1", tls=Tls.NONE, port=self.post.smtp_port),
            telegram=TelegramSettings(self.api.token, self.api.url, poll_seconds=2) if chat else None,
            outbox=replace(OutboxSettings(), pause_seconds=0.2, unknown_asker_seconds=0),
            alarms=AlarmSettings(),
        )

    async def opens(self, settings: Settings | None = None, **wires: Any) -> None:
        """Start the service, and wait until every door and the outbox have turned once."""
        settings = settings or self.settings(**wires)
        self.service = SeenService(settings, self.memory, await office_of(settings, self.memory), Now(self.clock))
        self._running = asyncio.get_running_loop().create_task(self.service.run())
        ready = asyncio.ensure_future(self.service.ready.wait())
        await asyncio.wait({ready, self._running}, timeout=PATIENCE_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        ready.cancel()
        assert self.service.ready.is_set(), "the service did not become ready"

    async def closes(self) -> None:
        """Stop it as SIGTERM does."""
        if self.service is not None and self._running is not None:
            self.service.stop.set()
            await self._running
        self.service = self._running = None

    async def goes_on(self, **by: float) -> None:
        """Time passes, and the service looks at it."""
        self.clock.goes_on(**by)
        self.looks()

    async def comes_to(self, moment: datetime) -> None:
        """It is another moment now. The service is closed meanwhile: it reads the time when it opens."""
        self.clock.at = moment
        self.looks()

    def looks(self) -> None:
        """Ring the bells: look at the outbox and at the day."""
        if self.service is not None:
            self.service.day_bell.set()
            self.service.bell.set()

    # what people do

    async def gets(self, *letters: bytes, at: datetime | None = None) -> None:
        """Letters come to the council's mailbox."""
        await self.mailbox.deliver(*letters, at=at or self.clock())

    async def uids(self) -> list[int]:
        """What the mail server calls the letters in the mailbox, oldest first."""
        async with open_mailbox(self.mailbox.access()) as mailbox:
            return await mailbox.uids_after(0)

    def person(self, number: int = 70_010_001, name: str = "Samira") -> ChatPerson:
        return self.api.person(number, name)

    async def acting(self, person: Person = OFFICER) -> Acting:
        """Somebody at work, now."""
        return Acting(person, await office_of(self.settings(), self.memory), self.clock())

    async def route(self, reference: str, procedure: Procedure, why: str = "what it is about") -> None:
        async with self.memory.unit_of_work() as uow:
            await actions.route(uow, reference, procedure, why, await self.acting())

    async def acknowledge(self, reference: str, *issues: str, **more: Any) -> None:
        letter = Acknowledging(issues=issues or ("Nobody has telephoned.",), answerer_name="Jo Field", **more)
        async with self.memory.unit_of_work() as uow:
            await actions.acknowledge(uow, reference, letter, await self.acting())
        self.looks()

    async def respond(self, reference: str, words: str = "We were wrong.", outcome: Outcome | None = Outcome.UPHELD) -> None:
        """An answer that upholds has its points listed first, with what puts each right."""
        async with self.memory.unit_of_work() as uow:
            by = await self.acting()
            if outcome in UPHELD and not await issues_of(uow, reference):
                await put_right(uow, reference, outcome, "It was as you told us.", "We are sorry.", by)
            await actions.respond(uow, reference, words, outcome, by)
        self.looks()

    # what came of it

    async def rows(self, table: type[Row], **where: Any) -> list[Row]:
        """Every row of a table, where these hold, in the order in which they were made."""
        query = select(table)
        for name, value in where.items():
            query = query.where(getattr(table, name) == value)
        for name in ("id", "received_at", "stored_at"):
            if name in table.model_fields and table is not ArrivalRow:
                query = query.order_by(getattr(table, name))
                break
        else:
            query = query.order_by(col(ArrivalRow.position)) if table is ArrivalRow else query
        async with self.memory.reading() as uow:
            return list((await uow.exec(query)).all())

    async def count(self, *tables: type[SQLModel]) -> dict[str, int]:
        return {str(table.__tablename__): len(await self.rows(table)) for table in tables}

    async def case(self, *, chat: int = 0, address: str = "") -> CaseRow:
        """The only case of a person."""
        parties = await self.rows(PartyRow, **({"chat_id": chat} if chat else {"address": address}))
        (case,) = await self.rows(CaseRow, reference=parties[0].case_reference)
        assert len(parties) == 1, "more than one case"
        return case

    async def words_of(self, reference: str) -> list[str]:
        letters = await self.rows(LetterRow, case_reference=reference)
        return [letter.words for letter in sorted(letters, key=lambda one: (one.received_at, one.message_number))]

    async def tasks(self, reference: str | None = None) -> Counter[str]:
        """What waits for a person, by kind."""
        tasks = await self.rows(TaskRow, **({"case_reference": reference} if reference else {}))
        return Counter(task.kind.value for task in tasks if task.done_at is None)

    async def sent(self, reference: str | None = None, notice: Notice | None = None) -> list[OutboxRow]:
        where: dict[str, Any] = {"case_reference": reference} if reference else {}
        return await self.rows(OutboxRow, **where, **({"notice": notice.value} if notice else {}))

    def letters_to(self, address: str) -> list[EmailMessage]:
        return [letter.message for letter in self.post.letters_to(address)]

    async def until(self, look: Callable[[], Awaitable[T | None]], seconds: float = PATIENCE_SECONDS) -> T:
        """What `look` gives as soon as it gives something; an error that shows the end of the log when it never does."""
        try:
            async with asyncio.timeout(seconds):
                while not (found := await look()):  # noqa: ASYNC110 - a database tells nobody that it changed
                    await asyncio.sleep(0.02)
                return found
        except TimeoutError:
            raise AssertionError("it did not come to that; the log ends:\n" + "\n".join(self.log.lines[-15:])) from None

    async def at_rest(self) -> None:
        """Wait until the day was looked at, nothing that is due waits in the outbox, and no update at the Bot API is unread."""

        async def look() -> bool:
            if not self._was_looked_at:
                return False
            async with self.memory.reading() as uow:
                due = select(OutboxRow.id).where(
                    (OutboxRow.state == OutboxState.SENDING)
                    | ((OutboxRow.state == OutboxState.QUEUED) & (OutboxRow.due_at <= self.clock()))
                )
                return not (await uow.exec(due)).first() and (self._is_deaf or not self.api.updates.count())

        await self.until(look)

    async def at_rest_after(self, **by: float) -> None:
        """Let time pass, and wait until all is at rest again."""
        await self.goes_on(**by)
        await self.at_rest()

    async def filed(self, count: int) -> list[ArrivalRow]:
        """Wait until the ledger holds so many arrivals, and everything that follows has left. Gives the ledger, in order."""

        async def look() -> bool:
            return len(await self.rows(ArrivalRow)) >= count

        await self.until(look)
        await self.at_rest()
        rows = await self.rows(ArrivalRow)
        assert len(rows) == count
        return rows

    async def door(self) -> DoorRow | None:
        """How far the mailbox has been read."""
        return next((row for row in await self.rows(DoorRow) if row.name.startswith("mailbox")), None)

    async def log_says(self, *words: str, times: int = 1) -> None:
        """Wait until so many lines of the log hold all of these."""

        async def look() -> bool:
            return len(self.log.said(*words)) >= times

        await self.until(look)

    @property
    def _was_looked_at(self) -> bool:
        """Every loop that goes by the day has had a whole turn at this time: what it put into the outbox is there."""
        return self.service is None or all(self.service.looked_at.get(name) == self.clock() for name in LOOKERS)

    @property
    def _is_deaf(self) -> bool:
        """Nobody listens to the chat."""
        return self.service is None or self.service.settings.telegram is None
