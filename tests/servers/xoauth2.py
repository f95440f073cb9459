"""A mailbox and a mail server that are opened by tokens only, and refuse them in the manner of Microsoft or of Google."""

import asyncio
import base64
import json
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum

Client = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Manner(StrEnum):
    """How a token is refused."""

    GOOGLE = "google"
    """With a challenge that explains it, and a NO after the empty line (RFC 7628, 3.2.3)."""
    MICROSOFT = "microsoft"
    """At once."""


@dataclass
class TokenPost:
    """Both servers, and what they heard. `good` are the tokens that open them, and may change under way."""

    user: str
    good: Collection[str]
    manner: Manner = Manner.MICROSOFT
    sasl_ir: bool = True
    imap_says: str = ""
    """What is said in place of the usual NO to AUTHENTICATE, without its tag."""
    select_says: str = ""
    smtp_says: str = ""
    """What is said in place of the usual refusal of AUTH."""
    offers: str = "XOAUTH2"
    imap_port: int = 0
    smtp_port: int = 0
    tried: list[str] = field(default_factory=list)
    """Every token that was shown, to either server."""
    answers: list[str] = field(default_factory=list)
    """What a client answered to a challenge with the reasons."""
    letters: list[str] = field(default_factory=list)

    def _opens(self, said: str) -> bool:
        user, _, rest = base64.b64decode(said).decode().partition("\1")
        token = rest.removeprefix("auth=Bearer ").removesuffix("\1\1")
        self.tried.append(token)
        return user == f"user={self.user}" and token in self.good

    def _reasons(self) -> str:
        said = {"status": "400", "schemes": "Bearer", "scope": "https://mail.google.com/"}
        return base64.b64encode(json.dumps(said).encode()).decode()

    async def imap(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async def hears() -> str:
            return (await reader.readline()).decode().rstrip("\r\n")

        def says(*lines: str) -> None:
            writer.write("".join(f"{line}\r\n" for line in lines).encode())

        says("* OK ready")
        while line := await hears():
            tag, command, *rest = line.split(" ")
            match command.upper():
                case "CAPABILITY":
                    says(f"* CAPABILITY IMAP4rev1 AUTH={self.offers}{' SASL-IR' if self.sasl_ir else ''}", f"{tag} OK done")
                case "AUTHENTICATE":
                    if len(rest) < 2:
                        says("+ ")
                        rest.append(await hears())
                    if self._opens(rest[1]):
                        says(f"{tag} OK signed in")
                        continue
                    if self.manner is Manner.GOOGLE:
                        says(f"+ {self._reasons()}")
                        self.answers.append(await hears())
                    says(f"{tag} {self.imap_says or 'NO AUTHENTICATE failed.'}")
                case "SELECT" if self.select_says:
                    says(f"{tag} {self.select_says}")
                case "SELECT":
                    says("* 0 EXISTS", "* OK [UIDVALIDITY 7] ok", "* OK [UIDNEXT 1] ok", f"{tag} OK done")
                case "UID":
                    says("* SEARCH", f"{tag} OK done")
                case "LOGOUT":
                    says("* BYE", f"{tag} OK done")
                case _:
                    says(f"{tag} BAD what")

    async def smtp(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async def hears() -> str:
            return (await reader.readline()).decode().rstrip("\r\n")

        def says(*lines: str) -> None:
            writer.write("".join(f"{line}\r\n" for line in lines).encode())

        says("220 post")
        while line := await hears():
            word, *rest = line.split(" ")
            match word.upper():
                case "EHLO":
                    says("250-post", f"250 AUTH {self.offers}")
                case "AUTH" if self._opens(rest[1]):
                    says("235 2.7.0 Accepted")
                case "AUTH":
                    if self.manner is Manner.GOOGLE:
                        says(f"334 {self._reasons()}")
                        self.answers.append(await hears())
                    says(self.smtp_says or "535 5.7.3 Authentication unsuccessful")
                case "DATA":
                    says("354 go on")
                    letter = []
                    while (part := await hears()) != ".":
                        letter.append(part)
                    self.letters.append("\n".join(letter))
                    says("250 taken")
                case "QUIT":
                    says("221 bye")
                    return
                case _:
                    says("250 ok")


@asynccontextmanager
async def token_post(user: str, good: Collection[str], tls: ssl.SSLContext | None = None) -> AsyncIterator[TokenPost]:
    """Both servers on loopback; with `tls` the mailbox speaks it from the first byte."""
    post = TokenPost(user, good)
    async with listening(post.imap, tls) as post.imap_port, listening(post.smtp) as post.smtp_port:
        yield post


@asynccontextmanager
async def listening(client: Client, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """The port of a server on loopback whose clients are all gone in the end."""
    tasks: set[asyncio.Task[None]] = set()

    async def one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            await client(reader, writer)
        except (ConnectionError, asyncio.CancelledError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.transport.abort()
            tasks.discard(task)

    server = await asyncio.start_server(one, "127.0.0.1", 0, ssl=tls)
    try:
        yield int(server.sockets[0].getsockname()[1])
    finally:
        server.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await server.wait_closed()
