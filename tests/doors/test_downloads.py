"""Files that somebody sent in chat."""

from collections.abc import AsyncIterator

import pytest

from bot.downloads import NotDownloaded, TooBig, download
from bot.rehearsal import errors
from bot.rehearsal.bot_api import BotApi
from notifications.wires import Bot, TelegramAccess, open_bot


@pytest.fixture
async def bot(bot_api: BotApi) -> AsyncIterator[Bot]:
    async with open_bot(TelegramAccess(bot_api.token, bot_api.url, timeout_seconds=5)) as bot:
        yield bot


async def test_a_file_comes_byte_for_byte(bot_api: BotApi, bot: Bot) -> None:
    file = bot_api.chats.keep_file(bytes(range(256)) * 1000)

    assert await download(bot, file["file_id"]) == bytes(range(256)) * 1000


async def test_a_file_that_is_too_big_for_us_or_for_telegram_is_told_apart(bot_api: BotApi, bot: Bot) -> None:
    ours, telegrams = bot_api.chats.keep_file(b"x" * 101), bot_api.chats.keep_file(b"x" * 20_000_001)
    # Nobody even tries to fetch it.
    bot_api.expired_links.add(ours["file_id"])

    with pytest.raises(TooBig) as too_big:
        await download(bot, ours["file_id"], max_bytes=100)
    assert too_big.value.size == 101
    with pytest.raises(TooBig):
        await download(bot, telegrams["file_id"])


async def test_a_file_that_telegram_forgot_is_gone_for_good(bot: Bot) -> None:
    with pytest.raises(NotDownloaded) as lost:
        await download(bot, "file-99")
    assert lost.value.permanent


@pytest.mark.parametrize("fault", [errors.server_error(), errors.dropped(), errors.too_many_requests(9)])
async def test_a_wire_that_breaks_is_worth_another_try(bot_api: BotApi, bot: Bot, fault: errors.Fault) -> None:
    file = bot_api.chats.keep_file(b"sound")
    bot_api.next_calls(fault, method="getFile")

    with pytest.raises(NotDownloaded) as lost:
        await download(bot, file["file_id"])

    assert not lost.value.permanent
    assert await download(bot, file["file_id"]) == b"sound"


async def test_a_link_that_expired_is_worth_another_try(bot_api: BotApi, bot: Bot) -> None:
    file = bot_api.chats.keep_file(b"sound")
    bot_api.expired_links.add(file["file_id"])

    with pytest.raises(NotDownloaded) as lost:
        await download(bot, file["file_id"])

    assert not lost.value.permanent
