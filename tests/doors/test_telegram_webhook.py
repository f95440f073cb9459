"""The webhook: nobody without the secret is heard, and Telegram hears 200 only for what is stored."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import aiohttp
import pytest
from sqlmodel import select

from bot import telegram_webhook
from bot.doors import CannotOpen, DoorTrouble
from bot.rehearsal.bot_api import BotApi
from bot.telegram_door import KINDS, TelegramDoor
from bot.telegram_webhook import AT_ONCE, SECRET_HEADER, Place, TelegramWebhook
from intake.arrival import Arrival
from intake.reception import Reception
from notifications.wires import TelegramAccess
from storage.tables import ArrivalRow, LedgerResult
from storage.unit_of_work import Memory
from tests.casework.rooms import OFFICE
from tests.servers import free_port
from tests.servers.clock import Clock

SAM = 11
SECRET = "the-secret-that-only-telegram-knows"
GOOD = {SECRET_HEADER: SECRET}


class Desk:
    """The reception, which can be told to fail or to wait."""

    def __init__(self, memory: Memory) -> None:
        self._reception = Reception(memory, lambda: OFFICE)
        self.fails = 0
        self.goes_on = asyncio.Event()
        self.goes_on.set()
        self.groups: list[int] = []

    async def admit(self, arrivals: list[Arrival], now: datetime) -> object:
        await self.goes_on.wait()
        if self.fails:
            self.fails -= 1
            raise OSError("the database is away")
        self.groups.append(len(arrivals))
        return await self._reception.admit(arrivals, now)


@pytest.fixture
async def desk(memory: Memory) -> Desk:
    return Desk(memory)


@pytest.fixture
async def door(bot_api: BotApi, clock: Clock) -> AsyncIterator[TelegramDoor]:
    made = TelegramDoor(TelegramAccess(bot_api.token, bot_api.url, timeout_seconds=5), now=clock, poll_seconds=0)
    yield made
    await made.close()


@pytest.fixture
def place() -> Place:
    port = free_port()
    return Place(f"http://127.0.0.1:{port}/telegram", SECRET, "127.0.0.1", port)


@pytest.fixture
async def hook(place: Place, door: TelegramDoor, desk: Desk, clock: Clock) -> AsyncIterator[TelegramWebhook]:
    made = TelegramWebhook(place, door.name, door.bot, desk, clock)
    await made.open()
    await made.listen()
    yield made
    await made.close()


async def post(place: Place, body: Any, headers: dict[str, str] = GOOD, *, method: str = "POST", path: str = "/telegram") -> int:
    url = place.url.replace("/telegram", path)
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    async with aiohttp.ClientSession() as session, session.request(method, url, data=data, headers=headers) as answer:
        return answer.status


def update(number: int, text: str = "nobody calls me back", chat: int = SAM) -> dict[str, Any]:
    who = {"id": chat, "is_bot": False, "first_name": "Sam"}
    message = {"message_id": number, "from": who, "chat": {"id": chat, "type": "private"}, "date": 1782896400, "text": text}
    return {"update_id": number, "message": message}


async def ledger(memory: Memory) -> list[LedgerResult]:
    async with memory.reading() as uow:
        return [LedgerResult(result) for result in (await uow.exec(select(ArrivalRow.result))).all()]


async def test_what_telegram_posts_is_stored_and_confirmed(
    bot_api: BotApi, hook: TelegramWebhook, place: Place, memory: Memory
) -> None:
    bot_api.person(SAM).says("written before the webhook was there")
    await hook.see_to_it()
    bot_api.person(SAM).says("my social worker never rings")

    await bot_api.wait_until(lambda: bot_api.updates.count() == 0)

    assert len(await ledger(memory)) == 2
    assert bot_api.calls_of("setWebhook") == [
        {
            "url": place.url,
            "secret_token": SECRET,
            "allowed_updates": list(KINDS),
            "max_connections": str(AT_ONCE),
            "drop_pending_updates": False,
        }
    ]


async def test_a_press_is_answered_and_a_group_left_in_the_answer_itself(bot_api: BotApi, hook: TelegramWebhook) -> None:
    await hook.see_to_it()
    sam, group = bot_api.person(SAM), bot_api.group()
    press = sam.presses_payload("forged", None)
    group.is_joined_by_the_bot(sam)

    await bot_api.wait_until(lambda: bot_api.updates.count() == 0)

    assert bot_api.calls_of("answerCallbackQuery") == [{"callback_query_id": press}]
    assert not group.has_the_bot


@pytest.mark.parametrize("headers", [{}, {SECRET_HEADER: ""}, {SECRET_HEADER: SECRET + "x"}, {SECRET_HEADER: "gehéim"}])
async def test_without_the_secret_nothing_is_heard(
    hook: TelegramWebhook, place: Place, memory: Memory, headers: dict[str, str]
) -> None:
    assert await post(place, update(1), headers) == 403
    assert await ledger(memory) == []


async def test_without_the_secret_not_a_byte_of_the_body_is_waited_for(hook: TelegramWebhook, place: Place) -> None:
    reader, writer = await asyncio.open_connection(place.host, place.port)
    writer.write(b"POST /telegram HTTP/1.1\r\nHost: x\r\nContent-Length: 500000\r\n\r\n")

    async with asyncio.timeout(30):
        said = await reader.read()

    assert said.startswith(b"HTTP/1.1 403")
    writer.close()


async def test_what_is_too_big_is_refused_by_its_head_and_by_its_bytes(
    hook: TelegramWebhook, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def in_pieces() -> AsyncIterator[bytes]:
        for _ in range(30):
            yield b'"' + b"x" * 50_000

    big = json.dumps(update(1, "x" * telegram_webhook.LARGEST_UPDATE)).encode()
    assert await post(place, big) == 413
    async with aiohttp.ClientSession() as session, session.post(place.url, data=in_pieces(), headers=GOOD) as answer:
        assert answer.status == 413


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/telegram", 405), ("PUT", "/telegram", 405), ("POST", "/", 404)])
async def test_only_a_post_to_the_one_path_is_for_us(
    hook: TelegramWebhook, place: Place, method: str, path: str, status: int
) -> None:
    assert await post(place, update(1), method=method, path=path) == status


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"1", b"\xff\xfe", b"[" * 100_000, b"null"])
async def test_what_is_no_object_is_refused(hook: TelegramWebhook, place: Place, memory: Memory, body: bytes) -> None:
    assert await post(place, body) == 400
    assert await ledger(memory) == []


async def test_an_object_that_is_no_update_waits_for_a_person(hook: TelegramWebhook, place: Place, memory: Memory) -> None:
    assert await post(place, {"hello": "there"}) == 200
    assert await ledger(memory) == [LedgerResult.QUARANTINED]


async def test_what_cannot_be_stored_comes_again_and_is_stored_once(
    bot_api: BotApi, hook: TelegramWebhook, desk: Desk, memory: Memory
) -> None:
    desk.fails = 2
    await hook.see_to_it()
    bot_api.person(SAM).says("my social worker never rings")

    await bot_api.wait_until(lambda: bot_api.updates.count() == 0)

    assert bot_api.deliveries.posts == 3
    assert len(await ledger(memory)) == 1


async def test_while_nothing_can_be_stored_telegram_is_told_to_come_again(
    hook: TelegramWebhook, place: Place, desk: Desk
) -> None:
    desk.fails = 1

    assert [await post(place, update(1)), await post(place, update(1))] == [503, 200]


async def test_a_repeat_is_a_repeat_by_whichever_way(
    bot_api: BotApi, door: TelegramDoor, hook: TelegramWebhook, place: Place, desk: Desk, memory: Memory, clock: Clock
) -> None:
    bot_api.person(SAM).says("my social worker never rings")
    polled = await door.fetch(None)
    await desk.admit(list(polled.arrivals), clock())
    [sent] = bot_api.updates.unconfirmed()

    assert [await post(place, sent), await post(place, sent)] == [200, 200]
    assert len(await ledger(memory)) == 1


async def test_those_that_wait_together_are_stored_together_in_order(
    hook: TelegramWebhook, place: Place, desk: Desk, memory: Memory
) -> None:
    desk.goes_on.clear()
    posted = [asyncio.ensure_future(post(place, update(number))) for number in range(1, 11)]
    async with asyncio.timeout(10):
        while hook._in_hand < 10:  # noqa: ASYNC110  # they come over a wire
            await asyncio.sleep(0.01)
    desk.goes_on.set()

    assert await asyncio.gather(*posted) == [200] * 10
    assert sum(desk.groups) == 10
    assert len(desk.groups) <= 3
    assert len(await ledger(memory)) == 10


async def test_more_than_can_be_held_are_told_to_come_again(
    hook: TelegramWebhook, place: Place, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telegram_webhook, "IN_HAND_AT_MOST", 3)
    desk.goes_on.clear()
    posted = [asyncio.ensure_future(post(place, update(number))) for number in range(1, 9)]
    early, _ = await asyncio.wait(posted, timeout=10, return_when=asyncio.FIRST_COMPLETED)
    while len(early) < 5:
        early, _ = await asyncio.wait(posted, timeout=0.1)
    desk.goes_on.set()

    assert sorted(await asyncio.gather(*posted)) == [200] * 3 + [503] * 5


async def test_a_body_that_never_ends_is_let_go(hook: TelegramWebhook, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telegram_webhook, "BODY_WITHIN_SECONDS", 0.1)
    reader, writer = await asyncio.open_connection(place.host, place.port)
    writer.write(f"POST /telegram HTTP/1.1\r\nHost: x\r\n{SECRET_HEADER}: {SECRET}\r\nContent-Length: 50\r\n\r\n{{".encode())

    async with asyncio.timeout(10):
        said = await reader.read()

    assert said.startswith(b"HTTP/1.1 408")
    writer.close()


async def test_who_connects_and_says_nothing_is_hung_up_on(
    hook: TelegramWebhook, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telegram_webhook, "HEAD_WITHIN_SECONDS", 0.1)
    reader, writer = await asyncio.open_connection(place.host, place.port)
    writer.write(b"POST /telegram HTTP/1.1\r\nHost: x\r\nX-Slow: ")

    async with asyncio.timeout(10):
        assert await reader.read() == b""
    writer.close()


async def test_one_connection_too_many_is_hung_up_on(
    hook: TelegramWebhook, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telegram_webhook, "CONNECTIONS_AT_MOST", 1)
    _, first = await asyncio.open_connection(place.host, place.port)
    second, writer = await asyncio.open_connection(place.host, place.port)

    async with asyncio.timeout(10):
        assert await second.read() == b""
    first.close()
    writer.close()


async def test_a_webhook_that_somebody_changed_is_set_again(bot_api: BotApi, hook: TelegramWebhook, place: Place) -> None:
    await hook.see_to_it()
    bot_api.updates.webhook = "https://somewhere.example/hook"

    await hook.see_to_it()
    await hook.see_to_it()

    assert bot_api.updates.webhook == place.url
    assert len(bot_api.calls_of("setWebhook")) == 2


async def test_a_webhook_that_telegram_cannot_reach_is_trouble(bot_api: BotApi, hook: TelegramWebhook, desk: Desk) -> None:
    desk.fails = 1000
    await hook.see_to_it()
    bot_api.person(SAM).says("is anybody there?")
    await bot_api.wait_until(lambda: bot_api.updates.hook.failed_at is not None)

    with pytest.raises(DoorTrouble, match="telegram cannot reach the webhook"):
        await hook.see_to_it()


async def test_going_back_to_asking_takes_the_webhook_away_and_hears_what_waited(
    bot_api: BotApi, hook: TelegramWebhook, door: TelegramDoor, desk: Desk
) -> None:
    desk.fails = 1000
    await hook.see_to_it()
    bot_api.person(SAM).says("is anybody there?")
    await hook.close()

    batch = await door.fetch(None)

    assert len(batch.arrivals) == 1
    assert bot_api.updates.webhook == ""


async def test_who_posts_while_we_start_waits_and_is_heard_then(
    place: Place, door: TelegramDoor, desk: Desk, memory: Memory, clock: Clock
) -> None:
    """The service before us told Telegram of this place: it posts the moment the place is there, and our loops are not."""
    hook = TelegramWebhook(place, door.name, door.bot, desk, clock)
    await hook.open()
    posting = asyncio.create_task(post(place, update(1)))
    async with asyncio.timeout(30):
        _, writer = await asyncio.open_connection(place.host, place.port)  # whoever came before this one is at the place by now
    assert await ledger(memory) == []

    await hook.listen()

    assert await posting == 200
    assert len(await ledger(memory)) == 1
    writer.close()
    await hook.close()


async def test_a_port_that_is_taken_is_said_before_anything_is_started(
    hook: TelegramWebhook, place: Place, door: TelegramDoor, desk: Desk, clock: Clock
) -> None:
    second = TelegramWebhook(place, door.name, door.bot, desk, clock)

    with pytest.raises(CannotOpen, match="Nothing was started"):
        await second.open()
