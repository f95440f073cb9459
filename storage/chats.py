"""Named queries over the chats: what a person told the chat about themselves."""

from sqlmodel import col, select

from storage.tables import ConversationRow
from storage.unit_of_work import UnitOfWork


async def wording_of(uow: UnitOfWork, chat_id: int) -> str:
    """Which words the person behind a chat asked for: easy, plain, more; empty where they have not said."""
    row = (await uow.exec(select(ConversationRow).where(col(ConversationRow.chat_id) == chat_id))).one_or_none()
    wording = row.state.get("wording") if row else None
    return wording if isinstance(wording, str) else ""
