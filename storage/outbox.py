"""The outbox: what leaves is put here in the commit that decides it, claimed before it is sent, settled after."""

import base64
import hashlib
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import String, Update, bindparam, case, true, type_coerce, update
from sqlmodel import col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from procedures.terms import Channel, Notice
from storage.filing import table_of
from storage.holding import is_free
from storage.tables import OutboxRow, OutboxState
from storage.training import is_real
from storage.unit_of_work import UnitOfWork
from storage.walls import kept_from_reader

LONGEST_KEY = 300
TIDYING = 9
"""The urgency of what only takes words out of a chat again, at its time: nothing waits behind it, and it behind nothing."""


LONGEST_LOCAL_PART = 64
"""Octets before the @ of an address (RFC 5321, 4.5.3.1.1)."""


def new_message_id(domain: str) -> str:
    """A Message-ID that nobody can guess: who names it has had our letter (128 random bits).

    In lower case only: some mail systems fold the case of the addresses in which its token stands.
    """
    return f"<{base64.b32encode(secrets.token_bytes(16)).decode().rstrip('=').lower()}@{domain}>"


def token_of(message_id: str) -> str:
    """The part of our Message-ID that also stands in the reply address, and in the envelope's."""
    return message_id.strip("<>").partition("@")[0]


def address_with_token(address: str, mark: str, message_id: str) -> str:
    """`address` with the token of a letter of ours: to +c people answer, to +b mail systems return what they cannot deliver.

    Empty where it would be longer than an address may be.
    """
    local, _, domain = address.rpartition("@")
    local = f"{local}+{mark}.{token_of(message_id)}"
    return f"{local}@{domain}" if len(local.encode()) <= LONGEST_LOCAL_PART else ""


def short_key(key: str) -> str:
    """A key that fits its column: a long one ends in its own digest, so that two long ones stay apart."""
    return key if len(key) <= LONGEST_KEY else f"{key[: LONGEST_KEY - 65]}:{hashlib.sha256(key.encode()).hexdigest()}"


def outgoing(
    *,
    key: str,
    notice: Notice,
    channel: Channel,
    recipient: str,
    now: datetime,
    domain: str,
    facts: dict[str, Any],
    case_reference: str | None = None,
    due_at: datetime | None = None,
    urgency: int = 5,
    in_reply_to: str = "",
    references: Sequence[str] = (),
    language: str = "en",
) -> OutboxRow:
    """A row to put in the outbox: what is said to whom, and the key that makes it said once."""
    return OutboxRow(
        key=short_key(key),
        notice=notice.value,
        channel=channel,
        recipient=recipient,
        queued_at=now,
        due_at=due_at or now,
        facts=facts,
        case_reference=case_reference,
        urgency=urgency,
        in_reply_to=in_reply_to[:1000],
        references=list(references),
        language=language,
        message_id=new_message_id(domain) if channel is Channel.EMAIL else "",
    )


async def claim(
    uow: UnitOfWork,
    now: datetime,
    limit: int,
    channels: Collection[Channel],
    process: str = "",
    recipients: Collection[str] | None = None,
) -> list[OutboxRow]:
    """Mark what is due on these channels as being sent by this process, most urgent and oldest first, and return it:
    commit, then send.

    Of one chat only the oldest that waits is claimed, so that nobody reads the second message first; but what tells of help
    (urgency 1) does not wait behind one that is put off for hours. With `recipients` only what goes to them is grouped, so that
    little is asked where much waits. Behind a hold nothing else leaves (`storage/holding.py`).
    Several processes on PostgreSQL take different rows (FOR UPDATE SKIP LOCKED).
    """
    asked: dict[str, Any] = {"now": now, "limit": limit, "channels": list(channels)}
    if recipients is not None:
        asked["recipients"] = list(recipients)
    rows = list((await uow.exec(_due(is_of_some=recipients is not None), params=asked)).all())
    if rows:
        await _set(uow, [row.id for row in rows], state=OutboxState.SENDING, claimed_at=now, claimed_by=process)
    for row in rows:
        uow.expunge(row)
        row.claimed_by = process
    return rows


