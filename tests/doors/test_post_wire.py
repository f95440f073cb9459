"""The SMTP wire: what became of a letter is said truly, whatever the server does."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from email.message import EmailMessage

import pytest

from bot.rehearsal.post_office import MailFault, PostOffice
from notifications.wires import Ambiguous, Refused, SmtpAccess, Tls, Unreachable, open_smtp, send_mail
from tests.servers.postfix import Postfix

COUNCIL, SAM = "yoursay@anytown.example", "sam@home.example"


@pytest.fixture
def access(post_office: PostOffice) -> SmtpAccess:
    return SmtpAccess("127.0.0.1", post_office.smtp_port, tls=Tls.NONE, timeout_seconds=3)


def a_letter(words: str = "We have it.") -> EmailMessage:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"], letter["Message-ID"] = COUNCIL, SAM, "We got it", "<1@anytown.example>"
    letter.set_content(words)
    return letter


async def test_a_letter_arrives_with_its_envelope_and_every_byte(post_office: PostOffice, access: SmtpAccess) -> None:
    raw = b"From: a@b.example\r\nSubject: x\r\n\r\n.a line with a full stop\r\n\xc5\xb5 8-bit\r\n"

    await send_mail(access, "bounce+1@anytown.example", SAM, raw)

    posted = post_office.letters_to(SAM)[0]
    assert (posted.sender, posted.raw) == ("bounce+1@anytown.example", raw)


async def test_a_letter_without_return_address_has_an_empty_envelope(post_office: PostOffice, access: SmtpAccess) -> None:
    await send_mail(access, "", SAM, a_letter())

    assert post_office.letters_to(SAM)[0].sender == ""


async def test_a_batch_goes_over_one_connection_and_a_refusal_in_between_spoils_nothing(
    post_office: PostOffice, access: SmtpAccess
) -> None:
    async with open_smtp(access) as post:
        await post.send(COUNCIL, SAM, a_letter("one"))
        post_office.next_letters(MailFault.NO_SUCH_PERSON)
        with pytest.raises(Refused):
            await post.send(COUNCIL, SAM, a_letter("two"))
        await post.send(COUNCIL, SAM, a_letter("three"))

    words = [posted.message.get_content().strip() for posted in post_office.letters_to(SAM)]
    assert words == ["one", "three"]
    assert post_office.connections == 1


async def test_a_kept_connection_that_went_stale_is_made_anew_and_the_letter_sent_once(
    post_office: PostOffice, access: SmtpAccess
) -> None:
    async with open_smtp(access) as post:
        await post.send(COUNCIL, SAM, a_letter("one"))
        await post_office.close_smtp()
        await post_office.open_smtp()
        await post.send(COUNCIL, SAM, a_letter("two"))

    assert [posted.message.get_content().strip() for posted in post_office.letters_to(SAM)] == ["one", "two"]


async def test_a_kept_connection_that_breaks_before_the_letter_is_handed_over_is_made_anew_once(
    post_office: PostOffice, access: SmtpAccess
) -> None:
    """Long-lived connections go stale without a sign; a new one that breaks as well is the server's doing."""
    async with open_smtp(access) as post:
        await post.send(COUNCIL, SAM, a_letter("one"))
        post_office.next_letters(MailFault.DROPPED_BEFORE_DATA)
        await post.send(COUNCIL, SAM, a_letter("two"))
        post_office.next_letters(MailFault.DROPPED_BEFORE_DATA, count=2)
        with pytest.raises(Unreachable):
            await post.send(COUNCIL, SAM, a_letter("three"))

    assert [posted.message.get_content().strip() for posted in post_office.letters_to(SAM)] == ["one", "two"]


@pytest.mark.parametrize(
    ("fault", "code", "permanent", "at", "status"),
    [
        (MailFault.TRY_LATER, 451, False, "letter", "4.3.0"),
        (MailFault.NO_SUCH_PERSON, 550, True, "recipient", "5.1.1"),
        (MailFault.REFUSED_AS_CONTENT, 554, True, "letter", "5.7.1"),
    ],
)
async def test_a_refusal_says_its_code_and_whether_it_is_for_good_and_no_address(
    post_office: PostOffice, access: SmtpAccess, fault: MailFault, code: int, permanent: bool, at: str, status: str
) -> None:
    post_office.next_letters(fault)

    with pytest.raises(Refused) as refused:
        await send_mail(access, COUNCIL, SAM, a_letter())

    said = refused.value
    assert (said.code, said.permanent, said.at, said.status) == (code, permanent, at, status)
    assert "@" not in str(said)
    assert post_office.letters_to(SAM) == []


@pytest.mark.parametrize("fault", [MailFault.SILENT_AFTER_DATA, MailFault.DROPPED_AFTER_DATA, MailFault.DROPPED_AND_LOST])
async def test_no_answer_after_the_letter_was_handed_over_is_ambiguous(
    post_office: PostOffice, access: SmtpAccess, fault: MailFault
) -> None:
    post_office.next_letters(fault)

    with pytest.raises(Ambiguous, match="silent" if fault is MailFault.SILENT_AFTER_DATA else "closed"):
        await send_mail(access, COUNCIL, SAM, a_letter())

    assert len(post_office.letters_to(SAM)) == (0 if fault is MailFault.DROPPED_AND_LOST else 1)


