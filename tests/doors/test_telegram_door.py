"""The Telegram door: what Telegram was told we have, we have."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from telegram.error import NetworkError

from bot.doors import DoorTrouble, Position
from bot.rehearsal import errors
from bot.rehearsal.bot_api import BotApi
from bot.rehearsal.errors import Fault
from bot.telegram_door import KINDS, TelegramDoor
from intake.arrival import Arrival, Wire
from notifications.wires import TelegramAccess
from tests.servers.clock import Clock

SAM = 11


@pytest.fixture
async def door(bot_api: BotApi, clock: Clock) -> AsyncIterator[TelegramDoor]:
    access = TelegramAccess(bot_api.token, bot_api.url, timeout_seconds=5)
    door = TelegramDoor(access, now=clock, poll_seconds=0)
    yield door
    await door.close()


def words(arrivals: tuple[Arrival, ...]) -> list[str]:
    """What was typed, of readable messages."""
    return [json.loads(arrival.raw)["message"]["text"] for arrival in arrivals]


async def test_a_message_is_an_arrival_as_telegram_sent_it(bot_api: BotApi, door: TelegramDoor, clock: Clock) -> None:
    bot_api.person(SAM).says("/start \ud83d half an emoji")
    update = bot_api.updates.unconfirmed()[0]

    batch = await door.fetch(None)

    arrival = batch.arrivals[0]
    assert (arrival.door, arrival.wire, arrival.received_at) == ("telegram:700000001", Wire.TELEGRAM, clock())
    assert (arrival.position, arrival.validity, arrival.problem) == (update["update_id"], "700000001", "")
    assert json.loads(arrival.raw) == update
    assert batch.position == Position(update["update_id"], "700000001", since=clock(), moved_at=clock())


async def test_what_was_not_stored_comes_again_and_is_confirmed_only_by_the_next_fetch(
    bot_api: BotApi, door: TelegramDoor
) -> None:
    bot_api.person(SAM).says("one")

    lost_in_a_crash = await door.fetch(None)
    again = await door.fetch(None)
    assert words(lost_in_a_crash.arrivals) == words(again.arrivals) == ["one"]
    assert bot_api.updates.count() == 1

    bot_api.person(SAM).says("two")
    after = await door.fetch(again.position)
    assert words(after.arrivals) == ["two"]
    assert bot_api.updates.count() == 1


async def test_250_messages_come_in_order_a_hundred_at_a_time(bot_api: BotApi, door: TelegramDoor) -> None:
    for number in range(250):
        bot_api.person(SAM).says(str(number))

    came, sizes, position = list[str](), list[int](), None
    while (batch := await door.fetch(position)).arrivals:
        came += words(batch.arrivals)
        sizes.append(len(batch.arrivals))
        position = batch.position

    assert came == [str(number) for number in range(250)]
    assert sizes == [100, 100, 50]


async def test_edits_presses_and_blocks_come_with_the_time_that_they_happened(
    bot_api: BotApi, door: TelegramDoor, clock: Clock
) -> None:
    sam = bot_api.person(SAM)
    number = sam.says("one")
    clock.goes_on(hours=1)
    sam.edits(number, "won")
    sam.presses_payload("y", None)
    clock.goes_on(hours=1)
    sam.blocks()
    clock.goes_on(hours=1)

    batch = await door.fetch(None)

    kinds = [next(kind for kind in KINDS if kind in json.loads(arrival.raw)) for arrival in batch.arrivals]
    assert kinds == ["message", "edited_message", "callback_query", "my_chat_member"]
    hours = [arrival.received_at.hour for arrival in batch.arrivals]
    # Telegram tells no time of a press: it is the time at which we heard of it.
    assert hours == [9, 10, 12, 11]


POISON: list[object] = [
    {"update_id": 400_000_002, "message": {"message_id": 7, "chat": {"id": SAM, "type": "private"}, "date": "yesterday"}},
    {"update_id": 400_000_002, "message": "not an object"},
    {"update_id": 400_000_002, "message": {"date": 10**20}},
    {"update_id": 400_000_002},
    {"message": {"message_id": 7, "date": 1}},
    "not an update",
    None,
]


@pytest.mark.parametrize("poison", POISON)
async def test_an_update_that_cannot_be_read_is_kept_and_does_not_hold_up_the_others(
    bot_api: BotApi, door: TelegramDoor, poison: object
) -> None:
    bot_api.person(SAM).says("before")
    bot_api.updates.new_id()
    bot_api.updates.put_raw(poison)
    bot_api.person(SAM).says("after")

    batch = await door.fetch(None)
    rest = await door.fetch(batch.position)

    assert [arrival.problem for arrival in batch.arrivals] == ["", "unreadable", ""]
    assert json.loads(batch.arrivals[1].raw) == poison
    assert rest.arrivals == ()


async def test_what_only_the_library_cannot_read_is_a_plain_arrival(bot_api: BotApi, door: TelegramDoor) -> None:
    """The library's own get_updates would lose all three: it knows no sticker without a size."""
    sam = bot_api.person(SAM)
    sam.says("before")
    sam.sends(sticker={"file_id": "x"})
    sam.says("after")

    batch = await door.fetch(None)

    assert [arrival.problem for arrival in batch.arrivals] == ["", "", ""]


