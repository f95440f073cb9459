"""Named queries over the chats: what a person told the chat about themselves."""

from collections.abc import Collection
from typing import Any

from sqlalchemy.orm import load_only
from sqlmodel import col, select

from procedures.terms import Channel, Notice, Role
from storage.tables import ConversationRow, OutboxRow, OutboxState
from storage.unit_of_work import UnitOfWork

MOST_BELLS = 200
MOST_LOOKED_AT = 1000
_ARRIVED = (OutboxState.SENT, OutboxState.AMBIGUOUS)
"""What may have arrived comes back too: they may have it twice, and never not at all."""
_OF_A_BELL = tuple(
    getattr(OutboxRow, name) for name in ("id", "key", "notice", "case_reference", "recipient", "language", "facts")
)
"""What a doorbell is made of (`casework.letters.doorbell.to_ring_again`)."""
_ANSWERS = frozenset(
    (
        *(Notice.SCREEN, Notice.RECEIPT, Notice.THANKS, Notice.ADDED, Notice.STATUS, Notice.NOTHING),
        *(Notice.WITHDRAWAL_ASKED, Notice.PASSED_TO_TEAM),
    )
)
"""What only answers; all else was started by us (`notifications.rendering.MANNERS`), and may be wanted again."""
_ADULTS = frozenset(Role) - {Role.CHILD, Role.CARE_LEAVER, Role.UNKNOWN}


async def wording_of(uow: UnitOfWork, chat_id: int) -> str:
    """Which words the person behind a chat asked for: easy, plain, more; empty where they have not said."""
    return _text((await _state(uow, chat_id)).get("wording"))


async def bell_of(uow: UnitOfWork, chat_id: int) -> str:
    """How what we start comes into a chat: as a doorbell (empty), as one that hides again ("hidden"), at once ("plain").

    At once only to an adult (practice.md §3), whatever was chosen before they said who they are.
    """
    state = await _state(uow, chat_id)
    bell = _text(state.get("bell"))
    return "" if bell == "plain" and state.get("role") not in _ADULTS else bell


async def bells_of(uow: UnitOfWork, chat_ids: Collection[int]) -> dict[int, list[OutboxRow]]:
    """The letters of these chats that somebody may want again, oldest first: those never tapped, and the newest of each case.

    What was shown at once, to an adult who chose that, was never tapped: it comes back as a doorbell too. A tap leaves words
    under the letter's key, with `:read:` behind it (`casework.letters.doorbell.to_read`).
    """
    return {chat: await _bells_of_one(uow, str(chat)) for chat in chat_ids}


async def _bells_of_one(uow: UnitOfWork, recipient: str) -> list[OutboxRow]:
    """Of the newest messages of one chat. Who hid it may never ask, and each time they write this is looked up: so little is."""
    read_of = col(OutboxRow.facts)["read"]["of"].as_integer()
    newest = select(OutboxRow.id, OutboxRow.notice, OutboxRow.case_reference, read_of).where(
        OutboxRow.channel == Channel.TELEGRAM, OutboxRow.recipient == recipient, col(OutboxRow.state).in_(_ARRIVED)
    )
    newest_first = (await uow.exec(newest.order_by(col(OutboxRow.id).desc()).limit(MOST_LOOKED_AT))).all()
    read = {of for *_, of in newest_first if of is not None}
    wanted, seen = list[int | None](), set[str | None]()
    for row_id, notice, reference, _ in newest_first:
        if notice in _ANSWERS:
            continue
        if row_id not in read or reference not in seen:
            wanted.append(row_id)
        seen.add(reference)
    if not wanted:
        return []
    letters = select(OutboxRow).where(col(OutboxRow.id).in_(wanted[:MOST_BELLS])).order_by(col(OutboxRow.id))
    return list((await uow.exec(letters.options(load_only(*_OF_A_BELL)))).all())


async def _state(uow: UnitOfWork, chat_id: int) -> dict[str, Any]:
    row = (await uow.exec(select(ConversationRow).where(col(ConversationRow.chat_id) == chat_id))).one_or_none()
    return row.state if row else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
