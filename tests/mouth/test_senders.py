"""Each way that a wire can fail comes out as one of three errors: later, never, or nobody knows."""

import socket
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from bot.rehearsal import errors
from bot.rehearsal.bot_api import BotApi
from bot.rehearsal.post_office import MailFault, PostOffice
from notifications.rendering import Rendered, render
from notifications.senders import EmailSender, MayHaveArrived, Outgoing, TelegramSender, TryLater, Undeliverable, _refusal, pieces
from notifications.wires import Bot, Refused, SmtpAccess, TelegramAccess, Tls, open_bot
from procedures.terms import Channel, Notice
from templates.screens import Button
from tests.mouth import samples

NOW = datetime(2026, 7, 1, 9, 0, tzinfo=UTC)
SAM = "sam@home.example"
CHAT = 1001


def outgoing(notice: Notice, channel: Channel, **more: Any) -> Outgoing:
    rendered = render(notice, channel, "en", samples.of(notice)[0], samples.COUNCIL)
    ready = Outgoing(
        notice=notice,
        channel=channel,
        recipient=SAM if channel is Channel.EMAIL else str(CHAT),
        rendered=rendered,
        date=NOW,
        message_id="<one@anytown.example>",
        service_name="Your Say",
        from_address="yoursay@anytown.example",
    )
    return replace(ready, **more)


def letter(**more: Any) -> Outgoing:
    return outgoing(Notice.RECEIPT, Channel.EMAIL, **more)


def chat(*parts: str, buttons: Sequence[Sequence[Button]] = (), notice: Notice = Notice.RECEIPT) -> Outgoing:
    rendered = Rendered("", "\n\n".join(parts), None, tuple(tuple(row) for row in buttons), parts)
    return outgoing(notice, Channel.TELEGRAM, rendered=rendered)


# mail


async def test_a_letter_arrives_with_what_it_was_given(post: EmailSender, post_office: PostOffice) -> None:
    sent = await post.send(letter(in_reply_to="<theirs@home.example>", reply_to="yoursay+c.abc@anytown.example"))

    [arrived] = post_office.letters_to(SAM)
    assert sent.wire_number == 0
    assert arrived.sender == "yoursay@anytown.example"
    assert arrived.message["Message-ID"] == "<one@anytown.example>"
    assert arrived.message["In-Reply-To"] == "<theirs@home.example>"
    assert arrived.message["Auto-Submitted"] == "auto-replied"
    assert arrived.message["Date"] == "Wed, 01 Jul 2026 09:00:00 +0000"


async def test_a_domain_of_other_letters_is_written_to_as_mail_servers_know_it(
    post: EmailSender, post_office: PostOffice
) -> None:
    await post.send(letter(recipient="sam@bücher.example"))

    [arrived] = post_office.letters_to("sam@xn--bcher-kva.example")
    assert arrived.message["To"] == "sam@xn--bcher-kva.example"


async def test_several_letters_go_over_one_connection(post: EmailSender, post_office: PostOffice) -> None:
    for number in range(5):
        await post.send(letter(message_id=f"<{number}@anytown.example>"))

    assert len(post_office.letters_to(SAM)) == 5
    assert len(post_office._wires) == 1


async def test_a_connection_that_stood_idle_is_not_used_again(post_office: PostOffice) -> None:
    """A server that grew tired of waiting would answer 421, and the letter would be late for it."""
    access = SmtpAccess(
        "127.0.0.1", post_office.smtp_port, post_office.user, post_office.password, tls=Tls.NONE, timeout_seconds=3
    )
    sender = EmailSender(access, idle_seconds=0)
    await sender.send(letter())
    first = set(post_office._wires)

    await sender.send(letter())

    assert first and not first & post_office._wires
    await sender.close()


