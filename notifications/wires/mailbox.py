"""The IMAP wire: read a mailbox and leave no trace in it. Nothing here deletes, moves or flags.

Of aioimaplib only the protocol is used. It doesn't notice a lost connection, waits for ever after an answer it cannot read, sends
folder and user names unquoted, and takes NO for an answer: all of that is mended here (measured; see the tests).
"""

import asyncio
import base64
import logging
import re
import ssl
from collections.abc import AsyncIterator, Coroutine, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from aioimaplib.aioimaplib import (
    AUTH,
    AioImapException,
    Command,
    CommandTimeout,
    FetchCommand,
    IMAP4ClientProtocol,
    IncompleteRead,
    matched_parenthesis,
    quoted,
)

from notifications.wires import meaning
from notifications.wires.access import MailboxAccess, Tls
from notifications.wires.errors import Refused, Unreachable
from notifications.wires.trust import tls_context
from notifications.wires.tunnel import tunnel

# At DEBUG it prints whole letters.
logging.getLogger("aioimaplib").setLevel(logging.WARNING)

AT_MOST_A_COMMAND = 100
"""Letters a FETCH: the library's parser breaks down on about a thousand lines in one burst."""

SLOWEST_BYTES_PER_SECOND = 50_000
"""A big letter on a slow line may take longer than the silence we bear."""

LEAVING_SECONDS = 5.0

# What the library's parser raises on an answer that it cannot read.
UNREADABLE = (AioImapException, RecursionError, ValueError, LookupError, AttributeError, TypeError)


@dataclass(frozen=True)
class MailboxLetter:
    """What a FETCH told of one letter; None where the server did not tell."""

    uid: int
    received_at: datetime | None
    """INTERNALDATE, aware: when the mailbox got it."""
    size: int | None
    raw: bytes | None


@asynccontextmanager
async def open_mailbox(access: MailboxAccess) -> AsyncIterator["Mailbox"]:
    """Connect, log in and select the folder; leave in the end. Unreachable or Refused when that does not work."""
    mailbox = Mailbox(access)
    try:
        await mailbox.enter()
        yield mailbox
    finally:
        await mailbox.leave()