@cache
def _due(*, is_of_some: bool) -> SelectOfScalar[OutboxRow]:
    """What may be claimed. Made once: to put it together takes longer than the database needs for it."""
    earlier = select(func.min(OutboxRow.id)).where(
        col(OutboxRow.state).in_((OutboxState.QUEUED, OutboxState.SENDING)), OutboxRow.channel == Channel.TELEGRAM, is_free()
    )
    to_some = col(OutboxRow.recipient).in_(bindparam("recipients", expanding=True)) if is_of_some else true()
    # What goes to some is looked up by them. SQLite, which does not count what it holds, would walk all that is due for it.
    state = type_coerce(OutboxRow.state, String).concat("") if is_of_some else col(OutboxRow.state)
    earlier = earlier.where(is_real(col(OutboxRow.case_reference)), to_some, OutboxRow.urgency < TIDYING)
    first_of_each_chat = earlier.group_by(OutboxRow.recipient)
    put_off = select(OutboxRow.recipient).where(
        col(OutboxRow.id).in_(first_of_each_chat), state == OutboxState.QUEUED, OutboxRow.due_at > bindparam("now")
    )
    first_help = earlier.where(OutboxRow.urgency == 1).group_by(OutboxRow.recipient)
    is_tidying = col(OutboxRow.urgency) >= TIDYING
    is_help = col(OutboxRow.id).in_(first_help) & col(OutboxRow.recipient).in_(put_off)
    return (
        select(OutboxRow)
        .where(
            state == OutboxState.QUEUED,
            OutboxRow.due_at <= bindparam("now"),
            col(OutboxRow.channel).in_(bindparam("channels", expanding=True)),
            is_free(),
        )
        .where(is_real(col(OutboxRow.case_reference)), to_some)
        .where((col(OutboxRow.channel) != Channel.TELEGRAM) | col(OutboxRow.id).in_(first_of_each_chat) | is_help | is_tidying)
        .order_by(col(OutboxRow.urgency), col(OutboxRow.due_at), col(OutboxRow.id))
        .limit(bindparam("limit"))
        .with_for_update(skip_locked=True)
    )


async def still_ours(uow: UnitOfWork, rows: Collection[OutboxRow]) -> set[int | None]:
    """Which of the rows that we claimed were not taken up by another process since; they cannot be before this unit ends."""
    mine = select(OutboxRow.id).where(
        col(OutboxRow.id).in_([row.id for row in rows]),
        OutboxRow.state == OutboxState.SENDING,
        col(OutboxRow.claimed_by).in_({row.claimed_by for row in rows}),
    )
    return set((await uow.exec(mine.order_by(col(OutboxRow.id)).with_for_update())).all())


@dataclass(frozen=True)
class Left:
    """A message that has left: its row, and the words as they were sent."""

    row_id: int
    subject: str
    body: str
    wire_number: int = 0
    earlier_numbers: tuple[int, ...] = ()
    is_bell: bool = False


async def settle_sent(uow: UnitOfWork, left: Collection[Left], now: datetime) -> None:
    """They have left: keep the words as they were sent."""
    sent = [
        {"of_row": one.row_id, "as_sent_at": now, "as_earlier_numbers": list(one.earlier_numbers)}
        | {f"as_{name}": getattr(one, name) for name in ("subject", "body", "wire_number", "is_bell")}
        for one in left
    ]
    connection = await uow.connection()
    await connection.execute(_sent(), sent)


@cache
def _sent() -> Update:
    """One row that has left."""
    table = table_of(OutboxRow)
    kept = ("subject", "body", "wire_number", "earlier_numbers", "is_bell", "sent_at")
    words: dict[str, Any] = {name: bindparam(f"as_{name}", type_=table.c[name].type) for name in kept}
    return update(table).where(table.c.id == bindparam("of_row")).values(state=OutboxState.SENT, problem="", **words)


async def put_back(uow: UnitOfWork, row_id: int) -> None:
    """It was claimed and never handed over: as if it had not been claimed."""
    await _set(uow, [row_id], state=OutboxState.QUEUED, claimed_at=None)


async def settle_later(uow: UnitOfWork, row_id: int, *, tries: int, due_at: datetime, problem: str, may_repeat: bool) -> None:
    """It did not leave, or perhaps it did: try again at `due_at`."""
    values: dict[str, Any] = {"may_repeat": True} if may_repeat else {}
    await _set(uow, [row_id], state=OutboxState.QUEUED, tries=tries, due_at=due_at, problem=problem, **values)


async def settle_ended(uow: UnitOfWork, row_id: int, state: OutboxState, problem: str) -> None:
    """It will not be tried again by itself: FAILED, AMBIGUOUS or CANCELLED."""
    await _set(uow, [row_id], state=state, problem=problem)


async def left_in_sending(uow: UnitOfWork, before: datetime | None, process: str = "") -> list[OutboxRow]:
    """What a crash left half-way: claimed before `before` (or ever) by this process and never settled."""
    rows = select(OutboxRow).where(OutboxRow.state == OutboxState.SENDING)
    if before is not None:
        rows = rows.where(col(OutboxRow.claimed_at) < before)
    if process:
        rows = rows.where(OutboxRow.claimed_by == process)
    return list((await uow.exec(rows.order_by(col(OutboxRow.id)))).all())


async def claimants(uow: UnitOfWork) -> set[str]:
    """The processes that hold something which is on its way."""
    names = select(OutboxRow.claimed_by).where(OutboxRow.state == OutboxState.SENDING).distinct()
    return set((await uow.exec(names)).all())


async def left_by(uow: UnitOfWork, processes: Collection[str]) -> list[OutboxRow]:
    """What these processes claimed and never settled. What one of them is just settling is passed over."""
    rows = select(OutboxRow).where(OutboxRow.state == OutboxState.SENDING, col(OutboxRow.claimed_by).in_(processes))
    return list((await uow.exec(rows.order_by(col(OutboxRow.id)).with_for_update(skip_locked=True))).all())


