"""The council's mailbox in a rehearsal: pymap, a real IMAP server, in this process and in memory."""

import asyncio
from argparse import Namespace
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from functools import cache

from proxyprotocol.sock import SocketInfo
from pymap.backend.dict import Config, Login
from pymap.backend.dict.mailbox import MailboxData, MailboxSet
from pymap.concurrent import Subsystem
from pymap.imap import IMAPServer
from pymap.parsing.message import AppendMessage
from pymap.user import Passwords, UserMetadata
from pysasl import SASLAuth
from pysasl.hashing import BuiltinHash


@cache
def _ways_to_log_in() -> SASLAuth:
    return SASLAuth.defaults()


class _Settings(Config):
    @property
    def greeting(self) -> bytes:
        # pymap asks the network for this machine's name at every greeting; that can take seconds on a machine without one.
        return b"Rehearsal mailbox ready"

    @property
    def tls_auth(self) -> SASLAuth:
        # pymap looks through every installed package for the ways to log in, at every connection: 25 ms each.
        return _ways_to_log_in()


class CouncilMailbox:
    """One account with its folders, served on loopback."""

    def __init__(self, user: str, password: str) -> None:
        self._user, self._password = user, password
        self._port = 0
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()
        self._login: Login | None = None

    @property
    def port(self) -> int:
        return self._port

    async def open(self) -> None:
        """Listen on a free port, or on the same as before; the letters stay."""
        if self._login is None:
            self._login = await self._create_login()
        serve = IMAPServer(self._login, self._login.config)

        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task is not None
            self._connections.add(task)
            try:
                await serve(reader, writer, SocketInfo.get(writer, None, unique_id=b"rehearsal"))
            except (ConnectionError, asyncio.CancelledError):
                pass
            finally:
                self._connections.discard(task)
                writer.close()

        self._server = await asyncio.start_server(answer, "127.0.0.1", self._port)
        self._port = int(self._server.sockets[0].getsockname()[1])

    async def close(self) -> None:
        """Stop listening and cut every connection."""
        if self._server is None:
            return
        self._server.close()
        connections = list(self._connections)
        for connection in connections:
            connection.cancel()
        await asyncio.gather(*connections, return_exceptions=True)
        await self._server.wait_closed()
        self._server = None

    async def deliver(self, raw: bytes, at: datetime, folder: str = "INBOX") -> int:
        """Put a letter in, with INTERNALDATE `at` (aware), and give its UID."""
        async with self._folders() as folders:
            if folder != "INBOX" and folder not in {entry.name for entry in (await folders.list_mailboxes()).list()}:
                await folders.add_mailbox(folder)
            mailbox = await folders.get_mailbox(folder)
            return int((await mailbox.append(AppendMessage(raw, at))).uid)

    async def remove(self, uid: int, folder: str = "INBOX") -> None:
        """Delete a letter, as somebody with another mail program might."""
        async with self._folders() as folders:
            await (await folders.get_mailbox(folder)).delete([uid])

    async def renumber(self) -> None:
        """Give INBOX a new UIDVALIDITY and every letter in it a new UID, as a restored or moved mailbox has."""
        async with self._folders() as folders:
            await folders.rename_mailbox("INBOX", "before")
            before, after = await folders.get_mailbox("before"), await folders.get_mailbox("INBOX")
            for uid in await _uids(before):
                await before.copy(uid, after)
            await folders.delete_mailbox("before")

    async def uids(self, folder: str = "INBOX") -> list[int]:
        async with self._folders() as folders:
            return await _uids(await folders.get_mailbox(folder))

    async def flags(self, uid: int) -> set[str]:
        """The flags of a letter in INBOX, for whoever must leave them alone."""
        async with self._folders() as folders:
            inbox = await folders.get_mailbox("INBOX")
            return {str(flag) async for letter in inbox.messages() if letter.uid == uid for flag in letter.permanent_flags}

    async def _create_login(self) -> Login:
        config = _Settings(
            Namespace(passlib_cfg=None, proxy_protocol=None),
            host="127.0.0.1",
            port=0,
            demo_data=False,
            demo_user=self._user,
            demo_password=self._password,
            tls_enabled=False,
            invalid_user_sleep=0.0,
            # One round and no threads: it guards an invented password on loopback.
            hash_context=BuiltinHash(rounds=1),
            cpu_subsystem=Subsystem.for_asyncio(),
        )
        login = Login(config)
        password = await Passwords(config).hash_password(self._password)
        await login.demo_user_identity.set(UserMetadata(config, self._user, password=password))
        return login

    @asynccontextmanager
    async def _folders(self) -> AsyncIterator[MailboxSet]:
        if self._login is None:
            self._login = await self._create_login()
        async with self._login.demo_user_identity.new_session() as session:
            yield session.mailbox_set


async def _uids(mailbox: MailboxData) -> list[int]:
    return sorted([letter.uid async for letter in mailbox.messages()])
