"""The ledger, the doors' cursors and the quarantine shelf."""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Update, bindparam, update
from sqlalchemy.orm import defer
from sqlmodel import col, func, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from procedures.terms import Channel, Notice, Procedure
from procedures.working_days import LONDON
from storage.cases import events_of
from storage.chats import bells_of
from storage.filing import Filing, table_of
from storage.issues import LIST_WAS_SENT, SentList, lists_that_wait, parts_of
from storage.listened import ANSWERED, with_open_alerts
from storage.people import ended_routes
from storage.presence import require_lead
from storage.tables import (
    ArrivalRow,
    CaseRow,
    ConversationRow,
    DoorRow,
    ErasedRow,
    EventRow,
    LedgerResult,
    LetterRow,
    OutboxRow,
    PartyRow,
)
from storage.unit_of_work import UnitOfWork

AUTOMATIC_NOTICES = (
    Notice.RECEIPT,
    Notice.THANKS,
    Notice.ADDED,
    Notice.STATUS,
    Notice.NOTHING,
    Notice.WITHDRAWAL_ASKED,
    Notice.PASSED_TO_TEAM,
)
"""What the service says of itself; all of them count towards an address's brake (practice.md §7)."""


def arrival_id(door: str, identity: str) -> str:
    """The ledger's key: what came through which door. The same again is the same arrival."""
    return hashlib.sha256(f"{door}\n{identity}".encode()).hexdigest()


@dataclass(frozen=True)
class Sent:
    """A message of ours that somebody answers or that bounced."""

    key: str
    case_reference: str | None
    recipient: str
    notice: str


@dataclass
class Known:
    """What the memory knows about a group of letters. Filed letters add to it, so that the next of the group finds them."""

    cases: dict[str, CaseRow] = field(default_factory=dict)
    events: dict[str, list[EventRow]] = field(default_factory=dict)
    by_address: dict[str, set[str]] = field(default_factory=dict)
    """Folded address → references of the cases on which it is a party."""
    by_chat: dict[int, set[str]] = field(default_factory=dict)
    sent: dict[str, Sent] = field(default_factory=dict)
    """Message-ID of ours → what it was."""
    written: dict[str, str] = field(default_factory=dict)
    """Message-ID of theirs → the case it was filed in."""
    conversations: dict[int, ConversationRow] = field(default_factory=dict)
    answers: dict[str, list[datetime]] = field(default_factory=dict)
    """Folded address → when automatic answers were queued to it in the last day."""
    message_numbers: dict[tuple[int, int], str] = field(default_factory=dict)
    """(chat, message number) → the case in which it was filed: for edits."""
    parts: dict[str, frozenset[Procedure]] = field(default_factory=dict)
    """The procedures by which single issues go another way than their case."""
    ended: dict[str, frozenset[str]] = field(default_factory=dict)
    """By case, the routes of those who spoke for somebody until their authority ended: addresses, and chats in digits."""
    rung: dict[int, OutboxRow] = field(default_factory=dict)
    """Doorbells that were tapped: by their number in the outbox."""
    bells: dict[int, list[OutboxRow]] = field(default_factory=dict)
    """Of chats that were emptied: the letters that somebody may ask for again, as doorbells."""
    alerts: frozenset[str] = frozenset()
    """Cases with an open safety alert; looked up for chats of which a case was answered."""
    lists: dict[str, SentList] = field(default_factory=dict)
    """Cases whose numbered list was sent to the person, who has not said whether it is right."""

    def open_cases(self, cases: Iterable[CaseRow]) -> list[CaseRow]:
        return [case for case in cases if case.closed_on is None]

    def parties_cases(self, address: str) -> list[CaseRow]:
        """The cases of an address, newest first."""
        known = [self.cases[reference] for reference in self.by_address.get(address, ()) if reference in self.cases]
        return sorted(known, key=lambda case: case.received_at, reverse=True)

    def chats_cases(self, chat_id: int) -> list[CaseRow]:
        """The cases of a chat, newest first."""
        known = [self.cases[reference] for reference in self.by_chat.get(chat_id, ()) if reference in self.cases]
        return sorted(known, key=lambda case: case.received_at, reverse=True)


@dataclass(frozen=True)
class Question:
    """What must be looked up before a group of letters can be filed."""

    addresses: Collection[str] = ()
    chat_ids: Collection[int] = ()
    message_ids: Collection[str] = ()
    references: Collection[str] = ()
    edits: Collection[tuple[int, int]] = ()
    rung: Collection[int] = ()


