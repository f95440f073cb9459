"""The weekly digest, Monday at eight: how it stands in one line, what is late, what is due. Each role gets its slice."""

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy import select

from casework.council import Council, StaffRole
from casework.office import Office
from casework.representation import fold_address
from notifications.digest.figures import Digest, Records, View, compile_digest, view_of
from notifications.digest.records import load_records
from notifications.on_desk import in_working_time, once_each
from notifications.rendering import render
from procedures.terms import Channel, Notice
from procedures.working_days import date_at_the_desk, moment_at_the_desk
from storage.filing import Filing, table_of, write
from storage.outbox import outgoing
from storage.tables import OutboxRow
from storage.unit_of_work import Memory
from storage.walls import walled_among

__all__ = ["Digest", "Records", "View", "as_text", "compile_digest", "queue_digests", "view_of"]


async def queue_digests(
    memory: Memory, office: Office, now: datetime, *, day: date | None = None, queue: bool = True
) -> list[tuple[str, Digest]]:
    """Compile the digest for each who gets one and put it in the outbox; return address and digest of those that are new.

    Without `day`: from `council.digest_at` on the digest's weekday. If nobody works that day, or the machine was off, on the
    next working day of the same week, as things stand then; once a week. With `day`: what the morning of that day would
    send, from the events up to then. Everything is read in one view of the memory, then the mails are put in one unit of work.
    """
    council = office.council
    today = day or in_working_time(council, office.calendar, now, council.digest_at)
    if today is None:
        return []
    week_of = day or today - timedelta(days=(today.weekday() - council.digest_weekday) % 7)
    readers = {
        person.address: (f"digest:{fold_address(person.address)}:{week_of}", view)
        for person in once_each(council.with_role(*StaffRole))
        if (view := view_of(person, council))
    }
    until = moment_at_the_desk(today, council.digest_at) if day else now
    async with memory.reading() as uow:
        keys = select(table_of(OutboxRow).c.key).where(table_of(OutboxRow).c.key.in_([key for key, _ in readers.values()]))
        sent = {key for (key,) in await (await uow.connection()).execute(keys)} if queue else set[str]()
        readers = {address: one for address, one in readers.items() if one[0] not in sent}
        if not readers:
            return []
        walled = await walled_among(uow, {fold_address(address) for address in readers})
        readers = {
            address: (key, replace(view, without=frozenset(walled.get(fold_address(address), ()))))
            for address, (key, view) in readers.items()
        }
        records = await load_records(uow, office, today, until, is_live=today == date_at_the_desk(now))
    views = dict.fromkeys(view for _, view in readers.values())
    digests = await asyncio.to_thread(lambda: {view: compile_digest(records, office, today, view) for view in views})
    filing = Filing()
    filing.add(*(_outgoing(key, address, digests[view], office, now) for address, (key, view) in readers.items() if queue))
    if filing.rows:
        async with memory.unit_of_work() as uow:
            await write(uow, [filing])
    return [(address, digests[view]) for address, (_, view) in readers.items()]


def as_text(digests: Iterable[tuple[str, Digest]], council: Council) -> str:
    """The digests as their readers get them, one after the other."""
    mails = ((address, render(Notice.DIGEST, Channel.EMAIL, "en", one.facts, council)) for address, one in digests)
    return "\n\n".join(f"To: {address}\nSubject: {mail.subject}\n\n{mail.text}\n" for address, mail in mails)


def _outgoing(key: str, address: str, digest: Digest, office: Office, now: datetime) -> OutboxRow:
    return outgoing(
        key=key,
        notice=Notice.DIGEST,
        channel=Channel.EMAIL,
        recipient=address,
        now=now,
        domain=office.domain,
        facts=digest.facts,
        urgency=6,
    )
