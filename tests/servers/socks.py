"""A SOCKS5 proxy: Debian's microsocks where it is installed, and one of our own that says no in every way."""

import asyncio
import shutil
import socket
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from notifications.wires import Proxy
from tests.servers import free_port
from tests.servers.xoauth2 import listening

NO_WAY_IN = b"\x05\xff"
"""Of the ways to say who one is, none will do (RFC 1928, 3)."""
NOT_ALLOWED = b"\x05\x00" + b"\x05\x02\x00\x01\x00\x00\x00\x00\x00\x00"
OUT_OF_REACH = b"\x05\x00" + b"\x05\x04\x00\x01\x00\x00\x00\x00\x00\x00"
WRONG_PASSWORD = b"\x05\x02" + b"\x01\x01"
A_PAGE = b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/html\r\n\r\n<html>no</html>"


def program() -> str | None:
    """Where microsocks is."""
    return shutil.which("microsocks") or shutil.which("microsocks", path="/usr/bin:/usr/local/bin")


@asynccontextmanager
async def microsocks(user: str = "", password: str = "") -> AsyncIterator[Proxy]:
    """The real one, on loopback."""
    where = program()
    assert where is not None
    port = free_port()
    login = ("-u", user, "-P", password) if user else ()
    running = await asyncio.create_subprocess_exec(
        where, "-i", "127.0.0.1", "-p", str(port), *login, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        async with asyncio.timeout(20):
            while not _answers(port):  # noqa: ASYNC110  # another process tells nobody
                await asyncio.sleep(0.02)
        yield Proxy("127.0.0.1", port, user, password, is_socks=True)
    finally:
        running.kill()
        await running.wait()


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


@dataclass
class Scripted:
    """Answers what it is told to, whatever is asked, and keeps what it heard."""

    says: bytes
    heard: bytes = b""

    async def client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.heard += await reader.read(1000)
        # A greeting, and then the rest of the answer, each to a question: as a proxy would.
        first, rest = self.says[:2], self.says[2:]
        writer.write(first)
        await writer.drain()
        if rest and self.says is not A_PAGE:
            self.heard += await reader.read(1000)
        writer.write(rest)
        await writer.drain()


@asynccontextmanager
async def scripted(says: bytes, user: str = "", password: str = "") -> AsyncIterator[tuple[Proxy, Scripted]]:
    """A proxy that says no."""
    proxy = Scripted(says)
    async with listening(proxy.client) as port:
        yield Proxy("127.0.0.1", port, user, password, is_socks=True), proxy