async def test_a_try_again_carries_the_same_message_id(post: EmailSender, post_office: PostOffice) -> None:
    post_office.next_letters(MailFault.SILENT_AFTER_DATA)
    with pytest.raises(MayHaveArrived):
        await post.send(letter())

    await post.send(letter())

    assert [one.message["Message-ID"] for one in post_office.letters_to(SAM)] == ["<one@anytown.example>"] * 2


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (MailFault.TRY_LATER, TryLater),
        (MailFault.DROPPED_BEFORE_DATA, TryLater),
        (MailFault.NO_SUCH_PERSON, Undeliverable),
        (MailFault.REFUSED_AS_CONTENT, Undeliverable),
        (MailFault.SILENT_AFTER_DATA, MayHaveArrived),
        (MailFault.DROPPED_AFTER_DATA, MayHaveArrived),
        (MailFault.DROPPED_AND_LOST, MayHaveArrived),
    ],
)
async def test_a_mail_servers_trouble_is_told_apart(
    post: EmailSender, post_office: PostOffice, fault: MailFault, error: type[Exception]
) -> None:
    post_office.next_letters(fault)

    with pytest.raises(error) as caught:
        await post.send(letter())

    assert SAM not in str(caught.value) and samples.REFERENCE not in str(caught.value)
    await post.send(letter())  # and the next letter goes


async def test_a_person_who_is_not_there_closes_the_route_and_a_refused_text_does_not(
    post: EmailSender, post_office: PostOffice
) -> None:
    closes = {}
    for fault in (MailFault.NO_SUCH_PERSON, MailFault.REFUSED_AS_CONTENT):
        post_office.next_letters(fault)
        with pytest.raises(Undeliverable) as caught:
            await post.send(letter())
        closes[fault] = caught.value.closes_route

    assert closes == {MailFault.NO_SUCH_PERSON: True, MailFault.REFUSED_AS_CONTENT: False}


async def test_a_mail_server_that_is_away_is_tried_later_and_found_again(post: EmailSender, post_office: PostOffice) -> None:
    await post.send(letter())
    await post_office.close_smtp()

    with pytest.raises(TryLater):
        await post.send(letter())

    await post_office.open_smtp()
    await post.send(letter())
    assert len(post_office.letters_to(SAM)) == 2


async def test_a_wrong_password_is_ours_to_mend_and_loses_nothing(post_office: PostOffice) -> None:
    sender = EmailSender(
        SmtpAccess("127.0.0.1", post_office.smtp_port, post_office.user, "wrong", tls=Tls.NONE, timeout_seconds=0.5)
    )

    with pytest.raises(TryLater):
        await sender.send(letter())


async def test_what_is_no_letter_is_not_tried(post: EmailSender, post_office: PostOffice) -> None:
    for wrong in (letter(recipient="a@b.example, c@d.example"), letter(message_id=""), letter(recipient="")):
        with pytest.raises(Undeliverable):
            await post.send(wrong)

    assert post_office.attempts == 0


@pytest.mark.parametrize(
    ("code", "status", "at", "meant"),
    [
        (421, "", "recipient", TryLater),
        (451, "4.7.1", "recipient", TryLater),
        (452, "4.2.2", "letter", TryLater),
        (452, "", "sender", TryLater),
        (552, "5.2.2", "recipient", TryLater),  # the mailbox is full, and may be emptied
        (552, "5.3.4", "sender", Undeliverable),
        (552, "", "letter", Undeliverable),
        (550, "5.1.1", "recipient", Undeliverable),
        (554, "", "connection", Undeliverable),
    ],
)
def test_a_refusal_is_read_by_its_codes(code: int, status: str, at: str, meant: type[Exception]) -> None:
    assert isinstance(_refusal(Refused(code, permanent=code >= 500, at=at, status=status)), meant)


def test_only_a_mailbox_that_is_none_closes_its_route() -> None:
    def closes(code: int, status: str, at: str) -> bool:
        refusal = _refusal(Refused(code, permanent=True, at=at, status=status))
        assert isinstance(refusal, Undeliverable)
        return refusal.closes_route

    assert closes(550, "5.1.1", "recipient") and closes(550, "", "recipient") and closes(550, "5.2.1", "recipient")
    assert not closes(550, "5.7.1", "recipient"), "a matter of policy: it may be about this letter, or about us"
    assert not closes(550, "5.1.1", "sender") and not closes(554, "", "letter")


