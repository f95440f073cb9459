"""The library's calls over our own client: the same errors as over its own, and no word of the address in any of them."""

import asyncio
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import httpx
import pytest
from telegram import InputFile
from telegram.error import NetworkError, TelegramError, TimedOut

from bot.rehearsal.bot_api import TOKEN, BotApi
from notifications.wires import Bot, TelegramAccess, open_bot
from notifications.wires.ways import Proxy
from tests.servers import free_port

Answer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def answering(answer: Answer) -> AsyncIterator[str]:
    """A server that does as it is told with every connection."""
    answered = asyncio.Event()

    async def one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await answer(reader, writer)
        finally:
            writer.close()
            answered.set()

    server = await asyncio.start_server(one, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        await asyncio.wait_for(answered.wait(), 10)


async def trouble_at(url: str, *, seconds: float = 5, proxy: Proxy | None = None) -> TelegramError:
    async with open_bot(TelegramAccess(TOKEN, url, timeout_seconds=seconds, proxy=proxy)) as bot:
        with pytest.raises(TelegramError) as told:
            await bot.send_message(7, "hello")
    return told.value


def said_anywhere(error: BaseException) -> str:
    """All that a trace of it would show."""
    return "".join(traceback.format_exception(error))


async def test_where_nobody_listens_nothing_was_written() -> None:
    error = await trouble_at(f"http://127.0.0.1:{free_port()}")

    assert type(error) is NetworkError
    assert isinstance(error.__cause__, httpx.ConnectError)


async def test_a_line_that_breaks_off_may_have_carried_the_message() -> None:
    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")

    async with answering(hang_up) as url:
        error = await trouble_at(url)

    assert type(error) is NetworkError
    assert isinstance(error.__cause__, httpx.RemoteProtocolError)


async def test_silence_is_a_timeout() -> None:
    async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    async with answering(say_nothing) as url:
        error = await trouble_at(url, seconds=0.2)

    assert isinstance(error, TimedOut)
    assert isinstance(error.__cause__, httpx.ReadTimeout)


async def test_a_proxy_that_is_away_is_named_as_such() -> None:
    error = await trouble_at("https://api.telegram.org", proxy=Proxy("127.0.0.1", free_port()))

    assert isinstance(error.__cause__, httpx.ProxyError)


async def test_a_proxy_that_wants_a_password_says_407() -> None:
    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()

    async with answering(refuse) as url:
        error = await trouble_at("https://api.telegram.org", proxy=Proxy("127.0.0.1", int(url.rpartition(":")[2])))

    assert str(error.__cause__) == "407"


@pytest.mark.parametrize("bad", ["closed", "garbled", "page"])
async def test_no_error_names_the_token(bad: str) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        answers = {"garbled": b"nonsense\r\n\r\n", "page": b"HTTP/1.1 500 No\r\nContent-Length: 6\r\n\r\n<html>"}
        writer.write(answers.get(bad, b""))
        await writer.drain()

    async with answering(answer) as url:
        error = await trouble_at(url)

    assert TOKEN not in said_anywhere(error)
    assert TOKEN.partition(":")[2] not in said_anywhere(error)


async def test_a_file_goes_up_beside_its_words(bot_api: BotApi) -> None:
    async with _bot(bot_api) as bot:
        sent: list[dict[str, object]] = []

        async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            head = await reader.readuntil(b"\r\n\r\n")
            length = next(int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length"))
            sent.append({"head": head, "body": await reader.readexactly(length)})
            writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: 26\r\n\r\n{"ok":true,"result": true}')
            await writer.drain()

        async with answering(take) as url, open_bot(TelegramAccess(TOKEN, url)) as other:
            await other.set_webhook("https://council.example/hook", certificate=InputFile(b"PEM", filename="own.pem"))
        assert await bot.get_me()

    body = sent[0]["body"]
    assert isinstance(body, bytes)
    assert b'filename="own.pem"' in body
    assert b"PEM" in body
    assert b"https://council.example/hook" in body


async def test_a_call_without_files_is_json_and_every_symbol_of_it_arrives(bot_api: BotApi) -> None:
    words, buttons = 'a & b = c + 100 %\n"é" 😀 \\ ½', [[("Yes & no +", "x=1&y=2")]]
    asked: list[bytes] = []

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: 44\r\n\r\n{"ok":true,"result": {"message_id": 1234567}}')
        await writer.drain()

    async with answering(take) as url, open_bot(TelegramAccess(TOKEN, url)) as other:
        with suppress(TelegramError):
            await other.say(7, words, buttons=buttons, is_silent=False)
    async with _bot(bot_api) as bot:
        await bot.say(bot_api.person(7).chat.number, words, buttons=buttons, is_silent=True)

    [call] = bot_api.calls_of("sendMessage")
    assert b"content-type: application/json" in asked[0].lower()
    assert (call["text"], call["disable_notification"]) == (words, True)
    assert call["reply_markup"] == {"inline_keyboard": [[{"text": "Yes & no +", "callback_data": "x=1&y=2"}]]}


async def test_several_calls_share_a_few_connections(bot_api: BotApi) -> None:
    async with _bot(bot_api) as bot:
        await asyncio.gather(*(bot.send_message(bot_api.person(number).chat.number, "hello") for number in range(1, 33)))

    assert all(bot_api.ever_sent_to(number) for number in range(1, 33))


@asynccontextmanager
async def _bot(api: BotApi) -> AsyncIterator[Bot]:
    async with open_bot(TelegramAccess(api.token, api.url)) as bot:
        yield bot
