"""Named queries over the chats: what a person told the chat about themselves."""

from collections.abc import Collection
from typing import Any

from sqlmodel import col, select

from procedures.terms import Channel, Notice, Role
from storage.tables import ConversationRow, OutboxRow, OutboxState
from storage.unit_of_work import UnitOfWork

MOST_BELLS = 200
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
    rows = select(OutboxRow).where(
        col(OutboxRow.recipient).in_([str(chat) for chat in chat_ids]),
        OutboxRow.channel == Channel.TELEGRAM,
        OutboxRow.state == OutboxState.SENT,
    )
    newest_first = (await uow.exec(rows.order_by(col(OutboxRow.id).desc()))).all()
    read = {row.facts["read"]["of"] for row in newest_first if "read" in row.facts}
    found: dict[int, list[OutboxRow]] = {chat: [] for chat in chat_ids}
    seen = set[tuple[str, str | None]]()
    for row in newest_first:
        if row.notice in _ANSWERS or len(found[int(row.recipient)]) == MOST_BELLS:
            continue
        if row.id not in read or (row.recipient, row.case_reference) not in seen:
            found[int(row.recipient)].insert(0, row)
        seen.add((row.recipient, row.case_reference))
    return found


async def _state(uow: UnitOfWork, chat_id: int) -> dict[str, Any]:
    row = (await uow.exec(select(ConversationRow).where(col(ConversationRow.chat_id) == chat_id))).one_or_none()
    return row.state if row else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
