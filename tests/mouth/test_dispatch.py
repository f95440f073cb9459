"""Claim first, then send, then settle: over real wires that fail, on both databases."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from bot.rehearsal import errors
from bot.rehearsal.bot_api import BotApi
from bot.rehearsal.post_office import MailFault, PostOffice
from notifications.dispatch import Dispatch
from notifications.senders import EmailSender, Outgoing, Sender, Sent, TelegramSender
from notifications.wires import SmtpAccess, TelegramAccess, Tls, open_bot
from procedures.terms import Channel, Event, Notice
from storage import cases, outbox
from storage.filing import Filing, write
from storage.outbox import outgoing
from storage.tables import OutboxRow, OutboxState, TaskKind
from storage.unit_of_work import Memory
from tests.casework.rooms import MONDAY, OFFICE
from tests.casework.rooms import a_case as a_case_of
from tests.servers.clock import Clock

SAM = 1001
MUM = "mum@family.example"


@pytest.fixture
def clock() -> Clock:
    return Clock(MONDAY)


@pytest.fixture
async def dispatch(memory: Memory, post_office: PostOffice, bot_api: BotApi, clock: Clock) -> AsyncIterator[Dispatch]:
    mail = EmailSender(
        SmtpAccess("127.0.0.1", post_office.smtp_port, post_office.user, post_office.password, tls=Tls.NONE, timeout_seconds=3)
    )
    bot_api.person(SAM)
    async with open_bot(TelegramAccess(bot_api.token, bot_api.url, timeout_seconds=4)) as bot:
        senders: dict[Channel, Sender] = {Channel.EMAIL: mail, Channel.TELEGRAM: TelegramSender(bot)}
        yield Dispatch(memory, lambda: OFFICE.council, clock, senders, OFFICE.domain)
    await mail.close()


async def put(memory: Memory, *rows: OutboxRow) -> None:
    filing = Filing()
    filing.add(*rows)
    async with memory.unit_of_work() as uow:
        await write(uow, [filing])


def added(key: str, *, channel: Channel = Channel.EMAIL, recipient: str = MUM, reference: str | None = None) -> OutboxRow:
    facts: dict[str, Any] = {"reference": reference or "K7M-W92-RXHM", "voice": "adult"}
    return outgoing(
        key=key,
        notice=Notice.ADDED,
        channel=channel,
        recipient=recipient,
        now=MONDAY,
        domain=OFFICE.domain,
        facts=facts,
        case_reference=reference,
    )


async def rows(memory: Memory, notice: Notice = Notice.ADDED) -> list[OutboxRow]:
    async with memory.reading() as uow:
        # Allowed below: to SQLModel a column has the type of its value
        found = await uow.exec(select(OutboxRow).where(OutboxRow.notice == notice).order_by(OutboxRow.id))  # type: ignore[arg-type]
        return list(found)


async def empty(dispatch: Dispatch) -> None:
    while await dispatch.dispatch_due():
        pass


async def test_what_was_sent_is_settled_with_the_words_as_they_left(
    memory: Memory, dispatch: Dispatch, post_office: PostOffice
) -> None:
    reference = await a_case_of(memory)
    await empty(dispatch)

    [letter] = post_office.letters_to(MUM)
    [row] = await rows(memory, Notice.RECEIPT)
    assert (row.state, row.tries) == (OutboxState.SENT, 0)
    assert row.message_id == letter.message["Message-ID"]
    assert reference in row.subject
    assert "A person will read it" in row.body
    async with memory.reading() as uow:
        events = [one.name for one in (await cases.events_of(uow, [reference]))[reference]]
    assert Event.RECEIPT_SENT in events
    assert Event.ACKNOWLEDGED not in events


async def test_nobody_stands_in_cc_and_no_machine_is_asked_to_answer(
    memory: Memory, dispatch: Dispatch, post_office: PostOffice
) -> None:
    await a_case_of(
        memory, in_reply_to="<theirs@family.example>", references=["<older@family.example>", "<theirs@family.example>"]
    )
    await empty(dispatch)

    mail = post_office.letters_to(MUM)[0].message
    assert mail["Cc"] is None
    assert mail["To"] == MUM
    assert mail["Auto-Submitted"] == "auto-replied"
    assert mail["In-Reply-To"] == "<theirs@family.example>"
    assert mail["References"] == "<older@family.example> <theirs@family.example>"
    token = mail["Message-ID"].strip("<>").partition("@")[0]
    assert mail["Reply-To"] == f"yoursay+c.{token}@council.example"
    assert post_office.letters_to(MUM)[0].sender == f"yoursay+b.{token}@council.example"


async def test_without_plus_addressing_answers_come_to_the_address_that_letters_come_from(
    memory: Memory, dispatch: Dispatch, post_office: PostOffice
) -> None:
    """The relay would refuse yoursay+c.TOKEN, and the person would think that nobody wants to hear them."""
    dispatch.council = lambda: replace(OFFICE.council, plus_addressing=False)
    await a_case_of(memory)
    await empty(dispatch)

    mail = post_office.letters_to(MUM)[0].message
    assert mail["Reply-To"] is None
    assert post_office.letters_to(MUM)[0].sender == OFFICE.council.from_address
    assert OFFICE.council.from_address in mail["From"]
    assert mail["Message-ID"]


async def test_a_crash_between_sending_and_settling_sends_a_mail_again_with_the_same_message_id(
    memory: Memory, dispatch: Dispatch, post_office: PostOffice, clock: Clock
) -> None:
    await put(memory, added("a"))
    async with memory.unit_of_work() as uow:
        [claimed] = await outbox.claim(uow, clock(), 10, [Channel.EMAIL])
    assert await dispatch.dispatch_due() == 0

    assert await dispatch.take_up_what_a_crash_left(clock.goes_on(seconds=1)) == 1
    await empty(dispatch)

    [letter] = post_office.letters_to(MUM)
    [row] = await rows(memory)
    assert letter.message["Message-ID"] == claimed.message_id
    assert (row.state, row.may_repeat) == (OutboxState.SENT, True)


async def test_what_a_crash_left_is_taken_up_although_the_clock_was_set_back(
    memory: Memory, dispatch: Dispatch, post_office: PostOffice, clock: Clock
) -> None:
    await put(memory, added("a"))
    async with memory.unit_of_work() as uow:
        await outbox.claim(uow, clock() + timedelta(days=1), 10, [Channel.EMAIL])
    assert await dispatch.take_up_what_a_crash_left(clock()) == 0

    assert await dispatch.take_up_what_a_crash_left() == 1
    await empty(dispatch)

    assert len(post_office.letters_to(MUM)) == 1


async def test_a_chat_message_that_may_have_arrived_says_so_once_and_then_waits_for_a_person(
    memory: Memory, dispatch: Dispatch, bot_api: BotApi, clock: Clock
) -> None:
    await put(memory, added("a", channel=Channel.TELEGRAM, recipient=str(SAM)))
    bot_api.next_calls(errors.dropped_after_accepting(), count=2)

    await empty(dispatch)
    clock.goes_on(minutes=1)
    await empty(dispatch)

    first, second = bot_api.sent_to(SAM)
    assert "may have had this" not in first.text
    assert "before" in second.text
    assert second.text != first.text
    [row] = await rows(memory)
    assert row.state is OutboxState.AMBIGUOUS
    clock.goes_on(hours=5)
    await empty(dispatch)
    assert len(bot_api.sent_to(SAM)) == 2
    async with memory.reading() as uow:
        assert TaskKind.AMBIGUOUS_SENDING in {one.kind for one in await cases.tasks(uow)}


async def test_a_server_that_is_busy_is_tried_later_and_nothing_is_lost(
    memory: Memory, dispatch: Dispatch, post_office: PostOffice, clock: Clock
) -> None:
    await put(memory, added("a"))
    post_office.next_letters(MailFault.TRY_LATER)
    await empty(dispatch)
    assert not post_office.letters_to(MUM)

    clock.goes_on(minutes=1)
    await empty(dispatch)

    [row] = await rows(memory)
    assert (row.state, row.tries, row.may_repeat) == (OutboxState.SENT, 1, False)
    assert len(post_office.letters_to(MUM)) == 1


async def test_silence_after_data_is_marked_and_repeated_with_the_same_message_id(
    memory: Memory, dispatch: Dispatch, post_office: PostOffice, clock: Clock
) -> None:
    await put(memory, added("a"))
    post_office.next_letters(MailFault.SILENT_AFTER_DATA)
    await empty(dispatch)
    clock.goes_on(minutes=1)
    await empty(dispatch)

    first, second = post_office.letters_to(MUM)
    [row] = await rows(memory)
    assert first.message["Message-ID"] == second.message["Message-ID"]
    assert (row.state, row.may_repeat) == (OutboxState.SENT, True)


async def test_an_address_that_does_not_exist_is_given_up_loudly_and_no_other_route_is_tried(
    memory: Memory, dispatch: Dispatch, post_office: PostOffice
) -> None:
    reference = await a_case_of(memory)
    post_office.next_letters(MailFault.NO_SUCH_PERSON)
    await empty(dispatch)

    [row] = await rows(memory, Notice.RECEIPT)
    assert row.state is OutboxState.FAILED
    async with memory.reading() as uow:
        assert (TaskKind.CANNOT_REACH, reference) in {(one.kind, one.case_reference) for one in await cases.tasks(uow)}
    assert [one.message["Subject"] for one in post_office.letters_to("duty@council.example")]
    assert not post_office.letters_to(MUM)


async def test_two_days_of_a_dead_server_end_in_a_loud_sign_not_in_silence(
    memory: Memory, dispatch: Dispatch, post_office: PostOffice, clock: Clock
) -> None:
    await put(memory, added("a"))
    post_office.next_letters(MailFault.TRY_LATER, 15)
    for _ in range(60):
        await empty(dispatch)
        clock.goes_on(hours=1)

    [row] = await rows(memory)
    assert row.state is OutboxState.FAILED
    assert row.tries == 14
    assert post_office.letters_to("duty@council.example")


async def test_a_blocked_chat_is_noted_and_gets_nothing_more(memory: Memory, dispatch: Dispatch, bot_api: BotApi) -> None:
    from casework.representation import Writer

    reference = await a_case_of(memory, writer=Writer(chat_id=SAM), channel=Channel.TELEGRAM)
    await put(memory, *(added(f"k{n}", channel=Channel.TELEGRAM, recipient=str(SAM), reference=reference) for n in range(3)))
    bot_api.person(SAM).blocks()

    await empty(dispatch)

    states = [row.state for row in await rows(memory)]
    assert set(states) == {OutboxState.CANCELLED}
    async with memory.reading() as uow:
        [party] = (await cases.parties_of(uow, [reference]))[reference]
    assert party.is_closed
    assert not bot_api.sent_to(SAM)


async def test_a_chat_hears_its_messages_in_their_order_even_when_the_first_must_wait(
    memory: Memory, dispatch: Dispatch, bot_api: BotApi, clock: Clock
) -> None:
    references = ["K7M-W92-RXHM", "4HX-C9Y-2RM8", "8RC-7KF-3WY9"]
    for number, reference in enumerate(references):
        row = added(f"k{number}", channel=Channel.TELEGRAM, recipient=str(SAM))
        row.facts = row.facts | {"reference": reference}
        await put(memory, row)
    bot_api.next_calls(errors.too_many_requests(30))

    await empty(dispatch)
    assert not bot_api.sent_to(SAM)
    clock.goes_on(seconds=31)
    await empty(dispatch)

    texts = [shown.text for shown in bot_api.sent_to(SAM)]
    assert [next(ref for ref in references if ref in text) for text in texts] == references


async def test_what_cannot_be_rendered_is_never_sent_with_a_gap(
    memory: Memory, dispatch: Dispatch, post_office: PostOffice
) -> None:
    broken = added("a")
    broken.facts = {}
    await put(memory, broken)

    await empty(dispatch)

    [row] = await rows(memory)
    assert row.state is OutboxState.FAILED
    assert not post_office.letters_to(MUM)
    assert post_office.letters_to("duty@council.example")


async def test_what_waits_for_a_channel_that_is_not_set_up_waits_on(memory: Memory, dispatch: Dispatch, clock: Clock) -> None:
    await put(memory, added("a", channel=Channel.TELEGRAM, recipient=str(SAM)))
    only_mail = Dispatch(memory, dispatch.council, clock, {Channel.EMAIL: dispatch.senders[Channel.EMAIL]}, OFFICE.domain)

    await empty(only_mail)

    assert [row.state for row in await rows(memory)] == [OutboxState.QUEUED]


async def test_a_safety_alert_leaves_before_what_was_queued_earlier(
    memory: Memory, dispatch: Dispatch, post_office: PostOffice
) -> None:
    await put(memory, *(added(f"k{number}", recipient=f"p{number}@family.example") for number in range(60)))
    await a_case_of(memory, tier="harm", received_at=MONDAY + timedelta(0))

    await dispatch.dispatch_due()

    assert post_office.posted[0].recipient == "duty@council.example"


class Other:
    """A channel of the test's own; what it does to one letter is told to it."""

    def __init__(self, does: Callable[[Outgoing], Awaitable[None]]) -> None:
        self.does = does
        self.sent: list[str] = []

    async def send(self, outgoing: Outgoing) -> Sent:
        await self.does(outgoing)
        self.sent.append(outgoing.recipient)
        return Sent()