async def test_the_same_update_three_times_is_three_arrivals_alike(bot_api: BotApi, door: TelegramDoor) -> None:
    """The door passes on what comes; the ledger knows one message from another."""
    bot_api.person(SAM).says("one")
    update = bot_api.updates.unconfirmed()[0]
    bot_api.updates.put_raw(update)
    bot_api.updates.put_raw(update)

    batch = await door.fetch(None)

    assert len(batch.arrivals) == 3
    assert len(set(batch.arrivals)) == 1


async def test_after_a_quiet_week_the_numbers_begin_anew_and_nothing_is_thrown_away(
    bot_api: BotApi, door: TelegramDoor, clock: Clock
) -> None:
    bot_api.person(SAM).says("one")
    position = (await door.fetch(None)).position
    await door.fetch(position)
    clock.goes_on(days=7)
    bot_api.updates.restart_ids(1_000)
    bot_api.person(SAM).says("two")

    batch = await door.fetch(position)

    assert words(batch.arrivals) == ["two"]
    assert batch.position and batch.position.number == 1_000
    assert (await door.fetch(batch.position)).arrivals == ()


async def test_a_position_of_another_bot_confirms_nothing(bot_api: BotApi, door: TelegramDoor, clock: Clock) -> None:
    bot_api.person(SAM).says("one")
    elsewhere = Position(10**9, "800000002", since=clock(), moved_at=clock())

    batch = await door.fetch(elsewhere)

    assert words(batch.arrivals) == ["one"]


async def test_a_leftover_webhook_is_removed_and_what_waited_behind_it_is_heard(bot_api: BotApi, door: TelegramDoor) -> None:
    bot_api.person(SAM).says("one")
    bot_api.updates.webhook = "https://somewhere.example/hook"

    batch = await door.fetch(None)

    assert words(batch.arrivals) == ["one"]
    assert bot_api.updates.webhook == ""
    assert bot_api.calls_of("deleteWebhook") == [{"drop_pending_updates": False}]


async def test_the_kinds_that_we_want_are_said_with_every_call(bot_api: BotApi, door: TelegramDoor) -> None:
    """Another program may have asked for fewer; that sticks."""
    bot_api.updates.set_wanted(["inline_query"])
    await door.fetch(None)

    bot_api.person(SAM).says("one")
    bot_api.updates.put("poll", {"id": "7"})

    assert words((await door.fetch(None)).arrivals) == ["one"]


