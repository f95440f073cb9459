"""Named queries over the chats: what a person told the chat about themselves."""

from typing import Any

from sqlmodel import col, select

from procedures.terms import Role
from storage.tables import ConversationRow
from storage.unit_of_work import UnitOfWork

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


async def _state(uow: UnitOfWork, chat_id: int) -> dict[str, Any]:
    row = (await uow.exec(select(ConversationRow).where(col(ConversationRow.chat_id) == chat_id))).one_or_none()
    return row.state if row else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