async def test_one_that_breaks_in_our_hands_keeps_no_other_of_its_batch_back(memory: Memory, clock: Clock) -> None:
    async def breaks(outgoing: Outgoing) -> None:
        if outgoing.recipient == "p1@family.example":
            raise RuntimeError("nobody thought of this")

    channel = Other(breaks)
    dispatch = Dispatch(memory, lambda: OFFICE.council, clock, {Channel.EMAIL: channel}, OFFICE.domain)
    await put(memory, *(added(f"k{number}", recipient=f"p{number}@family.example") for number in range(4)))

    with pytest.raises(RuntimeError):
        await dispatch.dispatch_due()

    assert channel.sent == ["p0@family.example", "p2@family.example", "p3@family.example"]
    states = [row.state for row in await rows(memory)]
    assert states == [OutboxState.SENT, OutboxState.SENDING, OutboxState.SENT, OutboxState.SENT]


async def test_what_a_slow_server_keeps_waiting_is_not_sent_by_two_processes(memory: Memory, clock: Clock) -> None:
    """Each letter takes two minutes; another process takes what was claimed five minutes ago for a crash's."""
    taken_up = []

    async def slowly(_: Outgoing) -> None:
        clock.goes_on(minutes=2)
        taken_up.append(await two.take_up_what_a_crash_left(clock() - timedelta(minutes=5)))

    slow = Other(slowly)
    one = Dispatch(memory, lambda: OFFICE.council, clock, {Channel.EMAIL: slow}, OFFICE.domain)
    two = Dispatch(memory, lambda: OFFICE.council, clock, {Channel.EMAIL: slow}, OFFICE.domain)
    await put(memory, *(added(f"k{number}", recipient=f"p{number}@family.example") for number in range(5)))

    await empty(one)

    assert taken_up == [0] * 5
    assert sorted(slow.sent) == [f"p{number}@family.example" for number in range(5)]
    assert {(row.state, row.tries, row.may_repeat) for row in await rows(memory)} == {(OutboxState.SENT, 0, False)}


