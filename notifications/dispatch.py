"""Dispatch: what waits in the outbox is claimed, sent, and settled.

A row is marked `sending` and committed before the wire is touched, so no crash can send it twice unknowingly. What a crash
leaves in `sending` is ambiguous: a mail goes again with the same Message-ID, which the reader's mailbox folds; a chat message
goes again only with words that say it may be a repeat. No unit of work is open while a wire is used.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from casework import delivery
from casework.council import Council
from casework.delivery import Words
from notifications.discreet import Shown, as_it_is_seen
from notifications.rendering import MANNERS, Attached, CannotRender, Rendered, render, with_note_of_repeat
from notifications.retry import next_attempt
from notifications.senders import MayHaveArrived, Outgoing, Sender, TryLater, Undeliverable
from notifications.settling import Together
from procedures.terms import Channel, Notice
from storage import drafts, outbox, presence
from storage.outbox import address_with_token
from storage.tables import OutboxRow
from storage.tables.drafts import Whose
from storage.unit_of_work import Memory, UnitOfWork

log = logging.getLogger(__name__)

BATCH = 50
AT_ONCE = 8
"""Chats written to at the same time."""
HELD_AT_MOST = timedelta(minutes=2)
"""How long a row may wait in our hands: after five minutes another process takes it for one that a crash left."""
FOR_PEOPLE = 0.2
"""The share of a provider's day that is kept for letters to people: staff's bundles wait once the rest of it has left."""
A_WAIT = timedelta(hours=1)
REPEATS_OF_A_CHAT = 1
"""How often a chat message that may have arrived is sent again by itself."""


@dataclass
class Dispatch:
    """The mouth. `senders` holds the channels that are set up; what waits for another channel waits on."""

    memory: Memory
    council: Callable[[], Council]
    now: Callable[[], datetime]
    senders: Mapping[Channel, Sender]
    domain: str = "council.example"
    process: str = ""
    """Our name among several on PostgreSQL; empty where we are the only one."""
    mails_a_day: int = 0
    """What the mail provider lets through in 24 hours; 0 where nobody said."""
    may_send: Callable[[], bool] = lambda: True
    """Whether the others still know us to be at work: if not, they take up what we hold, and we let go of it."""
    in_hand: dict[int | None, str] = field(default_factory=dict)
    """Rows that leave beside the loop (`notifications/at_once.py`), and their chats."""
    hurts: list[Exception] = field(default_factory=list)
    """What went wrong with them at the memory. The loop tells of it."""
    settling: Together[tuple[OutboxRow, Words]] = field(init=False)
    _suspects: frozenset[str] = frozenset()
    _sending: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))
    _mailing: asyncio.Lock = field(default_factory=asyncio.Lock)

    def __post_init__(self) -> None:
        """Who settles is made here, since it writes to the same memory."""
        self.settling = Together(self.memory, self._note_sent)

    async def take_up_what_a_crash_left(self, before: datetime | None = None) -> int:
        """Put what was left half-way back: to be said again as a possible repeat. Returns how many there were.

        Without `before` all of it, whatever the clock says: it may have been set back since. Among several only our own.
        """
        async with self.memory.unit_of_work() as uow:
            left = [row for row in await outbox.left_in_sending(uow, before, self.process) if row.id not in self.in_hand]
            for row in left:
                await self._may_have_arrived(uow, row, timedelta())
        if left:
            log.warning("outbox left half-way count=%d", len(left))
        return len(left)

    async def take_up_from_the_dead(self) -> int:
        """Put back what processes left half-way that are known to be dead. Returns how many rows there were.

        Dead is who was missing at two looks: who only lost a connection is back by then.
        """
        async with self.memory.reading() as uow:
            missing = frozenset(await outbox.claimants(uow) - await presence.at_work(uow))
        dead, self._suspects = missing & self._suspects, missing
        if not dead:
            return 0
        async with self.memory.unit_of_work() as uow:
            left = await outbox.left_by(uow, dead - await presence.at_work(uow))
            for row in left:
                await self._may_have_arrived(uow, row, timedelta())
        if left:
            log.warning("outbox taken up from the dead count=%d", len(left))
        return len(left)

    async def dispatch_due(self) -> int:
        """Send what is due, one batch. Returns how many rows were taken up; 0 when nothing is due."""
        if self.hurts:
            hurt, self.hurts = self.hurts[0], []
            raise hurt
        claimed_at = self.now()
        async with self.memory.unit_of_work(alone=False, is_small=True) as uow:
            rows = await outbox.claim(uow, claimed_at, BATCH, tuple(self.senders), self.process)
        # Each to its end, whatever becomes of another: what is left in our hands would wait for minutes and pass for a repeat.
        ends = await asyncio.gather(*(self.in_turn(row, claimed_at) for row in rows), return_exceptions=True)
        for end in ends:
            if isinstance(end, BaseException):
                raise end
        return len(rows)

    async def in_turn(self, row: OutboxRow, claimed_at: datetime, *, lingers: Callable[[], bool] = lambda: False) -> None:
        """Mails go one after the other, chats a few at the same time. What had to wait for too long is put back.

        The next one leaves while it is noted that this one has left; with `lingers` that may be noted in another's commit.
        """
        words: Words | None = None
        async with AsyncExitStack() as turn:
            if row.channel is Channel.EMAIL:
                await turn.enter_async_context(self._mailing)
            await turn.enter_async_context(self._sending)
            if self.now() - claimed_at > HELD_AT_MOST or not self.may_send():
                assert row.id is not None
                async with self.memory.unit_of_work(alone=False) as uow:
                    if await self._is_ours(uow, row):
                        await outbox.put_back(uow, row.id)
            else:
                words = await self._send(row)
        if words and await self.settling.do((row, words), lingers=lingers()):
            log.info("outbox sent notice=%s channel=%s tries=%d", row.notice, row.channel.value, row.tries + 1)

    async def _send(self, row: OutboxRow) -> Words | None:
        """Send one row, and settle it whatever else comes of it; returns the words that left."""
        try:
            await self._leave_room_for_people(row)
            shown = await as_it_is_seen(self.memory, row, self._render, self.now())
            outgoing = self._outgoing(row, shown, await self._files(row))
            sent = await self.senders[row.channel].send(outgoing)
        except CannotRender as problem:
            log.error("outbox cannot render notice=%s problem=%s", row.notice, problem)  # noqa: TRY400  # a trace would hold words
            await self._fail(row, f"cannot be rendered: {problem}"[:200], closes_route=False)
        except Undeliverable as problem:
            await self._fail(row, problem.reason[:200], closes_route=problem.closes_route)
        except TryLater as problem:
            await self._later(row, problem.after)
        except MayHaveArrived:
            async with self.memory.unit_of_work() as uow:
                if await self._is_ours(uow, row):
                    await self._may_have_arrived(uow, row, None)
        else:
            said = shown.behind or shown.rendered
            is_bell = shown.behind is not None
            return Words(said.subject, said.text, sent.wire_number, sent.earlier_numbers, is_bell, shown.leaves_more)
        return None

    async def _leave_room_for_people(self, row: OutboxRow) -> None:
        """Raise TryLater for a digest or a reminder that would use up what is left of the provider's day (hard-cases.md 69)."""
        if not self.mails_a_day or row.channel is not Channel.EMAIL or row.notice not in set(Notice):
            return
        if not MANNERS[Notice(row.notice)].is_bulk:
            return
        async with self.memory.reading() as uow:
            sent = await outbox.mails_since(uow, self.now() - timedelta(days=1))
        if sent >= self.mails_a_day * (1 - FOR_PEOPLE):
            raise TryLater(A_WAIT, "held back: what is left of the day is for people")

    async def _is_ours(self, uow: UnitOfWork, row: OutboxRow) -> bool:
        """False when another process took us for dead, while we were frozen say, and has taken the row up: it settles it."""
        if not self.process or row.id in await outbox.still_ours(uow, [row]):
            return True
        self._taken_up(row)
        return False

    def _taken_up(self, row: OutboxRow) -> None:
        log.warning("outbox row taken up by another notice=%s channel=%s", row.notice, row.channel.value)

    def _render(self, row: OutboxRow) -> Rendered:
        if row.notice not in set(Notice):
            raise CannotRender("a notice that this version does not know")
        read = row.facts.get("read")
        notice = Notice.SCREEN if "screen" in row.facts else Notice(read["notice"] if read else row.notice)
        rendered = render(notice, row.channel, row.language, row.facts, self.council())
        # A mail's repeat is folded by its Message-ID; a chat has nothing of the kind, so the words say it.
        return with_note_of_repeat(rendered, row.language) if row.may_repeat and row.channel is Channel.TELEGRAM else rendered

    async def _files(self, row: OutboxRow) -> tuple[Attached, ...]:
        """What goes with a mail. Its bytes lie with the drafts: the outbox names them."""
        if row.channel is not Channel.EMAIL or not row.facts.get("files"):
            return ()
        async with self.memory.reading() as uow:
            found = [(file, await _content(uow, file)) for file in row.facts["files"]]
        if any(content is None for _, content in found):
            raise CannotRender("a file that is not there any more")
        return tuple(Attached(file["name"], file["media_type"], content) for file, content in found if content is not None)

    def _outgoing(self, row: OutboxRow, shown: Shown, files: tuple[Attached, ...] = ()) -> Outgoing:
        council = self.council()
        has_tokens = council.plus_addressing and bool(row.message_id)
        answers = has_tokens and row.case_reference and row.notice not in delivery.TO_STAFF
        return Outgoing(
            notice=Notice(row.notice),
            channel=row.channel,
            recipient=row.recipient,
            rendered=shown.rendered,
            message_id=row.message_id,
            date=self.now(),
            service_name=council.service_name,
            from_address=council.from_address,
            reply_to=address_with_token(council.from_address, "c", row.message_id) if answers else "",
            envelope_from=address_with_token(council.from_address, "b", row.message_id) if has_tokens else "",
            in_reply_to=row.in_reply_to,
            references=tuple(row.references),
            files=files,
            is_silent=shown.behind is not None or bool(row.facts.get("is_ours")),
            edits=shown.edits,
            clears=shown.clears,
            fades=shown.fades,
            is_tidying=shown.is_tidying,
        )

    async def _note_sent(self, uow: UnitOfWork, sent: list[tuple[OutboxRow, Words]]) -> list[bool]:
        """Note what has left, and say of each whether it was still ours to note."""
        rows = [row for row, _ in sent]
        ours = await outbox.still_ours(uow, rows) if self.process else {row.id for row in rows}
        await delivery.delivered(uow, [one for one in sent if one[0].id in ours], self.now())
        for row in rows:
            if row.id not in ours:
                self._taken_up(row)
        return [row.id in ours for row in rows]

    async def _fail(self, row: OutboxRow, problem: str, *, closes_route: bool) -> None:
        log.error("outbox gave up notice=%s channel=%s problem=%s", row.notice, row.channel.value, problem)
        async with self.memory.unit_of_work() as uow:
            if await self._is_ours(uow, row):
                await delivery.failed(
                    uow, row, problem, self.now(), self.council(), domain=self.domain, closes_route=closes_route
                )

    async def _later(self, row: OutboxRow, asked: timedelta | None) -> None:
        due_at = next_attempt(row.tries + 1, self.now(), asked)
        if due_at is None:
            await self._fail(row, "tried for two days", closes_route=False)
            return
        log.warning("outbox tries later notice=%s channel=%s tries=%d", row.notice, row.channel.value, row.tries + 1)
        assert row.id is not None
        async with self.memory.unit_of_work() as uow:
            if await self._is_ours(uow, row):
                await outbox.settle_later(uow, row.id, tries=row.tries + 1, due_at=due_at, problem="try later", may_repeat=False)

    async def _may_have_arrived(self, uow: UnitOfWork, row: OutboxRow, asked: timedelta | None) -> None:
        """It may be there already. Said again with a word about it; what was already said twice waits for a person."""
        assert row.id is not None
        log.warning("outbox ambiguous notice=%s channel=%s", row.notice, row.channel.value)
        due_at = self.now() if asked is not None else next_attempt(row.tries + 1, self.now(), None)
        is_over = row.channel is Channel.TELEGRAM and row.may_repeat and row.tries >= REPEATS_OF_A_CHAT
        if is_over or due_at is None:
            await delivery.ambiguous(uow, row, self.now())
        else:
            await outbox.settle_later(
                uow, row.id, tries=row.tries + 1, due_at=due_at, problem="may have arrived", may_repeat=True
            )


async def _content(uow: UnitOfWork, file: Mapping[str, Any]) -> bytes | None:
    """The bytes of a file that the outbox names: the letter, the child's version of it, or a report."""
    report = Whose(file["report"]) if file.get("report") else None
    return await drafts.file_of(uow, file["draft"], is_the_childs=file["is_the_childs"], report=report)
