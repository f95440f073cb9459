"""Files that came through the chat are kept; one that cannot be had is told to a person. On both databases."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from bot.keeping_files import TRIES, FileKeeper
from bot.rehearsal import errors
from bot.rehearsal.bot_api import BotApi
from notifications.wires import Bot, TelegramAccess, open_bot
from procedures.terms import Channel
from storage import cases
from storage.filing import Filing, write
from storage.tables import ArrivalRow, AttachmentRow, LedgerResult, LetterRow, TaskKind
from storage.unit_of_work import Memory
from tests.casework.rooms import MONDAY, a_case
from tests.servers.clock import Clock


@pytest.fixture
async def bot(bot_api: BotApi) -> AsyncIterator[Bot]:
    async with open_bot(TelegramAccess(bot_api.token, bot_api.url, timeout_seconds=5)) as bot:
        yield bot


async def a_voice(memory: Memory, reference: str, file_id: str, number: int = 1) -> None:
    """A voice message of the case, whose bytes are still to be fetched."""
    arrival = f"{number:064}"
    filing = Filing()
    filing.add(
        ArrivalRow(
            id=arrival,
            door="telegram:1",
            wire="telegram",
            received_at=MONDAY,
            stored_at=MONDAY,
            raw=b"{}",
            result=LedgerResult.OPENED,
            case_reference=reference,
        ),
        LetterRow(arrival_id=arrival, case_reference=reference, channel=Channel.TELEGRAM, received_at=MONDAY, chat_id=7),
        AttachmentRow(arrival_id=arrival, number=1, kind="voice", name="voice.ogg", file_id=file_id, next_try_at=MONDAY),
    )
    async with memory.unit_of_work() as uow:
        await write(uow, [filing])


async def kept(memory: Memory, number: int = 1) -> AttachmentRow:
    async with memory.reading() as uow:
        [row] = await cases.attachments_of(uow, [f"{number:064}"])
    return row


async def unreachable(memory: Memory) -> list[str | None]:
    async with memory.reading() as uow:
        return [task.case_reference for task in await cases.tasks(uow) if task.kind is TaskKind.CANNOT_REACH]


@pytest.mark.parametrize("is_known", [True, False])
async def test_a_voice_that_cannot_be_fetched_is_a_task_for_a_person(
    memory: Memory, bot_api: BotApi, bot: Bot, is_known: bool
) -> None:
    """Telegram does not know it any more, or its link never works: the words are lost unless somebody asks for them again."""
    reference = await a_case(memory)
    file_id = bot_api.chats.keep_file(b"sound")["file_id"] if is_known else "file-99"
    bot_api.expired_links.add(file_id)
    await a_voice(memory, reference, file_id)
    clock = Clock(MONDAY)

    async def the_bot() -> Bot:
        return bot

    keeper = FileKeeper(memory, the_bot, clock)
    for _ in range(TRIES):
        await keeper.fetch_some()
        bot_api.expired_links.add(file_id)
        clock.goes_on(hours=3)

    assert (await kept(memory)).next_try_at is None
    assert await unreachable(memory) == [reference]


class NoPath(errors.ApiError):
    """An answer that is ok and says nowhere to fetch the file from: the Bot API calls that field optional."""

    def as_json(self) -> dict[str, Any]:
        return {"ok": True, "result": {"file_id": "file-1", "file_unique_id": "u1"}}


async def test_a_file_without_a_place_to_fetch_it_from_keeps_no_other_waiting(memory: Memory, bot_api: BotApi, bot: Bot) -> None:
    reference = await a_case(memory)
    odd, good = (bot_api.chats.keep_file(b"sound")["file_id"] for _ in range(2))
    await a_voice(memory, reference, odd, 1)
    await a_voice(memory, reference, good, 2)
    bot_api.next_calls(errors.Fault(error=NoPath(200, "")), method="getFile")

    async def the_bot() -> Bot:
        return bot

    await FileKeeper(memory, the_bot, Clock(MONDAY + timedelta(minutes=1))).fetch_some()

    assert (await kept(memory, 2)).content == b"sound"
    assert (await kept(memory, 1)).tries == 1