class Mailbox:
    """A selected folder. After Unreachable it is dead for good: open another one."""

    def __init__(self, access: MailboxAccess) -> None:
        self.uid_validity = 0
        self.uid_next = 0
        self.letters = 0
        """How many lay in the folder when it was opened."""
        self._access = access
        self._protocol: _Protocol | None = None
        self._deadline: asyncio.Timeout | None = None
        self._gone = asyncio.Event()

    @property
    def is_open(self) -> bool:
        return self._protocol is not None and not self._protocol.transport.is_closing()

    async def enter(self) -> None:
        """Connect, log in, select. Called by `open_mailbox`. With tokens one refusal is answered with a fresh one."""
        tokens = self._access.tokens
        token = await tokens.token() if tokens else ""
        try:
            await self._enter(token)
        except Refused as error:
            fresh = await tokens.renewed(token) if tokens and error.at == "login" else ""
            if not fresh:
                raise
            await self.leave()
            self._protocol, self._gone = None, asyncio.Event()
            await self._enter(fresh)

    async def _enter(self, token: str) -> None:
        await self._connect()
        protocol = self._alive()
        await self._ask(protocol.wait("AUTH|NONAUTH"), at="connection")
        await self._log_in(protocol, token)
        lines = await self._checked(protocol.select(quoted(modified_utf7(self._access.folder))), at="folder")
        self.uid_validity = _number_in(lines, rb"\[UIDVALIDITY (\d+)\]")
        self.letters = _number_in(lines, rb"^(\d+) EXISTS")
        self.uid_next = _number_in(lines, rb"\[UIDNEXT (\d+)\]") or max(await self.uids_after(0), default=0) + 1

    async def leave(self) -> None:
        """Log out if that still works, and close whatever there is."""
        if self._protocol is None:
            return
        if self.is_open:
            try:
                async with asyncio.timeout(LEAVING_SECONDS):
                    await self._ask(self._protocol.logout(), at="connection")
            except (Unreachable, TimeoutError):
                pass
        self._drop()
        tasks = list(self._protocol.tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        try:
            async with asyncio.timeout(LEAVING_SECONDS):
                await self._gone.wait()
        except TimeoutError:
            pass

    async def uids_after(self, uid: int) -> list[int]:
        """The UIDs above `uid`, in order."""
        search = self._alive().search("UID", f"{uid + 1}:*", charset=None, by_uid=True)
        lines = await self._checked(search, at="search")
        found = {int(word) for line in lines for word in bytes(line).split() if word.isdigit()}
        # `n:*` answers with the last letter even if that lies below n (RFC 3501, 6.4.8).
        return sorted(number for number in found if number > uid)

    async def look_at(self, uids: Sequence[int]) -> dict[int, MailboxLetter]:
        """Date and size of these letters, at most 100; what the server does not tell of is missing."""
        return await self._fetch(uids, "(UID INTERNALDATE RFC822.SIZE)", expected_bytes=0)

    async def fetch(self, uids: Sequence[int], *, expected_bytes: int = 0) -> dict[int, MailboxLetter]:
        """These letters whole, at most 100, unread as before. One that is missing, or without `raw`, did not come."""
        return await self._fetch(uids, "(UID INTERNALDATE RFC822.SIZE BODY.PEEK[])", expected_bytes)

    async def fetch_headers(self, uid: int) -> dict[int, MailboxLetter]:
        """Only the header of a letter, as `raw`."""
        return await self._fetch([uid], "(UID INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER])", expected_bytes=0)

    async def _fetch(self, uids: Sequence[int], parts: str, expected_bytes: int) -> dict[int, MailboxLetter]:
        if not 0 < len(uids) <= AT_MOST_A_COMMAND:
            raise ValueError(f"between 1 and {AT_MOST_A_COMMAND} letters a command, not {len(uids)}")
        silence = self._access.timeout_seconds
        command = self._alive().fetch_by_uid(",".join(map(str, uids)), parts, silence)
        answer = await self._ask(command, at="letter", seconds=silence + expected_bytes / SLOWEST_BYTES_PER_SECOND)
        # NO is said of the command as a whole; the letters that came with it are good all the same.
        letters = _letters_in(answer.lines[:-1])
        return {uid: letters[uid] for uid in uids if uid in letters}

    async def _log_in(self, protocol: "_Protocol", token: str) -> None:
        access = self._access
        if not access.tokens:
            await self._checked(protocol.login(quoted(access.user), access.password), at="login")
            return
        if "AUTH=XOAUTH2" not in {str(word).upper() for word in protocol.capabilities}:
            raise Refused(0, permanent=False, at="login", words=meaning.NO_XOAUTH2)
        await self._checked(protocol.authenticate(access.user, token), at="login")

    async def _connect(self) -> None:
        access, loop = self._access, asyncio.get_running_loop()
        try:
            where: dict[str, Any] = {}
            if access.tls is Tls.IMPLICIT:
                where = {"ssl": tls_context(access.ca_file), "server_hostname": access.host}
            if access.proxy:
                where["sock"] = await tunnel(access.proxy, access.host, access.port, access.timeout_seconds)
            else:
                where |= {"host": access.host, "port": access.port}
            async with asyncio.timeout(access.timeout_seconds):
                _, self._protocol = await loop.create_connection(lambda: _Protocol(loop, self._lost), **where)
        except ssl.SSLError:
            raise Unreachable("not trusted") from None
        except TimeoutError:
            raise Unreachable("silent") from None
        except OSError:
            raise Unreachable("no connection") from None

    def _alive(self) -> "_Protocol":
        if self._protocol is None or not self.is_open:
            raise Unreachable("closed")
        return self._protocol

    async def _checked(self, command: Coroutine[Any, Any, Any], *, at: str) -> list[bytes]:
        """The answer's lines without the last; Refused for NO and BAD, which the library hands back as if nothing were wrong."""
        answer = await self._ask(command, at=at)
        if answer.result != "OK":
            said = bytes(answer.lines[-1]) if answer.lines else b""
            words = meaning.of_imap(at, said, by_token=self._access.tokens is not None)
            raise Refused(0, permanent=False, at=at, words=words)
        return list(answer.lines[:-1])

    async def _ask(self, command: Coroutine[Any, Any, Any], *, at: str, seconds: float = 0) -> Any:
        """One command with a deadline. Whatever goes wrong, the connection is not used again."""
        was_answered = False
        try:
            async with asyncio.timeout(seconds or self._access.timeout_seconds) as self._deadline:
                if self._gone.is_set():
                    self._deadline.reschedule(0)
                answer = await command
            was_answered = True
        except (TimeoutError, CommandTimeout):
            raise Unreachable("closed" if self._gone.is_set() else "silent") from None
        except UNREADABLE:
            raise Unreachable("garbled") from None
        finally:
            self._deadline = None
            if not was_answered:
                self._drop()
        return answer

    def _lost(self, _: Exception | None) -> None:
        # The library leaves the command waiting; we end its wait now.
        self._gone.set()
        if self._deadline is not None and not self._deadline.expired():
            self._deadline.reschedule(0)

    def _drop(self) -> None:
        if self._protocol is not None and self._protocol.transport is not None:
            self._protocol.transport.abort()


class _Protocol(IMAP4ClientProtocol):  # type: ignore[misc]  # its base has no types
    """The library's protocol, which gives up at once where the library would wait for ever, and answers challenges."""

    current_command: Command | None
    incomplete_line: bytes

    async def authenticate(self, user: str, token: str) -> Any:
        """AUTHENTICATE XOAUTH2 and the server's last word.

        A server that refuses the token says so in a challenge first and waits for an empty line, which the library never sends:
        only then comes its NO.
        """
        said = base64.b64encode(f"user={user}\1auth=Bearer {token}\1\1".encode()).decode()
        at_once = "SASL-IR" in {str(word).upper() for word in self.capabilities}
        self._answers = [] if at_once else [said]
        command = Command("AUTHENTICATE", self.new_tag(), "XOAUTH2", *([said] if at_once else []), loop=self.loop)
        response = await self.execute(command, scrub=said)
        if response.result == "OK":
            self.state = AUTH
        return response

    def _continuation(self, line: bytes) -> None:
        command = self.pending_sync_command
        if command is None or command.name != "AUTHENTICATE":
            super()._continuation(line)
            return
        self.transport.write((self._answers.pop() if self._answers else "").encode() + b"\r\n")

    async def fetch_by_uid(self, uids: str, parts: str, silence: float) -> Any:
        """UID FETCH. Raises CommandTimeout after so many seconds of silence."""
        return await self.execute(_Fetch(self.new_tag(), uids, parts, prefix="UID", loop=self.loop, timeout=silence))

    def data_received(self, data: bytes) -> None:
        """As in the library, which makes a line for its log of every byte that comes, and then does not write it."""
        command, self.current_command = self.current_command, None
        together, self.incomplete_line = self.incomplete_line + data, b""
        try:
            self._handle_responses(together, self._handle_line, command)
        except IncompleteRead as rest:
            self.current_command, self.incomplete_line = rest.cmd, rest.data
        except UNREADABLE:
            self.transport.abort()

    async def welcome(self, greeting: bytes) -> None:
        try:
            await super().welcome(greeting)
        except UNREADABLE:
            self.transport.abort()


class _Fetch(FetchCommand):  # type: ignore[misc]  # its base has no types
    """The library's, which looks at each line through all that came before, of a hundred letters some three hundred."""

    def wait_data(self) -> bool:
        """Say whether the last letter's answer goes on."""
        answer: list[bytes] = []
        for line in reversed(self.response.lines):
            if isinstance(line, bytes):
                answer.append(line)
                if self.FETCH_MESSAGE_DATA_RE.match(line):
                    break
        return not matched_parenthesis(b"".join(answer))


def modified_utf7(name: str) -> str:
    """A folder's name as IMAP writes it (RFC 3501, 5.1.3): `Réclamations` is `R&AOk-clamations`."""
    written = []
    for plain, other in re.findall(r"([\x20-\x7e]+)|([^\x20-\x7e]+)", name):
        if plain:
            written.append(plain.replace("&", "&-"))
        else:
            coded = base64.b64encode(other.encode("utf-16-be")).decode().rstrip("=").replace("/", ",")
            written.append(f"&{coded}-")
    return "".join(written)


def _number_in(lines: Iterable[bytes], pattern: bytes) -> int:
    found = next((match for line in lines if (match := re.search(pattern, bytes(line)))), None)
    return int(found[1]) if found else 0


def _letters_in(lines: Sequence[bytes | bytearray]) -> dict[int, MailboxLetter]:
    """The letters of a FETCH answer by UID. Servers put the items in any order and news of other letters in between."""
    letters: dict[int, MailboxLetter] = {}
    item: list[bytes] = []
    raw: bytes | None = None

    def finish() -> None:
        text = b" ".join(item)
        uid = re.search(rb"\bUID (\d+)", text)
        # An item that doesn't end with its bracket was cut short: nothing in it can be trusted.
        if uid and text.rstrip().endswith(b")"):
            number = int(uid[1])
            found = re.search(rb"\bRFC822\.SIZE (\d+)", text)
            size = int(found[1]) if found else None
            new = MailboxLetter(number, _internal_date(text), size, raw if _is_whole(raw, item, size) else None)
            letters[number] = _joined(letters.get(number), new)

    for line in lines:
        if isinstance(line, bytearray):
            if item and re.search(rb"\bBODY\[[A-Z]*\] ?\{\d+\}$", item[-1]):
                raw = bytes(line)
            continue
        if re.match(rb"\d+ FETCH \(", line):
            finish()
            item, raw = [], _quoted_body(line)
        item.append(line)
    finish()
    return letters


def _is_whole(raw: bytes | None, item: list[bytes], size: int | None) -> bool:
    """False when the letter spills over the length that was announced for it.

    Some servers announce a wrong RFC822.SIZE for good letters: both signs together are needed.
    """
    return (
        raw is None
        or size in (None, len(raw))
        or re.match(rb"\)| (UID|FLAGS|INTERNALDATE|RFC822|BODY|MODSEQ|X-)", item[-1]) is not None
    )


def _joined(before: MailboxLetter | None, new: MailboxLetter) -> MailboxLetter:
    if before is None:
        return new
    return MailboxLetter(
        new.uid,
        new.received_at or before.received_at,
        new.size if new.size is not None else before.size,
        new.raw if new.raw is not None else before.raw,
    )


def _quoted_body(line: bytes) -> bytes | None:
    """A short body may come as a quoted string in place of a literal (RFC 3501, nstring)."""
    found = re.search(rb'\bBODY\[[A-Z]*\] "((?:[^"\\]|\\.)*)"', line)
    size = re.search(rb"\bRFC822\.SIZE (\d+)", line)
    body = re.sub(rb"\\(.)", rb"\1", found[1]) if found else None
    # The library takes every "* " out of a line: only a body of the announced length is the letter as it was.
    return body if body is not None and size and len(body) == int(size[1]) else None


MONTHS = (b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec")


def _internal_date(text: bytes) -> datetime | None:
    pattern = rb'INTERNALDATE "\s?(\d{1,2})-([A-Za-z]{3})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)"'
    found = re.search(pattern, text)
    if not found or found[2].title() not in MONTHS:
        return None
    day, year, hour, minute, second, off_hours, off_minutes = (int(found[n]) for n in (1, 3, 4, 5, 6, 8, 9))
    offset = timedelta(hours=off_hours, minutes=off_minutes) * (-1 if found[7] == b"-" else 1)
    try:
        return datetime(year, MONTHS.index(found[2].title()) + 1, day, hour, minute, second, tzinfo=timezone(offset))
    except ValueError:
        return None