# chat


@pytest.fixture
async def opened(bot_api: BotApi) -> AsyncIterator[Bot]:
    bot_api.person(CHAT).says("/start")
    async with open_bot(TelegramAccess(bot_api.token, bot_api.url, timeout_seconds=3)) as bot:
        yield bot


@pytest.fixture
def bot(opened: Bot) -> TelegramSender:
    return TelegramSender(opened)


async def test_a_chat_message_is_plain_text_with_its_buttons_and_no_preview(bot: TelegramSender, bot_api: BotApi) -> None:
    rows = [[Button("a", "Yes", "n1.a"), Button("b", "No", "n1.b")], [Button("c", "Stop", "n1.c")]]

    sent = await bot.send(chat("*Hi* _you_ <b> https://lgo.org.uk", buttons=rows))

    [shown] = bot_api.sent_to(CHAT)
    assert shown.text == "*Hi* _you_ <b> https://lgo.org.uk"
    assert [[(button.label, button.payload) for button in row] for row in shown.buttons] == [
        [("Yes", "n1.a"), ("No", "n1.b")],
        [("Stop", "n1.c")],
    ]
    assert sent.wire_number == shown.number
    [call] = bot_api.calls_of("sendMessage")
    assert "parse_mode" not in call and call["link_preview_options"] == {"is_disabled": True}


async def test_what_we_start_comes_without_a_sound_and_an_answer_does_not(bot: TelegramSender, bot_api: BotApi) -> None:
    await bot.send(chat("An answer.", notice=Notice.STATUS))
    await bot.send(chat("A letter.", notice=Notice.ACKNOWLEDGEMENT))

    assert [shown.silent for shown in bot_api.sent_to(CHAT)] == [False, True]


async def test_bubbles_come_in_order_with_the_buttons_under_the_last(bot: TelegramSender, bot_api: BotApi) -> None:
    sent = await bot.send(chat("One.", "Two.", "Three.", buttons=[[Button("a", "OK", "n.a")]]))

    shown = bot_api.sent_to(CHAT)
    assert [one.text for one in shown] == ["One.", "Two.", "Three."]
    assert [one.labels() for one in shown] == [[], [], ["OK"]]
    assert (*sent.earlier_numbers, sent.wire_number) == tuple(one.number for one in shown)


async def test_a_long_text_arrives_whole_in_several_messages(bot: TelegramSender, bot_api: BotApi) -> None:
    words = "\n\n".join(f"{number} " + "word " * 180 for number in range(10))

    await bot.send(chat(words))

    shown = bot_api.sent_to(CHAT)
    assert len(shown) == 3
    assert " ".join(one.text for one in shown).split() == words.split()


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (errors.too_many_requests(7), TryLater(timedelta(seconds=7), "asked to wait")),
        (errors.forbidden(), Undeliverable("Forbidden", closes_route=True)),
        (errors.bad_request(), Undeliverable("BadRequest", closes_route=True)),
        (errors.bad_request("Bad Request: BUTTON_DATA_INVALID"), Undeliverable("BadRequest", closes_route=False)),
        (errors.server_error(), TryLater(None, "server error")),
        (errors.dropped_after_accepting(), MayHaveArrived("RemoteProtocolError")),
        (errors.dropped(), MayHaveArrived("RemoteProtocolError")),
        (errors.silence(), MayHaveArrived("ReadTimeout")),
        (errors.silence_after_accepting(), MayHaveArrived("ReadTimeout")),
    ],
    ids=lambda value: value.__class__.__name__ if isinstance(value, Exception) else "",
)
async def test_telegrams_trouble_is_told_apart(
    bot: TelegramSender, bot_api: BotApi, fault: errors.Fault, error: TryLater | Undeliverable | MayHaveArrived
) -> None:
    bot_api.next_calls(fault)

    with pytest.raises(type(error)) as caught:
        await bot.send(chat("Hi."))

    assert vars(caught.value) == vars(error)
    await bot.send(chat("Again."))  # and the next message goes


