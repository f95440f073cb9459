"""IMAP servers that misbehave on purpose: one in front of a real server, one that follows a script."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from enum import StrEnum

from notifications.wires import MailboxAccess, Tls


class Poison(StrEnum):
    """What a server does when it is asked for a letter that it cannot read itself."""

    NO = "no"
    GARBAGE = "garbage"
    SILENCE = "silence"
    CUT = "cut"
    NOTHING = "nothing"
    """OK, and no letter with it."""
    NIL = "nil"
    """OK, and NIL for its text."""


class Spoiler:
    """Stands before a real mailbox and spoils every fetch of the text of certain letters."""

    def __init__(self, access: MailboxAccess, poison: Poison, *uids: int) -> None:
        self._upstream = access
        self._poison = poison
        self._uids = set(uids)
        self.lets_in = 10**6
        """How many more connections are taken before the door is shut."""
        self.commands: list[str] = []
        """Every command that a client sent, without its tag."""
        self.was_asked = asyncio.Event()
        """Somebody asked for a spoiled letter."""
        self._port = 0
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def access(self) -> MailboxAccess:
        return replace(self._upstream, host="127.0.0.1", port=self._port, tls=Tls.NONE)

    async def serve(self) -> asyncio.Server:
        server = await asyncio.start_server(self._client, "127.0.0.1", 0)
        self._port = int(server.sockets[0].getsockname()[1])
        return server

    async def close(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        pump: asyncio.Task[None] | None = None
        up: asyncio.StreamWriter | None = None
        try:
            self.lets_in -= 1
            if self.lets_in < 0:
                return
            down, up = await asyncio.open_connection(self._upstream.host, self._upstream.port)
            pump = asyncio.ensure_future(_pour(down, writer))
            while line := await reader.readline():
                self.commands.append(line.decode().partition(" ")[2].strip())
                if self._is_poisoned(line):
                    self.was_asked.set()
                    if not await self._spoil(line, writer):
                        return
                else:
                    up.write(line)
                    await up.drain()
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            for closing in (writer, up):
                if closing is not None:
                    closing.transport.abort()
            if pump is not None:
                pump.cancel()
                await asyncio.gather(pump, return_exceptions=True)
            self._tasks.discard(task)

    def _is_poisoned(self, line: bytes) -> bool:
        found = re.match(rb"\S+ UID FETCH (\S+) .*BODY", line)
        return bool(found and self._uids & {int(uid) for uid in found[1].split(b",")})

    async def _spoil(self, line: bytes, writer: asyncio.StreamWriter) -> bool:
        """Answer badly; False ends the connection."""
        tag = line.split()[0].decode()
        uid = min(self._uids)
        match self._poison:
            case Poison.NO:
                writer.write(f"{tag} NO [SERVERBUG] Internal error\r\n".encode())
            case Poison.NOTHING:
                writer.write(f"{tag} OK Fetch completed\r\n".encode())
            case Poison.NIL:
                writer.write(f"* 1 FETCH (UID {uid} BODY[] NIL)\r\n{tag} OK Fetch completed\r\n".encode())
            case Poison.GARBAGE:
                # A literal shorter than announced: what follows is not what it seems.
                writer.write(f"* 57 FETCH (UID {uid} BODY[] {{30}}\r\nFrom: a@b.example\r\n\r\nx)\r\n{tag} OK done\r\n".encode())
                writer.write(b"Z999 OK of another command\r\n" * 3)
            case Poison.SILENCE:
                return True
            case Poison.CUT:
                return False
        await writer.drain()
        return True


@asynccontextmanager
async def spoiled(access: MailboxAccess, poison: Poison, *uids: int) -> AsyncIterator[Spoiler]:
    """A spoiler before `access`."""
    spoiler = Spoiler(access, poison, *uids)
    server = await spoiler.serve()
    try:
        yield spoiler
    finally:
        server.close()
        await spoiler.close()
        await server.wait_closed()


Script = Callable[[str], str | None]
"""Given a command without its tag, what the server says before its OK, or with `<tag>` all that it says.

None says nothing at all, "BYE" cuts the wire, "" is whatever a plain server says.
"""


@asynccontextmanager
async def scripted(
    script: Script, greeting: str = "* OK ready", piece: int = 10**6, *, waits_seconds: float = 5
) -> AsyncIterator[MailboxAccess]:
    """A server that follows a script, and says so many bytes at a time; LOGIN, SELECT and LOGOUT are understood by themselves.

    Who reads waits so long for a word: short only where none will come.
    """
    tasks: set[asyncio.Task[None]] = set()

    async def client(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            if greeting:
                writer.write(f"{greeting}\r\n".encode())
            while line := (await reader.readline()).decode():
                tag, _, command = line.strip().partition(" ")
                answer = script(command)
                answer = _plain(command) if answer == "" else answer
                if answer == "BYE":
                    return
                if answer is not None:
                    ending = "" if "<tag>" in answer else f"{tag} OK done\r\n"
                    await _say((answer.replace("<tag>", tag) + ending).encode(), writer, piece)
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.transport.abort()
            tasks.discard(task)

    server = await asyncio.start_server(client, "127.0.0.1", 0)
    try:
        port = int(server.sockets[0].getsockname()[1])
        yield MailboxAccess("127.0.0.1", port, "yoursay", "letmein", Tls.NONE, timeout_seconds=waits_seconds)
    finally:
        server.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await server.wait_closed()


async def _say(words: bytes, writer: asyncio.StreamWriter, piece: int) -> None:
    for start in range(0, len(words), piece):
        writer.write(words[start : start + piece])
        for _ in range(3):  # turns of the loop that we share with the client, which reads what is there
            await asyncio.sleep(0)


def _plain(command: str) -> str:
    match command.split(maxsplit=1)[0].upper():
        case "CAPABILITY":
            return "* CAPABILITY IMAP4rev1\r\n"
        case "SELECT":
            return "* 1 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT 43] ok\r\n"
        case "LOGOUT":
            return "* BYE\r\n"
    return ""


async def _pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    except ConnectionError:
        pass
    finally:
        writer.close()
