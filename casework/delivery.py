"""What a delivery means for its case: the mouth tells casework, and nothing else, how it went."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from casework.alarms import ring
from casework.council import Council
from casework.letters.doorbell import next_sweep
from casework.opening import task
from casework.representation import fold_address
from casework.telling_staff import tell_staff
from procedures.terms import Channel, Event, Notice
from procedures.working_days import date_at_the_desk
from storage import outbox
from storage.filing import Filing, write
from storage.inbound import Sent
from storage.outbox import Left
from storage.tables import ConversationRow, EventRow, OutboxRow, OutboxState, PartyRow, SentLetterRow, TaskKind
from storage.unit_of_work import UnitOfWork

TO_STAFF = (Notice.NEW_CASE_FOR_STAFF, Notice.SAFETY_ALERT, Notice.REMINDERS, Notice.DIGEST, Notice.PRAISE, Notice.TROUBLE)


@dataclass(frozen=True)
class Words:
    """A message as it was sent."""

    subject: str
    body: str
    wire_number: int = 0
    earlier_numbers: tuple[int, ...] = ()
    is_bell: bool = False
    """It rang, and its words wait for a tap."""
    leaves_more: bool = False
    """It was a turn of the quick exit, and more stands in the chat than it took away."""


async def delivered(uow: UnitOfWork, sent: Collection[tuple[OutboxRow, Words]], now: datetime) -> None:
    """They have left. A receipt is noted as an event: it starts and satisfies no clock."""
    if not sent:
        return
    left = [
        Left(row.id, words.subject, words.body, words.wire_number, words.earlier_numbers, words.is_bell)
        for row, words in sent
        if row.id is not None
    ]
    await outbox.settle_sent(uow, left, now)
    filing = Filing()
    for row, words in sent:
        _note(filing, row, now)
        if words.leaves_more and (sweep := next_sweep(row, now)) is not None:
            filing.add(sweep)
    if filing.rows or filing.changes:
        await write(uow, [filing])


def _note(filing: Filing, row: OutboxRow, now: datetime) -> None:
    if row.notice == Notice.LETTER:
        filing.change(SentLetterRow, {"outbox_key": row.key}, left_at=now)
        if row.channel is Channel.TELEGRAM:  # a mail server that took a letter has not delivered it; the chat has
            filing.change(SentLetterRow, {"outbox_key": row.key, "delivered_on": None}, delivered_on=date_at_the_desk(now))
    if row.notice in (Notice.RECEIPT, Notice.THANKS) and row.case_reference:
        filing.add(
            EventRow(
                case_reference=row.case_reference,
                name=Event.RECEIPT_SENT,
                happened_on=date_at_the_desk(now),
                recorded_at=now,
                recorded_by="service",
            )
        )


async def failed(
    uow: UnitOfWork, row: OutboxRow, problem: str, now: datetime, council: Council, *, domain: str, closes_route: bool
) -> None:
    """It will not arrive. A person is told, loudly; a closed chat gets nothing more. No other route is chosen by itself."""
    assert row.id is not None
    await outbox.settle_ended(uow, row.id, OutboxState.FAILED, problem)
    filing = Filing()
    detail = f"{row.notice} could not be delivered: {problem}"
    filing.add(task(f"undelivered:{row.key}", TaskKind.CANNOT_REACH, row.case_reference, now, now, detail))
    if closes_route and row.channel is Channel.TELEGRAM and row.recipient.lstrip("-").isdigit():
        chat = int(row.recipient)
        filing.change(PartyRow, {"chat_id": chat}, is_closed=True)
        filing.change(ConversationRow, {"chat_id": chat}, is_blocked=True)
        await outbox.cancel_for_route(uow, row.channel, row.recipient, "route closed")
    if row.notice not in TO_STAFF or row.notice == Notice.SAFETY_ALERT or row.channel is Channel.ALARM:
        trouble(filing, "gave_up", detail, now, council, domain=domain, key=f"gave_up:{row.key}", but_not=row.recipient)
        if row.channel is not Channel.TELEGRAM:  # mail tells of a chat; of mail, or of another alarm, an alarm does
            what = "alert_gave_up" if row.notice == Notice.SAFETY_ALERT else "gave_up"
            ring(
                filing,
                council,
                key=f"gave_up:{row.key}",
                notice=Notice.TROUBLE,
                what=what,
                at=now,
                now=now,
                reference=row.case_reference,
                but_not=row.recipient,
            )
    await write(uow, [filing])


async def ambiguous(uow: UnitOfWork, row: OutboxRow, now: datetime) -> None:
    """It may have arrived and must not be said twice: a person decides (`heard outbox`)."""
    assert row.id is not None
    await outbox.settle_ended(uow, row.id, OutboxState.AMBIGUOUS, "it may have arrived")
    filing = Filing()
    filing.add(
        task(f"ambiguous:{row.key}", TaskKind.AMBIGUOUS_SENDING, row.case_reference, now, now, f"{row.notice} may have arrived")
    )
    await write(uow, [filing])


def trouble(
    filing: Filing,
    what: str,
    detail: str,
    now: datetime,
    council: Council,
    *,
    domain: str,
    key: str,
    but_not: str = "",
    since: datetime | None = None,
    urgency: int = 2,
) -> None:
    """A loud sign: to every duty address, once for this key; to the officers where `but_not` leaves nobody on duty.

    With urgency 1 it does not wait behind a hold of the outbox.
    """
    duty, officers = council.duty_addresses, [person.address for person in council.officers]
    others = _without(but_not, duty) or _without(but_not, officers)
    facts = {"what": what, "detail": detail, "since": (since or now).isoformat(), "do": ""}
    tell_staff(filing, others, key=f"trouble:{key}", notice=Notice.TROUBLE, facts=facts, now=now, domain=domain, urgency=urgency)


def came_back(
    filing: Filing, failed: Sent, message_id: str, problem: str, now: datetime, council: Council, *, domain: str
) -> None:
    """A letter of ours bounced, hours after a server took it. A person is told; where it was an alert, loudly and at once."""
    detail = f"{failed.notice} came back{problem}"
    filing.add(task(f"bounce:{message_id}", TaskKind.CANNOT_REACH, failed.case_reference, now, now, detail))
    if failed.notice == Notice.SAFETY_ALERT:
        trouble(filing, "gave_up", detail, now, council, domain=domain, key=f"bounce:{message_id}", but_not=failed.recipient)


def _without(address: str, others: Iterable[str]) -> list[str]:
    return [one for one in others if fold_address(one) != fold_address(address)]
