"""The IMAP wire over Dovecot, and over servers that misbehave."""

import asyncio
import logging
from datetime import UTC, datetime

import pytest

from notifications.wires import MailboxAccess, Refused, Tls, Unreachable, open_mailbox
from notifications.wires.mailbox import modified_utf7
from tests.doors.letters import letter
from tests.servers import missing
from tests.servers.dovecot import DovecotMailbox, RealMailbox
from tests.servers.scripted_imap import scripted

AT = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)


async def test_a_letter_is_fetched_byte_for_byte_with_its_date_and_stays_unread(dovecot: RealMailbox) -> None:
    await dovecot.deliver(letter(1), letter(2, size=300_000), at=AT)

    async with open_mailbox(dovecot.access()) as mailbox:
        uids = await mailbox.uids_after(0)
        letters = await mailbox.fetch(uids)

    assert [letters[uid].raw for uid in uids] == [letter(1), letter(2, size=300_000)]
    assert {letters[uid].received_at for uid in uids} == {AT}
    assert letters[uids[1]].size == len(letter(2, size=300_000))
    assert await dovecot.flags() == set()


@pytest.mark.parametrize("folder", ["Complaints Inbox", "Réclamations", "Children's", "Skargi & Pochwały", "台北"])
async def test_a_folder_is_found_by_its_name_whatever_letters_it_is_written_in(dovecot: RealMailbox, folder: str) -> None:
    await dovecot.deliver(letter(1), at=AT, folder=folder)

    async with open_mailbox(dovecot.access(folder)) as mailbox:
        assert len(await mailbox.uids_after(0)) == 1


def test_modified_utf7_is_as_in_the_rfc() -> None:
    """The example of RFC 3501, 5.1.3."""
    assert modified_utf7("~peter/mail/台北/日本語") == "~peter/mail/&U,BTFw-/&ZeVnLIqe-"
    assert modified_utf7("Skargi & Pochwały") == "Skargi &- Pochwa&AUI-y"


async def test_a_wrong_password_and_a_missing_folder_are_refused_and_not_silent(dovecot: RealMailbox) -> None:
    right = dovecot.access()
    wrong = MailboxAccess(right.host, right.port, right.user, "guess", Tls.NONE, timeout_seconds=10)

    with pytest.raises(Refused) as refused:
        async with open_mailbox(wrong):
            pass
    assert refused.value.at == "login"
    with pytest.raises(Refused) as refused:
        async with open_mailbox(dovecot.access("Nowhere")):
            pass
    assert refused.value.at == "folder"


async def test_tls_trusts_only_the_authority_that_it_was_told(dovecot: RealMailbox) -> None:
    if not isinstance(dovecot, DovecotMailbox):
        missing("dovecot")
        pytest.skip("pymap has no TLS here")
    await dovecot.deliver(letter(1), at=AT)

    async with open_mailbox(dovecot.access_over_tls()) as mailbox:
        assert len(await mailbox.uids_after(0)) == 1
    with pytest.raises(Unreachable, match="not trusted"):
        async with open_mailbox(dovecot.access_over_tls(trusted=False)):
            pass


async def test_a_server_that_dies_is_noticed_at_once_and_not_after_the_timeout(dovecot: RealMailbox) -> None:
    async with open_mailbox(dovecot.access(timeout_seconds=60)) as mailbox:
        await dovecot.goes_away()
        try:
            with pytest.raises(Unreachable, match="closed"):
                async with asyncio.timeout(40):
                    await mailbox.uids_after(0)
        finally:
            await dovecot.comes_back()

        with pytest.raises(Unreachable, match="closed"):
            await mailbox.uids_after(0)


async def test_a_wire_that_is_cut_while_we_wait_ends_the_wait() -> None:
    async with scripted(lambda command: "BYE" if "SEARCH" in command else "") as access:
        patient = MailboxAccess(access.host, access.port, access.user, access.password, Tls.NONE, timeout_seconds=60)
        async with asyncio.timeout(40), open_mailbox(patient) as mailbox:
            with pytest.raises(Unreachable, match="closed"):
                await mailbox.uids_after(0)


@pytest.mark.parametrize("silent_at", ["LOGIN", "SELECT", "SEARCH", "FETCH"])
async def test_silence_has_an_end_at_every_step_and_the_connection_is_not_used_again(silent_at: str) -> None:
    async with scripted(lambda command: None if silent_at in command else "", waits_seconds=1) as access:
        with pytest.raises(Unreachable, match="silent"):
            async with asyncio.timeout(30), open_mailbox(access) as mailbox:
                try:
                    await mailbox.uids_after(0)
                    await mailbox.fetch([1])
                finally:
                    assert not mailbox.is_open


