"""Rows for tests: only what a test is about has to be said."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlmodel import SQLModel

from procedures.terms import Channel, Event, Form, Kind, Notice, Procedure
from storage.filing import Filing, write
from storage.migrating import SchemaState, schema_state
from storage.outbox import outgoing
from storage.tables import (
    ArrivalRow,
    CaseRow,
    EventRow,
    LedgerResult,
    LetterRow,
    OutboxRow,
    PartyRole,
    PartyRow,
    ReminderRow,
    TaskKind,
    TaskRow,
)
from storage.unit_of_work import Memory, open_memory

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
"""A Monday morning."""


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


async def put(memory: Memory, *rows: SQLModel) -> None:
    """Write them in one filing and commit."""
    filing = Filing()
    filing.add(*rows)
    async with memory.unit_of_work() as uow:
        await write(uow, [filing])


def case(reference: str = "CSF-0001", **more: Any) -> CaseRow:
    values: dict[str, Any] = {
        "kind": Kind.COMPLAINT,
        "procedure": Procedure.UNDECIDED,
        "suggested": Procedure.STATUTORY,
        "channel": Channel.EMAIL,
        "form": Form.WRITTEN,
        "received_at": NOW,
        "received_on": NOW.date(),
    }
    return CaseRow(reference=reference, **(values | more))


def arrival(identity: str, **more: Any) -> ArrivalRow:
    values: dict[str, Any] = {
        "door": "mailbox",
        "wire": "imap",
        "received_at": NOW,
        "stored_at": NOW,
        "raw": b"Subject: hello\r\n\r\nhello",
        "result": LedgerResult.OPENED,
    }
    return ArrivalRow(id=identity, **(values | more))


def letter(identity: str, reference: str = "CSF-0001", **more: Any) -> LetterRow:
    values: dict[str, Any] = {"channel": Channel.EMAIL, "received_at": NOW}
    return LetterRow(arrival_id=identity, case_reference=reference, **(values | more))


def party(reference: str = "CSF-0001", **more: Any) -> PartyRow:
    values: dict[str, Any] = {"role": PartyRole.COMPLAINANT}
    return PartyRow(case_reference=reference, **(values | more))


def event(reference: str = "CSF-0001", **more: Any) -> EventRow:
    values: dict[str, Any] = {"name": Event.RECEIVED, "happened_on": NOW.date(), "recorded_at": NOW, "recorded_by": "service"}
    return EventRow(case_reference=reference, **(values | more))


def message(key: str, recipient: str = "kit@example.org", **more: Any) -> OutboxRow:
    """An email that is due; a Telegram message if the recipient is a chat id."""
    channel = Channel.TELEGRAM if recipient.isdigit() else Channel.EMAIL
    values: dict[str, Any] = {"notice": Notice.RECEIPT, "channel": channel, "now": NOW, "domain": "council.example", "facts": {}}
    return outgoing(key=key, recipient=recipient, **(values | more))


def task(key: str, **more: Any) -> TaskRow:
    values: dict[str, Any] = {"kind": TaskKind.SAFETY, "made_at": NOW, "due_at": NOW}
    return TaskRow(key=key, **(values | more))


def reminder(**more: Any) -> ReminderRow:
    values: dict[str, Any] = {
        "case_reference": "CSF-0001",
        "clock": "S1-ACK",
        "due_on": date(2026, 3, 4),
        "rung": "due-2",
        "person": "officer@council.example",
        "told_on": NOW.date(),
    }
    return ReminderRow(**(values | more))


async def state(url: str) -> SchemaState:
    memory = open_memory(url)
    found = await schema_state(memory)
    await memory.close()
    return found
