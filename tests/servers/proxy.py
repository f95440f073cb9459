"""An HTTP proxy that opens tunnels, or does what proxies do in their place."""

import asyncio
import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from notifications.wires import Proxy
from tests.servers.xoauth2 import listening


@dataclass
class TestProxy:
    """Whatever host a client asks for, the tunnel ends on loopback, at the port that was asked for."""

    __test__ = False
    user: str = ""
    password: str = ""
    says: bytes = b""
    """The whole answer in place of a tunnel."""
    port: int = 0
    targets: list[str] = field(default_factory=list)

    @property
    def way(self) -> Proxy:
        return Proxy("127.0.0.1", self.port, self.user, self.password)

    async def client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        target = head.split()[1]
        self.targets.append(target)
        wanted = base64.b64encode(f"{self.user}:{self.password}".encode()).decode()
        if self.says:
            writer.write(self.says)
            await writer.drain()
            return
        if self.user and f"Proxy-Authorization: Basic {wanted}" not in head:
            writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n")
            await writer.drain()
            return
        down, up = await asyncio.open_connection("127.0.0.1", int(target.rpartition(":")[2]))
        writer.write(b"HTTP/1.1 200 Connection established\r\nVia: 1.1 proxy\r\n\r\n")
        try:
            await asyncio.gather(_pour(reader, up), _pour(down, writer))
        finally:
            up.transport.abort()


async def _pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()
    if writer.can_write_eof():
        writer.write_eof()


@asynccontextmanager
async def a_proxy() -> AsyncIterator[TestProxy]:
    """A proxy on loopback."""
    proxy = TestProxy()
    async with listening(proxy.client) as proxy.port:
        yield proxy