async def test_a_server_that_says_nothing_at_all_is_silent() -> None:
    async with scripted(lambda _: None, greeting="", waits_seconds=1) as access:
        with pytest.raises(Unreachable, match="silent"):
            async with asyncio.timeout(30), open_mailbox(access):
                pass


async def test_a_server_that_is_too_busy_is_left_without_a_word_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    async with scripted(lambda _: "", greeting="* BYE too many connections") as access:
        with pytest.raises(Unreachable):
            async with asyncio.timeout(10), open_mailbox(access):
                pass

    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


async def test_thousands_of_lines_in_one_burst_end_the_wait_at_once(caplog: pytest.LogCaptureFixture) -> None:
    """The library's parser calls itself for each line, breaks down on about a thousand, and would then wait for ever."""
    burst = "".join(f"* {n} FETCH (UID {n} FLAGS ())\r\n" for n in range(1, 5001))
    async with scripted(lambda command: burst if "FETCH" in command else "") as access:
        patient = MailboxAccess(access.host, access.port, access.user, access.password, Tls.NONE, timeout_seconds=60)
        async with asyncio.timeout(40), open_mailbox(patient) as mailbox:
            with pytest.raises(Unreachable):
                await mailbox.fetch([1])

    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


async def test_a_search_that_answers_with_the_last_letter_below_gives_nothing() -> None:
    """`43:*` in a mailbox whose last UID is 42 answers 42 (RFC 3501, 6.4.8); pymap and others don't do it."""
    script = {"UID SEARCH UID 43:*": "* SEARCH 42\r\n", "UID SEARCH UID 42:*": "* SEARCH 42\r\n"}
    async with scripted(lambda command: script.get(command, "")) as access, open_mailbox(access) as mailbox:
        assert await mailbox.uids_after(42) == []
        assert await mailbox.uids_after(41) == [42]


async def test_a_search_names_no_character_set() -> None:
    """Exchange refuses a search that does."""
    commands: list[str] = []

    def script(command: str) -> str:
        commands.append(command)
        return ""

    async with scripted(script) as access, open_mailbox(access) as mailbox:
        await mailbox.uids_after(7)

    assert "UID SEARCH UID 8:*" in commands


async def test_a_server_that_refuses_every_character_set_gives_its_letters_all_the_same() -> None:
    """FreeScout #176: Exchange answers a search with CHARSET by NO."""

    def script(command: str) -> str:
        return "<tag> NO [BADCHARSET (US-ASCII)] no\r\n" if "CHARSET" in command else "* SEARCH 8\r\n" * ("SEARCH" in command)

    async with scripted(script) as access, open_mailbox(access) as mailbox:
        assert await mailbox.uids_after(7) == [8]


@pytest.mark.parametrize("at", ["SEARCH", "FETCH"])
async def test_a_server_that_says_goodbye_in_the_middle_ends_the_wait_and_the_connection(at: str) -> None:
    """Without IDLE, BYE can come in answer to what we ask, and nowhere else are we left waiting."""
    commands: list[str] = []

    def script(command: str) -> str:
        commands.append(command)
        return "* BYE <tag> is not answered any more\r\n" if at in command else ""

    async with scripted(script, waits_seconds=1) as access, asyncio.timeout(30):
        with pytest.raises(Unreachable):
            async with open_mailbox(access) as mailbox:
                await mailbox.uids_after(7)
                await mailbox.fetch([8])

    assert [command for command in commands if "IDLE" in command] == []
    assert sum(at in command for command in commands) == 1