async def test_a_connection_that_is_cut_before_the_letter_is_not_ambiguous(post_office: PostOffice, access: SmtpAccess) -> None:
    post_office.next_letters(MailFault.DROPPED_BEFORE_DATA)

    with pytest.raises(Unreachable, match="closed"):
        await send_mail(access, COUNCIL, SAM, a_letter())


async def test_a_server_that_is_not_there_is_unreachable(post_office: PostOffice, access: SmtpAccess) -> None:
    await post_office.close_smtp()

    with pytest.raises(Unreachable, match="no connection"):
        await send_mail(access, COUNCIL, SAM, a_letter())


@pytest.mark.parametrize(
    "address",
    [
        "",
        "nobody",
        "a@b.example, c@d.example",
        "a@b.example\r\nRCPT TO:<c@d.example>",
        "<a@b.example>",
        "Sam <a@b.example>",
        "@b",
    ],
)
async def test_what_is_not_one_plain_address_is_refused_before_anything_is_sent(
    post_office: PostOffice, access: SmtpAccess, address: str
) -> None:
    """The library would take the first of several and say nothing of the others."""
    with pytest.raises(Refused) as refused:
        await send_mail(access, COUNCIL, address, a_letter())

    assert refused.value.permanent
    assert post_office.attempts == 0


async def test_an_address_with_letters_beyond_ascii_needs_a_server_that_knows_them(
    post_office: PostOffice, access: SmtpAccess
) -> None:
    await send_mail(access, COUNCIL, "żaneta@home.example", a_letter())

    assert len(post_office.letters_to("żaneta@home.example")) == 1


async def test_a_refused_login_waits_for_an_operator_and_is_not_the_recipients_fault() -> None:
    def script(line: str) -> str:
        if line.startswith("EHLO"):
            return "250-post\r\n250 AUTH PLAIN LOGIN\r\n"
        return "535 5.7.8 no\r\n" if line.startswith("AUTH") else "250 ok\r\n"

    async with a_post_that_says(script) as port:
        with pytest.raises(Refused) as refused:
            await send_mail(SmtpAccess("127.0.0.1", port, "user", "guess", Tls.NONE, 2), COUNCIL, SAM, a_letter())

    assert (refused.value.at, refused.value.code, refused.value.permanent) == ("login", 535, False)


async def test_a_login_that_is_right_is_used(post_office: PostOffice, access: SmtpAccess) -> None:
    await send_mail(replace(access, user=post_office.user, password=post_office.password), COUNCIL, SAM, a_letter())

    assert len(post_office.letters_to(SAM)) == 1


async def test_nothing_is_sent_in_clear_where_starttls_was_asked_for_and_is_not_offered() -> None:
    """Somebody on the way may have struck STARTTLS out."""
    heard: list[str] = []

    def script(line: str) -> str:
        heard.append(line)
        return "250 post\r\n" if line.startswith("EHLO") else "250 ok\r\n"

    async with a_post_that_says(script) as port:
        with pytest.raises(Unreachable, match="not trusted"):
            await send_mail(SmtpAccess("127.0.0.1", port, tls=Tls.STARTTLS, timeout_seconds=2), COUNCIL, SAM, a_letter())

    assert not [line for line in heard if line.startswith(("MAIL", "AUTH"))]


async def test_an_answer_that_is_no_number_is_not_taken_for_yes() -> None:
    async with a_post_that_says(lambda line: "250 post\r\n" if line.startswith("EHLO") else "hello there\r\n") as port:
        with pytest.raises(Unreachable, match="garbled"):
            await send_mail(SmtpAccess("127.0.0.1", port, tls=Tls.NONE, timeout_seconds=2), COUNCIL, SAM, a_letter())


def test_letters_go_in_clear_only_on_loopback_and_the_password_is_never_shown() -> None:
    with pytest.raises(ValueError, match="loopback"):
        SmtpAccess("smtp.anytown.example", 25, tls=Tls.NONE)

    assert "letmein" not in repr(SmtpAccess("smtp.anytown.example", 587, "yoursay", "letmein"))


async def test_postfix_takes_a_letter_over_starttls_with_its_own_certificate(postfix: Postfix) -> None:
    await send_mail(postfix.access(), COUNCIL, postfix.address, a_letter("Over the real thing."))

    assert b"Over the real thing." in await postfix.next_letter()


async def test_postfix_with_a_certificate_of_nobody_we_trust_gets_nothing(postfix: Postfix) -> None:
    with pytest.raises(Unreachable, match="not trusted"):
        await send_mail(replace(postfix.access(), ca_file=""), COUNCIL, postfix.address, a_letter())


async def test_postfix_refuses_who_is_not_there(postfix: Postfix) -> None:
    with pytest.raises(Refused) as refused:
        await send_mail(postfix.access(), COUNCIL, "nobody@anytown.example", a_letter())

    assert (refused.value.at, refused.value.permanent, refused.value.status) == ("recipient", True, "5.1.1")


@asynccontextmanager
async def a_post_that_says(script: Callable[[str], str]) -> AsyncIterator[int]:
    """An SMTP server that answers each line by a script."""
    done = asyncio.Event()

    async def client(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            writer.write(b"220 post\r\n")
            while line := await reader.readline():
                writer.write(script(line.decode().strip()).encode())
        except ConnectionError:
            pass
        finally:
            writer.transport.abort()
            done.set()

    server = await asyncio.start_server(client, "127.0.0.1", 0)
    try:
        yield int(server.sockets[0].getsockname()[1])
        async with asyncio.timeout(30):
            await done.wait()
    finally:
        server.close()
        await server.wait_closed()
