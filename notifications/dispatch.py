"""Dispatch: what waits in the outbox is claimed, sent, and settled.

A row is marked `sending` and committed before the wire is touched, so no crash can send it twice unknowingly. What a crash
leaves in `sending` is ambiguous: a mail goes again with the same Message-ID, which the reader's mailbox folds; a chat message
goes again only with words that say it may be a repeat. No unit of work is open while a wire is used.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from casework import delivery
from casework.council import Council
from casework.delivery import Words
from notifications.rendering import CannotRender, Rendered, render, with_note_of_repeat
from notifications.retry import next_attempt
from notifications.senders import MayHaveArrived, Outgoing, Sender, Sent, TryLater, Undeliverable
from procedures.terms import Channel, Notice
from storage import outbox
from storage.outbox import token_of
from storage.tables import OutboxRow
from storage.unit_of_work import Memory, UnitOfWork

log = logging.getLogger(__name__)

BATCH = 50
AT_ONCE = 8
"""Chats written to at the same time."""
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
    _sending: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    async def take_up_what_a_crash_left(self, before: datetime) -> int:
        """Put what was left half-way back: to be said again as a possible repeat. Returns how many there were."""
        async with self.memory.unit_of_work() as uow:
            left = await outbox.left_in_sending(uow, before)
            for row in left:
                await self._may_have_arrived(uow, row, timedelta())
        if left:
            log.warning("outbox left half-way count=%d", len(left))
        return len(left)

    async def dispatch_due(self) -> int:
        """Send what is due, one batch. Returns how many rows were taken up; 0 when nothing is due."""
        async with self.memory.unit_of_work(alone=False) as uow:
            rows = await outbox.claim(uow, self.now(), BATCH, tuple(self.senders))
        mails = [row for row in rows if row.channel is Channel.EMAIL]
        chats = [row for row in rows if row.channel is not Channel.EMAIL]
        await asyncio.gather(self._one_by_one(mails), *(self._one_by_one([row]) for row in chats))
        return len(rows)

    async def _one_by_one(self, rows: Sequence[OutboxRow]) -> None:
        for row in rows:
            async with self._sending:
                await self._send(row)

    async def _send(self, row: OutboxRow) -> None:
        """Send one row, and settle it whatever comes of it."""
        try:
            rendered = self._render(row)
            sent = await self.senders[row.channel].send(self._outgoing(row, rendered))
        except CannotRender as problem:
            log.error("outbox cannot render notice=%s problem=%s", row.notice, problem)  # noqa: TRY400  # a trace would hold words
            await self._fail(row, f"cannot be rendered: {problem}"[:200], closes_route=False)
        except Undeliverable as problem:
            await self._fail(row, problem.reason[:200], closes_route=problem.closes_route)
        except TryLater as problem:
            await self._later(row, problem.after)
        except MayHaveArrived:
            async with self.memory.unit_of_work() as uow:
                await self._may_have_arrived(uow, row, None)
        else:
            await self._settle(row, rendered, sent)

    def _render(self, row: OutboxRow) -> Rendered:
        notice = Notice.SCREEN if "screen" in row.facts else Notice(row.notice)
        rendered = render(notice, row.channel, row.language, row.facts, self.council())
        # A mail's repeat is folded by its Message-ID; a chat has nothing of the kind, so the words say it.
        return with_note_of_repeat(rendered, row.language) if row.may_repeat and row.channel is Channel.TELEGRAM else rendered

    def _outgoing(self, row: OutboxRow, rendered: Rendered) -> Outgoing:
        council = self.council()
        local, _, domain = council.from_address.rpartition("@")
        answers = row.case_reference and row.notice not in delivery.TO_STAFF
        return Outgoing(
            notice=Notice(row.notice),
            channel=row.channel,
            recipient=row.recipient,
            rendered=rendered,
            message_id=row.message_id,
            date=self.now(),
            service_name=council.service_name,
            from_address=council.from_address,
            reply_to=f"{local}+c.{token_of(row.message_id)}@{domain}" if answers and row.message_id else "",
            in_reply_to=row.in_reply_to,
            references=tuple(row.references),
        )

    async def _settle(self, row: OutboxRow, rendered: Rendered, sent: Sent) -> None:
        words = Words(rendered.subject, rendered.text, sent.wire_number)
        async with self.memory.unit_of_work(alone=False) as uow:
            await delivery.delivered(uow, row, words, self.now())
        log.info("outbox sent notice=%s channel=%s tries=%d", row.notice, row.channel.value, row.tries + 1)

    async def _fail(self, row: OutboxRow, problem: str, *, closes_route: bool) -> None:
        log.error("outbox gave up notice=%s channel=%s problem=%s", row.notice, row.channel.value, problem)
        async with self.memory.unit_of_work() as uow:
            await delivery.failed(uow, row, problem, self.now(), self.council(), domain=self.domain, closes_route=closes_route)

    async def _later(self, row: OutboxRow, asked: timedelta | None) -> None:
        due_at = next_attempt(row.tries + 1, self.now(), asked)
        if due_at is None:
            await self._fail(row, "tried for two days", closes_route=False)
            return
        log.warning("outbox tries later notice=%s channel=%s tries=%d", row.notice, row.channel.value, row.tries + 1)
        assert row.id is not None
        async with self.memory.unit_of_work() as uow:
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