async def test_letters_are_found_by_their_uid_in_any_order_with_news_of_others_in_between() -> None:
    answer = (
        '* 2 FETCH (BODY[] {6}\r\nsecond UID 8 RFC822.SIZE 6 INTERNALDATE " 1-Jul-2026 00:30:00 +0100")\r\n'
        "* 9 EXISTS\r\n* 1 FETCH (FLAGS (\\Seen) UID 7)\r\n"
        '* 1 FETCH (UID 7 INTERNALDATE "01-Jul-2026 09:00:00 +0000" RFC822.SIZE 5 BODY[] {5}\r\nfirst)\r\n'
        '* 3 FETCH (UID 9 RFC822.SIZE 0 BODY[] {0}\r\n)\r\n* 4 FETCH (UID 10 RFC822.SIZE 4 BODY[] "\\"hi\\"")\r\n'
        "* 5 FETCH (UID 11 BODY[] NIL)\r\n"
    )
    async with scripted(lambda command: answer if "FETCH" in command else "") as access, open_mailbox(access) as mailbox:
        letters = await mailbox.fetch([7, 8, 9, 10, 11, 12])

    assert {uid: letter.raw for uid, letter in letters.items()} == {7: b"first", 8: b"second", 9: b"", 10: b'"hi"', 11: None}
    assert letters[8].received_at == AT
    assert letters[7].received_at == datetime(2026, 7, 1, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize("piece", [1, 2, 3, 7])
async def test_letters_that_come_in_pieces_are_whole_wherever_they_are_cut(piece: int) -> None:
    answer = (
        '* 1 FETCH (UID 7 RFC822.SIZE 6 BODY[] {6}\r\nfi(\r\nt INTERNALDATE "01-Jul-2026 09:00:00 +0000")\r\n* 9 EXISTS\r\n'
        "* 2 FETCH (UID 8 RFC822.SIZE 6 BODY[] {6}\r\nsecond FLAGS (\\Seen))\r\n"
    )
    dripping = scripted(lambda command: answer if "FETCH" in command else "", piece=piece)
    async with dripping as access, open_mailbox(access) as mailbox:
        letters = await mailbox.fetch([7, 8])

    assert {uid: letter.raw for uid, letter in letters.items()} == {7: b"fi(\r\nt", 8: b"second"}
    assert letters[7].received_at == datetime(2026, 7, 1, 9, 0, tzinfo=UTC)


async def test_no_for_the_whole_command_leaves_the_letters_that_came_with_it() -> None:
    answer = "* 1 FETCH (UID 7 RFC822.SIZE 5 BODY[] {5}\r\nfirst)\r\n<tag> NO [SERVERBUG] 8 cannot be read\r\n"
    async with scripted(lambda command: answer if "FETCH" in command else "") as access, open_mailbox(access) as mailbox:
        letters = await mailbox.fetch([7, 8])

    assert letters[7].raw == b"first"
    assert 8 not in letters


@pytest.mark.parametrize(
    "answer",
    [
        "* 1 FETCH (UID 7 RFC822.SIZE 5 BODY[] {5}\r\nfirst\r\n",
        "* 1 FETCH (UID 7 RFC822.SIZE 14 BODY[] {5}\r\nfirst and more)\r\n",
        "* 1 FETCH (UID 7 RFC822.SIZE 14 BODY[] {5}\r\nfirst\r\n)\r\n",
    ],
)
async def test_a_letter_whose_announced_length_is_wrong_did_not_come(answer: str) -> None:
    """Half a complaint must not pass for a whole one."""
    async with scripted(lambda command: answer if "FETCH" in command else "") as access, open_mailbox(access) as mailbox:
        letters = await mailbox.fetch([7])

    assert 7 not in letters or letters[7].raw is None


@pytest.mark.parametrize(
    "answer",
    [
        "* 1 FETCH (UID 7 RFC822.SIZE 99 BODY[] {5}\r\nfirst)\r\n",
        '* 1 FETCH (RFC822.SIZE 99 BODY[] {5}\r\nfirst UID 7 INTERNALDATE "01-Jul-2026 09:00:00 +0000")\r\n',
    ],
)
async def test_a_server_that_counts_the_size_otherwise_is_believed_about_the_letter(answer: str) -> None:
    """Exchange is known for it."""
    async with scripted(lambda command: answer if "FETCH" in command else "") as access, open_mailbox(access) as mailbox:
        letters = await mailbox.fetch([7])

    assert letters[7].raw == b"first"


def test_a_password_is_not_sent_in_clear_over_a_network_and_never_shown() -> None:
    with pytest.raises(ValueError, match="loopback"):
        MailboxAccess("imap.anytown.example", 143, "yoursay", "letmein", Tls.NONE)
    with pytest.raises(ValueError, match="implicit"):
        MailboxAccess("imap.anytown.example", 143, "yoursay", "letmein", Tls.STARTTLS)

    assert "letmein" not in repr(MailboxAccess("imap.anytown.example", 993, "yoursay", "letmein"))


@pytest.mark.parametrize("user", ["al ice", 'quo"te', "back\\slash"])
async def test_a_user_name_is_quoted(user: str) -> None:
    commands: list[str] = []

    def script(command: str) -> str:
        commands.append(command)
        return ""

    async with scripted(script) as access:
        odd = MailboxAccess(access.host, access.port, user, "letmein", Tls.NONE, timeout_seconds=10)
        async with open_mailbox(odd):
            pass

    escaped = user.replace("\\", "\\\\").replace('"', '\\"')
    assert f'LOGIN "{escaped}" "letmein"' in commands