async def already_received(uow: UnitOfWork, ids: Collection[str]) -> set[str]:
    """Which of these arrivals are in the ledger."""
    return set((await uow.exec(_received(), params={"ids": list(ids)})).all())


# What is asked for every arrival is put together once: SQLAlchemy takes longer for that than the database for the answer.
@cache
def _received() -> SelectOfScalar[str]:
    return select(ArrivalRow.id).where(col(ArrivalRow.id).in_(bindparam("ids", expanding=True)))


@cache
def _talks() -> SelectOfScalar[ConversationRow]:
    return select(ConversationRow).where(col(ConversationRow.chat_id).in_(bindparam("chats", expanding=True)))


@cache
def _chats_parties() -> Any:
    return select(PartyRow.case_reference, PartyRow.chat_id).where(col(PartyRow.chat_id).in_(bindparam("chats", expanding=True)))


@cache
def _moved() -> Update:
    table = table_of(DoorRow)
    to: dict[str, Any] = {name: bindparam(f"to_{name}") for name in ("validity", "position", "moved_at")}
    return update(table).where(table.c.name == bindparam("door")).values(**to)


async def look_up(uow: UnitOfWork, question: Question, now: datetime) -> Known:
    """Everything that filing a group needs to know, in a handful of queries whatever its size."""
    known = Known()
    references = set(question.references)
    if question.addresses or question.chat_ids:
        references |= await _parties(uow, question, known)
        await _answers(uow, question.addresses, now, known)
    if question.message_ids:
        references |= await _threads(uow, question.message_ids, known)
    if question.chat_ids:
        rows = await uow.exec(_talks(), params={"chats": list(question.chat_ids)})
        known.conversations = {row.chat_id: row for row in rows}
        emptied = [chat for chat, row in known.conversations.items() if row.state.get("emptied")]
        known.bells = await bells_of(uow, emptied) if emptied else {}
    if question.rung:
        rows_rung = await uow.exec(select(OutboxRow).where(col(OutboxRow.id).in_(question.rung)))
        known.rung = {row.id: row for row in rows_rung if row.id is not None and row.channel is Channel.TELEGRAM}
    if question.edits:
        numbers = select(LetterRow.chat_id, LetterRow.message_number, LetterRow.case_reference).where(
            col(LetterRow.chat_id).in_({chat for chat, _ in question.edits}),
            col(LetterRow.message_number).in_({number for _, number in question.edits}),
        )
        known.message_numbers = {(chat or 0, number): reference for chat, number, reference in await uow.exec(numbers)}
    if references:
        for row in await uow.exec(select(CaseRow).where(col(CaseRow.reference).in_(references))):
            known.cases[row.reference] = row
        known.events = await events_of(uow, known.cases)
        asked = [one for one, rows in known.events.items() if any(row.note == LIST_WAS_SENT for row in rows)]
        known.lists = await lists_that_wait(uow, asked) if asked else {}
        await _people_and_parts(uow, known, now)
        if question.chat_ids and any(row.name in ANSWERED for rows in known.events.values() for row in rows):
            known.alerts = await with_open_alerts(uow, known.cases)
    return known


async def _people_and_parts(uow: UnitOfWork, known: Known, now: datetime) -> None:
    """What only some cases have. Their history tells which: it costs the others no query."""
    notes = {reference: [row.note for row in rows] for reference, rows in known.events.items()}
    numbered = [one for one, said in notes.items() if any(note.startswith("issue ") for note in said)]
    known.parts = await parts_of(uow, numbered) if numbered else {}
    spoken_for = [one for one, said in notes.items() if any(note.startswith("authority of ") for note in said)]
    known.ended = await ended_routes(uow, spoken_for, now.astimezone(LONDON).date()) if spoken_for else {}


async def _parties(uow: UnitOfWork, question: Question, known: Known) -> set[str]:
    found: set[str] = set()
    if question.addresses:
        rows = select(PartyRow.case_reference, PartyRow.address).where(col(PartyRow.address).in_(question.addresses))
        for reference, address in await uow.exec(rows):
            known.by_address.setdefault(address, set()).add(reference)
            found.add(reference)
    if question.chat_ids:
        for reference, chat_id in await uow.exec(_chats_parties(), params={"chats": list(question.chat_ids)}):
            known.by_chat.setdefault(chat_id or 0, set()).add(reference)
            found.add(reference)
    return found