async def oldest_unsent(uow: UnitOfWork, now: datetime) -> datetime | None:
    """Since when the oldest message has been waiting that is due or was tried; None when nothing waits.

    What was tried and is put off is late all the same: it counts from the day it was queued. What is about a case to learn on
    waits for nothing.
    """
    since = case((col(OutboxRow.tries) > 0, col(OutboxRow.queued_at)), else_=col(OutboxRow.due_at))
    waiting = select(func.min(since)).where(
        col(OutboxRow.state).in_((OutboxState.QUEUED, OutboxState.SENDING)), since <= now - timedelta(seconds=1)
    )
    waiting = waiting.where(is_real(col(OutboxRow.case_reference)))
    oldest: datetime | None = (await uow.exec(waiting)).one()
    return oldest


async def in_states(uow: UnitOfWork, states: Collection[OutboxState]) -> list[OutboxRow]:
    """What stands so, oldest first; nothing about a case that is kept from who reads."""
    rows = select(OutboxRow).where(col(OutboxRow.state).in_(states)).order_by(col(OutboxRow.id))
    kept = await kept_from_reader(uow)
    return [row for row in await uow.exec(rows) if row.case_reference not in kept]


async def one(uow: UnitOfWork, row_id: int) -> OutboxRow | None:
    """A row by its number; none if it is about a case that is kept from who reads."""
    row = (await uow.exec(select(OutboxRow).where(OutboxRow.id == row_id))).one_or_none()
    return None if row is not None and row.case_reference in await kept_from_reader(uow) else row


async def count_by_state(uow: UnitOfWork) -> dict[OutboxState, int]:
    rows = await uow.exec(select(OutboxRow.state, func.count()).group_by(col(OutboxRow.state)))
    return {OutboxState(state): count for state, count in rows}


async def sent_under(uow: UnitOfWork, key: str, recipient: str) -> OutboxRow | None:
    """The newest message to a chat that has left under a key that begins so."""
    rows = select(OutboxRow).where(
        col(OutboxRow.key).startswith(key, autoescape=True),
        OutboxRow.channel == Channel.TELEGRAM,
        OutboxRow.recipient == recipient,
        OutboxRow.state == OutboxState.SENT,
        OutboxRow.wire_number > 0,
    )
    return (await uow.exec(rows.order_by(col(OutboxRow.id).desc()).limit(1))).one_or_none()


async def waits_under(uow: UnitOfWork, key: str, recipient: str) -> bool:
    """Whether a message to a chat whose key begins so has still to leave; what only tidies is none."""
    rows = select(OutboxRow.id).where(
        OutboxRow.urgency < TIDYING,
        col(OutboxRow.key).startswith(key, autoescape=True),
        OutboxRow.channel == Channel.TELEGRAM,
        OutboxRow.recipient == recipient,
        col(OutboxRow.state).in_((OutboxState.QUEUED, OutboxState.SENDING)),
    )
    return (await uow.exec(rows.limit(1))).first() is not None


async def sent_to_chat(uow: UnitOfWork, recipient: str, limit: int = 500) -> list[OutboxRow]:
    """The newest messages that stand in a chat, newest first."""
    rows = select(OutboxRow).where(
        OutboxRow.channel == Channel.TELEGRAM,
        OutboxRow.recipient == recipient,
        OutboxRow.state == OutboxState.SENT,
        OutboxRow.wire_number > 0,
    )
    return list((await uow.exec(rows.order_by(col(OutboxRow.id).desc()).limit(limit))).all())


async def cancel_for_route(uow: UnitOfWork, channel: Channel, recipient: str, problem: str) -> int:
    """A route is closed: what still waits for it is not sent. Returns how many."""
    table = table_of(OutboxRow)
    connection = await uow.connection()
    done = await connection.execute(
        update(table)
        .where(table.c.state == OutboxState.QUEUED, table.c.channel == channel, table.c.recipient == recipient)
        .values(state=OutboxState.CANCELLED, problem=problem)
    )
    return done.rowcount


async def mails_since(uow: UnitOfWork, since: datetime) -> int:
    """How many mails have left since then, by any process."""
    is_mail = (OutboxRow.channel == Channel.EMAIL, col(OutboxRow.sent_at) >= since)
    return int((await uow.exec(select(func.count()).select_from(OutboxRow).where(*is_mail))).one())


async def _set(uow: UnitOfWork, ids: Sequence[int | None], **values: Any) -> None:
    change = _change(tuple(values), is_tried_again=values.get("state") is OutboxState.QUEUED)
    connection = await uow.connection()
    await connection.execute(change, {"of_rows": list(ids)} | {f"as_{name}": value for name, value in values.items()})


@cache
def _change(names: tuple[str, ...], *, is_tried_again: bool) -> Update:
    """These columns of some rows."""
    table = table_of(OutboxRow)
    change = update(table).where(table.c.id.in_(bindparam("of_rows", expanding=True)))
    if is_tried_again:
        # What was called off while it was in our hands is not tried again.
        change = change.where(table.c.state != OutboxState.CANCELLED)
    return change.values(**{name: bindparam(f"as_{name}", type_=table.c[name].type) for name in names})