async def test_another_poller_is_trouble(bot_api: BotApi, clock: Clock) -> None:
    access = TelegramAccess(bot_api.token, bot_api.url, timeout_seconds=5)
    first, second = (TelegramDoor(access, now=clock, poll_seconds=30) for _ in range(2))
    waiting = asyncio.ensure_future(first.fetch(None))
    await bot_api.wait_until(lambda: bot_api.updates.pollers == 1)
    other = asyncio.ensure_future(second.fetch(None))

    with pytest.raises(DoorTrouble, match="another poller"):
        await waiting
    bot_api.person(SAM).says("one")
    assert words((await other).arrivals) == ["one"]
    await first.close()
    await second.close()


@pytest.mark.parametrize(
    ("fault", "reason", "after_seconds"),
    [
        (errors.too_many_requests(900), "telegram asked to wait", 900),
        (errors.server_error(), "telegram unreachable", 0),
        (errors.dropped(), "telegram unreachable", 0),
        (errors.dropped_after_accepting(), "telegram unreachable", 0),
        (errors.bad_request(), "telegram refused the call", 0),
    ],
)
async def test_what_goes_wrong_is_trouble_without_a_token_and_the_next_fetch_has_it_all(
    bot_api: BotApi, door: TelegramDoor, fault: Fault, reason: str, after_seconds: float
) -> None:
    bot_api.person(SAM).says("one")
    bot_api.next_calls(fault, method="getUpdates")

    with pytest.raises(DoorTrouble) as trouble:
        await door.fetch(None)

    assert (str(trouble.value), trouble.value.after_seconds) == (reason, after_seconds)
    assert words((await door.fetch(None)).arrivals) == ["one"]


async def test_telegram_gone_and_back_again_loses_nothing(bot_api: BotApi, door: TelegramDoor) -> None:
    bot_api.person(SAM).says("one")
    await bot_api.stop()
    with pytest.raises(DoorTrouble, match="unreachable"):
        await door.fetch(None)
    await bot_api.start()

    assert words((await door.fetch(None)).arrivals) == ["one"]


async def test_a_wrong_token_is_trouble_that_does_not_say_it(
    bot_api: BotApi, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    door = TelegramDoor(TelegramAccess("700000001:another-token", bot_api.url), now=clock, poll_seconds=0)

    with pytest.raises(DoorTrouble, match="refused the token") as trouble:
        await door.fetch(None)
    await door.close()

    assert "another-token" not in str(trouble.value) + caplog.text


async def test_a_long_poll_gives_what_comes_while_it_waits_and_can_be_cancelled(bot_api: BotApi, clock: Clock) -> None:
    door = TelegramDoor(TelegramAccess(bot_api.token, bot_api.url), now=clock, poll_seconds=30)
    waiting = asyncio.ensure_future(door.fetch(None))
    await bot_api.wait_until(lambda: bot_api.updates.pollers == 1)
    bot_api.person(SAM).says("one")
    batch = await waiting
    assert words(batch.arrivals) == ["one"]

    waiting = asyncio.ensure_future(door.fetch(batch.position))
    await bot_api.wait_until(lambda: bot_api.updates.pollers == 2)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    await door.close()


async def test_an_old_press_and_a_group_that_is_gone_are_no_trouble(bot_api: BotApi, door: TelegramDoor) -> None:
    sam, group = bot_api.person(SAM), bot_api.group()
    group.is_joined_by_the_bot(sam)
    press = sam.presses_payload("y", None)

    assert await door.answer_button(press)
    assert not await door.answer_button("123")
    assert await door.leave(group.chat.number)
    assert not await door.leave(group.chat.number)


async def test_a_door_that_is_opened_while_telegram_is_away_asks_nothing_of_it(clock: Clock) -> None:
    door = TelegramDoor(TelegramAccess("7:x", "http://127.0.0.1:9"), now=clock, poll_seconds=0)

    opened = await door.bot()

    assert opened.token == "7:x"
    with pytest.raises(NetworkError):
        await opened.get_me()
    await door.close()


async def test_the_date_of_a_message_is_telegrams(bot_api: BotApi, door: TelegramDoor, clock: Clock) -> None:
    clock.at = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    bot_api.person(SAM).says("one")
    clock.goes_on(hours=20)

    assert (await door.fetch(None)).arrivals[0].received_at == datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