async def _answers(uow: UnitOfWork, addresses: Collection[str], now: datetime, known: Known) -> None:
    if not addresses:
        return
    answers = select(OutboxRow.recipient, OutboxRow.queued_at).where(
        col(OutboxRow.recipient).in_(addresses),
        OutboxRow.channel == Channel.EMAIL,
        col(OutboxRow.notice).in_(AUTOMATIC_NOTICES),
        OutboxRow.queued_at > now - timedelta(days=1),
    )
    for recipient, queued_at in await uow.exec(answers):
        known.answers.setdefault(recipient, []).append(queued_at)


async def _threads(uow: UnitOfWork, message_ids: Collection[str], known: Known) -> set[str]:
    # What has no Message-ID has an empty one, every chat message among it: that is no thread.
    message_ids = set(message_ids) - {""}
    for row in await uow.exec(select(OutboxRow).where(col(OutboxRow.message_id).in_(message_ids))):
        known.sent[row.message_id] = Sent(row.key, row.case_reference, row.recipient, row.notice)
    theirs = select(ArrivalRow.message_id, ArrivalRow.case_reference).where(
        col(ArrivalRow.message_id).in_(message_ids), col(ArrivalRow.case_reference).is_not(None)
    )
    for message_id, reference in await uow.exec(theirs):
        known.written[message_id] = reference or ""
    return {sent.case_reference for sent in known.sent.values() if sent.case_reference} | set(known.written.values())


async def door(uow: UnitOfWork, name: str) -> DoorRow | None:
    """How far a door has been read; None before its first turn."""
    return (await uow.exec(select(DoorRow).where(DoorRow.name == name))).one_or_none()


async def positions(uow: UnitOfWork, name: str, validity: str) -> set[int]:
    """Where at a door the ledger's arrivals stood, and what was erased of them, as numbered under `validity`."""
    found: set[int] = set()
    for table in (ArrivalRow, ErasedRow):
        numbered = or_(col(table.validity) == validity, col(table.validity).startswith(f"{validity} ", autoescape=True))
        found.update((await uow.exec(select(table.position).where(table.door == name[:300], numbered))).all())
    return found


async def arrivals_of(uow: UnitOfWork, reference: str) -> list[ArrivalRow]:
    """The arrivals of a case, with their bytes."""
    return list((await uow.exec(select(ArrivalRow).where(ArrivalRow.case_reference == reference))).all())


@dataclass(frozen=True)
class DoorStep:
    """Where a door stands once some arrivals are stored. `position` means something only under its `validity`."""

    name: str
    validity: str
    position: int
    since: datetime
    moved_at: datetime
    led_by: str = ""
    """The process that must still lead this door; empty where there is only one."""


async def move_door(uow: UnitOfWork, step: DoorStep) -> None:
    """Note that everything up to `position` is stored. It may also go back: update ids start anew after a quiet week.

    LeadLost when another process has become this door's leader.
    """
    if step.led_by:
        await require_lead(uow, step.name, step.led_by)
    to = {"door": step.name, "to_validity": step.validity, "to_position": step.position, "to_moved_at": step.moved_at}
    moved = await (await uow.connection()).execute(_moved(), to)
    if not moved.rowcount:
        row = DoorRow(name=step.name, since=step.since, moved_at=step.moved_at)
        row.validity, row.position = step.validity, step.position
        uow.add(row)
        await uow.flush()


async def quarantined(uow: UnitOfWork, limit: int = 10_000) -> list[ArrivalRow]:
    """What could not be read and waits for a person, oldest first. Their bytes stay where they are until asked for."""
    shelf = select(ArrivalRow).where(ArrivalRow.result == LedgerResult.QUARANTINED)
    # Allowed below: to SQLModel a column has the type of its value
    shelf = shelf.options(defer(ArrivalRow.raw)).order_by(col(ArrivalRow.received_at)).limit(limit)  # type: ignore[arg-type]
    return list((await uow.exec(shelf)).all())


async def count_quarantined(uow: UnitOfWork) -> int:
    counted = select(func.count()).select_from(ArrivalRow).where(ArrivalRow.result == LedgerResult.QUARANTINED)
    return (await uow.exec(counted)).one()


async def arrivals_starting(uow: UnitOfWork, beginning: str) -> list[ArrivalRow]:
    """The arrivals whose id begins so; for a person who types the first symbols of one."""
    rows = select(ArrivalRow).where(col(ArrivalRow.id).startswith(beginning, autoescape=True)).limit(2)
    return list((await uow.exec(rows)).all())


def ledger_of(filings: Iterable[Filing]) -> list[ArrivalRow]:
    """The ledger rows that these filings write."""
    return [row for filing in filings for row in filing.rows if isinstance(row, ArrivalRow)]
