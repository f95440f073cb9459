"""The Bot API stand-in keeps Telegram's rules, as python-telegram-bot sees them over the wire."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.error import BadRequest, Conflict, EndPointNotFound, Forbidden, InvalidToken, NetworkError, RetryAfter, TimedOut

from bot.rehearsal import errors
from bot.rehearsal.bot_api import BotApi
from notifications.wires import Bot, TelegramAccess, asked_to_wait, open_bot
from tests.servers.clock import Clock

SAM = 11
KINDS = ["message", "edited_message", "callback_query", "my_chat_member"]


@pytest.fixture
async def bot(bot_api: BotApi) -> AsyncIterator[Bot]:
    async with open_bot(TelegramAccess(bot_api.token, bot_api.url, timeout_seconds=5)) as bot:
        yield bot


def yes_or_no() -> InlineKeyboardMarkup:
    row = [InlineKeyboardButton("Yes", callback_data="y"), InlineKeyboardButton("No", callback_data="n")]
    return InlineKeyboardMarkup([row])


async def updates(bot: Bot, offset: int | None = None, seconds: float = 0) -> list[Update]:
    return list(await bot.get_updates(offset=offset, timeout=int(seconds), allowed_updates=KINDS))


async def test_it_says_who_the_bot_is(bot: Bot) -> None:
    me = await bot.get_me()

    assert (me.id, me.is_bot, me.username) == (700000001, True, "YourSayAnytownBot")


async def test_updates_come_again_until_a_later_offset_confirms_them(bot_api: BotApi, bot: Bot) -> None:
    sam = bot_api.person(SAM)
    sam.says("one")
    sam.says("two")

    first, second = await updates(bot)
    assert [update.update_id for update in await updates(bot)] == [first.update_id, second.update_id]
    assert [update.update_id for update in await updates(bot, second.update_id)] == [second.update_id]
    assert await updates(bot, second.update_id + 1) == []
    assert await updates(bot) == []


async def test_at_most_as_many_come_as_were_asked_for_oldest_first(bot_api: BotApi, bot: Bot) -> None:
    for number in range(5):
        bot_api.person(SAM).says(str(number))

    came = await bot.get_updates(limit=2, allowed_updates=KINDS)

    assert [update.message.text for update in came if update.message] == ["0", "1"]


async def test_a_long_poll_ends_when_something_comes(bot_api: BotApi, bot: Bot) -> None:
    polling = asyncio.ensure_future(updates(bot, seconds=30))
    await bot.get_me()
    bot_api.person(SAM).says("hello")

    async with asyncio.timeout(20):
        came = await polling

    assert came[0].message and came[0].message.text == "hello"


async def test_a_second_poller_ends_the_first_ones_wait_with_conflict(bot_api: BotApi, bot: Bot) -> None:
    first = asyncio.ensure_future(updates(bot, seconds=30))
    await bot_api.wait_until(lambda: bot_api.updates.pollers == 1)
    bot_api.person(SAM)
    second = asyncio.ensure_future(updates(bot, seconds=30))

    async with asyncio.timeout(20):
        with pytest.raises(Conflict):
            await first
    bot_api.person(SAM).says("hello")
    assert len(await second) == 1


async def test_nobody_can_poll_beside_a_webhook_and_what_waits_outlives_it(bot_api: BotApi, bot: Bot) -> None:
    bot_api.person(SAM).says("hello")
    await bot.set_webhook("https://somewhere.example/hook")

    with pytest.raises(Conflict):
        await updates(bot)
    assert (await bot.get_webhook_info()).pending_update_count == 1
    await bot.delete_webhook(drop_pending_updates=False)
    assert len(await updates(bot)) == 1
    await bot.delete_webhook(drop_pending_updates=True)
    assert await updates(bot) == []


async def test_what_kinds_are_wanted_sticks_from_the_last_call(bot_api: BotApi, bot: Bot) -> None:
    await bot.get_updates(allowed_updates=["message"])
    sam = bot_api.person(SAM)
    number = sam.says("one")
    sam.edits(number, "won")
    sam.blocks()

    came = await bot.get_updates()

    assert [bool(update.message) for update in came] == [True]


async def test_nobody_fetched_it_for_a_day_so_it_is_gone(bot_api: BotApi, bot: Bot, clock: Clock) -> None:
    bot_api.person(SAM).says("hello")
    clock.goes_on(hours=25)

    assert await updates(bot) == []


async def test_a_message_with_buttons_is_seen_and_a_press_is_told_and_answered_once(bot_api: BotApi, bot: Bot) -> None:
    sam = bot_api.person(SAM)
    await bot.send_message(SAM, "Is this right? <b> *_[", reply_markup=yes_or_no())

    assert (sam.sees()[0].text, sam.sees()[0].labels()) == ("Is this right? <b> *_[", ["Yes", "No"])
    press = sam.presses("Yes")
    query = (await updates(bot))[0].callback_query
    assert query and (query.id, query.data) == (press, "y")
    assert query.message and query.message.message_id == sam.sees()[0].number
    await bot.answer_callback_query(press)
    assert bot_api.chats.presses[press]
    with pytest.raises(BadRequest, match="too old"):
        await bot.answer_callback_query("123")
    with pytest.raises(LookupError, match="Maybe"):
        sam.presses("Maybe")


async def test_an_edit_must_change_something_and_takes_the_buttons_away(bot_api: BotApi, bot: Bot) -> None:
    sent = await bot.send_message(bot_api.person(SAM).number, "Is this right?", reply_markup=yes_or_no())

    with pytest.raises(BadRequest, match="not modified"):
        await bot.edit_message_text("Is this right?", SAM, sent.message_id, reply_markup=yes_or_no())
    await bot.edit_message_text("Thank you", SAM, sent.message_id)
    assert (bot_api.sent_to(SAM)[0].text, bot_api.sent_to(SAM)[0].labels()) == ("Thank you", [])
    await bot.edit_message_reply_markup(SAM, sent.message_id, reply_markup=yes_or_no())
    assert bot_api.sent_to(SAM)[0].labels() == ["Yes", "No"]
    with pytest.raises(BadRequest, match="not found"):
        await bot.edit_message_text("x", SAM, 99)


async def test_messages_of_both_sides_can_be_deleted_for_two_days(bot_api: BotApi, bot: Bot, clock: Clock) -> None:
    theirs = bot_api.person(SAM).says("hello")
    ours = await bot.send_message(SAM, "Hello")
    old = await bot.send_message(SAM, "Hello again")

    await bot.delete_messages(SAM, [theirs, ours.message_id])
    clock.goes_on(hours=49)

    assert [shown.text for shown in bot_api.sent_to(SAM)] == ["Hello again"]
    with pytest.raises(BadRequest, match="can't be deleted"):
        await bot.delete_message(SAM, old.message_id)
    assert len(bot_api.ever_sent_to(SAM)) == 2


async def test_a_text_may_have_4096_characters_and_not_one_more(bot_api: BotApi, bot: Bot) -> None:
    bot_api.person(SAM)
    await bot.send_message(SAM, "ł" * 4096)

    with pytest.raises(BadRequest, match="too long"):
        await bot.send_message(SAM, "ł" * 4097)
    with pytest.raises(BadRequest, match="empty"):
        await bot.send_message(SAM, "  \n")
    long = InlineKeyboardMarkup([[InlineKeyboardButton("x", callback_data="y" * 65)]])
    with pytest.raises(BadRequest, match=r"(?i)button_data_invalid"):
        await bot.send_message(SAM, "x", reply_markup=long)


async def test_what_a_person_types_beyond_a_message_comes_as_several(bot_api: BotApi, bot: Bot) -> None:
    bot_api.person(SAM).says("a" * 5000)

    assert [len(update.message.text or "") for update in await updates(bot) if update.message] == [4096, 904]


async def test_who_blocked_the_bot_cannot_be_written_to_until_they_let_it_in_again(bot_api: BotApi, bot: Bot) -> None:
    sam = bot_api.person(SAM)
    sam.blocks()

    with pytest.raises(Forbidden, match="blocked"):
        await bot.send_message(SAM, "Hello")
    sam.unblocks()
    await bot.send_message(SAM, "Hello")
    changes = [update.my_chat_member for update in await updates(bot)]
    assert [change.new_chat_member.status for change in changes if change] == ["kicked", "member"]


async def test_a_chat_that_nobody_has_does_not_exist(bot: Bot) -> None:
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(99, "Hello")


async def test_in_a_group_the_bot_hears_and_can_leave(bot_api: BotApi, bot: Bot) -> None:
    sam, group = bot_api.person(SAM), bot_api.group()
    group.is_joined_by_the_bot(sam)
    group.hears(sam, "/start@YourSayAnytownBot")

    joined, said = await updates(bot)
    assert joined.my_chat_member and joined.my_chat_member.chat.type == "supergroup"
    assert said.message and said.message.chat.id == group.chat.number
    await bot.leave_chat(group.chat.number)
    assert not group.has_the_bot
    with pytest.raises(Forbidden):
        await bot.send_message(group.chat.number, "Hello")


async def test_files_come_byte_for_byte_and_above_20_megabytes_not_at_all(bot_api: BotApi, bot: Bot) -> None:
    sam = bot_api.person(SAM)
    sam.sends_voice(b"sound")
    sam.sends_photo(b"picture", caption="he hit me", album="7")
    sam.sends_document(b"x" * 20_000_001, name="big.pdf")

    voice, photo, document = [update.message for update in await updates(bot) if update.message]
    assert voice.voice and photo.photo and document.document
    assert (photo.caption, photo.media_group_id) == ("he hit me", "7")
    for attachment, content in ((voice.voice, b"sound"), (photo.photo[-1], b"picture")):
        file = await bot.get_file(attachment.file_id)
        assert bytes(await file.download_as_bytearray()) == content
    with pytest.raises(BadRequest, match="too big"):
        await bot.get_file(document.document.file_id)


async def test_commands_are_kept_and_an_unknown_method_is_not_found(bot_api: BotApi, bot: Bot) -> None:
    await bot.set_my_commands([("start", "Start"), ("help", "Get help now")])

    assert [command.command for command in await bot.get_my_commands()] == ["start", "help"]
    with pytest.raises((EndPointNotFound, InvalidToken)):
        await bot.do_api_request("flyToTheMoon")


async def test_another_token_is_refused(bot_api: BotApi) -> None:
    async with open_bot(TelegramAccess("700000001:another-token", bot_api.url)) as bot:
        with pytest.raises(InvalidToken):
            await bot.get_me()


async def test_the_next_calls_go_wrong_as_they_were_told_to(bot_api: BotApi, bot: Bot) -> None:
    sam = bot_api.person(SAM)
    kinds = [
        (errors.too_many_requests(7), RetryAfter),
        (errors.forbidden(), Forbidden),
        (errors.bad_request(), BadRequest),
        (errors.server_error(), NetworkError),
        (errors.dropped(), NetworkError),
    ]
    for fault, error in kinds:
        bot_api.next_calls(fault)
        with pytest.raises(error) as raised:
            await bot.send_message(SAM, "Hello")
        if isinstance(raised.value, RetryAfter):
            assert asked_to_wait(raised.value) == 7
        assert sam.sees() == []

    bot_api.next_calls(errors.dropped_after_accepting())
    with pytest.raises(NetworkError):
        await bot.send_message(SAM, "Hello")
    bot_api.next_calls(errors.silence_after_accepting())
    with pytest.raises(TimedOut):
        await bot.send_message(SAM, "Hello again", read_timeout=0.2)

    assert [shown.text for shown in sam.sees()] == ["Hello", "Hello again"]


async def test_waiting_for_words_says_what_was_there_instead(bot_api: BotApi, bot: Bot) -> None:
    sam = bot_api.person(SAM)
    hearing = asyncio.ensure_future(sam.hears("We have it"))
    await bot.send_message(SAM, "We have it.")
    assert (await hearing).text == "We have it."

    with pytest.raises(TimeoutError, match="We have it"):
        await sam.hears("something else", seconds=0.01)


async def test_neither_the_bot_nor_its_access_shows_the_token(
    bot_api: BotApi, bot: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    await bot.send_message(bot_api.person(SAM).number, "a secret")
    await updates(bot)
    secret = bot_api.token.partition(":")[2]

    assert secret not in repr(bot) + str(bot) + repr(TelegramAccess(bot_api.token, bot_api.url))
    assert secret not in caplog.text
    assert "a secret" not in caplog.text


@pytest.mark.parametrize("token", ["", "rehearsal", "7:", ":x", "7:a b", "7:a\n"])
def test_what_cannot_be_a_token_is_refused_and_not_repeated(token: str) -> None:
    with pytest.raises(ValueError, match="token") as refused:
        TelegramAccess(token)
    assert token.strip() == "" or token not in str(refused.value)


def test_telegram_is_reached_by_https_or_not_at_all() -> None:
    with pytest.raises(ValueError, match="https"):
        TelegramAccess("7:x", "http://api.telegram.example")