async def test_a_chat_that_became_another_one_is_not_ours(bot: TelegramSender, bot_api: BotApi) -> None:
    moved = errors.Fault(error=errors.ApiError(400, "Bad Request: group chat was upgraded", {"migrate_to_chat_id": -100123}))
    bot_api.next_calls(moved)

    with pytest.raises(Undeliverable) as caught:
        await bot.send(chat("Hi."))

    assert caught.value.closes_route


async def test_a_wrong_token_is_ours_to_mend_and_loses_nothing(bot_api: BotApi) -> None:
    async with open_bot(TelegramAccess("700000001:another-token", bot_api.url)) as opened:
        with pytest.raises(TryLater):
            await TelegramSender(opened).send(chat("Hi."))


async def test_a_telegram_that_cannot_be_reached_is_tried_later() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    async with open_bot(TelegramAccess("700000001:token", f"http://127.0.0.1:{port}")) as opened:
        with pytest.raises(TryLater) as caught:
            await TelegramSender(opened).send(chat("Hi."))

    assert caught.value.reason == "ConnectError"


class _GoesWrongAtTheSecond:
    """The bot, for whose second message Telegram goes wrong once."""

    def __init__(self, bot: Bot, api: BotApi, fault: errors.Fault) -> None:
        self._bot, self._api, self._faults = bot, api, [fault]

    async def say(self, *given: Any, **named: Any) -> int:
        if self._faults and self._api.calls_of("sendMessage"):
            self._api.next_calls(self._faults.pop())
        return await self._bot.say(*given, **named)


async def test_a_short_wait_in_the_middle_of_a_text_is_waited_for(opened: Bot, bot_api: BotApi) -> None:
    """The first bubble has arrived: giving the text back to the outbox would say it twice."""
    bot = cast(Bot, _GoesWrongAtTheSecond(opened, bot_api, errors.too_many_requests(1)))

    await TelegramSender(bot).send(chat("One.", "Two."))

    assert [shown.text for shown in bot_api.sent_to(CHAT)] == ["One.", "Two."]


@pytest.mark.parametrize("fault", [errors.too_many_requests(3_600), errors.server_error()])
async def test_a_text_that_breaks_off_in_the_middle_may_have_arrived(opened: Bot, bot_api: BotApi, fault: errors.Fault) -> None:
    bot = cast(Bot, _GoesWrongAtTheSecond(opened, bot_api, fault))

    with pytest.raises(MayHaveArrived, match="1 of 2"):
        await TelegramSender(bot).send(chat("One.", "Two."))

    assert [shown.text for shown in bot_api.sent_to(CHAT)] == ["One."]


async def test_what_is_no_chat_message_is_not_tried(bot: TelegramSender, bot_api: BotApi) -> None:
    too_long = chat("word " * 100_000)
    for wrong in (too_long, chat(""), replace(chat("Hi."), recipient="sam@home.example")):
        with pytest.raises(Undeliverable):
            await bot.send(wrong)

    assert not bot_api.calls_of("sendMessage")


def test_a_text_is_cut_between_paragraphs_then_lines_then_words() -> None:
    assert list(pieces("one two\n\nthree four", 12)) == ["one two", "three four"]
    assert list(pieces("one two\nthree four", 12)) == ["one two", "three four"]
    assert list(pieces("one two three", 9)) == ["one two", "three"]
    assert list(pieces("onetwothree", 4)) == ["onet", "woth", "ree"]
    assert list(pieces("  \n ", 4)) == []


def test_a_text_is_measured_as_telegram_measures_it() -> None:
    """A smiling face counts as two."""
    cut = list(pieces("🙂" * 5_000))

    assert [len(piece) for piece in cut] == [2_048, 2_048, 904]
    assert list(pieces("x" * 4_096 + "y" * 20)) == ["x" * 4_096, "y" * 20]