async def test_help_does_not_wait_behind_a_message_that_is_put_off(
    memory: Memory, dispatch: Dispatch, bot_api: BotApi, clock: Clock
) -> None:
    put_off = added("k0", channel=Channel.TELEGRAM, recipient=str(SAM))
    put_off.due_at = MONDAY + timedelta(hours=6)
    later, urgent = (added(f"k{number}", channel=Channel.TELEGRAM, recipient=str(SAM)) for number in (1, 2))
    urgent.urgency = 1
    await put(memory, put_off, later, urgent)

    await empty(dispatch)

    assert len(bot_api.sent_to(SAM)) == 1
    assert {row.key: row.state for row in await rows(memory)} == {
        "k0": OutboxState.QUEUED,
        "k1": OutboxState.QUEUED,
        "k2": OutboxState.SENT,
    }


async def test_a_notice_that_this_version_does_not_know_is_given_up_loudly(
    memory: Memory, dispatch: Dispatch, post_office: PostOffice
) -> None:
    unknown = added("a")
    unknown.notice = "of_a_later_version"
    await put(memory, unknown)

    await empty(dispatch)

    async with memory.reading() as uow:
        [row] = (await uow.exec(select(OutboxRow).where(OutboxRow.key == "a"))).all()
    assert row.state is OutboxState.FAILED
    assert post_office.letters_to("duty@council.example")
